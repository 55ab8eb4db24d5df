"""What an account could lose if this machine died now, held against the room to the limit that binds it."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from monitors.backstop import Backstop, losses, plan
from monitors.metrics import METRICS
from monitors.model import NotApplicable, Unknown, Value
from monitors.ports import Severity
from monitors.reading import Reading
from monitors.responses.backstop import MOVING, losing, terms
from monitors.responses.backstop import Backstop as Action
from monitors.settings import Level, Rule

NO_LIMIT = NotApplicable("no rule limits what may be lost")


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """One backstop's level: what it keeps within, whether it was agreed to and tripped, and its stops now."""

    rule: str
    metric: str
    at: float
    within: float
    terms: str
    agreed: bool
    stands: bool
    plan: Backstop | Unknown


@dataclass(frozen=True, slots=True, kw_only=True)
class Unattended:
    """Account currency. `worst` is the loss if every stop is hit at its price, math.inf where something has none.

    `room` lies between equity and the nearest of the rules' limits; orders that still wait may open more meanwhile.
    """

    worst: float
    bare: int
    """Positions that nothing bounds."""
    room: Value
    rule: str
    at: float
    """Whose limit it is, and where, in its metric's unit."""
    pendings: int
    backstops: tuple[Standing, ...] = ()

    @property
    def guarded(self) -> bool:
        """Whether the worst case fits the room, or there is nothing to lose."""
        return self.worst == 0 or (isinstance(self.room, float) and self.worst <= self.room)


def standing(reading: Reading, rule: Rule, level: Level, spreads: Mapping[str, float], *, agreed: bool,
             stands: bool) -> Standing:  # fmt: skip
    """A backstop's level with the stops that it would set now."""
    within = _limit(rule, level)
    return Standing(rule=rule.name, metric=rule.metric, at=level.at, within=within, terms=terms(rule, level),
                    agreed=agreed, stands=stands, plan=plan(reading, rule, within, spreads))  # fmt: skip


def unattended(reading: Reading, rules: Iterable[Rule], backstops: tuple[Standing, ...]) -> Unattended:
    """Of every rule that a loss trips the severest level, or what its backstop keeps within, is its limit.

    A level that only tells of little is none.
    """
    lost = losses(reading.book, reading.book.stop) if reading.snapshot.positions else None
    room: Value = NO_LIMIT
    whose, where = "", 0.0
    for rule in rules:
        line = METRICS[rule.metric].line
        found = [_limit(rule, level) for level in rule.levels if isinstance(level.response, Action)] or [
            level.at for level in rule.levels[-1:] if level.response.acts or level.severity.rank >= Severity.HIGH.rank
        ]
        if line is None or rule.metric in MOVING or losing(rule.metric) != rule.when or not found:
            continue
        at = found[-1]
        floor = line(reading, rule, at)
        left = math.nan if floor is None else reading.snapshot.account.equity - floor
        if math.isfinite(left) and (not isinstance(room, float) or left < room):
            room, whose, where = left, rule.name, at
    return Unattended(
        worst=0.0 if lost is None else float(lost.sum()),
        bare=0 if lost is None else sum(map(math.isinf, lost.tolist())),
        room=room, rule=whose, at=where, pendings=len(reading.snapshot.orders), backstops=backstops,
    )  # fmt: skip


def _limit(rule: Rule, level: Level) -> float:
    within = level.response.limit(rule) if isinstance(level.response, Action) else None
    return level.at if within is None else within
