"""Equity through every tick of a beat, not only its end: floating profit is linear in bids and asks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from monitors.book import Book
from monitors.model import Floats, Ints, Quote, Ticks


@dataclass(frozen=True, slots=True)
class EquityPath:
    """Equity after each tick, oldest first; both arrays of one length, UTC epoch milliseconds and account currency."""

    time_ms: Ints
    equity: Floats

    def between(self, after_ms: int, until_ms: int) -> EquityPath:
        """The part with after < time <= until."""
        first, last = np.searchsorted(self.time_ms, (after_ms, until_ms), side="right")
        return EquityPath(self.time_ms[first:last], self.equity[first:last])

    def lowered(self, amount: float) -> EquityPath:
        """The same path with `amount` less throughout."""
        return EquityPath(self.time_ms, self.equity - amount) if amount else self


EMPTY = EquityPath(np.empty(0, dtype=np.int64), np.empty(0))


def merge(symbols: tuple[str, ...], ticks: Mapping[str, Ticks]) -> tuple[Ints, Ints, Floats, Floats]:
    """Sane ticks of these symbols in order of time: time, symbol index, bid, ask; ties keep the symbols' order."""
    parts = [(i, ticks[name]) for i, name in enumerate(symbols) if name in ticks and len(ticks[name])]
    if not parts:
        return EMPTY.time_ms, EMPTY.time_ms, EMPTY.equity, EMPTY.equity
    time = np.concatenate([t.time_ms for _, t in parts])
    index = np.repeat([i for i, _ in parts], [len(t) for _, t in parts])
    bid, ask = np.concatenate([t.bid for _, t in parts]), np.concatenate([t.ask for _, t in parts])
    keep = np.isfinite(bid) & np.isfinite(ask) & (bid > 0) & (bid <= ask)
    order = np.argsort(time[keep], kind="stable")
    return time[keep][order], index[keep][order], bid[keep][order], ask[keep][order]


def equity_path(book: Book, ticks: Mapping[str, Ticks], before: Mapping[str, Quote], equity: float) -> EquityPath:
    """The book's equity after every new tick, anchored so that the last tick gives `equity`.

    `before` holds the quotes that stood when the first of these ticks came.

    Anchoring takes in what ticks do not show (swap, commission, rounding). A tick changes only its own
    symbol's profit, so the path is a running sum of those changes; conversion moves with the symbol's own
    price where it is its own conversion pair and is held at the beat's rate otherwise.
    """
    time, index, bid, ask = merge(book.symbols, ticks)
    if not len(time):
        return EMPTY
    worth = _worth(book, index, bid, ask)
    change = np.empty_like(worth)
    last = _worth(book, np.arange(len(book.symbols)), *_columns(book, before))
    by_symbol = np.argsort(index, kind="stable")
    sorted_worth, sorted_index = worth[by_symbol], index[by_symbol]
    previous = np.concatenate(([np.nan], sorted_worth[:-1]))
    first = np.concatenate(([True], sorted_index[1:] != sorted_index[:-1]))
    previous[first] = last[sorted_index[first]]
    change[by_symbol] = np.where(np.isnan(previous), 0.0, sorted_worth - previous)
    total = np.cumsum(change)
    return EquityPath(time, equity + (total - total[-1]))


def _columns(book: Book, quotes: Mapping[str, Quote]) -> tuple[Floats, Floats]:
    """Bid and ask by symbol, NaN where no sane quote is known, length s each."""
    found = [quotes.get(name) for name in book.symbols]
    pairs = np.array([(q.bid, q.ask) if q and q.sane else (np.nan, np.nan) for q in found]).reshape(-1, 2)
    return pairs[:, 0], pairs[:, 1]


def _worth(book: Book, index: Ints, bid: Floats, ask: Floats) -> Floats:
    """What the tick's own symbol is worth at this tick, in account currency up to a constant, length of the ticks."""
    held, paid = book.held, book.paid
    gained = held[0][index] * bid - held[1][index] * ask - (paid[0] - paid[1])[index]
    _, _, gain, loss = book.rates
    fixed = np.where(gained >= 0, gain[index], loss[index])
    own = self_converting(book)[index]
    worth: Floats = gained * np.where(own, 1 / np.where((held[0] >= held[1])[index], bid, ask), fixed)
    return worth


def self_converting(book: Book) -> np.ndarray:
    """By symbol: its base is the account currency, so its own price turns its profit into account currency."""
    account, specs = book.snapshot.account.currency, book.snapshot.instruments
    return np.array(
        [specs[s].currency_base == account and specs[s].currency_profit != account for s in book.symbols], dtype=bool
    )
