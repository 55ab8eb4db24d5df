"""The reset roll: a floor that midnight lifts above equity is foreseen, with the smallest closes that prevent it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitors.anchors import Anchor
from monitors.firm import floor_after_reset
from monitors.floors import DailyLoss, Floors, Limit, Measured, Share
from monitors.model import Position
from monitors.projection import after
from monitors.reading import Reading
from monitors.reset_roll import rolls, smallest_closes
from monitors.settings import Rule
from tests.builders import NOW_MS, history, level, position, reading, rule, snapshot

FIVE = Floors(plan="P", initial=200_000.0, daily=DailyLoss(anchor=Measured.BALANCE, limit=Limit(amount=5)))
RESET_MS = NOW_MS + 9 * 3_600_000


def on(plan: Floors | None = FIVE, at: float = 2_000.0) -> Rule:
    return rule("firm.reset_room", "below", level(at), floors=plan)


def held(*positions: Position, balance: float = 204_000.0) -> Reading:
    """An account of 200,000 that opened the day with as much and has closed 4,000 of profit since."""
    opening = Anchor.at(200_000.0)
    made = history(initial=200_000.0, eod_high=opening, closed_high=opening)
    past = replace(made, day=replace(made.day, balance=opening, equity=opening))
    return replace(reading(snapshot(*positions, balance=balance)), history=past)


def test_the_closes_of_the_worked_example_are_named_hours_ahead() -> None:
    (roll,) = rolls(held(position(lots=1.0, profit=-13_000.0)), (on(),), RESET_MS)
    assert (roll.floor_now, roll.floor_after, roll.equity) == (190_000.0, 194_000.0, 191_000.0)
    assert (roll.short, roll.reset_ms) == (3_000.0, RESET_MS)
    assert roll.closes == ((1, "EURUSD", 0.24),)


def test_a_quarter_lot_less_a_step_does_and_one_step_less_does_not() -> None:
    seen = held(position(lots=1.0, profit=-13_000.0))
    for left, stands in ((76, True), (77, False)):
        floor = floor_after_reset(after(seen, {1: left}), FIVE)
        assert floor is not None
        assert (floor < 191_000.0) is stands


def test_the_largest_loss_a_lot_is_closed_first_and_no_profit() -> None:
    seen = held(position(1, lots=1.0, profit=-3_000.0), position(2, lots=1.0, profit=-12_000.0),
                position(3, lots=1.0, profit=2_000.0))  # fmt: skip
    (roll,) = rolls(seen, (on(),), RESET_MS)
    assert roll.short == 3_000.0
    assert roll.closes == ((2, "EURUSD", 0.26),)


def test_where_touching_loses_equity_stays_above_the_floor_and_else_it_may_stand_at_it() -> None:
    seen = held(position(lots=1.0, profit=-15_000.0))
    assert smallest_closes(seen, FIVE) == ((1, "EURUSD", 0.34),)
    exact = held(position(lots=1.0, profit=-12_500.0), balance=203_000.0)
    assert smallest_closes(exact, FIVE) == ((1, "EURUSD", 0.21),)
    on_it = Floors(
        plan="P", initial=200_000.0, daily=DailyLoss(anchor=Measured.BALANCE, limit=Limit(amount=5), touch=False)
    )
    assert smallest_closes(exact, on_it) == ((1, "EURUSD", 0.2),)


def test_within_the_alert_level_it_is_said_and_nothing_needs_closing() -> None:
    seen = held(position(profit=-9_000.0))
    (roll,) = rolls(seen, (on(),), RESET_MS)
    assert (roll.short, roll.closes) == (-1_000.0, ())
    assert rolls(seen, (on(at=500.0),), RESET_MS) == ()


def test_where_no_close_keeps_equity_above_none_is_named() -> None:
    seen = held(position(profit=-9_000.0), balance=100_000.0)
    tight = Floors(
        plan="P", initial=200_000.0, daily=DailyLoss(anchor=Measured.BALANCE, limit=Limit(amount=-1, of=Share.MONEY))
    )
    assert smallest_closes(seen, tight) == ()


def test_without_a_plan_or_while_the_balance_is_unexplained_nothing_is_foreseen() -> None:
    seen = held(position(profit=-13_000.0))
    assert rolls(seen, (on(None), rule("firm.daily_room", floors=FIVE)), RESET_MS) == ()
    assert rolls(replace(seen, unexplained="x"), (on(),), RESET_MS) == ()


losses = st.lists(st.integers(min_value=-9_000, max_value=3_000), min_size=1, max_size=4)


@given(losses=losses)
def test_the_closes_named_are_enough_and_one_step_less_is_not(losses: list[int]) -> None:
    seen = held(*(position(i, lots=1.0, profit=float(p)) for i, p in enumerate(losses, start=1)))
    closes = smallest_closes(seen, FIVE)
    equity = seen.snapshot.account.equity

    def stands(read: Reading) -> bool:
        floor = floor_after_reset(read, FIVE)
        return floor is not None and seen.snapshot.account.money(equity - floor) > 0

    assert bool(closes) is not stands(seen)
    targets = {p: 100 - round(lots * 100) for p, _, lots in closes}
    if targets:
        assert stands(after(seen, targets))
        last = max(targets, key=lambda p: losses[p - 1])
        assert not stands(after(seen, targets | {last: targets[last] + 1}))
        assert all(losses[p - 1] < 0 for p in targets)


@pytest.mark.parametrize("anchor", [Measured.EQUITY, Measured.HIGHER])
def test_a_floor_from_the_higher_of_the_two_falls_no_lower_than_equity_allows(anchor: Measured) -> None:
    plan = Floors(plan="P", initial=200_000.0, daily=DailyLoss(anchor=anchor, limit=Limit(amount=5, of=Share.ANCHOR)))
    seen = held(position(lots=1.0, profit=-13_000.0))
    closes = smallest_closes(seen, plan)
    assert closes == (() if anchor is Measured.EQUITY else ((1, "EURUSD", 0.23),))
