"""What is handed to the archive: a point of equity, a row of risk, an excursion, a deal, an event."""

from __future__ import annotations

from dataclasses import dataclass

from app.events import Event
from monitors.excursions import Excursion
from monitors.kinds import Side
from monitors.model import Deal
from monitors.record import Whose


@dataclass(frozen=True, slots=True)
class Beat:
    """Equity and balance at the end of a beat and the lowest equity of its ticks, account currency."""

    whose: Whose
    time_ms: int
    equity: float
    low: float
    balance: float


@dataclass(frozen=True, slots=True)
class Risk:
    """One row of the table `risk`; `figures` in the order of RISK_FIGURES, None where unknown or not applicable."""

    whose: Whose
    at_ms: int
    kept: bool
    """An alert changed its state then: the row is never thinned out."""
    alerts: int
    figures: tuple[float | None, ...]


RISK_FIGURES = (
    "equity", "balance", "floating", "margin", "margin_free", "margin_level_pct", "daily_drawdown",
    "daily_drawdown_pct", "weekly_drawdown", "weekly_drawdown_pct", "max_drawdown", "max_drawdown_pct", "exposure",
    "leverage", "hhi", "open_risk_pct",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Excursed:
    """How far a position has been, and what it was; `closed` once it is held no more."""

    whose: Whose
    position: int
    symbol: str
    side: Side
    magic: int
    lots: float
    open: float
    opened_ms: int
    target: float
    excursion: Excursion
    seen_ms: int
    closed: bool = False


@dataclass(frozen=True, slots=True)
class Dealt:
    """One deal of an account."""

    whose: Whose
    deal: Deal


@dataclass(frozen=True, slots=True)
class Told:
    """An event, and whose it is; None where no account has been seen under that name yet."""

    whose: Whose | None
    event: Event


Item = Beat | Risk | Excursed | Dealt | Told
