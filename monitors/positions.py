"""Every open position by itself: what it was planned to bring, how far it has been, how well it is doing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from monitors.advice import Habits, sentences, too_few
from monitors.each_position import unprotected
from monitors.kinds import Side
from monitors.model import Floats, Position, Unknown, Value
from monitors.multiples import NOT_FOLLOWED, Multiples, told
from monitors.reading import Reading
from monitors.score import Score, scores
from monitors.settings import Strategy
from monitors.strategies import named

NO_RATE = Unknown("a conversion rate is missing")


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
    """What is lost from here if the stop is hit; a stop in profit counts 0."""
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
    positions, way = reading.snapshot.positions, reading.multiples
    names = {magic: named(magic, strategies) for magic in {p.magic for p in positions}}
    usual = {name: found.under_ms for name, found in habits.items() if found.enough}
    usual_ms = np.array([usual.get(names[p.magic], np.nan) for p in positions], dtype=float)
    columns = zip(
        positions, scores(way, usual_ms), _said(way, names, habits), told(way.r, way.why_no_r),
        told(way.planned, way.why_no_plan), told(_column(e.best for e in way.excursions), _unfollowed),
        told(_column(e.worst for e in way.excursions), _unfollowed), told(way.best_r, way.why_no_r),
        told(way.worst_r, way.why_no_r), told(way.best / way.point, way.why_no_points),
        told(way.worst / way.point, way.why_no_points), told(way.given_back, way.why_none_kept),
        told(reading.book.risk, lambda _i: NO_RATE), strict=True,
    )  # fmt: skip
    found = [
        PositionLine(
            identifier=p.identifier, symbol=p.symbol, side=p.side, lots=p.lots, strategy=names[p.magic],
            held_s=max(0, reading.snapshot.taken_ms - p.opened_ms) / 1000, profit=p.profit + p.swap, r=r,
            planned_rr=planned, best=best, worst=worst, best_r=best_r, worst_r=worst_r, best_points=best_points,
            worst_points=worst_points, given_back_pct=given_back, risk=risk, unprotected_s=_clock(reading, p),
            score=score, advice=advice,
        )
        for (p, score, advice, r, planned, best, worst, best_r, worst_r, best_points, worst_points, given_back, risk)
        in columns
    ]  # fmt: skip
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
    nothing = {magic: too_few(name, habits.get(name)) for magic, name in names.items()}
    return [
        nothing[p.magic] or sentences(habits[names[p.magic]], stop_r, goal_r)
        for p, stop_r, goal_r in zip(positions, allowed.tolist(), aimed.tolist(), strict=True)
    ]


def _column(numbers: Iterable[float]) -> Floats:
    return np.array(list(numbers), dtype=float)


def _unfollowed(_i: int) -> Unknown:
    return NOT_FOLLOWED


def _clock(reading: Reading, position: Position) -> float | None:
    """Seconds without a stop as far as that was seen; None with one."""
    if position.stop > 0:
        return None
    found = unprotected(reading, position)
    return found if isinstance(found, float) else 0.0
