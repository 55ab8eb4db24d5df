"""Equity through every tick of a beat, not only its end."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from monitors.marks import Marks
from monitors.model import Floats, Ints


@dataclass(frozen=True, slots=True)
class EquityPath:
    """Equity after each tick, oldest first; both arrays of one length, UTC epoch milliseconds and account currency."""

    time_ms: Ints
    equity: Floats

    def between(self, after_ms: int, until_ms: int) -> EquityPath:
        """The part with after < time <= until."""
        first, last = np.searchsorted(self.time_ms, (after_ms, until_ms), side="right")
        return EquityPath(self.time_ms[first:last], self.equity[first:last])

    def after(self, ms: int) -> EquityPath:
        """The part after that moment, however far it reaches: a broker's clock may be ahead of this machine's."""
        first = int(np.searchsorted(self.time_ms, ms, side="right"))
        return EquityPath(self.time_ms[first:], self.equity[first:])

    def lowered(self, amount: float) -> EquityPath:
        """The same path with `amount` less throughout."""
        return EquityPath(self.time_ms, self.equity - amount) if amount else self

    def followed(self, by: EquityPath) -> EquityPath:
        """This path and then the other, which is later."""
        return EquityPath(np.append(self.time_ms, by.time_ms), np.append(self.equity, by.equity))


EMPTY = EquityPath(np.empty(0, dtype=np.int64), np.empty(0))


def path_to(equity: float, marked: Sequence[Marks], digits: int, since_ms: int | None = None) -> EquityPath:
    """Equity after every tick of these stretches, anchored so that the last tick gives `equity`.

    Anchoring takes in what ticks do not show (swap, commission). Sums are of whole units of the currency's last of
    `digits`, so that no rounding adds up. With `since_ms` it begins with what stood at that moment, its ticks included:
    a stop is filled in the millisecond of the tick that triggers it, and what is left stands at that tick's prices.
    """
    time, moved = _summed(marked)
    worth = (round(equity * 10**digits) + moved - moved[-1]) / 10**digits
    if since_ms is None:
        return EquityPath(time, worth[1:])
    first = int(np.searchsorted(time, since_ms, side="right"))
    return EquityPath(np.append(since_ms, time[first:]), worth[first:])


def path_from(equity: float, marked: Sequence[Marks], digits: int) -> EquityPath:
    """The same, anchored so that `equity` was there at the beginning, before the first tick."""
    time, moved = _summed(marked)
    return EquityPath(time, (round(equity * 10**digits) + moved[1:]) / 10**digits)


def _summed(marked: Sequence[Marks]) -> tuple[Ints, Floats]:
    """The ticks' times, and by how much equity had moved at the beginning (nothing) and after each of them."""
    time = np.concatenate([EMPTY.time_ms, *(m.time_ms for m in marked)])
    return time, np.cumsum(np.concatenate([np.zeros(1), *(m.moves for m in marked)]))
