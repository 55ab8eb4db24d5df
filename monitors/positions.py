"""Every open position by itself: what it was planned to bring, how far it has been, how well it is doing."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from monitors.advice import Habits, sentences
from monitors.each_position import unprotected
from monitors.kinds import Side
from monitors.model import Floats, NotApplicable, Position, Unknown, Value
from monitors.multiples import NOT_FOLLOWED, Multiples
from monitors.reading import Reading
from monitors.score import Score, scores
from monitors.settings import Strategy
from monitors.strategies import named

NO_RATE = Unknown("a conversion rate is missing")
NO_POINT = Unknown("the size of a point is not known")


@dataclass(frozen=True, slots=True, kw_only=True)
class PositionLine:
    """One open position; money in account currency, R in multiples of the initial risk, points in price points."""

    identifier: int
    symbol: str
    side: Side
    lots: float
    strategy: str
    """Name and timeframe; "Manual" for magic 0 without one, "Magic N" for a number without a name."""
    held_s: float
    profit: float
    """With swap, as the terminal states it."""
    r: Value
    planned_rr: Value
    best: Value
    worst: Value
    best_r: Value
    worst_r: Value
    best_points: Value
    worst_points: Value
    given_back_pct: Value
    risk: Value
    """What is lost from here if the stop is hit."""
    unprotected_s: float | None
    """How long it has been seen without a stop; None with one."""
    score: Score
    advice: tuple[str, ...] = ()
    """Calculations on stop and target from the strategy's own history, as sentences; or that there is too little."""


def lines(reading: Reading, strategies: Mapping[int, Strategy],
          habits: Mapping[str, Habits] = MappingProxyType({})) -> tuple[PositionLine, ...]:  # fmt: skip
    """Every open position, best score first, those without a score last; ties go to the lower identifier.

    `habits` are those of each strategy by its name, for the score and for what is said of stops and targets.
    """
    positions, way = reading.snapshot.positions, Multiples(reading)
    names = {magic: named(magic, strategies) for magic in {p.magic for p in positions}}
    usual = {name: found.under_ms for name, found in habits.items() if found.enough}
    usual_ms = np.array([usual.get(names[p.magic], np.nan) for p in positions], dtype=float)
    columns = _Columns(way)
    said = _said(way, names, habits)
    found = [
        columns.line(i, position, names[position.magic], score, said[i])
        for i, (position, score) in enumerate(zip(positions, scores(way, usual_ms), strict=True))
    ]
    return tuple(sorted(found, key=_place))


def _place(line: PositionLine) -> tuple[float, int]:
    total = line.score.total
    return -total if isinstance(total, float) else 1.0, line.identifier


def _said(way: Multiples, names: Mapping[int, str], habits: Mapping[str, Habits]) -> list[tuple[str, ...]]:
    """The sentences on each position's stop and target, in the snapshot's order."""
    book, positions = way.reading.book, way.reading.snapshot.positions
    target = np.array([p.target for p in positions], dtype=float)
    allowed = np.where(book.stop > 0, book.sign * (book.open - book.stop), np.nan) / way.risked
    aimed = np.where(target > 0, book.sign * (target - book.open), np.nan) / way.risked
    of_each = zip(positions, allowed.tolist(), aimed.tolist(), strict=True)
    return [sentences(names[p.magic], habits.get(names[p.magic]), stop_r, goal_r) for p, stop_r, goal_r in of_each]


class _Columns:
    """What the lines are written from, as lists: taking numbers out of arrays one by one is slow."""

    def __init__(self, way: Multiples) -> None:
        self._way = way
        self._risk = way.reading.book.risk.tolist()
        self._ways = np.array([
            way.r, way.best_r, way.worst_r, way.planned, way.given_back, _in_points(way.best, way),
            _in_points(way.worst, way),
        ]).T.tolist()  # fmt: skip

    def line(self, i: int, p: Position, strategy: str, score: Score, advice: tuple[str, ...]) -> PositionLine:
        """Position i as a line."""
        way, reading, seen = self._way, self._way.reading, self._way.excursions[i]
        r, best_r, worst_r, planned, given_back, best_points, worst_points = self._ways[i]
        clock = None if p.stop > 0 else unprotected(reading, p)

        def no_points(i: int) -> Unknown:
            return NO_POINT if math.isnan(float(way.point[i])) else NOT_FOLLOWED

        def known(number: float, why: Callable[[int], Unknown | NotApplicable]) -> Value:
            return number if math.isfinite(number) else why(i)

        return PositionLine(
            identifier=p.identifier, symbol=p.symbol, side=p.side, lots=p.lots, strategy=strategy,
            held_s=max(0, reading.snapshot.taken_ms - p.opened_ms) / 1000, profit=p.profit + p.swap,
            r=known(r, way.why_no_r), planned_rr=known(planned, way.why_no_plan),
            best=known(seen.best, _unfollowed), worst=known(seen.worst, _unfollowed),
            best_r=known(best_r, way.why_no_r), worst_r=known(worst_r, way.why_no_r),
            best_points=known(best_points, no_points), worst_points=known(worst_points, no_points),
            given_back_pct=known(given_back, way.why_none_kept), risk=known(self._risk[i], _no_rate),
            unprotected_s=None if clock is None else clock if isinstance(clock, float) else 0.0,
            score=score, advice=advice,
        )  # fmt: skip


def _unfollowed(_i: int) -> Unknown:
    return NOT_FOLLOWED


def _no_rate(_i: int) -> Unknown:
    return NO_RATE


def _in_points(distance: Floats, way: Multiples) -> Floats:
    """Price distances in each instrument's points."""
    found: Floats = distance / way.point
    return found
