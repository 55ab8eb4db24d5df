"""What is remembered from beat to beat: resets, peaks, the deepest drawdown, and a time unseen."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitors.anchors import Anchor
from monitors.history import History, begin, fold, resumed
from monitors.path import EMPTY
from tests.builders import DAY_MS, NOW_MS, WEEK_MS, history
from tests.monitors.beats import DAY, beat, path


def test_the_first_sight_takes_what_is_seen_and_undoes_what_was_booked_since() -> None:
    seen = begin(equity=9_900.0, balance=10_050.0, now_ms=NOW_MS, day_ms=DAY_MS, week_ms=WEEK_MS - DAY, day_cash=50.0,
                 week_cash=-150.0)  # fmt: skip
    assert seen.initial == 10_050.0
    assert seen.day.balance == Anchor.at(10_000.0)
    assert seen.week.balance == Anchor.at(10_200.0)
    assert seen.day.realized == 50.0
    assert seen.week.realized == -150.0
    assert seen.day.equity == seen.day.peak == seen.week.peak == seen.peak == Anchor.at(9_900.0)
    assert (seen.peak_ms, seen.seen_ms, seen.deepest) == (NOW_MS, NOW_MS, 0.0)


def test_what_the_trader_typed_goes_before_what_is_seen() -> None:
    seen = begin(equity=9_000.0, balance=9_500.0, now_ms=0, day_ms=0, week_ms=0, day_cash=0.0, week_cash=0.0,
                 initial=10_000.0, high_water=10_400.0)  # fmt: skip
    assert seen.initial == 10_000.0
    assert seen.peak == Anchor.at(10_400.0)
    low = begin(equity=9_000.0, balance=9_500.0, now_ms=0, day_ms=0, week_ms=0, day_cash=0.0, week_cash=0.0,
                high_water=100.0)  # fmt: skip
    assert low.peak == Anchor.at(9_000.0)


def test_a_peak_within_the_beat_counts() -> None:
    after = beat(history(), 10_010.0, (NOW_MS - 2, 10_300.0), (NOW_MS - 1, 9_800.0))
    assert after.peak.money == after.week.peak.money == after.day.peak.money == 10_300.0  # type: ignore[union-attr]
    assert after.deepest == 500.0
    assert after.deepest_pct == pytest.approx(100 * 500 / 10_300)
    assert after.equity == 10_010.0
    assert after.peak_ms == NOW_MS - 2
    assert after.day.equity == Anchor.at(10_000.0)


def test_ticks_of_a_broker_whose_clock_is_ahead_of_this_machines_count_too() -> None:
    """A machine a second slow, as most are now and then, has every tick of every beat in its future."""
    after = beat(history(), 10_010.0, (NOW_MS + 900, 10_300.0), (NOW_MS + 950, 9_800.0))
    assert after.peak.money == 10_300.0
    assert after.deepest == pytest.approx(500.0)
    assert after.peak_ms <= NOW_MS


def test_the_deepest_drawdown_stays_when_equity_recovers() -> None:
    after = beat(beat(history(), 9_400.0), 9_900.0)
    assert after.deepest == 600.0
    assert after.deepest_pct == 6.0
    assert after.peak_ms == DAY_MS


def test_the_terminals_own_equity_counts_where_no_tick_shows_it() -> None:
    assert beat(history(), 9_700.0).deepest == 300.0
    assert beat(history(), 10_700.0).peak.money == 10_700.0


def test_realised_money_is_added_up_within_the_day() -> None:
    after = beat(beat(history(), 10_000.0, booked=30.0), 10_000.0, booked=-12.5)
    assert after.day.realized == after.week.realized == 17.5


def crossing(before: History, *rows: tuple[int, float], equity: float, booked: float = 0.0, week: bool = False,
             today: float | None = None, this_week: float | None = None,
             balance: float = 10_000.0) -> History:  # fmt: skip
    """The first beat of the next day, 100 ms after its reset."""
    reset = DAY_MS + DAY
    return fold(before, path=path(*rows), equity=equity, balance=balance, now_ms=reset + 100, day_ms=reset,
                week_ms=reset if week else WEEK_MS, booked=booked, booked_today=today,
                booked_this_week=this_week)  # fmt: skip


def test_a_reset_takes_the_equity_of_the_last_tick_before_it() -> None:
    reset = DAY_MS + DAY
    rows = (reset - 50, 9_950.0), (reset, 9_940.0), (reset + 50, 9_500.0)
    after = crossing(history(equity=10_000.0), *rows, equity=9_600.0, balance=9_980.0)
    assert after.day.start_ms == reset
    assert after.day.equity == Anchor.at(9_940.0)
    assert after.day.peak == Anchor.at(9_940.0)
    assert after.day.balance == Anchor.at(9_980.0)
    assert after.week.start_ms == WEEK_MS
    assert after.week.equity == Anchor.at(10_000.0)
    assert after.deepest == 500.0


def test_a_reset_without_a_tick_takes_the_equity_that_was_last_seen() -> None:
    after = crossing(history(equity=9_870.0), equity=9_600.0)
    assert after.day.equity == Anchor.at(9_870.0)
    assert after.day.peak == Anchor.at(9_870.0)


def test_yesterdays_high_is_not_todays() -> None:
    after = crossing(history(), (DAY_MS + DAY - 10, 11_000.0), (DAY_MS + DAY - 5, 10_100.0), equity=10_050.0)
    assert after.day.peak == Anchor.at(10_100.0)
    assert after.week.peak == Anchor.at(11_000.0)
    assert after.peak == Anchor.at(11_000.0)
    assert after.deepest == 950.0


def test_a_week_begins_with_its_day() -> None:
    after = crossing(history(), (DAY_MS + DAY - 10, 9_900.0), equity=9_800.0, week=True)
    assert after.week == after.day
    assert after.week.start_ms == DAY_MS + DAY


def test_what_is_booked_in_the_beat_of_a_reset_belongs_to_the_side_it_was_booked_on() -> None:
    yesterday = beat(history(), 10_000.0, booked=5.0)
    after = crossing(yesterday, equity=10_030.0, booked=30.0, today=10.0, balance=10_030.0)
    assert after.day.balance == Anchor.at(10_020.0)
    assert after.day.realized == 10.0
    assert after.week.realized == 35.0
    both = crossing(yesterday, equity=10_030.0, booked=30.0, today=10.0, week=True, this_week=10.0, balance=10_030.0)
    assert both.week.realized == 10.0
    assert both.week.balance == Anchor.at(10_020.0)
    all_of_it = crossing(yesterday, equity=10_030.0, booked=30.0, balance=10_030.0)
    assert all_of_it.day.balance == Anchor.at(10_000.0)
    assert all_of_it.day.realized == 30.0


@given(
    st.lists(st.floats(100.0, 20_000.0), min_size=1, max_size=30),
    st.lists(st.integers(1, 29), max_size=5),
)
def test_peak_and_openings_do_not_depend_on_how_ticks_fall_into_beats(values: list[float], cuts: list[int]) -> None:
    """Ticks a second apart, the reset between the tenth and the eleventh."""
    reset = DAY_MS + DAY
    rows = [(reset + 1000 * (n - 10) + 500, value) for n, value in enumerate(values)]
    folded = history()
    for first, last in pairwise(sorted({0, len(rows), *(c for c in cuts if c < len(rows))})):
        part = rows[first:last]
        now = part[-1][0]
        folded = fold(folded, path=path(*part), equity=part[-1][1], balance=10_000.0, now_ms=now,
                      day_ms=reset if now >= reset else DAY_MS, week_ms=WEEK_MS)  # fmt: skip
    assert folded.peak.money == max([10_000.0, *values])
    today = values[10:]
    opening = ([10_000.0, *values])[min(10, len(values))] if today else 10_000.0
    assert folded.day.equity == Anchor.at(opening)
    assert folded.day.peak is not None
    assert folded.day.peak.money == (max([opening, *today]) if today else max([10_000.0, *values]))


def test_a_depth_is_never_negative_and_unknown_from_nothing() -> None:
    assert Anchor.at(100.0).depth(150.0) == 0.0
    assert Anchor.at(100.0).depth_pct(150.0) == 0.0
    assert Anchor.at(0.0).depth_pct(-5.0) is None
    assert Anchor.at(100.0).raised(120.0) == Anchor.at(120.0)
    assert Anchor.at(100.0).raised(80.0) == Anchor.at(100.0)


# ------------------------------------------------------------------------------------------------ a time unseen


def back(day_ms: int, week_ms: int = WEEK_MS) -> History:
    before = beat(history(), 9_800.0, booked=20.0)
    return resumed(before, equity=9_700.0, balance=9_950.0, now_ms=day_ms + 5, day_ms=day_ms, week_ms=week_ms,
                   day_cash=-50.0, week_cash=-40.0)  # fmt: skip


def test_back_on_the_same_day_the_openings_stand_and_deals_say_what_was_realised() -> None:
    after = back(DAY_MS)
    assert after.day.equity == after.day.peak == Anchor.at(10_000.0)
    assert after.day.realized == -50.0
    assert after.week.realized == -40.0
    assert (after.equity, after.balance, after.seen_ms) == (9_700.0, 9_950.0, DAY_MS + 5)


def test_a_missed_reset_has_a_known_balance_and_no_equity() -> None:
    after = back(DAY_MS + DAY)
    assert after.day.start_ms == DAY_MS + DAY
    assert after.day.balance == Anchor.at(10_000.0)
    assert after.day.equity is None
    assert after.day.peak is None
    assert after.week.equity == Anchor.at(10_000.0)
    assert after.peak == Anchor.at(10_000.0)
    assert after.deepest == 200.0


def test_a_missed_week_is_unknown_too_and_stays_so_through_ticks_and_flows() -> None:
    after = back(DAY_MS + 7 * DAY, WEEK_MS + 7 * DAY)
    assert after.week.balance == Anchor.at(9_990.0)
    assert after.week.peak is None
    later = fold(after.moved(100.0), path=EMPTY, equity=10_500.0, balance=9_950.0, now_ms=DAY_MS + 7 * DAY + 9,
                 day_ms=DAY_MS + 7 * DAY, week_ms=WEEK_MS + 7 * DAY)  # fmt: skip
    assert later.day.peak is None
    assert later.week.equity is None
    assert later.peak.money == 10_500.0


def test_the_next_reset_ends_what_was_unknown() -> None:
    later = crossing(back(DAY_MS), (DAY_MS + DAY - 1, 9_650.0), equity=9_600.0, balance=9_950.0)
    assert later.day.equity == Anchor.at(9_650.0)
