"""How far a symbol's price alone would have to move to change equity, or one position's profit, by some amount."""

from __future__ import annotations

import math

import numpy as np

from monitors.model import Floats, Value
from monitors.reading import Reading

HEDGED = 1e-9
"""A net volume below this share of the gross one is none."""


class Moves:
    """The symbols held of one reading as columns of length s: net units, what they have gained, price and point."""

    def __init__(self, reading: Reading) -> None:
        book = self._book = reading.book
        self._equity = reading.snapshot.account.equity
        units = book.lots * book.contract[book.symbol]
        long, short = book.by_leg(units)
        self._net = np.where(np.abs(long - short) > HEDGED * (long + short), long - short, 0.0)
        self._gained = book.by_leg(book.sign * units * (book.price - book.open)).sum(axis=0)
        self._points = np.array([reading.snapshot.instruments[name].point for name in book.symbols], dtype=float)
        self._every = np.arange(len(book.symbols))

    def to(self, equity_at: Value) -> dict[str, float | None]:
        """By symbol, how far its price alone would have to move, in points, up positive (RULES: distance to breach).

        On the symbol's net coefficient, lots long less lots short; the price is the one at which the larger side
        closes. None where the symbol is hedged, or where no price above 0 is far enough.
        """
        if not isinstance(equity_at, float):
            return self.none()
        found = self._way(self._every, self._net, self._gained, equity_at - self._equity)
        return {name: _known(far) for name, far in zip(self._book.symbols, found.tolist(), strict=True)}

    def of_one(self, i: int, change: Value) -> dict[str, float | None]:
        """The same on the own volume of position i: how far until its profit has changed by that much."""
        book, found = self._book, self.none()
        if isinstance(change, float):
            s = book.symbol[i : i + 1]
            units = book.sign[i : i + 1] * book.lots[i : i + 1] * book.contract[s]
            far = float(self._way(s, units, units * (book.price[i] - book.open[i]), change)[0])
            found[book.symbols[int(s[0])]] = _known(far)
        return found

    def none(self) -> dict[str, float | None]:
        """No way on any symbol."""
        return dict.fromkeys(self._book.symbols)

    def _way(self, s: np.ndarray, units: Floats, gained: Floats, change: float) -> Floats:
        """Points that symbols `s` must move until `units`, which have gained `gained`, are worth `change` more.

        Where the price is its own conversion into account currency (USDJPY in dollars) the way is no straight line and
        is followed as it bends: units x price - paid, over the price. NaN where there is no way; one length all.
        """
        book = self._book
        bid, ask = book.quotes
        price, point = np.where(units > 0, bid[s], ask[s]), self._points[s]
        rate = book.rates[2 if change > 0 else 3][s]
        with np.errstate(divide="ignore", invalid="ignore"):
            paid = units * price - gained
            bent = paid / (paid / price - change)
            there = np.where(book.ways.own[s], bent, price + change / (units * np.where(rate > 0, rate, np.nan)))
            far: Floats = np.where((there > 0) & np.isfinite(there) & (units != 0), (there - price) / point, np.nan)
        return np.where(np.isfinite(far), far, np.nan)


def _known(far: float) -> float | None:
    return far if math.isfinite(far) else None
