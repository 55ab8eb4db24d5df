"""What a level would close, priced close by close on the gate's own projection."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest

from monitors.book import Book
from monitors.exposure_view import Cut, Rebalancing
from monitors.kinds import Side
from monitors.model import NotApplicable, Rates
from monitors.preview import MOST, moved, preview, rebalanced
from monitors.projection import after
from monitors.responses.alert import Alert
from monitors.responses.emergency_stop import EmergencyStopResponse
from monitors.responses.reduce import Reduce
from tests import builders

TWO = builders.reading(
    builders.snapshot(builders.position(1, lots=1.0, profit=-50.0), builders.position(2, "XAUUSD", Side.SELL, lots=0.5))
)
HALF = builders.level(50.0, Reduce(percent=50.0))


def test_each_close_states_the_margin_after_it_and_all_above_it() -> None:
    found = preview(TWO, builders.rule(), HALF, NotApplicable(""))
    assert [(one.symbol, one.before, one.after) for one in found.closes] == [
        ("EURUSD", 1.0, 0.5),
        ("XAUUSD", 0.5, 0.25),
    ]
    assert [one.used for one in found.closes] == [
        after(TWO, {1: 50}).snapshot.account.margin,
        after(TWO, {1: 50, 2: 25}).snapshot.account.margin,
    ]
    assert found.used - sum(one.freed for one in found.closes) == pytest.approx(found.used_after)
    assert (found.total, found.lots) == (2, 0.75)


def test_equity_is_moved_to_where_the_level_trips_and_nothing_else() -> None:
    there = moved(TWO, 9_000.0)
    assert there.snapshot.account.equity == 9_000.0
    assert there.snapshot.account.balance == TWO.snapshot.account.balance
    assert there.snapshot.account.margin_free == pytest.approx(9_000.0 - TWO.snapshot.account.margin)
    assert there.snapshot.positions == TWO.snapshot.positions
    assert preview(TWO, builders.rule(), HALF, 9_000.0).equity == 9_000.0


def test_a_level_brings_the_metric_back_from_where_it_trips_and_not_from_now() -> None:
    rule = builders.rule("margin.level_pct", "below", builders.level(400.0, Reduce(until=450.0)))
    level = rule.levels[0]
    assert preview(TWO, rule, level, NotApplicable("")).total == 0
    margin = TWO.snapshot.account.margin
    found = preview(TWO, rule, level, 4.0 * margin)
    assert found.total
    assert 100 * found.equity / found.used_after >= 450.0


def test_a_stop_closes_everything_and_an_alert_nothing() -> None:
    stop = preview(TWO, builders.rule(), builders.level(50.0, EmergencyStopResponse()), NotApplicable(""))
    assert [one.after for one in stop.closes] == [0.0, 0.0]
    assert stop.used_after == 0.0
    assert preview(TWO, builders.rule(), builders.level(50.0, Alert()), NotApplicable("")).total == 0


def test_more_closes_than_are_listed_are_priced_together() -> None:
    many = builders.reading(builders.snapshot(*(builders.position(n, lots=0.1) for n in range(1, MOST + 11))))
    found = preview(many, builders.rule(), HALF, NotApplicable(""))
    assert (len(found.closes), found.total) == (MOST, MOST + 10)
    assert found.used_after == pytest.approx(found.used / 2, abs=0.01)


def test_closes_that_satisfy_a_limit_are_priced_and_a_position_that_is_gone_is_passed_over() -> None:
    cuts = (
        Cut(position=1, symbol="EURUSD", before=1.0, after=0.3),
        Cut(position=9, symbol="GBPUSD", before=1.0, after=0.5),
    )
    found = rebalanced(TWO, Rebalancing(rule="Share", limit=40.0, cuts=cuts, note="as far as it goes"))
    assert [(one.position, one.after) for one in found.closes] == [(1, 0.3)]
    assert found.note == "as far as it goes"


def test_a_missing_margin_rate_stays_unknown() -> None:
    nan = Rates(margin_buy=math.nan, margin_sell=math.nan)
    lost = replace(TWO, snapshot=replace(TWO.snapshot, rates={**TWO.snapshot.rates, "XAUUSD": nan}))
    lost = replace(lost, book=Book(lost.snapshot))
    found = preview(lost, builders.rule(), HALF, NotApplicable(""))
    assert math.isnan(found.closes[0].used)
    assert math.isnan(found.used_after)
