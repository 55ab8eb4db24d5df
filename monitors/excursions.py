"""How far each position has been for and against its owner since it was opened, and whether it had a stop."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from monitors.beat import NEVER_MS, Beat
from monitors.book import Book
from monitors.marks import Marks
from monitors.model import Floats, Ints, Position

ALWAYS_MS = -NEVER_MS
"""Earlier than any time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Excursion:
    """One position's extremes through every tick seen (RULES: position analytics); a partial close resets none.

    Money is account currency at the volume held then, without swap; points are price distances from the opening price
    in the instrument's points, positive in favour. `stop` is the first stop that was seen, 0 while none was.
    """

    best: float = 0.0
    worst: float = 0.0
    best_points: float = 0.0
    worst_points: float = 0.0
    stop: float = 0.0
    unprotected_ms: int | None = None
    """Since when it stands without a stop, UTC epoch ms; None while it has one."""
    under_ms: int = 0
    """For how long it has been losing, milliseconds."""
    since_ms: int = 0
    """When it was first seen; later than its opening where the program was not running."""


@dataclass(slots=True)
class _Reach:
    """Columns of length n: what a beat has shown of each position; money in the smallest unit of the currency."""

    best: Floats
    worst: Floats
    best_points: Floats
    worst_points: Floats
    under_ms: Floats

    @staticmethod
    def none(count: int) -> _Reach:
        return _Reach(*(np.zeros(count) for _ in range(5)))

    def rows(self, digits: int) -> list[tuple[float, ...]]:
        """Best, worst (account currency), both in points, milliseconds under: one row a position."""
        unit = 10.0**digits
        columns = (self.best / unit, self.worst / unit, self.best_points, self.worst_points, self.under_ms)
        return list(zip(*(column.tolist() for column in columns), strict=True))

    def take(self, book: Book, marked: Marks, from_ms: Ints, until_ms: Ints, *, last: bool) -> None:
        """Count every entry that stood at some moment between `from_ms` and `until_ms`, length n each.

        `last`: this stretch ends with the beat, so that its last entries still stand.
        """
        who = np.repeat(np.arange(len(from_ms)), np.diff(marked.first, append=len(marked.tick)))
        came = np.append(marked.time_ms, marked.begin_ms)[marked.tick]
        left = np.append(came[1:], 0)
        left[np.append(marked.first[1:], len(left)) - 1] = NEVER_MS if last else marked.end_ms
        came[marked.first] = ALWAYS_MS
        stood = (left > from_ms[who]) & (came <= until_ms[who])
        points = _points(book, marked.price, who)
        for own, values in (("best", marked.units), ("best_points", points)):
            high = np.fmax.reduceat(np.where(stood, values, 0.0), marked.first)
            setattr(self, own, np.fmax(getattr(self, own), high))
        for own, values in (("worst", marked.units), ("worst_points", points)):
            low = np.fmin.reduceat(np.where(stood, values, 0.0), marked.first)
            setattr(self, own, np.fmin(getattr(self, own), low))
        begin, end = np.maximum(from_ms, marked.begin_ms)[who], np.minimum(until_ms, marked.end_ms)[who]
        lasted = np.maximum(0, np.minimum(left, end) - np.maximum(came, begin))
        self.under_ms = self.under_ms + np.add.reduceat(np.where(marked.units < 0, lasted, 0), marked.first)


def followed(known: Mapping[int, Excursion], beat: Beat) -> tuple[dict[int, Excursion], dict[int, Excursion]]:
    """After this beat: the excursions of what is open, and the last ones of what was open and is no longer.

    A position opened within the beat counts from its opening, one that a deal changed by each volume until and from
    its deals, a closed one until its deal. What the terminal states at the end counts as well.
    """
    shown, gone, turned = _present(beat).rows(beat.digits), _earlier(beat), _turned(beat)
    open_now = {}
    for position, row in zip(beat.book.snapshot.positions, shown, strict=True):
        i = position.identifier
        before = known.get(i) if i not in turned else None
        own = _extended(before or _begun(position, beat), row)
        if i in gone and before:
            own = _extended(own, gone[i])
        open_now[i] = _stopped(own, position, beat)
    closed = {
        i: _extended(excursion, gone[i]) if i in gone else excursion
        for i, excursion in known.items() if i not in open_now or i in turned
    }  # fmt: skip
    return open_now, closed


def _present(beat: Beat) -> _Reach:
    """What the beat has shown of the positions now open, at the volumes they hold now."""
    book, earlier = beat.book, beat.earlier
    held = book.snapshot.positions
    from_ms = np.full(len(held), ALWAYS_MS)
    for place, position in enumerate(held) if beat.changed else ():
        if position.identifier in beat.changed:
            _, last = beat.dealt.get(position.identifier, (NEVER_MS, NEVER_MS))
            from_ms[place] = last if earlier and position.identifier in earlier.places else position.opened_ms
    reach = _Reach.none(len(held))
    for marked in beat.marks:
        reach.take(book, marked, from_ms, np.full(len(held), NEVER_MS), last=marked is beat.marks[-1])
    units, points = np.rint(book.stated * 10.0**beat.digits), _points(book, book.price, np.arange(len(held)))
    if earlier and beat.still:
        reach.under_ms = np.where(units < 0, max(0, book.snapshot.taken_ms - beat.begin_ms), 0.0)
    reach.best, reach.worst = np.fmax(reach.best, units), np.fmin(reach.worst, units)
    reach.best_points, reach.worst_points = np.fmax(reach.best_points, points), np.fmin(reach.worst_points, points)
    return reach


def _earlier(beat: Beat) -> dict[int, tuple[float, ...]]:
    """By identifier: what the beat has shown of the positions that it changed, before their first deal."""
    if not beat.earlier or not beat.changed:
        return {}
    held = beat.earlier.snapshot.positions
    until = np.array([beat.dealt.get(p.identifier, (ALWAYS_MS, 0))[0] for p in held], dtype=np.int64)
    reach = _Reach.none(len(held))
    for marked in beat.earlier_marks:
        reach.take(beat.earlier, marked, np.full(len(held), ALWAYS_MS), until, last=marked is beat.earlier_marks[-1])
    shown = zip(held, reach.rows(beat.digits), strict=True)
    return {position.identifier: row for position, row in shown if position.identifier in beat.changed}


def _turned(beat: Beat) -> set[int]:
    """Positions that point the other way now: another trade under the same identifier."""
    if not beat.earlier or not beat.changed:
        return set()
    was = {p.identifier: p.side for p in beat.earlier.snapshot.positions}
    return {p.identifier for p in beat.book.snapshot.positions if was.get(p.identifier, p.side) is not p.side}


def _begun(position: Position, beat: Beat) -> Excursion:
    now_ms = beat.book.snapshot.taken_ms
    seen_ms = max(position.opened_ms, beat.begin_ms) if beat.earlier else now_ms
    return Excursion(since_ms=seen_ms, unprotected_ms=position.opened_ms)


def _extended(own: Excursion, row: tuple[float, ...]) -> Excursion:
    """The excursion with one row of what a beat has shown; the same object where it has shown nothing new."""
    best, worst, best_points, worst_points, under_ms = row
    further = best > own.best or worst < own.worst or best_points > own.best_points or worst_points < own.worst_points
    if not further and not under_ms:
        return own
    return Excursion(
        best=max(own.best, best), worst=min(own.worst, worst), best_points=max(own.best_points, best_points),
        worst_points=min(own.worst_points, worst_points), stop=own.stop, unprotected_ms=own.unprotected_ms,
        under_ms=own.under_ms + int(under_ms), since_ms=own.since_ms,
    )  # fmt: skip


def _stopped(own: Excursion, position: Position, beat: Beat) -> Excursion:
    """The excursion as far as the stop goes: the first one seen stays, and the clock runs while there is none."""
    bare = not position.stop > 0
    if bare == (own.unprotected_ms is not None) and (own.stop or bare):
        return own
    since = own.unprotected_ms or beat.book.snapshot.taken_ms
    return replace(own, stop=own.stop or (0.0 if bare else position.stop), unprotected_ms=since if bare else None)


def _points(book: Book, price: Floats, who: Ints) -> Floats:
    """How many of its instrument's points each position of `who` is in favour at its price."""
    point = np.array([book.snapshot.instruments[name].point for name in book.symbols], dtype=float)
    points: Floats = (book.sign[who] * (price - book.open[who])) / point[book.symbol[who]]
    return points
