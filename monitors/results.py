"""Profit and loss by symbol, strategy, timeframe and period: what floats, and what was realised."""

from __future__ import annotations

from dataclasses import dataclass

from monitors.model import Value


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """One group's profit, account currency: `floating` with swap, the others realised since their reset."""

    name: str
    floating: float = 0.0
    today: Value = 0.0
    week: Value = 0.0
    month: Value = 0.0
    open: int = 0
    """Positions held."""
    closed: int = 0
    """Positions closed whole this month."""
    won: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Statistics:
    """Of the positions closed in the period they were asked for (RULES: position analytics)."""

    closed: int
    won: int
    win_rate_pct: Value
    profit_factor: Value
    planned_rr: Value
    """Mean planned reward to risk."""
    realized_r: Value
    """Mean R multiple at the close."""
    net: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Apart:
    """A position whose profit the terminal states otherwise than our own arithmetic; account currency."""

    position: int
    symbol: str
    stated: float
    computed: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Results:
    """One account's profit and loss, whole and in its parts; `display` is its equity in the display currency."""

    account: Tally
    symbols: tuple[Tally, ...]
    strategies: tuple[Tally, ...]
    timeframes: tuple[Tally, ...]
    statistics: tuple[tuple[str, Statistics], ...]
    """By strategy, all of them first."""
    apart: tuple[Apart, ...]
    uncomputed: tuple[str, ...]
    """Symbols whose profit could not be computed for comparison."""
    display_currency: str
    display_rate: Value
    """Display currency for one unit of account currency."""
