"""How far a symbol's price alone would have to move to change equity, or one position's profit, by some amount."""

from __future__ import annotations

import math

from monitors.book import Book
from monitors.model import Value
from monitors.reading import Reading

HEDGED = 1e-9
"""A net volume below this share of the gross one is none."""


def points(reading: Reading, equity_at: Value) -> dict[str, float | None]:
    """By symbol held, how far its price alone would have to move, in points, up positive (RULES: distance to breach).

    On the symbol's net coefficient, lots long less lots short; the price is the one at which the larger side closes.
    None where the symbol is hedged, or where no price above 0 is far enough.
    """
    book = reading.book
    if not isinstance(equity_at, float):
        return dict.fromkeys(book.symbols)
    change = equity_at - reading.snapshot.account.equity
    units = book.lots * book.contract[book.symbol]
    long, short = book.by_leg(units)
    gained = book.by_leg(book.sign * units * (book.price - book.open)).sum(axis=0)
    return {
        symbol: None
        if abs(long[i] - short[i]) <= HEDGED * (long[i] + short[i])
        else _way(book, i, float(long[i] - short[i]), float(gained[i]), change)
        for i, symbol in enumerate(book.symbols)
    }


def own_points(reading: Reading, identifier: int, change: Value) -> dict[str, float | None]:
    """The same on one position's own volume: how far until its profit has changed by that much."""
    book = reading.book
    found: dict[str, float | None] = dict.fromkeys(book.symbols)
    one = next(i for i, p in enumerate(reading.snapshot.positions) if p.identifier == identifier)
    s = int(book.symbol[one])
    volume = float(book.sign[one] * book.lots[one] * book.contract[s])
    if isinstance(change, float) and volume:
        gained = volume * float(book.price[one] - book.open[one])
        found[book.symbols[s]] = _way(book, s, volume, gained, change)
    return found


def _way(book: Book, i: int, volume: float, gained: float, change: float) -> float | None:
    """Points that symbol i must move until `volume` units, which have gained `gained`, are worth `change` more.

    Where the price is its own conversion into account currency (USDJPY in dollars) the way is no straight line and is
    followed as it bends: volume x price - paid, over the price.
    """
    symbol = book.symbols[i]
    quote, point = book.snapshot.quotes[symbol], book.snapshot.instruments[symbol].point
    price = quote.bid if volume > 0 else quote.ask
    if book.ways.own[i]:
        paid = volume * price - gained
        bent = paid / price - change
        there = paid / bent if bent * paid > 0 else math.nan
    else:
        rate = float(book.rates[2][i] if change > 0 else book.rates[3][i])
        there = price + change / (volume * rate) if rate > 0 else math.nan
    return (there - price) / point if math.isfinite(there) and there > 0 and point > 0 else None
