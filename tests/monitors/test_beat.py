"""Equity through a beat in which something was traded: the worst is neither missed nor made up."""

from __future__ import annotations

from dataclasses import replace

import pytest

from monitors.beat import Beat
from monitors.book import Book
from monitors.kinds import DealKind, Entry, Side
from monitors.model import Deal, Position, Snapshot, Ticks
from tests.builders import NOW_MS, account, deal, position, quote, snapshot, ticks

BEGIN, END = NOW_MS - 1_000, NOW_MS
FALL = ticks((BEGIN + 100, 1.09, 1.09), (BEGIN + 500, 1.08, 1.08), (BEGIN + 900, 1.10, 1.10))


def look(at_ms: int, equity: float, *held: Position) -> Snapshot:
    seen = snapshot(*held, quotes={"EURUSD": quote(1.1)})
    return replace(seen, taken_ms=at_ms, account=replace(account(), equity=equity))


def beat(before: tuple[Position, ...], after: tuple[Position, ...], *deals: Deal, was: float = 10_000.0,
         now: float = 10_000.0, came: Ticks = FALL) -> Beat:  # fmt: skip
    """A second in which the euro fell by two hundred points and came back."""
    end = replace(look(END, now, *after), ticks={"EURUSD": came})
    return Beat(book=Book(end), earlier=Book(look(BEGIN, was, *before)), deals=deals)


def rows(of: Beat, moved: float = 0.0) -> list[tuple[int, float]]:
    path = of.path(moved)
    return list(zip((path.time_ms - BEGIN).tolist(), path.equity.tolist(), strict=True))


ONE = position(1)


def test_an_unchanged_book_is_followed_through_every_tick() -> None:
    assert rows(beat((ONE,), (ONE,))) == [(100, 9_000.0), (500, 8_000.0), (900, 10_000.0)]


def test_the_first_reading_of_a_run_has_no_path() -> None:
    assert rows(Beat(book=beat((ONE,), (ONE,)).book)) == []


def test_what_a_closed_position_lost_before_its_close_counts_and_what_came_after_does_not() -> None:
    closed = beat((ONE,), (), deal(time_ms=BEGIN + 300), now=9_000.0)
    assert rows(closed) == [(100, 9_000.0), (300, 9_000.0)]


def test_an_opened_position_counts_from_its_opening() -> None:
    opened = position(2, open=1.09, opened_ms=BEGIN + 300)
    now = beat((), (opened,), deal(position=2, entry=Entry.IN, time_ms=BEGIN + 300), now=11_000.0)
    assert rows(now) == [(300, 10_000.0), (500, 9_000.0), (900, 11_000.0)]


def test_a_partly_closed_position_counts_whole_before_and_cut_after() -> None:
    cut = beat((ONE,), (position(1, lots=0.5),), deal(time_ms=BEGIN + 300), now=9_500.0)
    assert rows(cut) == [(100, 9_000.0), (300, 9_000.0), (500, 8_500.0), (900, 9_500.0)]


def test_between_two_deals_of_one_beat_nothing_is_said() -> None:
    both = beat((ONE, position(2)), (position(2, lots=0.5),), deal(1, time_ms=BEGIN + 300),
                deal(2, position=2, time_ms=BEGIN + 700), now=8_500.0)  # fmt: skip
    assert rows(both) == [(100, 8_000.0), (700, 7_500.0), (900, 8_500.0)]


def test_a_tick_of_the_deals_own_millisecond_belongs_to_what_is_held_after_it() -> None:
    cut = beat((ONE,), (position(1, lots=0.5),), deal(time_ms=BEGIN + 500), now=9_000.0)
    assert rows(cut) == [(100, 9_000.0), (500, 8_000.0), (900, 9_000.0)], "never at the price before its own tick"


def test_where_no_deal_shows_the_change_only_the_end_counts() -> None:
    assert rows(beat((ONE,), ())) == []
    assert rows(beat((ONE,), (), deal(position=7))) == []
    assert rows(beat((ONE,), (), deal(kind=DealKind.BOOKING))) == []


def test_a_position_opened_and_closed_between_two_looks_moves_equity_at_its_deals() -> None:
    trip = beat((ONE,), (ONE,), deal(1, position=8, entry=Entry.IN, time_ms=BEGIN + 300),
                deal(2, position=8, time_ms=BEGIN + 700, profit=-500.0), now=9_500.0)  # fmt: skip
    assert rows(trip) == [(100, 9_000.0), (700, 7_500.0), (900, 9_500.0)]


def test_a_booking_is_felt_from_its_time_on() -> None:
    charged = beat((ONE,), (ONE,), deal(kind=DealKind.BOOKING, time_ms=BEGIN + 300), now=9_990.0)
    assert rows(charged) == [(100, 9_000.0), (300, 8_990.0), (500, 7_990.0), (900, 9_990.0)]


def test_a_deal_that_shows_late_is_felt_from_the_beginning() -> None:
    late = beat((ONE,), (position(1, lots=0.5),), deal(time_ms=BEGIN - 700))
    assert rows(late) == [(0, 10_000.0), (100, 9_500.0), (500, 9_000.0), (900, 10_000.0)]


def test_a_clock_that_is_ahead_of_the_brokers_takes_no_tick_after_a_deal_away() -> None:
    behind = ticks((BEGIN - 2_900, 1.09, 1.09), (BEGIN - 2_500, 1.08, 1.08), (BEGIN - 2_100, 1.10, 1.10))
    cut = beat((ONE,), (position(1, lots=0.5),), deal(time_ms=BEGIN - 2_700), now=9_500.0, came=behind)
    assert rows(cut) == [(-2_900, 9_000.0), (-2_700, 9_000.0), (-2_500, 8_500.0), (-2_100, 9_500.0)]


def test_money_that_came_in_is_in_the_path_from_its_beginning() -> None:
    both = beat((ONE,), (position(1, lots=0.5),), deal(time_ms=BEGIN + 300), now=10_000.0)
    assert rows(both, moved=500.0)[:2] == [(100, 9_500.0), (300, 9_500.0)]


@pytest.mark.parametrize("turned", [position(1, side=Side.SELL), position(1, open=1.2), position(1, lots=2.0)])
def test_a_turn_another_volume_and_another_opening_price_are_changes(turned: Position) -> None:
    assert beat((ONE, position(2)), (turned, position(2))).changed == {1}


def test_another_order_of_the_list_is_no_change() -> None:
    assert beat((ONE, position(2)), (position(2), ONE)).changed == frozenset()
    assert beat((ONE, position(2)), (position(2), ONE)).path().equity.min() == 6_000.0
