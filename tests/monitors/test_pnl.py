"""Profit and loss of a reading."""

from __future__ import annotations

from dataclasses import replace

import pytest

from monitors import pnl
from monitors.anchors import Anchor
from monitors.history import History
from monitors.model import Unknown
from tests.builders import history, position, reading, rule, snapshot

RULE = rule("pnl.today", window_s=30.0)


def opened(day: Anchor, week: Anchor) -> History:
    made = history()
    return replace(made, day=replace(made.day, balance=day, realized=-45.0), week=replace(made.week, balance=week))


LOSING = reading(
    snapshot(position(profit=-300.0, swap=-5.0), balance=10_100.0, credit=50.0),
    history=opened(Anchor.at(10_000.0), Anchor.at(9_000.0)),
)


def test_floating_counts_swap_and_is_the_terminals_own() -> None:
    assert pnl.floating(LOSING, RULE) == -305.0


def test_realised_is_what_deals_booked_since_the_reset() -> None:
    assert pnl.realized_today(LOSING, RULE) == -45.0


def test_today_and_this_week_run_from_the_opening_balances() -> None:
    assert pnl.equity(LOSING, RULE) == 9_845.0
    assert pnl.balance(LOSING, RULE) == 10_100.0
    assert pnl.today(LOSING, RULE) == -155.0
    assert pnl.today_pct(LOSING, RULE) == pytest.approx(-1.55)
    assert pnl.week(LOSING, RULE) == 845.0


def test_a_withdrawal_moves_neither_todays_money_nor_its_percentage() -> None:
    before = replace(LOSING.history, equity=9_845.0)
    halved = -9_845.0 / 2
    after = reading(
        snapshot(position(profit=-305.0), balance=10_100.0 + halved, credit=50.0), history=before.moved(halved)
    )
    assert pnl.today(after, RULE) == pytest.approx(-155.0)
    assert pnl.today_pct(after, RULE) == pytest.approx(-1.55)


def test_a_percentage_of_no_opening_balance_is_unknown() -> None:
    nothing = reading(history=opened(Anchor.at(0.0), Anchor.at(0.0)))
    assert pnl.today_pct(nothing, RULE) == Unknown("the day opened without a balance")


def test_a_change_is_over_the_rules_own_window_or_unknown() -> None:
    seen = reading(changes={30.0: -12.0, 60.0: 4.0})
    assert pnl.change(seen, RULE) == -12.0
    assert pnl.change(seen, rule("pnl.change", window_s=60.0)) == 4.0
    assert pnl.change(seen, rule("pnl.change", window_s=90.0)) == Unknown("no equity from 90 s ago yet")
