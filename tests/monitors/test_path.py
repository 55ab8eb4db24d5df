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
from monitors.model import Position, Quote, Ticks
from monitors.path import EMPTY, EquityPath, equity_path, merge
from tests.builders import NOW_MS, QUOTES, RATES, position, quote, snapshot, ticks

BOOK = (
    position(1, "EURUSD", lots=1.0, open=1.0950),
    position(2, "EURUSD", Side.SELL, lots=0.3, open=1.1200),
    position(3, "USDJPY", Side.BUY, lots=2.0, open=149.000),
    position(4, "USDJPY", Side.BUY, lots=0.5, open=152.000),
    position(5, "EURGBP", Side.SELL, lots=0.7, open=0.8900),
    position(6, "XAUUSD", Side.BUY, lots=0.2, open=1_990.0),
)


def worth(held: tuple[Position, ...], quotes: Mapping[str, Quote]) -> float:
    """Floating profit in dollars, symbol by symbol: the yen at its own closing price, pounds at a fixed rate."""
    total = 0.0
    for symbol in dict.fromkeys(p.symbol for p in held):
        own = [p for p in held if p.symbol == symbol]
        size = 100.0 if symbol == "XAUUSD" else 100_000.0
        gained = sum(p.side.sign * (quotes[symbol].closing(p.side) - p.open) * p.lots * size for p in own)
        if symbol == "USDJPY":
            gained /= quotes[symbol].closing(own[0].side)
        elif symbol == "EURGBP":
            gained *= RATES["EURGBP"].profit if gained >= 0 else RATES["EURGBP"].loss
        total += gained
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


@given(moves, st.sets(st.integers(1, 6), min_size=1))
def test_the_path_is_what_valuing_the_whole_book_at_every_tick_gives(
    drawn: list[tuple[str, float, float]], kept: set[int]
) -> None:
    held = tuple(p for p in BOOK if p.identifier in kept)
    symbols = {p.symbol for p in held}
    rows = [
        (NOW_MS + 10 * n, symbol, QUOTES[symbol].bid * (1 + move), QUOTES[symbol].bid * (1 + move + spread))
        for n, (symbol, move, spread) in enumerate(drawn)
        if symbol in symbols
    ]
    found = equity_path(Book(snapshot(*held)), by_symbol(rows), QUOTES, 9_000.0)
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


def test_a_self_converting_hedge_is_within_its_spread_of_valuing_each_leg() -> None:
    held = (position(1, "USDJPY", lots=2.0), position(2, "USDJPY", Side.SELL))
    rows = [(NOW_MS + n, "USDJPY", bid, bid + 0.01) for n, bid in enumerate((149.0, 151.0, 150.0))]
    legs = [
        sum(p.side.sign * (q.closing(p.side) - p.open) * p.lots * 100_000 / q.closing(p.side) for p in held)
        for q in (quote(bid, ask) for _, _, bid, ask in rows)
    ]
    found = equity_path(Book(snapshot(*held)), by_symbol(rows), QUOTES, 10_000.0)
    assert found.equity.tolist() == pytest.approx([v - legs[-1] + 10_000.0 for v in legs], abs=0.5)


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


def test_merging_keeps_time_and_the_symbols_order_where_times_tie() -> None:
    rows = [(5, "B", 1.0, 1.0), (7, "B", 2.0, 2.0), (5, "A", 3.0, 3.0), (6, "A", 4.0, 4.0)]
    time, index, bid, _ = merge(("A", "B", "C"), by_symbol(rows))
    assert time.tolist() == [5, 5, 6, 7]
    assert index.tolist() == [0, 1, 0, 1]
    assert bid.tolist() == [3.0, 1.0, 4.0, 2.0]


def test_a_part_of_a_path_excludes_its_beginning_and_includes_its_end() -> None:
    path = EquityPath(np.array([1, 2, 2, 3]), np.array([10.0, 20.0, 21.0, 30.0]))
    assert path.between(1, 2).equity.tolist() == [20.0, 21.0]
    assert path.between(-1, 1).equity.tolist() == [10.0]
    assert path.between(3, 9).equity.tolist() == []
    assert EMPTY.between(0, 9).equity.tolist() == []
