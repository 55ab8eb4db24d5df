"""How far every rule is from its next level: in money, percent, points on each symbol and minutes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from monitors.model import Value
from monitors.ports import Severity


@dataclass(frozen=True, slots=True, kw_only=True)
class Distance:
    """One rule's way to its next level that has not tripped.

    `room` is in the metric's unit, `money` in account currency of equity, `pct` of equity; `points` by symbol held, on
    its net coefficient, None where no move of that symbol alone leads there. `minutes` is the median time to get there
    at the present volatility, `early` and `late` its band.
    """

    rule: str
    metric: str
    at: float
    severity: Severity
    action: str
    value: Value
    room: Value
    money: Value
    pct: Value
    equity_at: Value
    """The equity at which the level trips, all else held."""
    points: Mapping[str, float | None]
    minutes: Value
    early: Value
    late: Value
    trend_minutes: Value
    """Until the robust slope of the last half hour leads there; not applicable where it leads away."""
    binding: bool = False
    """The rule that trips first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ResetRoll:
    """A floor that the next reset lifts above where equity would stand: account currency, UTC ms."""

    rule: str
    reset_ms: int
    floor_now: float
    floor_after: float
    equity: float
    short: float
    """How far equity stands below the coming floor; negative while it stands above."""
    closes: tuple[tuple[int, str, float], ...] = ()
    """Position, symbol and lots: the smallest closes that keep equity above the coming floor, if there are any."""
