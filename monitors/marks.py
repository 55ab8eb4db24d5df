"""What every position was worth after each tick that moved it: its own symbol's, or its conversion pair's."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from monitors.book import Book, columns, sums
from monitors.model import Floats, Ints, Quote, Ticks

LARGEST = 1_000_000
"""Values worked out at once; what a terminal brings after an hour's silence is taken in parts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Marks:
    """A stretch of time from `begin_ms` to `end_ms` (UTC epoch ms), with ticks at `time_ms`, oldest first.

    The others are ragged, position after position in the book's order, each with an entry for the beginning and one
    for every tick that moved it. `first`: where each position begins, length n. `tick`: index into `time_ms`, -1 for
    the beginning. `price`: at which it would have been closed. `units`: profit without swap in the smallest unit of
    account currency, a whole number, because the terminal rounds each position by itself.
    """

    begin_ms: int
    end_ms: int
    time_ms: Ints
    first: Ints
    tick: Ints
    price: Floats
    units: Floats

    @property
    def moves(self) -> Floats:
        """By how much each tick moved all positions together, in the smallest unit, length of `time_ms`."""
        change = np.diff(self.units, prepend=0.0)
        change[self.first] = 0.0
        return sums(self.tick + 1, change, len(self.time_ms) + 1)[1:]


@dataclass(frozen=True, slots=True)
class _Feed:
    """Ticks of several symbols in order of time, `source` says whose; and the quotes that stood before, by symbol."""

    time: Ints
    source: Ints
    bid: Floats
    ask: Floats
    standing_bid: Floats
    standing_ask: Floats

    def part(self, first: int, until: int) -> _Feed:
        """These ticks alone, after those before them."""
        bid, ask = self.standing_bid.copy(), self.standing_ask.copy()
        bid[self.source[:first]], ask[self.source[:first]] = self.bid[:first], self.ask[:first]
        cut = slice(first, until)
        return _Feed(self.time[cut], self.source[cut], self.bid[cut], self.ask[cut], bid, ask)


def merge(symbols: tuple[str, ...], ticks: Mapping[str, Ticks]) -> tuple[Ints, Ints, Floats, Floats]:
    """Sane ticks of these symbols in order of time: time, symbol index, bid, ask; ties keep the symbols' order."""
    parts = [(i, ticks[name]) for i, name in enumerate(symbols) if name in ticks and len(ticks[name])]
    if not parts:
        none, nothing = np.empty(0, dtype=np.int64), np.empty(0)
        return none, none, nothing, nothing
    time = np.concatenate([t.time_ms for _, t in parts])
    index = np.repeat([i for i, _ in parts], [len(t) for _, t in parts])
    bid, ask = np.concatenate([t.bid for _, t in parts]), np.concatenate([t.ask for _, t in parts])
    keep = np.isfinite(bid) & np.isfinite(ask) & (bid > 0) & (bid <= ask)
    order = np.argsort(time[keep], kind="stable")
    return time[keep][order], index[keep][order], bid[keep][order], ask[keep][order]


def marks(
    book: Book,
    ticks: Mapping[str, Ticks],
    before: Mapping[str, Quote],
    begin_ms: int,
    end_ms: int,
    largest: int = LARGEST,
) -> Iterator[Marks]:
    """The book at the beginning and through these ticks; `before` holds the quotes that stood at the beginning.

    Each position converts at every tick at the side of its own profit's sign, as the terminal does.
    A position whose profit cannot be worked out is worth throughout what the terminal states. The marks come as one
    stretch, or as several that follow on each other where there would be more than `largest` of them.
    """
    names = tuple(sorted({*book.symbols, *book.ways.pairs}))
    feed = _feed(book, names, ticks, before)
    size = max(1, largest // max(1, len(book.snapshot.positions)))
    for start in range(0, max(1, len(feed.time)), size):
        part = feed.part(start, start + size) if len(feed.time) > size else feed
        until = end_ms if start + size >= len(feed.time) else int(part.time[-1])
        yield _valued(book, names, part, begin_ms, until)
        begin_ms = until


def _feed(book: Book, names: tuple[str, ...], ticks: Mapping[str, Ticks], before: Mapping[str, Quote]) -> _Feed:
    """Without a sane quote before it a symbol's first tick moves nothing; without a tick its present quote stands."""
    time, source, bid, ask = merge(names, ticks)
    now_bid, now_ask = columns(book.snapshot.quotes, names)
    first, at = np.unique(source, return_index=True)
    now_bid[first], now_ask[first] = bid[at], ask[at]
    stood_bid, stood_ask = columns(
        {name: before[name] for name in names if name in before and before[name].sane}, names
    )
    none = np.isnan(stood_bid)
    return _Feed(time, source, bid, ask, np.where(none, now_bid, stood_bid), np.where(none, now_ask, stood_ask))


def _valued(book: Book, names: tuple[str, ...], feed: _Feed, begin_ms: int, end_ms: int) -> Marks:
    symbol, tick, (bid, ask), (gain, loss) = _moments(book, names, feed)
    count = np.bincount(symbol, minlength=len(book.symbols))
    start = np.cumsum(count) - count
    each = count[book.symbol]
    first = np.cumsum(each) - each
    who = np.repeat(np.arange(len(each)), each)
    at = np.arange(len(who)) + np.repeat(start[book.symbol] - first, each)
    price = np.where(book.long[who], bid[at], ask[at])
    raw = (book.sign * book.size)[who] * (price - book.open[who])
    rate = np.where(book.ways.own[book.symbol][who], 1 / price, np.where(raw >= 0, gain[at], loss[at]))
    unit = 10.0**book.snapshot.account.digits
    units = np.rint(raw * rate * unit)
    units = np.where(np.isfinite(units), units, np.rint(book.stated * unit)[who])
    return Marks(begin_ms=begin_ms, end_ms=end_ms, time_ms=feed.time, first=first, tick=tick[at], price=price,
                 units=units)  # fmt: skip


def _moments(
    book: Book, names: tuple[str, ...], feed: _Feed
) -> tuple[Ints, Ints, tuple[Floats, Floats], tuple[Floats, Floats]]:
    """The beginning and every tick that concerns a symbol held, symbol by symbol in order of time.

    Symbol, tick (-1: the beginning), the symbol's bid and ask then, and its conversion of a gain and of a loss then.
    """
    place = {name: i for i, name in enumerate(names)}
    own = np.array([place[name] for name in book.symbols], dtype=np.int64)
    pair = np.array([*(place[name] for name in book.ways.pairs), -1], dtype=np.int64)[book.ways.pair]
    held = np.full(len(names), -1)
    held[own] = np.arange(len(own))
    concerned = held[feed.source]
    direct = np.flatnonzero(concerned >= 0)
    symbols, ticks = [np.arange(len(own)), concerned[direct]], [np.full(len(own), -1), direct]
    for converts in {int(p) for p in pair if p >= 0}:
        moved, came = np.flatnonzero(pair == converts), np.flatnonzero(feed.source == converts)
        symbols.append(np.tile(moved, len(came)))
        ticks.append(np.repeat(came, len(moved)))
    symbol, tick = np.concatenate(symbols), np.concatenate(ticks)
    order = np.argsort(symbol * (len(feed.time) + 1) + tick)
    symbol, tick = symbol[order], tick[order]
    source = np.append(feed.source, -1)[tick]
    bids, asks = np.append(feed.standing_bid, feed.bid), np.append(feed.standing_ask, feed.ask)

    def latest(of: Ints) -> tuple[Floats, Floats]:
        """The quote that stood at each moment, for the place in `names` that each symbol has in `of`."""
        fresh = (tick < 0) | (source == of[symbol])
        at = np.where(tick < 0, of[symbol], tick + len(names))
        at = at[np.maximum.accumulate(np.where(fresh, np.arange(len(at)), 0))]
        return bids[at], asks[at]

    return symbol, tick, latest(own), book.ways.sides(symbol, *latest(pair))
