"""Everything that is computed of one account beyond its rules' metrics, as one frozen fact for whoever shows it."""

from __future__ import annotations

from dataclasses import dataclass

from monitors.distance import Distance, ResetRoll
from monitors.drawdown_view import DrawdownView
from monitors.exposure_view import ExposureView
from monitors.margin_view import MarginView
from monitors.positions import PositionLine
from monitors.results import Results
from monitors.unattended import Unattended


@dataclass(frozen=True, slots=True, kw_only=True)
class Analysis:
    """Of one reading."""

    taken_ms: int
    results: Results
    drawdowns: DrawdownView
    exposure: ExposureView
    positions: tuple[PositionLine, ...]
    """Best score first."""
    margin: MarginView
    distances: tuple[Distance, ...]
    """Nearest first."""
    unattended: Unattended
    rolls: tuple[ResetRoll, ...] = ()
    risk_pct: float = 1.0
    """The trader's own rule for size: percent of equity at the stop of one trade (SizingSettings)."""
