"""What an account would be after closing some volume at present prices; plans and gate share this one projection."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from monitors.lots import target_after
from monitors.model import Floats, Instrument
from monitors.reading import Reading


def after(reading: Reading, targets: Mapping[int, int]) -> Reading:
    """The reading with every position at its target steps; positions not named stay as they are."""
    lots = reading.book.lots.copy()
    for i, position in enumerate(reading.snapshot.positions):
        target = targets.get(position.identifier)
        if target is not None and target < position.steps:
            lots[i] = reading.snapshot.instruments[position.symbol].lots(target)
    return with_lots(reading, lots)


def with_lots(reading: Reading, lots: Floats) -> Reading:
    """The reading with these lots: floating profit becomes balance, equity stays, margin is that of the rest.

    Commission is not foreseen; margin is our arithmetic scaled to the terminal's own figure.
    """
    book, account = reading.book, reading.snapshot.account
    realized = float(book.profit_per_lot @ (book.lots - lots))
    margin = float(book.margin_by_symbol(*book.by_leg(lots)).sum()) * book.margin_scale if lots.any() else 0.0
    snapshot = replace(
        reading.snapshot,
        account=replace(
            account,
            balance=account.balance + realized,
            profit=account.profit - realized,
            margin=account.money(margin) if margin == margin else margin,  # noqa: PLR0124 -- NaN stays NaN
            margin_free=account.equity - margin,
        ),
    )
    return replace(reading, snapshot=snapshot, book=book.with_lots(lots, snapshot))


@dataclass(slots=True)
class _Cut:
    """A search under way: the lots left of every position and the best score so far; lower is better."""

    reading: Reading
    score: Callable[[Reading], float]
    lots: Floats
    best: float
    known: dict[tuple[int, int], float] = field(default_factory=dict)
    """Scores since the last cut, by index and steps left: the search comes by the same ones again."""

    def left(self, i: int, closing: int) -> int:
        """Steps left of position i after closing `closing` of what it still holds."""
        position = self.reading.snapshot.positions[i]
        instrument = self.reading.snapshot.instruments[position.symbol]
        return target_after(instrument, self.held(i), closing)

    def held(self, i: int) -> int:
        """Steps that position i still holds in this search."""
        return self._instrument(i).steps(float(self.lots[i]))

    def at(self, i: int, closing: int) -> float:
        """The score after closing that much of position i."""
        return self._with(i, self.left(i, closing))

    def deepest(self, i: int, goal: float) -> int:
        """How much of position i to close for the lowest score: all of it, unless the score rises before that."""
        held, least = self.held(i), self._instrument(i).min_steps
        low, high = least, held - least
        whole = self.at(i, held)
        if whole <= goal or high < low or whole <= self.at(i, high):
            return held
        while low < high:
            middle = (low + high) // 2
            low, high = (middle + 1, high) if self.at(i, middle + 1) < self.at(i, middle) else (low, middle)
        return low

    def first(self, i: int, closing: int, goal: float) -> int:
        """The fewest steps of position i that reach the goal, given that `closing` does."""
        low, high = 1, closing
        while low < high:
            middle = (low + high) // 2
            low, high = (low, middle) if self.at(i, middle) <= goal else (middle + 1, high)
        return low

    def take(self, i: int, closing: int) -> int:
        """Close that much of position i for good; the steps left."""
        left = self.left(i, closing)
        self.best = self._with(i, left)
        self.lots[i] = self._instrument(i).lots(left)
        self.known.clear()
        return left

    def _with(self, i: int, left: int) -> float:
        """The score with position i at `left` steps."""
        if (i, left) not in self.known:
            lots = self.lots.copy()
            lots[i] = self._instrument(i).lots(left)
            self.known[i, left] = self.score(with_lots(self.reading, lots))
        return self.known[i, left]

    def _instrument(self, i: int) -> Instrument:
        snapshot = self.reading.snapshot
        return snapshot.instruments[snapshot.positions[i].symbol]


def fewest_steps(
    reading: Reading, order: list[int], score: Callable[[Reading], float], goal: float
) -> tuple[dict[int, int], bool]:
    """Targets that close as few steps as bring `score` down to `goal`, position after position in `order`.

    `order` holds indices into the snapshot's positions; a lower score is better. A position whose closing does not
    improve the score (one leg of a hedge, a small symbol's share) is closed only as far as it does. Returns the
    targets and whether the goal was reached; unreached, the cut is as deep as it helps.
    """
    cut = _Cut(reading, score, reading.book.lots.copy(), score(reading))
    positions, before = reading.snapshot.positions, math.inf
    targets: dict[int, int] = {}
    while cut.best < before:
        before = cut.best
        for i in order:
            if cut.best <= goal:
                return targets, True
            if not cut.held(i):
                continue
            closing = cut.deepest(i, goal)
            found = cut.at(i, closing)
            if not (found <= goal or found < cut.best):  # so written that NaN is no improvement
                continue
            targets[positions[i].identifier] = cut.take(i, cut.first(i, closing, goal) if found <= goal else closing)
    return targets, cut.best <= goal
