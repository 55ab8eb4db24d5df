"""How far a position has been: through ticks, cuts, a close, a restart; its stop, and its time under water."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitors.beat import Beat
from monitors.book import Book
from monitors.excursions import Excursion, followed
from monitors.kinds import Entry, Side
from monitors.marks import marks
from monitors.model import Conversion, Deal, Position, Rates, Snapshot, Ticks
from tests.builders import NOW_MS, QUOTES, deal, position, quote, snapshot, ticks

BEGIN, END = NOW_MS - 1_000, NOW_MS
SWING = ticks((BEGIN + 100, 1.12, 1.12), (BEGIN + 300, 1.07, 1.07), (BEGIN + 900, 1.11, 1.11))
CAME = {"EURUSD": SWING}
OLD = Excursion(best=5.0, worst=-5.0, best_points=1.0, worst_points=-1.0, since_ms=7, under_ms=40)


def look(at_ms: int, *held: Position, price: float = 1.11, came: Mapping[str, Ticks] | None = None) -> Snapshot:
    return replace(snapshot(*held, quotes={"EURUSD": quote(price)}), taken_ms=at_ms, ticks=came or {})


def beat(before: tuple[Position, ...], after: tuple[Position, ...], *deals: Deal,
         came: Mapping[str, Ticks] = CAME) -> Beat:  # fmt: skip
    return Beat(book=Book(look(END, *after, came=came)), earlier=Book(look(BEGIN, *before, price=1.10)), deals=deals)


LONG = position(1, profit=1_000.0)
SHORT = position(2, side=Side.SELL, open=1.1, profit=-1_000.0)


def test_the_extremes_are_those_of_every_tick_in_money_and_points() -> None:
    found, closed = followed({}, beat((LONG, SHORT), (LONG, SHORT)))
    assert closed == {}
    own = found[1]
    assert (own.best, own.worst) == (2_000.0, -3_000.0)
    assert (own.best_points, own.worst_points) == pytest.approx((2_000.0, -3_000.0))
    assert (found[2].best, found[2].worst) == (3_000.0, -2_000.0)


def test_what_was_reached_before_stays() -> None:
    far = replace(OLD, best=9_000.0, worst=-8_000.0, best_points=9_000.0, worst_points=-8_000.0)
    found, _ = followed({1: far}, beat((LONG,), (LONG,)))
    assert found[1] == replace(far, under_ms=40 + 600, unprotected_ms=END)


def test_a_long_and_a_short_that_never_lost_or_won_have_zero_on_that_side() -> None:
    found, _ = followed({}, beat((position(1, open=1.0),), (position(1, open=1.0, profit=11_000.0),)))
    assert found[1].worst == found[1].worst_points == found[1].under_ms == 0


def test_time_under_water_runs_between_the_ticks() -> None:
    found, _ = followed({}, beat((LONG, SHORT), (LONG, SHORT)))
    assert found[1].under_ms == 600
    assert found[2].under_ms == 200 + 100


def test_time_under_water_runs_where_nothing_moves() -> None:
    losing = position(1, open=1.2, profit=-9_000.0)
    assert followed({}, beat((losing,), (losing,), came={}))[0][1].under_ms == 1_000


def test_a_tick_with_a_time_after_the_look_adds_no_time() -> None:
    late = {"EURUSD": ticks((END + 50, 1.05, 1.05))}
    found, _ = followed({}, beat((LONG,), (LONG,), came=late))
    assert (found[1].under_ms, found[1].worst) == (0, -5_000.0)


def test_a_position_of_this_beat_counts_from_its_opening_and_the_moment_of_it() -> None:
    new = position(3, open=1.12, opened_ms=BEGIN + 200, profit=-1_000.0)
    found, _ = followed({}, beat((), (new,), deal(position=3, entry=Entry.IN, time_ms=BEGIN + 200)))
    assert (found[3].best, found[3].worst, found[3].since_ms) == (0.0, -5_000.0, BEGIN + 200)
    assert found[3].under_ms == 700
    later = replace(new, opened_ms=BEGIN + 400, open=1.07, profit=4_000.0)
    found, _ = followed({}, beat((), (later,), deal(position=3, entry=Entry.IN, time_ms=BEGIN + 400)))
    assert (found[3].best, found[3].worst) == (4_000.0, 0.0)
    at_tick = replace(new, opened_ms=BEGIN + 300)
    found, _ = followed({}, beat((), (at_tick,), deal(position=3, entry=Entry.IN, time_ms=BEGIN + 300)))
    assert (found[3].best, found[3].worst) == (0.0, -5_000.0)


def test_a_partial_close_resets_nothing_and_each_volume_counts_in_its_own_time() -> None:
    half = position(1, lots=0.5, profit=500.0)
    found, closed = followed({1: OLD}, beat((LONG,), (half,), deal(time_ms=BEGIN + 200)))
    assert closed == {}
    assert (found[1].best, found[1].worst, found[1].since_ms) == (2_000.0, -1_500.0, 7)
    assert found[1].worst_points == pytest.approx(-3_000.0)
    assert found[1].under_ms == 40 + 600


def test_where_no_deal_shows_a_cut_the_terminals_own_figure_counts() -> None:
    half = position(1, lots=0.5, profit=500.0)
    found, _ = followed({1: OLD}, beat((LONG,), (half,)))
    assert (found[1].best, found[1].worst) == (500.0, -5.0)


def test_a_closed_position_is_let_go_with_what_it_reached_until_its_close() -> None:
    found, closed = followed({1: OLD, 2: OLD}, beat((LONG, SHORT), (SHORT,), deal(time_ms=BEGIN + 200)))
    assert list(found) == [2]
    assert list(closed) == [1]
    assert (closed[1].best, closed[1].worst) == (2_000.0, -5.0)
    assert closed[1].under_ms == 40
    at_stop = followed({1: OLD}, beat((LONG,), (), deal(time_ms=BEGIN + 300)))[1][1]
    assert (at_stop.worst, at_stop.under_ms) == (-3_000.0, 40)


def test_a_position_that_closed_while_nobody_looked_is_let_go_as_it_was_known() -> None:
    found, closed = followed({1: OLD}, Beat(book=Book(look(END))))
    assert (found, closed) == ({}, {1: OLD})


def test_a_position_that_turned_is_another_trade() -> None:
    turned = position(1, side=Side.SELL, open=1.11, profit=0.0, stop=1.2)
    found, closed = followed({1: OLD}, beat((LONG,), (turned,), deal(time_ms=BEGIN + 400, entry=Entry.INOUT)))
    assert found[1].best == 4_000.0
    assert (found[1].since_ms, found[1].stop) == (BEGIN, 1.2)
    assert (closed[1].best, closed[1].worst) == (2_000.0, -3_000.0)


def test_after_a_restart_what_is_kept_goes_on_and_what_is_new_says_since_when() -> None:
    found, _ = followed({1: OLD}, Beat(book=Book(look(END, LONG, SHORT))))
    assert (found[1].best, found[1].worst, found[1].since_ms, found[1].under_ms) == (1_000.0, -5.0, 7, 40)
    assert (found[2].worst, found[2].since_ms) == (-1_000.0, END)
    assert found[2].worst_points == pytest.approx(-1_000.0)


def test_the_first_stop_seen_stays_the_initial_one() -> None:
    known: dict[int, Excursion] = {}
    for stop, expected in ((0.0, 0.0), (1.05, 1.05), (1.09, 1.05), (0.0, 1.05)):
        held = replace(LONG, stop=stop)
        known, _ = followed(known, beat((held,), (held,)))
        assert known[1].stop == expected


def test_a_position_without_a_stop_has_a_clock_that_runs_from_its_opening_or_from_the_loss_of_the_stop() -> None:
    bare, safe = replace(LONG, stop=0.0), replace(LONG, stop=1.0)
    known, _ = followed({}, beat((bare,), (bare,)))
    assert known[1].unprotected_ms == bare.opened_ms
    assert followed(known, beat((bare,), (bare,)))[0][1].unprotected_ms == bare.opened_ms
    known, _ = followed(known, beat((bare,), (safe,)))
    assert known[1].unprotected_ms is None
    assert followed(known, beat((safe,), (bare,)))[0][1].unprotected_ms == END


def test_the_conversion_moves_the_extremes_too_but_not_the_points() -> None:
    held = position(1, "EURGBP", open=0.87, profit=1_250.0)
    pound = {"GBP": Conversion(symbol="GBPUSD", inverse=False)}
    seen = snapshot(held, quotes={"GBPUSD": QUOTES["GBPUSD"]}, conversions=pound, taken_ms=BEGIN)
    now = replace(seen, taken_ms=END, ticks={"GBPUSD": ticks((BEGIN + 1, 1.4, 1.4), (BEGIN + 2, 1.25, 1.2502))})
    found, _ = followed({}, Beat(book=Book(now), earlier=Book(seen)))
    assert found[1].best == 1_400.0
    assert found[1].best_points == pytest.approx(1_000.0)


def test_without_a_rate_the_terminals_own_figures_count() -> None:
    nan = float("nan")
    held = position(1, profit=-70.0)
    bare = {"EURUSD": Rates(margin_buy=1.0, margin_sell=1.0, profit=nan, loss=nan)}
    begin, end = (replace(look(at, held, came=CAME), rates=bare) for at in (BEGIN, END))
    found, _ = followed({}, Beat(book=Book(end), earlier=Book(begin)))
    assert (found[1].best, found[1].worst, found[1].under_ms) == (0.0, -70.0, 1_000)
    assert found[1].best_points == pytest.approx(2_000.0)


def test_no_position_has_no_excursion() -> None:
    assert followed({}, beat((), ())) == ({}, {})


def in_parts(whole: Beat, largest: int) -> Beat:
    """The same beat with its marks taken in parts."""
    parts = replace(whole)
    before = look(BEGIN, LONG, SHORT, price=1.10)
    parts.__dict__["marks"] = tuple(
        marks(parts.book, parts.book.snapshot.ticks, before.quotes, BEGIN, END, largest=largest)
    )
    return parts


@given(st.lists(st.tuples(st.integers(0, 999), st.integers(10_000, 12_000)), max_size=20), st.integers(1, 4))
def test_ticks_taken_in_parts_reach_as_far(drawn: list[tuple[int, int]], largest: int) -> None:
    rows = [(BEGIN + at, bid / 10_000, bid / 10_000) for at, bid in sorted(drawn)]
    whole = beat((LONG, SHORT), (LONG, SHORT), came={"EURUSD": ticks(*rows)})
    assert followed({}, in_parts(whole, largest)) == followed({}, whole)


def test_in_parts_too_a_position_counts_from_its_opening() -> None:
    new = position(3, open=1.11, opened_ms=BEGIN + 400)
    opened = beat((), (new,), deal(position=3, entry=Entry.IN, time_ms=BEGIN + 400))
    found, _ = followed({}, in_parts(opened, 1))
    assert (found, found[3].best) == (followed({}, opened)[0], 0.0)
