"""The drawdowns of day, week and all time, what equity tends to, and the size that the rule for it gives."""

from __future__ import annotations

from dataclasses import dataclass

from monitors.model import Value


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawdownLine:
    """One drawdown: how deep now, and the deepest of its period with when; money and unitised percent, times UTC ms."""

    name: str
    depth: Value
    depth_pct: Value
    deepest: Value
    deepest_pct: Value
    start_ms: int | None
    """When the deepest began: its peak."""
    trough_ms: int | None
    end_ms: int | None
    """When it was regained; None while it is still open."""
    length_s: Value
    """From its peak to where it was regained, or to now."""
    recovered_pct: Value
    reconstructed: bool = False
    """Openings or peaks were rebuilt from deals and bars."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trend:
    """Robust slope of equity over the last minutes, account currency an hour."""

    minutes: int
    per_hour: Value


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawdownView:
    lines: tuple[DrawdownLine, ...]
    trends: tuple[Trend, ...]
    recovery_factor: Value
    """Net profit over the maximum drawdown."""
    size_factor: Value
    """1 for full size; what the config's table gives at the present drawdown."""
