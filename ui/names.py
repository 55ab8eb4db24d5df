"""What metrics, actions and states are called on the screen; the config and the events have words of their own."""

from __future__ import annotations

from monitors.ports import Link, Severity
from ui.words import tr

METRICS = {
    "pnl.floating": tr("Floating P/L"),
    "pnl.realized_today": tr("Realised today"),
    "pnl.today": tr("Day P/L"),
    "pnl.today_pct": tr("Day P/L"),
    "pnl.week": tr("Week P/L"),
    "pnl.change": tr("P/L change"),
    "drawdown.daily": tr("Daily loss"),
    "drawdown.daily_pct": tr("Daily loss"),
    "drawdown.weekly": tr("Weekly drawdown"),
    "drawdown.weekly_pct": tr("Weekly drawdown"),
    "drawdown.max": tr("Max drawdown"),
    "drawdown.max_pct": tr("Max drawdown"),
    "drawdown.underwater_s": tr("Underwater"),
    "drawdown.recovery_pct": tr("Recovery"),
    "exposure.total": tr("Exposure"),
    "exposure.leverage": tr("Leverage"),
    "exposure.symbol_pct": tr("Largest symbol"),
    "exposure.currency_pct": tr("Largest currency"),
    "exposure.hhi": tr("Concentration"),
    "exposure.effective_n": tr("Effective number"),
    "exposure.correlation": tr("Correlation"),
    "margin.level_pct": tr("Margin level"),
    "margin.used": tr("Used margin"),
    "margin.free": tr("Free margin"),
    "equity": tr("Equity"),
    "balance": tr("Balance"),
    "risk.open_pct": tr("Open risk to stops"),
    "risk.missing_stops": tr("Missing stops"),
    "risk.reward_min": tr("Least reward to risk"),
    "position.profit": tr("Position P/L"),
    "position.r": tr("Position R"),
    "position.mae_r": tr("Worst R"),
    "position.given_back_pct": tr("Given back"),
    "position.unprotected_s": tr("No stop"),
    "spread.points": tr("Spread"),
    "firm.daily_used_pct": tr("Firm's day used"),
    "firm.max_used_pct": tr("Firm's maximum used"),
    "firm.daily_room": tr("Firm's day room"),
    "firm.max_room": tr("Firm's maximum room"),
    "firm.reset_room": tr("Room at the reset"),
    "terminal.silence_s": tr("Quotes silent"),
}
UNITS = {"spread.points": "pt", "position.r": "R", "position.mae_r": "R"}
"""Units of metrics whose name's ending does not tell."""
PLACES = {
    "risk.missing_stops": 0,
    "spread.points": 1,
    "position.r": 2,
    "position.mae_r": 2,
    "risk.reward_min": 2,
    "exposure.leverage": 2,
    "exposure.hhi": 2,
    "exposure.effective_n": 2,
    "exposure.correlation": 2,
}
"""Decimals of metrics that are no money."""
ACTIONS = {
    "alert": tr("Alert"),
    "backstop": tr("Backstop"),
    "reduce": tr("Reduce"),
    "reduce_risk": tr("Reduce risk"),
    "diversify": tr("Diversify"),
    "decorrelate": tr("Decorrelate"),
    "close_all": tr("Close all"),
    "halt": tr("Halt"),
    "cancel_pendings": tr("Cancel pendings"),
    "emergency_stop": tr("Stop"),
}

SEVERITIES = {
    Severity.LOW: tr("low"),
    Severity.MEDIUM: tr("medium"),
    Severity.HIGH: tr("high"),
    Severity.CRITICAL: tr("critical"),
    Severity.EXTREME: tr("extreme"),
}
LINKS = {
    Link.WAITING: tr("waiting"),
    Link.LIVE: tr("live"),
    Link.UNCERTAIN: tr("uncertain"),
    Link.BLIND: tr("blind"),
    Link.STALLED: tr("stalled"),
    Link.SILENT: tr("silent"),
}
MODES = {"armed": tr("armed"), "observe": tr("observe"), "read-only": tr("read-only")}
