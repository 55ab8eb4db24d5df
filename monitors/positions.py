"""Every open position by itself: what it was planned to bring, how far it has been, how well it is doing."""

from __future__ import annotations

from dataclasses import dataclass

from monitors.kinds import Side
from monitors.model import Value


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """0 to 100 with its parts, each 0 to 100 or unknown (RULES: position analytics)."""

    total: Value
    parts: tuple[tuple[str, Value], ...]


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
    """How long it stands without a stop; None with one."""
    score: Score
    advice: tuple[str, ...] = ()
    """Calculations on stop and target from the strategy's own history, as sentences; empty without enough of it."""
