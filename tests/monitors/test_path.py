"""Equity through the ticks of a beat, held against valuing every position anew at every tick."""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitors.book import Book
from monitors.kinds import Side
from monitors.marks import marks
from monitors.model import Conversion, Position, Quote, Ticks
from monitors.path import EMPTY, EquityPath, path_from, path_to
from tests.builders import NOW_MS, QUOTES, position, quote, snapshot, ticks

BOOK = (
    position(1, "EURUSD", lots=1.0, open=1.0950),
    position(2, "EURUSD", Side.SELL, lots=0.3, open=1.1200),
    position(3, "USDJPY", Side.BUY, lots=2.0, open=149.000),
    position(4, "USDJPY", Side.BUY, lots=0.5, open=152.000),
    position(5, "EURGBP", Side.SELL, lots=0.7, open=0.8900),
    position(6, "XAUUSD", Side.BUY, lots=0.2, open=1_990.0),
    position(7, "USDJPY", Side.SELL, lots=0.4, open=150.500),
    position(8, "EURGBP", Side.BUY, lots=0.2, open=0.8600),
)
POUND = {"GBP": Conversion(symbol="GBPUSD", inverse=False)}


def whole(*held: Position) -> Book:
    """The book of these positions, with the pair that converts pounds."""
    return Book(snapshot(*held, quotes={"GBPUSD": QUOTES["GBPUSD"]}, conversions=POUND))


def equity_path(book: Book, came: Mapping[str, Ticks], before: Mapping[str, Quote], equity: float) -> EquityPath:
    return path_to(equity, list(marks(book, came, before, NOW_MS, NOW_MS + 1_000)), book.snapshot.account.digits)


def worth(held: tuple[Position, ...], quotes: Mapping[str, Quote]) -> float:
    """Floating profit in dollars, each position to the cent: yen at the closing price, pounds at the worse side."""
    total = 0.0
    for p in held:
        price = quotes[p.symbol].closing(p.side)
        gained = p.side.sign * (price - p.open) * p.lots * (100.0 if p.symbol == "XAUUSD" else 100_000.0)
        if p.symbol == "USDJPY":
            gained /= price
        elif p.symbol == "EURGBP":
            gained *= quotes["GBPUSD"].bid if gained >= 0 else quotes["GBPUSD"].ask
        total += round(gained, 2)
    return total


def brute_force(held: tuple[Position, ...], rows: list[tuple[int, str, float, float]], equity: float) -> list[float]:
    """Equity after each row (time, symbol, bid, ask), shifted so that the last is `equity`."""
    quotes, values = dict(QUOTES), []
    for time, symbol, bid, ask in rows:
        quotes[symbol] = Quote(time_ms=time, bid=bid, ask=ask)
        values.append(worth(held, quotes))
    return [value - values[-1] + equity for value in values]


def by_symbol(rows: list[tuple[int, str, float, float]]) -> dict[str, Ticks]:
    symbols = dict.fromkeys(row[1] for row in rows)
    return {name: ticks(*[(t, bid, ask) for t, symbol, bid, ask in rows if symbol == name]) for name in symbols}


moves = st.lists(
    st.tuples(st.sampled_from(sorted(QUOTES)), st.floats(-0.02, 0.02), st.floats(0, 0.001)), min_size=1, max_size=40
)


@given(moves, st.sets(st.integers(1, 8), min_size=1))
def test_the_path_is_what_valuing_the_whole_book_at_every_tick_gives(
    drawn: list[tuple[str, float, float]], kept: set[int]
) -> None:
    held = tuple(p for p in BOOK if p.identifier in kept)
    symbols = {p.symbol for p in held} | ({"GBPUSD"} if kept & {5, 8} else set())
    rows = [
        (NOW_MS + 10 * n, symbol, QUOTES[symbol].bid * (1 + move), QUOTES[symbol].bid * (1 + move + spread))
        for n, (symbol, move, spread) in enumerate(drawn)
        if symbol in symbols
    ]
    found = equity_path(whole(*held), by_symbol(rows), QUOTES, 9_000.0)
    assert found.time_ms.tolist() == [row[0] for row in rows]
    assert found.equity.tolist() == pytest.approx(brute_force(held, rows, 9_000.0) if rows else [], abs=1e-6)


def test_the_last_tick_gives_the_equity_that_the_terminal_reports() -> None:
    rows = [(NOW_MS, "EURUSD", 1.09, 1.0901), (NOW_MS + 5, "USDJPY", 151.0, 151.01)]
    found = equity_path(Book(snapshot(*BOOK)), by_symbol(rows), QUOTES, 1_234.56)
    assert found.equity[-1] == 1_234.56


def test_the_worst_of_a_beat_needs_ticks_merged_in_time_and_not_each_symbols_own_worst() -> None:
    held = (position(1, "EURUSD"), position(2, "GBPUSD"))
    rows = [
        (NOW_MS + 1, "EURUSD", 1.09, 1.09),
        (NOW_MS + 2, "EURUSD", 1.11, 1.11),
        (NOW_MS + 3, "GBPUSD", 1.24, 1.24),
        (NOW_MS + 4, "GBPUSD", 1.25, 1.25),
    ]
    found = equity_path(Book(snapshot(*held)), by_symbol(rows), QUOTES, 10_000.0)
    assert found.equity.tolist() == pytest.approx([8_000.0, 10_000.0, 9_000.0, 10_000.0])


def test_a_hedge_stands_still_but_for_its_spread() -> None:
    held = (position(1), position(2, side=Side.SELL))
    rows = [(NOW_MS, "EURUSD", 1.05, 1.0501), (NOW_MS + 1, "EURUSD", 1.15, 1.1511), (NOW_MS + 2, "EURUSD", 1.1, 1.1001)]
    found = equity_path(Book(snapshot(*held)), by_symbol(rows), QUOTES, 10_000.0)
    assert found.equity.tolist() == pytest.approx([10_000.0, 9_900.0, 10_000.0])


def test_each_leg_of_a_self_converting_hedge_converts_at_its_own_closing_price() -> None:
    held = (position(1, "USDJPY", lots=2.0), position(2, "USDJPY", Side.SELL))
    rows = [(NOW_MS + n, "USDJPY", bid, bid + 0.01) for n, bid in enumerate((149.0, 151.0, 150.0))]
    found = equity_path(Book(snapshot(*held)), by_symbol(rows), QUOTES, 10_000.0)
    assert found.equity.tolist() == pytest.approx(brute_force(held, rows, 10_000.0))


def test_a_winner_and_a_loser_of_one_symbol_convert_at_opposite_sides() -> None:
    held = (position(5, "EURGBP", open=0.8700), position(6, "EURGBP", open=0.8900))
    rows = [(NOW_MS, "GBPUSD", 1.2, 1.4), (NOW_MS + 1, "GBPUSD", 1.25, 1.25)]
    found = equity_path(whole(*held), by_symbol(rows), QUOTES, 10_000.0)
    assert found.equity.tolist() == [10_000.0 - 1_000 * (1.4 - 1.2), 10_000.0]


def test_a_tick_of_the_conversion_pair_alone_moves_equity() -> None:
    rows = [(NOW_MS, "GBPUSD", 1.3, 1.3), (NOW_MS + 1, "GBPUSD", 1.2, 1.2)]
    found = equity_path(whole(position(5, "EURGBP", open=0.8700)), by_symbol(rows), QUOTES, 10_000.0)
    assert found.equity.tolist() == [10_100.0, 10_000.0]


def test_without_a_sane_quote_before_it_the_first_tick_of_a_symbol_moves_nothing() -> None:
    rows = [(NOW_MS, "EURUSD", 1.0, 1.0), (NOW_MS + 1, "GBPUSD", 1.2, 1.2), (NOW_MS + 2, "GBPUSD", 1.21, 1.21)]
    book = Book(snapshot(position(1), position(2, "GBPUSD")))
    for before in ({}, {"GBPUSD": quote(2.0, 1.0)}, {"GBPUSD": quote(0.0)}):
        found = equity_path(book, by_symbol(rows), before, 10_000.0)
        assert found.equity.tolist() == pytest.approx([9_000.0, 9_000.0, 10_000.0])


@pytest.mark.parametrize(
    ("bid", "ask"),
    [(1.2, 1.1), (0.0, 1.1), (-1.0, 1.1), (math.nan, 1.1), (1.1, math.nan), (math.inf, math.inf), (1.1, math.inf)],
    ids=["crossed", "zero", "negative", "no bid", "no ask", "infinite", "infinite ask"],
)
def test_a_tick_that_is_no_price_is_dropped(bid: float, ask: float) -> None:
    rows = [(NOW_MS, "EURUSD", 1.09, 1.0901), (NOW_MS + 1, "EURUSD", bid, ask), (NOW_MS + 2, "EURUSD", 1.1, 1.1001)]
    found = equity_path(Book(snapshot(position())), by_symbol(rows), QUOTES, 10_000.0)
    assert found.time_ms.tolist() == [NOW_MS, NOW_MS + 2]
    assert found.equity.tolist() == pytest.approx([9_000.0, 10_000.0])


def test_ticks_of_symbols_not_held_do_not_matter() -> None:
    rows = [(NOW_MS, "GBPUSD", 1.0, 1.0)]
    assert len(equity_path(Book(snapshot(position())), by_symbol(rows), QUOTES, 10_000.0).equity) == 0
    assert len(equity_path(Book(snapshot()), by_symbol(rows), QUOTES, 10_000.0).equity) == 0
    assert len(equity_path(Book(snapshot(position())), {}, QUOTES, 10_000.0).equity) == 0


def test_only_bad_ticks_leave_an_empty_path() -> None:
    rows = [(NOW_MS, "EURUSD", 2.0, 1.0)]
    assert len(equity_path(Book(snapshot(position())), by_symbol(rows), QUOTES, 10_000.0).equity) == 0


def test_a_part_of_a_path_excludes_its_beginning_and_includes_its_end() -> None:
    path = EquityPath(np.array([1, 2, 2, 3]), np.array([10.0, 20.0, 21.0, 30.0]))
    assert path.between(1, 2).equity.tolist() == [20.0, 21.0]
    assert path.between(-1, 1).equity.tolist() == [10.0]
    assert path.between(3, 9).equity.tolist() == []
    assert EMPTY.between(0, 9).equity.tolist() == []


def test_two_paths_follow_on_each_other() -> None:
    early, late = EquityPath(np.array([1]), np.array([10.0])), EquityPath(np.array([2]), np.array([20.0]))
    assert early.followed(late).time_ms.tolist() == [1, 2]
    assert early.followed(late).equity.tolist() == [10.0, 20.0]
    assert EMPTY.followed(late).equity.tolist() == [20.0]


def test_a_path_from_its_beginning_starts_at_the_equity_before_the_first_tick() -> None:
    rows = [(NOW_MS, "EURUSD", 1.09, 1.09), (NOW_MS + 1, "EURUSD", 1.11, 1.11)]
    through = list(marks(Book(snapshot(position())), by_symbol(rows), QUOTES, NOW_MS, NOW_MS + 1))
    assert path_from(10_000.0, through, 2).equity.tolist() == [9_000.0, 11_000.0]
    assert path_to(10_000.0, through, 2).equity.tolist() == [8_000.0, 10_000.0]
    assert path_to(10_000.0, through, 2, since_ms=NOW_MS - 1).equity.tolist() == [9_000.0, 8_000.0, 10_000.0]


def test_what_stood_at_a_moment_stood_at_the_tick_of_that_very_millisecond() -> None:
    rows = [(NOW_MS, "EURUSD", 1.09, 1.09), (NOW_MS + 1, "EURUSD", 1.11, 1.11)]
    through = list(marks(Book(snapshot(position())), by_symbol(rows), QUOTES, NOW_MS, NOW_MS + 1))
    assert path_to(10_000.0, through, 2, since_ms=NOW_MS).equity.tolist() == [8_000.0, 10_000.0]
    assert path_to(10_000.0, through, 2, since_ms=NOW_MS + 1).equity.tolist() == [10_000.0]
    assert path_to(10_000.0, through, 2, since_ms=NOW_MS + 2).time_ms.tolist() == [NOW_MS + 2]
    assert len(path_from(1.0, [], 2).equity) == len(path_to(1.0, [], 2).equity) == 0


whole_steps = st.lists(st.integers(1, 50), min_size=1, max_size=4)


@given(moves, whole_steps, st.sampled_from(Side))
def test_splitting_a_position_changes_no_path(
    drawn: list[tuple[str, float, float]], parts: list[int], side: Side
) -> None:
    rows = [(NOW_MS + n, "EURUSD", round(1.1 + m, 5), round(1.1 + m + s, 5)) for n, (_, m, s) in enumerate(drawn)]
    one = position(1, side=side, lots=sum(parts) / 100)
    split = tuple(position(n, side=side, lots=steps / 100) for n, steps in enumerate(parts))
    found = [equity_path(Book(snapshot(*held)), by_symbol(rows), QUOTES, 9_000.0).equity for held in ((one,), split)]
    assert found[0].tolist() == found[1].tolist()


@given(moves, whole_steps)
def test_splitting_a_converted_position_changes_no_more_than_half_a_cent_a_part(
    drawn: list[tuple[str, float, float]], parts: list[int]
) -> None:
    rows = [(NOW_MS + n, "GBPUSD", 1.25 + move, 1.25 + move + spread) for n, (_, move, spread) in enumerate(drawn)]
    one = position(1, "EURGBP", open=0.87, lots=sum(parts) / 100)
    split = tuple(position(n, "EURGBP", open=0.87, lots=steps / 100) for n, steps in enumerate(parts))
    found = [equity_path(whole(*held), by_symbol(rows), QUOTES, 9_000.0).equity for held in ((one,), split)]
    assert np.abs(found[0] - found[1]).max() <= 0.01 * (len(parts) + 1) + 1e-9
