"""What every position was worth at each moment: merged ticks, ragged entries, and very many ticks in parts."""

from __future__ import annotations

import numpy as np
import pytest

from monitors.book import Book
from monitors.kinds import Side
from monitors.marks import marks, merge
from monitors.model import Conversion, Rates
from monitors.path import path_to
from tests.builders import NOW_MS, QUOTES, position, quote, snapshot, ticks

POUND = {"GBP": Conversion(symbol="GBPUSD", inverse=False)}
HELD = (position(1, "EURGBP", open=0.87), position(2, "XAUUSD", Side.SELL, open=2_010.5))
CAME = {
    "EURGBP": ticks((NOW_MS + 1, 0.881, 0.882), (NOW_MS + 4, 0.879, 0.880)),
    "GBPUSD": ticks((NOW_MS + 2, 1.30, 1.31)),
    "XAUUSD": ticks((NOW_MS + 3, 2_000.0, 2_001.0)),
}


def test_merging_keeps_time_and_the_symbols_order_where_times_tie() -> None:
    came = {"B": ticks((5, 1.0, 1.0), (7, 2.0, 2.0)), "A": ticks((5, 3.0, 3.0), (6, 4.0, 4.0))}
    time, index, bid, _ = merge(("A", "B", "C"), came)
    assert time.tolist() == [5, 5, 6, 7]
    assert index.tolist() == [0, 1, 0, 1]
    assert bid.tolist() == [3.0, 1.0, 4.0, 2.0]


def test_a_position_has_an_entry_for_the_beginning_and_for_each_tick_of_its_symbol_and_its_pair() -> None:
    book = Book(snapshot(*HELD, quotes={"GBPUSD": QUOTES["GBPUSD"]}, conversions=POUND))
    (seen,) = marks(book, CAME, QUOTES, NOW_MS, NOW_MS + 9)
    assert seen.time_ms.tolist() == [NOW_MS + n for n in (1, 2, 3, 4)]
    assert seen.first.tolist() == [0, 4]
    assert seen.tick.tolist() == [-1, 0, 1, 3, -1, 2]
    assert seen.price.tolist() == [0.88, 0.881, 0.881, 0.879, 2_000.5, 2_001.0]
    assert seen.units.tolist() == [125_000, 137_500, 143_000, 117_000, 100_000, 95_000]
    assert seen.moves.tolist() == [12_500, 5_500, -5_000, -26_000]


def test_without_any_quote_before_the_present_one_stands_where_no_tick_came() -> None:
    book = Book(snapshot(position(1, "GBPUSD", open=1.20), quotes={"GBPUSD": quote(1.25)}))
    (seen,) = marks(book, {}, {}, NOW_MS, NOW_MS + 9)
    assert seen.units.tolist() == [500_000]


def test_a_position_without_a_rate_is_worth_what_the_terminal_states() -> None:
    nan = float("nan")
    unknown = {"EURGBP": Rates(margin_buy=1.0, margin_sell=1.0, profit=nan, loss=nan)}
    book = Book(snapshot(position(1, "EURGBP", profit=12.34), rates=unknown))
    (seen,) = marks(book, CAME, QUOTES, NOW_MS, NOW_MS + 9)
    assert seen.units.tolist() == [1_234, 1_234, 1_234]


def test_no_position_has_no_entries() -> None:
    (seen,) = marks(Book(snapshot()), CAME, QUOTES, NOW_MS, NOW_MS + 9)
    assert len(seen.units) == len(seen.time_ms) == len(seen.moves) == 0


@pytest.mark.parametrize("size", [2, 4, 6])
def test_very_many_ticks_are_taken_in_parts_that_follow_on_each_other(
    size: int,
) -> None:
    book = Book(snapshot(*HELD, quotes={"GBPUSD": QUOTES["GBPUSD"]}, conversions=POUND))
    (whole,) = marks(book, CAME, QUOTES, NOW_MS, NOW_MS + 9)
    parts = list(marks(book, CAME, QUOTES, NOW_MS, NOW_MS + 9, largest=size))
    assert len(parts) == -(-4 // (size // 2))
    assert np.concatenate([part.moves for part in parts]).tolist() == whole.moves.tolist()
    assert path_to(1.0, parts, 2).equity.tolist() == path_to(1.0, [whole], 2).equity.tolist()
    assert [part.begin_ms for part in parts[1:]] == [part.end_ms for part in parts[:-1]]
    assert (parts[0].begin_ms, parts[-1].end_ms) == (NOW_MS, NOW_MS + 9)
