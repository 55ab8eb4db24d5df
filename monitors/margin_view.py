"""Margin with the broker's own lines, what the pending orders would need, and which closes free most for least loss."""

from __future__ import annotations

from dataclasses import dataclass

from monitors.model import Value


@dataclass(frozen=True, slots=True, kw_only=True)
class MarginState:
    """Margin at one moment, real or projected; account currency and percent."""

    level_pct: Value
    used: Value
    free: Value
    cushion: Value
    """Free / equity (RULES: margin)."""
    open_risk: Value


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A line of the broker's: in percent of margin level or in money, the equity at which it is met, the room to it."""

    name: str
    at: float
    in_money: bool
    equity: Value
    room: Value


@dataclass(frozen=True, slots=True, kw_only=True)
class Release:
    """What closing one position whole frees and realises, account currency; `per_loss` None where it gains."""

    position: int
    symbol: str
    lots: float
    freed: float
    realized: float
    per_loss: float | None
    hedged: bool = False
    """It takes its opposite leg with it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MarginView:
    now: MarginState
    if_filled: MarginState | None
    """If every pending order fills at its price; None without pending orders."""
    lines: tuple[Line, ...]
    """The broker's margin call and stop-out; none where the broker has none."""
    releases: tuple[Release, ...]
    """Best first: most margin for least loss."""
