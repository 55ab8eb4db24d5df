"""What a gap in every price would do: the market opens elsewhere and no stop is filled in between."""

from __future__ import annotations

import math

import numpy as np

from monitors.book import Book
from monitors.legs import NO_RATE, net_worth
from monitors.model import Floats, Unknown, Value
from monitors.reading import Reading


def gap_loss(reading: Reading, gap_pct: float) -> Value:
    """Loss if every symbol gaps by `gap_pct` of its price against its net position, account currency.

    What is held both ways cancels; a loss is converted at the side MetaTrader 5 uses for losses, or at the price after
    the gap where the symbol is its own conversion pair.
    """
    book, share = reading.book, gap_pct / 100
    if not book.symbols:
        return 0.0
    straight = np.abs(net_worth(book)) * book.rates[3] * share
    lost = float(np.where(book.ways.own, _bent(book, share), straight).sum())
    if math.isinf(lost):
        return Unknown("a price of nought converts nothing")
    return Unknown(NO_RATE) if math.isnan(lost) else lost


def _bent(book: Book, share: float) -> Floats:
    """The same of symbols that are their own conversion pair, length s: size less what was paid over the price."""
    bid, ask = book.quotes
    price = np.where(book.net >= 0, bid, ask)
    paid = book.by_leg(book.sign * book.size * book.open).sum(axis=0)
    with np.errstate(divide="ignore"):
        there = 1 / (price * (1 - np.sign(book.net) * share))
    found: Floats = np.maximum(0.0, paid * (there - 1 / price))
    return found
