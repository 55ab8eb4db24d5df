"""Our own arithmetic of each position's profit, held against what the terminal states."""

from __future__ import annotations

import numpy as np

from monitors.book import Book
from monitors.model import Floats
from monitors.reading import Reading
from monitors.results import Apart

TOLERATED = 1
"""Units of the currency's last digit: both sides round."""


def own_profit(book: Book) -> Floats:
    """Profit of each position without swap at the price in the terminal's own row, account currency, length n.

    Converted as the terminal does: at the closing price where the symbol is its own conversion pair, else at the side
    of the pair that is worse for the profit's sign (RULES: profit and loss). NaN where that is not known exactly.
    """
    told = np.array([p.price for p in book.snapshot.positions], dtype=float)
    price = np.where(told > 0, told, book.price)
    raw = book.sign * book.size * (price - book.open)
    _, _, gain, loss = (column[book.symbol] for column in book.rates)
    rate = np.where(book.ways.own[book.symbol], 1 / price, np.where(raw >= 0, gain, loss))
    unit = 10.0**book.snapshot.account.digits
    return np.where(book.ways.exact[book.symbol], np.rint(raw * rate * unit) / unit, np.nan)


def apart(reading: Reading) -> tuple[tuple[Apart, ...], tuple[str, ...]]:
    """Positions whose profit the terminal states otherwise, and the symbols for which ours cannot be computed.

    RULES: profit and loss: a difference of more than the last digit is shown. Pairs are of the moment of their own
    quote, so that one which moved between two calls of the same look can show a large profit apart for one beat.
    """
    book, digits = reading.book, reading.snapshot.account.digits
    computed = own_profit(book)
    distance = np.abs(np.rint((computed - book.stated) * 10.0**digits))
    held = reading.snapshot.positions
    found = tuple(
        Apart(position=held[i].identifier, symbol=held[i].symbol, stated=held[i].profit, computed=float(computed[i]))
        for i in np.flatnonzero(distance > TOLERATED).tolist()
    )
    return found, tuple(book.symbols[i] for i in np.unique(book.symbol[np.isnan(computed)]).tolist())
