"""A firm's plan measured on a reading: what is used, what is left, and what the next reset leaves."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from monitors.anchors import Anchor, High
from monitors.firm import floor_after_reset, floor_now
from monitors.floors import DailyLoss, Floors, Limit, MaximumLoss, Measured, Share, Trail
from monitors.history import History
from monitors.measures import per_money
from monitors.metrics import METRICS, value
from monitors.model import NotApplicable, Unknown
from monitors.reading import Reading
from monitors.settings import Rule
from tests.builders import history, position, reading, rule, snapshot

FIVE_AND_TEN = Floors(
    plan="Two steps",
    initial=100_000.0,
    daily=DailyLoss(anchor=Measured.BALANCE, limit=Limit(amount=5)),
    maximum=MaximumLoss(trail=Trail.STATIC, limit=Limit(amount=10)),
)
TRAILING = replace(FIVE_AND_TEN, daily=None, maximum=MaximumLoss(trail=Trail.EOD_BALANCE, limit=Limit(amount=10)))
OF_EQUITY = Floors(
    plan="E", initial=100_000.0, daily=DailyLoss(anchor=Measured.HIGHER, limit=Limit(amount=5, of=Share.ANCHOR))
)
CLOSED = Floors(
    plan="C", initial=100_000.0, maximum=MaximumLoss(trail=Trail.CLOSED_BALANCE, limit=Limit(amount=6), lock=0.0)
)


def past(initial: float = 100_000.0, opened: float = 102_000.0, **changes: Any) -> History:
    """An account of 100,000 whose day opened with 102,000."""
    made = history(initial=initial, eod_high=High.at(opened), closed_high=High.at(opened), peak=Anchor.at(opened))
    opening = Anchor.at(opened)
    return replace(made, day=replace(made.day, balance=opening, equity=opening, peak=opening), **changes)


def at(low: float, *, closed: float | None = None, **changes: Any) -> Reading:
    """Equity of that much, of which `closed` is balance."""
    balance = low if closed is None else closed
    seen = snapshot(position(profit=low - balance), balance=balance)
    return reading(seen, **({"history": past(), "low": low} | changes))


def on(metric: str, plan: Floors | None = FIVE_AND_TEN) -> Rule:
    return rule(metric, "below" if metric.endswith("room") else "above", floors=plan)


@pytest.mark.parametrize(
    ("metric", "low", "found"),
    [
        ("firm.daily_used_pct", 102_000.0, 0.0),
        ("firm.daily_used_pct", 103_000.0, 0.0),
        ("firm.daily_used_pct", 99_500.0, 50.0),
        ("firm.daily_used_pct", 97_000.0, 100.0),
        ("firm.daily_used_pct", 96_500.0, 110.0),
        ("firm.daily_room", 99_500.0, 2_500.0),
        ("firm.daily_room", 96_500.0, -500.0),
        ("firm.max_used_pct", 102_000.0, 0.0),
        ("firm.max_used_pct", 95_000.0, 50.0),
        ("firm.max_used_pct", 90_000.0, 100.0),
        ("firm.max_room", 95_000.0, 5_000.0),
    ],
)
def test_a_floor_is_a_hundred_percent_used_and_nothing_is_left_at_it(metric: str, low: float, found: float) -> None:
    assert value(at(low), on(metric)) == pytest.approx(found)


def test_the_worst_equity_of_the_beat_counts() -> None:
    seen = replace(at(99_500.0), low=98_000.0)
    assert value(seen, on("firm.daily_room")) == 1_000.0
    assert value(seen, on("firm.daily_used_pct")) == 80.0


@pytest.mark.parametrize(("opened", "low", "used"), [(104_000.0, 99_000.0, 50.0), (112_000.0, 103_000.0, 50.0)])
def test_with_a_trailing_floor_the_highest_balance_at_a_reset_is_where_the_loss_begins(
    opened: float, low: float, used: float
) -> None:
    seen = at(low, history=past(opened=opened))
    expected = used if opened < 110_000 else 90.0
    assert value(seen, on("firm.max_used_pct", TRAILING)) == pytest.approx(expected)


def test_without_a_plan_or_without_that_floor_nothing_applies() -> None:
    seen = at(99_000.0)
    for metric in ("firm.daily_used_pct", "firm.daily_room", "firm.max_used_pct", "firm.max_room", "firm.reset_room"):
        assert isinstance(value(seen, on(metric, None)), NotApplicable)
    assert isinstance(value(seen, on("firm.daily_room", TRAILING)), NotApplicable)
    assert isinstance(value(seen, on("firm.max_room", OF_EQUITY)), NotApplicable)
    assert isinstance(value(seen, on("firm.reset_room", CLOSED)), NotApplicable)


def test_a_missed_reset_makes_a_floor_from_equity_unknown() -> None:
    made = past()
    seen = at(99_000.0, history=replace(made, day=replace(made.day, equity=None, peak=None)))
    assert isinstance(value(seen, on("firm.daily_room", OF_EQUITY)), Unknown)
    assert isinstance(value(seen, on("firm.daily_used_pct", OF_EQUITY)), Unknown)
    assert isinstance(value(seen, on("firm.daily_room")), float)


def test_the_initial_balance_is_the_plans_and_not_the_first_one_seen() -> None:
    assert value(at(99_000.0, history=past(initial=80_000.0)), on("firm.max_room")) == 9_000.0


def test_a_reset_lifts_the_floor_to_what_is_closed_and_leaves_equity_where_it_is() -> None:
    seen = at(100_000.0, closed=104_000.0)
    assert value(seen, on("firm.daily_room")) == 3_000.0
    assert floor_now(seen, FIVE_AND_TEN) == 97_000.0
    assert floor_after_reset(seen, FIVE_AND_TEN) == 99_000.0
    assert value(seen, on("firm.reset_room")) == 1_000.0


def test_a_reset_lifts_a_floor_that_trails_the_balance_at_resets() -> None:
    seen = at(96_000.0, closed=108_000.0)
    assert value(seen, on("firm.max_room", TRAILING)) == 4_000.0
    assert value(seen, on("firm.reset_room", TRAILING)) == -2_000.0


@pytest.mark.parametrize("metric", [name for name in METRICS if name.startswith("firm.")])
@pytest.mark.parametrize("limit", [10.0, 95.0])
def test_at_its_line_of_equity_the_metric_stands_at_its_level(metric: str, limit: float) -> None:
    seen, by = at(99_000.0, closed=102_500.0), on(metric)
    find = METRICS[metric].line
    assert find is not None
    line = find(seen, by, limit)
    assert line is not None
    assert value(at(line, closed=102_500.0), by) == pytest.approx(limit)


def test_a_coming_floor_that_follows_equity_itself_is_no_line() -> None:
    find = METRICS["firm.reset_room"].line
    assert find is not None
    assert find(at(103_000.0, closed=100_000.0), on("firm.reset_room", OF_EQUITY), 0.0) is None
    assert find(at(97_000.0, closed=100_000.0), on("firm.reset_room", OF_EQUITY), 0.0) == pytest.approx(95_000.0)


def test_money_moved_uses_up_a_fixed_floor_and_no_trailing_one() -> None:
    seen, used, room = at(99_000.0), METRICS["firm.max_used_pct"], METRICS["firm.max_room"]
    assert per_money(used, seen, on("firm.max_used_pct")) == pytest.approx(-100 / 10_000)
    assert per_money(room, seen, on("firm.max_room")) == pytest.approx(1.0)
    assert per_money(room, seen, on("firm.max_room", TRAILING)) == 0.0
    assert per_money(METRICS["firm.daily_room"], seen, on("firm.daily_room")) == 0.0
    assert per_money(METRICS["balance"], seen, rule("balance")) == 1.0


def test_a_floor_that_is_kept_stands_where_it_was_after_a_payout_and_one_that_moves_follows() -> None:
    paid = High(money=100_000.0, kept=108_000.0)
    seen = at(100_000.0, history=past(closed_high=paid, eod_high=paid))
    follows = replace(CLOSED, maximum=MaximumLoss(trail=Trail.CLOSED_BALANCE, limit=Limit(amount=10)))
    keeps = replace(follows, maximum=replace(follows.maximum, keeps=True)) if follows.maximum else follows
    assert (floor_now(seen, follows), floor_now(seen, keeps)) == (90_000.0, 98_000.0)
    assert per_money(METRICS["firm.max_room"], seen, on("firm.max_room", follows)) == 0.0
    assert per_money(METRICS["firm.max_room"], seen, on("firm.max_room", keeps)) == 1.0


def test_without_a_plan_the_coming_reset_is_no_line() -> None:
    line = METRICS["firm.reset_room"].line
    assert line is not None
    assert line(at(99_000.0), on("firm.reset_room", None), 0.0) is None


def test_money_moved_does_nothing_to_a_margin_level_without_margin_or_to_a_metric_without_a_line() -> None:
    assert per_money(METRICS["firm.daily_room"], at(99_000.0), on("firm.daily_room", None)) == 0.0
