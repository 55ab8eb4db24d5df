"""The metrics and actions that config.toml may name, with the range in which a threshold on each makes sense."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from app.config.kinds import Kind, number
from monitors.measures import Metric

ANY = number()
POSITIVE = number(above=0)
SHARE = number(above=0, most=100)

THRESHOLDS: Mapping[str, Kind] = {
    "pnl.floating": ANY,
    "pnl.realized_today": ANY,
    "pnl.today": ANY,
    "pnl.today_pct": ANY,
    "pnl.week": ANY,
    "pnl.change": ANY,
    "drawdown.daily": POSITIVE,
    "drawdown.daily_pct": SHARE,
    "drawdown.weekly": POSITIVE,
    "drawdown.weekly_pct": SHARE,
    "drawdown.max": POSITIVE,
    "drawdown.max_pct": SHARE,
    "drawdown.underwater_s": POSITIVE,
    "drawdown.recovery_pct": SHARE,
    "exposure.total": POSITIVE,
    "exposure.leverage": POSITIVE,
    "exposure.symbol_pct": SHARE,
    "exposure.currency_pct": POSITIVE,
    "exposure.hhi": number(above=0, most=1),
    "exposure.effective_n": number(least=1),
    "exposure.correlation": number(least=-1, most=1),
    "margin.level_pct": POSITIVE,
    "margin.used": POSITIVE,
    "margin.free": ANY,
    "equity": ANY,
    "balance": ANY,
    "risk.open_pct": POSITIVE,
    "risk.missing_stops": POSITIVE,
    "risk.reward_min": ANY,
    "position.profit": ANY,
    "position.r": ANY,
    "position.mae_r": number(most=0),
    "position.given_back_pct": POSITIVE,
    "position.unprotected_s": POSITIVE,
    "terminal.silence_s": POSITIVE,
    "spread.points": POSITIVE,
}
"""Every metric of the contract; a mistaken unit (25 for an HHI of 0.25) must not make a rule that never trips."""

ACTIONS = (
    "alert",
    "reduce",
    "reduce_risk",
    "diversify",
    "decorrelate",
    "cancel_pendings",
    "close_all",
    "halt",
    "backstop",
    "emergency_stop",
)
"""Every action of the contract."""

BASED = ("drawdown.daily", "drawdown.daily_pct")
"""Metrics whose start can be chosen with `base`."""
RELATIVE = ("drawdown.daily_pct", "drawdown.weekly_pct", "drawdown.max_pct")
"""Metrics that can be taken `of` the initial balance."""
WINDOWED = ("pnl.change",)
"""Metrics over the last `window_s` seconds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Catalogue:
    """What this version can measure and do; each response type's fields are the keys that its levels may give."""

    metrics: Mapping[str, Metric]
    responses: Mapping[str, type]
