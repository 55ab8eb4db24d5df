"""How far each position has been for and against its owner since it was opened, and whether it had a stop."""

from __future__ import annotations

from dataclasses import dataclass


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
