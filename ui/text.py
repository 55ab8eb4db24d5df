"""Every word and number that the window shows: plain English, thin-space thousands, a true minus."""

from __future__ import annotations

import html
import math
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from monitors.kinds import Side
from monitors.model import NotApplicable, Unknown, Value
from monitors.ports import AlertView, LevelView, Link

THIN, MINUS, DASH, DOT = "\u202f", "\u2212", "\u2014", " \u00b7 "
MINUTE, HOUR, DAY = 60, 3_600, 86_400

METRICS = {
    "pnl.floating": "Floating P/L",
    "pnl.realized_today": "Realised today",
    "pnl.today": "Day P/L",
    "pnl.today_pct": "Day P/L",
    "pnl.week": "Week P/L",
    "pnl.change": "P/L change",
    "drawdown.daily": "Daily loss",
    "drawdown.daily_pct": "Daily loss",
    "drawdown.weekly": "Weekly drawdown",
    "drawdown.weekly_pct": "Weekly drawdown",
    "drawdown.max": "Max drawdown",
    "drawdown.max_pct": "Max drawdown",
    "drawdown.underwater_s": "Underwater",
    "drawdown.recovery_pct": "Recovery",
    "exposure.total": "Exposure",
    "exposure.leverage": "Leverage",
    "exposure.symbol_pct": "Largest symbol",
    "exposure.currency_pct": "Largest currency",
    "exposure.hhi": "Concentration",
    "exposure.effective_n": "Effective number",
    "exposure.correlation": "Correlation",
    "margin.level_pct": "Margin level",
    "margin.used": "Used margin",
    "margin.free": "Free margin",
    "equity": "Equity",
    "balance": "Balance",
    "risk.open_pct": "Open risk to stops",
    "risk.missing_stops": "Missing stops",
    "risk.reward_min": "Least reward to risk",
    "position.profit": "Position P/L",
    "position.r": "Position R",
    "position.mae_r": "Worst R",
    "position.given_back_pct": "Given back",
    "position.unprotected_s": "Without a stop",
    "spread.points": "Spread",
    "firm.daily_used_pct": "Firm's day used",
    "firm.max_used_pct": "Firm's maximum used",
    "firm.daily_room": "Firm's day room",
    "firm.max_room": "Firm's maximum room",
    "firm.reset_room": "Room at the reset",
    "terminal.silence_s": "Quotes silent",
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
    "alert": "Alert",
    "backstop": "Backstop",
    "reduce": "Reduce",
    "reduce_risk": "Reduce risk",
    "diversify": "Diversify",
    "decorrelate": "Decorrelate",
    "close_all": "Close all",
    "halt": "Halt",
    "cancel_pendings": "Cancel pendings",
    "emergency_stop": "Stop",
}


def number(value: float, digits: int = 2) -> str:
    """`1234.5` as `1 234.50`; no sign on zero."""
    rounded = round(value, digits)
    return (MINUS if rounded < 0 else "") + f"{abs(rounded):,.{digits}f}".replace(",", THIN)


def signed(value: float, digits: int = 2) -> str:
    """A profit: always a sign, but none on zero."""
    return ("+" if round(value, digits) > 0 else "") + number(value, digits)


def percent(value: float, digits: int = 1) -> str:
    """`143.3 %`."""
    return number(value, digits) + THIN + "%"


def short(value: float, digits: int = 2) -> str:
    """A limit or an axis value: no decimals where there are none."""
    return number(value, 0 if round(value, digits) == round(value) else digits)


def price(value: float, digits: int) -> str:
    """A price to its digits; a dash for 0, which is MT5's "none"."""
    return number(value, digits) if value else DASH


def side(which: Side) -> str:
    """`▲ buy` or `▼ sell`: the shape says it too."""
    return "▲ buy" if which is Side.BUY else "▼ sell"


def count(number_of: int, one: str, many: str = "") -> str:
    """`1 rule`, `2 rules`."""
    return f"{number_of} {one if number_of == 1 else many or one + 's'}"


def metric_name(metric: str) -> str:
    """What a metric is called on the screen."""
    return METRICS.get(metric, metric)


def action_name(action: str) -> str:
    """What an action is called on the screen."""
    return ACTIONS.get(action, action.replace("_", " ").capitalize())


def unit(metric: str) -> str:
    """The unit to write after a metric's number, with its space; money has none."""
    if metric.endswith("_pct"):
        return THIN + "%"
    if metric in UNITS:
        return THIN + UNITS[metric]
    return THIN + "s" if metric.endswith("_s") else ""


def bare(metric: str, value: float, digits: int, *, brief: bool = False) -> str:
    """A metric's number without its unit; `brief` drops decimals that say nothing, as limits are written."""
    if metric.endswith("_s"):
        places = 0
    elif metric.endswith("_pct"):
        places = 1 if metric.startswith("margin.") else 2
    else:
        places = PLACES.get(metric, digits)
    return short(value, places) if brief else number(value, places)


def measure(metric: str, value: Value | None, digits: int, *, brief: bool = False) -> str:
    """A metric's value with its unit; a dash where there is no number: `reason` says why."""
    return figure(value, lambda known: bare(metric, known, digits, brief=brief) + unit(metric))


def figure(value: Value | None, write: Callable[[float], str]) -> str:
    """The number as `write` writes it, or a dash where there is none."""
    number_of = known(value)
    return DASH if number_of is None else write(number_of)


def reason(value: Value | None) -> str:
    """Why there is no number; empty where there is one."""
    if isinstance(value, Unknown):
        return f"unknown: {value.reason}"
    if isinstance(value, NotApplicable):
        return value.reason
    return "unknown" if known(value) is None else ""


def multiple(value: float) -> str:
    """A profit in multiples of the initial risk: `+0.52 R`."""
    return f"{signed(value)}{THIN}R"


def to_one(value: float) -> str:
    """A reward for one of risk: `1 : 2.40`."""
    return f"1{THIN}:{THIN}{number(value)}"


def thousands(value: float) -> str:
    """`837 k`, for axes and second figures only."""
    return f"{number(value / 1_000, 0)}{THIN}k"


def of(level: LevelView, digits: int) -> str:
    """`2 553.45 of 5 000` for a ceiling, `143.3, min 120 %` for a floor, or the value's own word without a number."""
    if not isinstance(level.value, float | int):
        return measure(level.metric, level.value, digits)
    join = " of " if level.when == "above" else ", min "
    return f"{bare(level.metric, level.value, digits)}{join}{measure(level.metric, level.at, digits, brief=True)}"


def known(value: Value | None) -> float | None:
    """The number, or None where there is none; what is not finite is no number."""
    return float(value) if isinstance(value, float | int) and math.isfinite(value) else None


def moment(ms: int, offset_s: int) -> datetime:
    """Broker time of a UTC epoch."""
    return datetime.fromtimestamp(ms / 1_000, UTC) + timedelta(seconds=offset_s)


def clock(ms: int, offset_s: int = 0) -> str:
    """`14:32:07`, in broker time."""
    return moment(ms, offset_s).strftime("%H:%M:%S")


def when(ms: int, now_ms: int, offset_s: int = 0, *, brief: bool = False) -> str:
    """`14:32:07` today, `Thu 19, 14:32` on another day of the broker's; `brief` leaves out seconds."""
    then = moment(ms, offset_s)
    if then.date() == moment(now_ms, offset_s).date():
        return f"{then:%H:%M}" if brief else f"{then:%H:%M:%S}"
    return f"{then:%a} {then.day}, {then:%H:%M}"


def times(ms: int, offset_s: int) -> str:
    """Broker, UTC and local time, for a tooltip."""
    local = datetime.fromtimestamp(ms / 1_000, UTC).astimezone()
    return f"broker {clock(ms, offset_s)}\nUTC {clock(ms)}\nlocal {local:%H:%M:%S}"


def zone(offset_s: int) -> str:
    """`UTC+2`, `UTC+5:30`."""
    hours, minutes = divmod(abs(offset_s) // MINUTE, 60)
    sign = MINUS if offset_s < 0 else "+"
    return f"UTC{sign}{hours}" + (f":{minutes:02}" if minutes else "")


def countdown(seconds: float) -> str:
    """`9:27:53`."""
    whole = max(0, int(seconds))
    return f"{whole // HOUR}:{whole % HOUR // MINUTE:02}:{whole % MINUTE:02}"


def duration(seconds: float) -> str:
    """`0.3 s`, `38 s`, `5 min 27 s`, `3 h 04 min`, `2 d 3 h`."""
    if seconds < 10:  # noqa: PLR2004 - a tenth is worth showing only when there are few seconds
        return f"{max(0.0, seconds):.1f}{THIN}s"
    whole = int(seconds)
    if whole < MINUTE:
        return f"{whole}{THIN}s"
    if whole < HOUR:
        return f"{whole // MINUTE}{THIN}min {whole % MINUTE}{THIN}s"
    if whole < DAY:
        return f"{whole // HOUR}{THIN}h {whole % HOUR // MINUTE:02}{THIN}min"
    return f"{whole // DAY}{THIN}d {whole % DAY // HOUR}{THIN}h"


def took(seconds: float) -> str:
    """How long a person took: `41 s`, `1:07`."""
    whole = round(seconds)
    return f"{whole}{THIN}s" if whole < MINUTE else f"{whole // MINUTE}:{whole % MINUTE:02}"


def plain_tip(text: str) -> str:
    """A tooltip that shows `text` literally: Qt takes what looks like HTML for HTML."""
    return f"<p style='white-space:pre-wrap'>{html.escape(text)}</p>" if text else ""


def alert_title(alert: AlertView, digits: int) -> str:
    """What tripped: `Margin level below 150 %`, with the symbol where it is one position; else the rule's own name."""
    if alert.threshold is None:
        return alert.rule
    limit = measure(alert.metric, alert.threshold, digits, brief=True)
    title = f"{metric_name(alert.metric)} {alert.when} {limit}"
    return f"{alert.symbol}: {title}" if alert.symbol else title


def alert_line(alert: AlertView, digits: int, now_ms: int, offset_s: int, link: Link) -> tuple[str, str]:
    """The second line of an alert's row in two parts: its value now and its limit, or where it stands in its life."""
    if alert.shelved_until_ms is not None:
        return f"shelved until {when(alert.shelved_until_ms, now_ms, offset_s, brief=True)}", "by you"
    if not alert.active:
        cleared = "cleared" if alert.cleared_ms is None else f"cleared {when(alert.cleared_ms, now_ms, offset_s)}"
        return cleared, "not acknowledged" if alert.acknowledged_ms is None else "acknowledged"
    if alert.acknowledged_ms is not None:
        state = "still active" if link in {Link.LIVE, Link.UNCERTAIN} else "state unknown"
        return f"acknowledged {when(alert.acknowledged_ms, now_ms, offset_s, brief=True)}", state
    if alert.threshold is None:
        return f"for {duration((now_ms - alert.raised_ms) / 1_000)}", alert.why
    if alert.latest is None:
        return f"was {measure(alert.metric, alert.value, digits)}", "now unknown"
    if alert.stage:
        waited = duration((now_ms - alert.raised_ms) / 1_000)
        return f"now {measure(alert.metric, alert.latest, digits)}", f"waiting {waited}"
    limit = measure(alert.metric, alert.threshold, digits, brief=True)
    return f"now {measure(alert.metric, alert.latest, digits)}", f"limit {limit}"


def level_caption(level: LevelView, digits: int) -> str:
    """The name of a threshold line in its own units: `Reduce at 120 %`."""
    return f"{action_name(level.action)} at {measure(level.metric, level.at, digits, brief=True)}"


def equity_caption(level: LevelView, digits: int) -> str:
    """The name of a threshold line on the equity axis: `Daily loss: close all at 96 000`."""
    at = short(level.line_equity or 0.0, digits)
    if level.metric == "equity":
        return f"{action_name(level.action)} at {at}"
    return f"{metric_name(level.metric)}: {action_name(level.action).lower()} at {at}"
