"""The highest closed balance and the highest balance at a daily reset, which maximum-loss floors follow."""

from __future__ import annotations

from dataclasses import replace

import msgspec

from app.memory import Memory
from monitors.anchors import NOTHING, Anchor, High
from monitors.history import History, begin, fold, resumed
from monitors.path import EMPTY
from tests.builders import DAY_MS, NOW_MS, WEEK_MS, history
from tests.monitors.beats import DAY, beat


def test_before_any_reset_the_end_of_day_high_is_the_initial_balance() -> None:
    seen = begin(equity=9_900.0, balance=10_050.0, now_ms=NOW_MS, day_ms=DAY_MS, week_ms=WEEK_MS, day_cash=-10.0,
                 week_cash=-10.0, initial=10_000.0)  # fmt: skip
    assert seen.eod_high == seen.closed_high == High.at(10_060.0)
    typed = begin(equity=9_900.0, balance=9_950.0, now_ms=NOW_MS, day_ms=DAY_MS, week_ms=WEEK_MS, day_cash=0.0,
                  week_cash=0.0, initial=10_000.0)  # fmt: skip
    assert typed.eod_high == typed.closed_high == High.at(10_000.0)


def test_the_closed_high_follows_every_balance_and_the_end_of_day_high_only_those_at_a_reset() -> None:
    after = beat(beat(history(), 10_000.0, balance=10_400.0, booked=400.0), 10_000.0, balance=10_100.0, booked=-300.0)
    assert after.closed_high == High.at(10_400.0)
    assert after.eod_high == High.at(10_000.0)
    reset = DAY_MS + DAY
    next_day = fold(after, path=EMPTY, equity=10_000.0, balance=10_700.0, now_ms=reset + 100, day_ms=reset,
                    week_ms=WEEK_MS, booked=600.0, booked_today=450.0)  # fmt: skip
    assert next_day.eod_high == High.at(10_250.0)
    assert next_day.closed_high == High.at(10_700.0)


def test_a_reset_missed_counts_by_its_balance_from_the_deals() -> None:
    after = resumed(history(), equity=10_000.0, balance=10_300.0, now_ms=NOW_MS + DAY, day_ms=DAY_MS + DAY,
                    week_ms=WEEK_MS, day_cash=-200.0, week_cash=300.0)  # fmt: skip
    assert after.eod_high == after.closed_high == High.at(10_500.0)


def test_a_flow_moves_both_along() -> None:
    moved = beat(history(), 9_000.0).moved(-4_500.0)
    assert moved.closed_high.money == moved.eod_high.money == 5_500.0


def test_money_paid_out_lowers_a_high_and_leaves_the_one_that_a_floor_keeps() -> None:
    def paid(before: History, flow: float, balance: float) -> History:
        return fold(before, path=EMPTY, equity=balance, balance=balance, now_ms=before.seen_ms + 1, day_ms=DAY_MS,
                    week_ms=WEEK_MS, flows=((before.seen_ms + 1, flow),))  # fmt: skip

    after = paid(beat(history(), 10_000.0, balance=10_800.0), -800.0, 10_000.0)
    assert after.closed_high == High(money=10_000.0, kept=10_800.0)
    assert beat(after, 10_300.0, balance=10_300.0).closed_high == High(money=10_300.0, kept=10_800.0)
    assert paid(after, 500.0, 10_500.0).closed_high == High(money=10_500.0, kept=11_300.0)


def test_a_week_and_a_later_day_crossed_together_each_open_with_their_own_balance() -> None:
    week, day, now = DAY_MS + DAY, DAY_MS + 2 * DAY, DAY_MS + 2 * DAY + 100
    after = fold(history(), path=EMPTY, equity=10_900.0, balance=10_900.0, now_ms=now, day_ms=day, week_ms=week,
                 booked=900.0, booked_today=300.0, booked_this_week=700.0)  # fmt: skip
    assert after.week.balance == Anchor.at(10_200.0)
    assert after.day.balance == Anchor.at(10_600.0)
    assert after.eod_high == High.at(10_600.0)


def test_a_memory_of_an_earlier_version_is_read_and_completed() -> None:
    stored = msgspec.to_builtins(Memory(history=history()))
    for name in ("closed_high", "eod_high"):
        del stored["history"][name]
    read = msgspec.convert(stored, Memory).history
    assert read is not None
    after = resumed(read, equity=10_000.0, balance=10_100.0, now_ms=NOW_MS, day_ms=DAY_MS, week_ms=WEEK_MS,
                    day_cash=100.0, week_cash=100.0)  # fmt: skip
    assert after.eod_high == High.at(10_000.0)
    assert after.closed_high == High.at(10_100.0)


def test_what_an_earlier_version_remembers_of_resets_raises_the_highs_that_it_did_not_keep() -> None:
    """Else a floor that trails the end of day would lie where the account began."""
    week = replace(history().week, balance=Anchor.at(10_800.0))
    day = replace(history().day, balance=Anchor.at(10_500.0))
    old = replace(history(), day=day, week=week, balance=10_300.0, eod_high=NOTHING, closed_high=NOTHING)
    after = resumed(old, equity=10_200.0, balance=10_200.0, now_ms=NOW_MS, day_ms=DAY_MS, week_ms=WEEK_MS,
                    day_cash=-300.0, week_cash=-600.0)  # fmt: skip
    assert after.eod_high == after.closed_high == High.at(10_800.0)
