"""What an account would be after closing some volume at present prices; plans and gate share this one projection."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
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


def worsens(targets: Mapping[int, int], reading: Reading) -> str | None:
    """Why the book that all these targets leave would be worse than the present one; None where it would not."""
    held = {p.identifier: p for p in reading.snapshot.positions}
    if not any(p in held and t < held[p].steps for p, t in targets.items()):
        return None
    margin, risk = reading.snapshot.account.margin, reading.book.risk.sum()
    left = after(reading, targets)
    digits = reading.snapshot.account.digits
    if round(left.snapshot.account.margin - margin, digits) > 0:
        return "closing one leg of a hedge would raise margin"
    if round(float(left.book.risk.sum() - risk), digits) > 0:
        return "the worst loss of what is left would be larger"
    return None


@dataclass(slots=True)
class _Cut:
    """A search under way: the lots left of every position and the best score so far; lower is better.

    What is closed is a group: indices of positions that are closed by the same number of steps each, one or more.
    """

    reading: Reading
    score: Callable[[Reading], float]
    lots: Floats
    best: float
    known: dict[tuple[tuple[int, ...], tuple[int, ...]], float] = field(default_factory=dict)
    """Scores since the last cut, by group and steps left: the search comes by the same ones again."""

    def left(self, group: tuple[int, ...], closing: int) -> tuple[int, ...]:
        """Steps left of each position of the group after closing `closing` of what it still holds."""
        return tuple(target_after(self._instrument(i), self._steps(i), closing) for i in group)

    def held(self, group: tuple[int, ...]) -> int:
        """Steps that can still be closed of every position of the group."""
        return min(self._steps(i) for i in group)

    def at(self, group: tuple[int, ...], closing: int) -> float:
        """The score after closing that much of the group."""
        return self._with(group, self.left(group, closing))

    def deepest(self, group: tuple[int, ...], goal: float) -> int:
        """How much of the group to close for the lowest score: all of it, unless the score rises before that."""
        held, least = self.held(group), max(self._instrument(i).min_steps for i in group)
        low, high = least, held - least
        whole = self.at(group, held)
        if whole <= goal or high < low or whole <= self.at(group, high):
            return held
        while low < high:
            middle = (low + high) // 2
            low, high = (middle + 1, high) if self.at(group, middle + 1) < self.at(group, middle) else (low, middle)
        return low

    def first(self, group: tuple[int, ...], closing: int, goal: float) -> int:
        """The fewest steps of the group that reach the goal, given that `closing` does."""
        low, high = 1, closing
        while low < high:
            middle = (low + high) // 2
            low, high = (low, middle) if self.at(group, middle) <= goal else (middle + 1, high)
        return low

    def take(self, group: tuple[int, ...], closing: int) -> dict[int, int]:
        """Close that much of the group for good; the steps left by identifier."""
        left = self.left(group, closing)
        self.best = self._with(group, left)
        self.lots = self._lots(group, left)
        self.known.clear()
        return {self.reading.snapshot.positions[i].identifier: n for i, n in zip(group, left, strict=True)}

    def _with(self, group: tuple[int, ...], left: tuple[int, ...]) -> float:
        """The score with each position of the group at its steps left."""
        if (group, left) not in self.known:
            self.known[group, left] = self.score(with_lots(self.reading, self._lots(group, left)))
        return self.known[group, left]

    def _lots(self, group: tuple[int, ...], left: tuple[int, ...]) -> Floats:
        lots = self.lots.copy()
        lots[list(group)] = [self._instrument(i).lots(n) for i, n in zip(group, left, strict=True)]
        return lots

    def _steps(self, i: int) -> int:
        return self._instrument(i).steps(float(self.lots[i]))

    def _instrument(self, i: int) -> Instrument:
        snapshot = self.reading.snapshot
        return snapshot.instruments[snapshot.positions[i].symbol]


def fewest_steps(
    reading: Reading,
    order: Sequence[int],
    score: Callable[[Reading], float],
    goal: float,
    together: Sequence[tuple[int, ...]] = (),
) -> tuple[dict[int, int], bool]:
    """Targets that close as few steps as bring `score` down to `goal`, position after position in `order`.

    `order` holds indices into the snapshot's positions; a lower score is better. A position whose closing does not
    improve the score (one leg of a hedge, a small symbol's share) is closed only as far as it does. Groups in
    `together` come first, each position of one cut by the same steps. Returns the targets and whether the goal was
    reached; unreached, the cut is as deep as it helps.
    """
    cut = _Cut(reading, score, reading.book.lots.copy(), score(reading))
    before, groups = math.inf, [*together, *((i,) for i in order)]
    targets: dict[int, int] = {}
    while cut.best < before:
        before = cut.best
        for group in groups:
            if cut.best <= goal:
                return targets, True
            if not cut.held(group):
                continue
            closing = cut.deepest(group, goal)
            found = cut.at(group, closing)
            if not (found <= goal or found < cut.best):  # so written that NaN is no improvement
                continue
            targets |= cut.take(group, cut.first(group, closing, goal) if found <= goal else closing)
    return targets, cut.best <= goal
