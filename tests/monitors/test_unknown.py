"""Unknown stays unknown: whatever input of a metric is missing, no number or contradictory, nothing trips on it."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from monitors.anchors import Anchor, High
from monitors.book import Book
from monitors.correlation import Correlations
from monitors.excursions import Excursion
from monitors.floors import DailyLoss, Floors, Limit, MaximumLoss, Measured, Trail
from monitors.kinds import Side
from monitors.metrics import METRICS, value, values
from monitors.model import Quote, Snapshot, Unknown, Value
from monitors.reading import Reading, fault
from monitors.rules import LevelState, judge
from tests.builders import NOW_MS, history, level, position, quote, reading, rule, snapshot

NAN, INF = float("nan"), float("inf")
Spoil = Callable[[Reading], Reading]
PLAN = Floors(
    plan="Two steps",
    initial=10_000.0,
    daily=DailyLoss(anchor=Measured.HIGHER, limit=Limit(amount=5)),
    maximum=MaximumLoss(trail=Trail.EOD_BALANCE, limit=Limit(amount=10)),
)


def whole() -> Reading:
    """Everything is there: two positions with stops and targets, what was seen of them, and how they move together."""
    seen = snapshot(
        position(1, lots=0.5, open=1.101, stop=1.09, target=1.12, profit=-50.0),
        position(2, "USDJPY", Side.SELL, lots=0.3, open=150.2, stop=151.0, target=149.0, profit=38.0),
    )
    far = Excursion(best=20.0, worst=-80.0, best_points=40.0, worst_points=-160.0, stop=1.09, since_ms=NOW_MS - 60_000)
    pair = Correlations(symbols=("EURUSD", "USDJPY"), matrix=np.array([[1.0, -0.4], [-0.4, 1.0]]),
                        bars={"EURUSD": 400, "USDJPY": 400}, until_ms=NOW_MS)  # fmt: skip
    return reading(seen, excursions={1: far, 2: replace(far, stop=151.0)}, correlations=pair, changes={60.0: -5.0})


def _account(**changes: Any) -> Spoil:
    return lambda seen: _of(seen, replace(seen.snapshot, account=replace(seen.snapshot.account, **changes)))


def _first(**changes: Any) -> Spoil:
    def spoil(seen: Reading) -> Reading:
        first, *rest = seen.snapshot.positions
        return _of(seen, replace(seen.snapshot, positions=(replace(first, **changes), *rest)))

    return spoil


def _quote(spoilt: Quote | None) -> Spoil:
    def spoil(seen: Reading) -> Reading:
        kept = {symbol: one for symbol, one in seen.snapshot.quotes.items() if symbol != "EURUSD"}
        return _of(seen, replace(seen.snapshot, quotes=kept | ({"EURUSD": spoilt} if spoilt else {})))

    return spoil


def _rates(**changes: float) -> Spoil:
    def spoil(seen: Reading) -> Reading:
        rates = {name: replace(one, **changes) for name, one in seen.snapshot.rates.items()}
        return _of(seen, replace(seen.snapshot, rates=rates))

    return spoil


def _snapshot(**changes: Any) -> Spoil:
    return lambda seen: _of(seen, replace(seen.snapshot, **changes))


def _of(seen: Reading, changed: Snapshot) -> Reading:
    return replace(seen, snapshot=changed, book=Book(changed))


def _day(**changes: Any) -> Spoil:
    return lambda seen: replace(seen, history=replace(seen.history, day=replace(seen.history.day, **changes)))


def _week(**changes: Any) -> Spoil:
    return lambda seen: replace(seen, history=replace(seen.history, week=replace(seen.history.week, **changes)))


def _history(**changes: Any) -> Spoil:
    return lambda seen: replace(seen, history=history(**changes))


def _excursion(**changes: Any) -> Spoil:
    return lambda seen: replace(seen, excursions={i: replace(far, **changes) for i, far in seen.excursions.items()})


def _correlation(found: float) -> Spoil:
    matrix = np.array([[1.0, found], [found, 1.0]])

    def spoil(seen: Reading) -> Reading:
        assert seen.correlations is not None
        return replace(seen, correlations=replace(seen.correlations, matrix=matrix))

    return spoil


LOST = Anchor.at(NAN)
SPOILT: dict[str, Spoil] = {
    **{f"account.{name} {bad}": _account(**{name: bad})
       for name in ("balance", "credit", "profit", "equity", "margin") for bad in (NAN, INF)},
    "equity contradicts": _account(equity=9_000.0),
    "margin below nought": _account(margin=-1.0),
    **{f"position.{name} NaN": _first(**{name: NAN}) for name in ("open", "price", "stop", "target", "profit", "swap")},
    "a volume of nothing": _first(steps=0),
    "no quote": _quote(None),
    "a quote of nought": _quote(quote(0.0, 0.0)),
    "a quote that is no number": _quote(quote(NAN, NAN)),
    "a crossed quote": _quote(quote(1.2, 1.1)),
    "an ask without end": _quote(quote(1.1, INF)),
    "no rates": _snapshot(rates={}),
    "no specifications": _snapshot(instruments={}),
    "margin rates NaN": _rates(margin_buy=NAN, margin_sell=NAN),
    "conversion NaN": _rates(profit=NAN, loss=NAN),
    "the day's reset missed": _day(equity=None, peak=None),
    "the week's reset missed": _week(equity=None, peak=None),
    "the day's opening NaN": _day(balance=LOST),
    "the day's equity NaN": _day(equity=LOST, peak=LOST),
    "the week's peak NaN": _week(balance=LOST, peak=LOST),
    "the highest equity NaN": _history(peak=LOST, deepest=NAN),
    "the highs NaN": _history(eod_high=High(money=NAN, kept=NAN), closed_high=High(money=NAN, kept=NAN)),
    "the initial balance nought": _history(initial=0.0),
    "no excursions": lambda seen: replace(seen, excursions={}),
    "excursions NaN": _excursion(best=NAN, worst=NAN, best_points=NAN, worst_points=NAN, stop=NAN),
    "no correlations": lambda seen: replace(seen, correlations=None),
    "a correlation NaN": _correlation(NAN),
    "no change known": lambda seen: replace(seen, changes={}),
    "the low NaN": lambda seen: replace(seen, low=NAN),
    "silence NaN": lambda seen: replace(seen, silence_s=NAN),
    "the balance unexplained": lambda seen: replace(seen, unexplained="no deal explains it"),
}  # fmt: skip


@pytest.mark.parametrize("spoil", SPOILT)
def test_a_spoilt_input_leaves_every_metric_what_it_was_or_makes_it_unknown_and_trips_nothing(spoil: str) -> None:
    sound, spoilt = whole(), SPOILT[spoil](whole())
    if fault(spoilt.snapshot, 0, "") is not None:
        return  # it is no reading: nothing is judged at all
    for name in METRICS:
        for when, at in (("above", -1e12), ("below", 1e12)):
            watched = rule(name, when, level(at), confirm=1, floors=PLAN)
            _trips_nothing_new(name, value(sound, watched), value(spoilt, watched), when, at)
            before = values(sound, watched) or {}
            for i, each in (values(spoilt, watched) or {}).items():
                _trips_nothing_new(f"{name} of {i}", before[i], each, when, at)


def _trips_nothing_new(name: str, before: Value, after: Value, when: str, at: float) -> None:
    """The figure of before, or none; and none trips."""
    if isinstance(after, float):
        assert math.isfinite(after), name
        assert after == before, name
        return
    watched = rule("equity", when, level(at), confirm=1)
    assert judge(watched, watched.levels[0], LevelState(), after, 0.0) == (LevelState(), None), name
    assert not isinstance(after, Unknown) or after.reason, name


def test_every_metric_is_known_where_everything_is_there() -> None:
    unknown = [n for n in METRICS if isinstance(value(whole(), rule(n, floors=PLAN)), Unknown)]
    assert unknown == []
