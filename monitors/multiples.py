"""How far each position is and has been, as columns: in price, and in R, multiples of what it risked at first."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from monitors.excursions import Excursion
from monitors.model import Floats, NotApplicable, Unknown, Value

if TYPE_CHECKING:
    from monitors.reading import Reading

NO_STOP_SEEN = Unknown("no stop has been seen since it was opened, so there is no R")
NO_LOSING_SIDE = Unknown("the first stop seen was not on the losing side, so there is no R")
NOT_FOLLOWED = Unknown("its way since the opening is not known")
NOT_IN_PROFIT = NotApplicable("it has not been in profit")
NOT_NUMBERS = Unknown("its prices are not numbers")
WRONG_SIDES = Unknown("stop and target do not lie on either side of its opening")
NO_POINT = Unknown("the size of a point is not known")
NO_PLAN = NotApplicable("it has not both a stop and a target")

_NAN = float("nan")
_UNSEEN = Excursion(best=_NAN, worst=_NAN, best_points=_NAN, worst_points=_NAN, stop=_NAN)


@dataclass(frozen=True)
class Multiples:
    """Columns of length n in the snapshot's order; NaN where something is not known, never in place of nought."""

    reading: Reading

    @cached_property
    def excursions(self) -> list[Excursion]:
        """Each position's extremes; one of NaN where none is known."""
        found = self.reading.excursions
        return [found.get(p.identifier, _UNSEEN) for p in self.reading.snapshot.positions]

    @cached_property
    def _extremes(self) -> Floats:
        """Best and worst price distance in favour and the first stop, shape (3, n), before the present price."""
        rows = [(e.best_points, e.worst_points, e.stop) for e in self.excursions]
        best, worst, stop = np.array(rows, dtype=float).reshape(-1, 3).T
        return np.array([best * self.point, worst * self.point, stop], dtype=float)

    @cached_property
    def point(self) -> Floats:
        """The size of a point; NaN where the specification gives none."""
        specs, book = self.reading.snapshot.instruments, self.reading.book
        points = np.array([specs[name].point for name in book.symbols], dtype=float)
        size: Floats = np.where(points > 0, points, _NAN)[book.symbol]
        return size

    @cached_property
    def gain(self) -> Floats:
        """Price distance in favour now, at the price that would close the position."""
        book = self.reading.book
        return np.asarray(book.sign * (book.price - book.open), dtype=float)

    @cached_property
    def best(self) -> Floats:
        """The largest price distance in favour since the opening, the present one included."""
        found: Floats = np.maximum(self._extremes[0], self.gain)
        return found

    @cached_property
    def worst(self) -> Floats:
        """The smallest price distance in favour since the opening, negative against, the present one included."""
        found: Floats = np.minimum(self._extremes[1], self.gain)
        return found

    @cached_property
    def stop(self) -> Floats:
        """The first stop that was seen, 0 while none was."""
        first: Floats = self._extremes[2]
        return first

    @cached_property
    def _stops(self) -> list[float]:
        return list(self.stop.tolist())

    @cached_property
    def risked(self) -> Floats:
        """Price distance from opening to the first stop seen; NaN without one on the losing side."""
        book = self.reading.book
        away = book.sign * (book.open - self.stop)
        return np.where((self.stop > 0) & (away > 0), away, _NAN)

    @cached_property
    def r(self) -> Floats:
        """Present profit in R: price distance over what was risked (RULES: position analytics)."""
        return self.gain / self.risked

    @cached_property
    def best_r(self) -> Floats:
        """The best excursion in R."""
        return self.best / self.risked

    @cached_property
    def worst_r(self) -> Floats:
        """The worst excursion in R, negative against; 0 where the position was never against its owner."""
        return np.minimum(self.worst / self.risked, 0.0)

    @cached_property
    def given_back(self) -> Floats:
        """1 - present / best, in percent; NaN where it has not been in profit or that is not known.

        Taken on price distances, so that a partial close between the best moment and now gives nothing back.
        """
        known = self.best > 0
        return np.where(known, 100 * (1 - self.gain / np.where(known, self.best, 1.0)), _NAN)

    @cached_property
    def planned(self) -> Floats:
        """Planned reward to risk: (target - open) / (open - stop) by side, of the stop and target that stand now.

        NaN without both, or where they lie on the wrong sides. A stop that was moved past the opening leaves the
        first one seen to measure against.
        """
        book, positions = self.reading.book, self.reading.snapshot.positions
        target = np.array([p.target for p in positions], dtype=float)
        stop = np.where(book.sign * (book.open - book.stop) > 0, book.stop, self.stop)
        risk, reward = book.sign * (book.open - stop), book.sign * (target - book.open)
        good = (book.stop > 0) & (stop > 0) & (target > 0) & (risk > 0) & (reward > 0)
        return np.where(good, reward / np.where(good, risk, 1.0), _NAN)

    def why_no_r(self, i: int) -> Unknown:
        """Why position i has no R."""
        stop = self._stops[i]
        if not math.isfinite(stop) or math.isfinite(float(self.risked[i])):
            return NOT_FOLLOWED
        return NO_LOSING_SIDE if stop > 0 else NO_STOP_SEEN

    def why_none_kept(self, i: int) -> Unknown | NotApplicable:
        """Why position i has given nothing back."""
        return NOT_IN_PROFIT if self.best[i] <= 0 else NOT_FOLLOWED

    def why_no_plan(self, i: int) -> Unknown | NotApplicable:
        """Why position i has no planned reward to risk."""
        position = self.reading.snapshot.positions[i]
        if math.isnan(position.open + position.stop + position.target):
            return NOT_NUMBERS
        return WRONG_SIDES if position.stop > 0 and position.target > 0 else NO_PLAN

    def why_no_points(self, i: int) -> Unknown:
        """Why position i has no excursion in points."""
        return NO_POINT if math.isnan(float(self.point[i])) else NOT_FOLLOWED


def told(column: Floats, why: Callable[[int], Unknown | NotApplicable]) -> list[Value]:
    """A column as values: the number where it is one, else why there is none."""
    return [n if math.isfinite(n) else why(i) for i, n in enumerate(column.tolist())]
