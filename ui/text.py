"""Every word and number that the window shows: plain English, thin-space thousands, a true minus."""

from __future__ import annotations

import html
import math
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from monitors.kinds import Side
from monitors.lots import decimals
from monitors.model import NotApplicable, Unknown, Value
from monitors.ports import AlertView, LevelView, Link, Severity
from ui.names import ACTIONS, LINKS, METRICS, MODES, PLACES, SEVERITIES, UNITS
from ui.words import tr

THIN, MINUS, DASH, DOT = "\u202f", "\u2212", "\u2014", " \u00b7 "
MINUTE, HOUR, DAY = 60, 3_600, 86_400


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


def lots(value: float, places: int | None = None) -> str:
    """Lots to the symbol's step, `places` being its decimals; to hundredths where it is not known."""
    return number(value, decimals(value) if places is None else places)


def side(which: Side) -> str:
    """`▲ buy` or `▼ sell`: the shape says it too."""
    return tr("▲ buy") if which is Side.BUY else tr("▼ sell")


def metric_name(metric: str) -> str:
    """What a metric is called on the screen."""
    return METRICS.get(metric, metric)


def action_name(action: str) -> str:
    """What an action is called on the screen."""
    return ACTIONS.get(action, action.replace("_", " ").capitalize())


def severity_name(severity: Severity) -> str:
    """What a severity is called on the screen."""
    return SEVERITIES[severity]


def link_name(link: Link) -> str:
    """What the state of a connection is called on the screen."""
    return LINKS[link]


def mode_name(mode: str) -> str:
    """What an account's mode is called on the screen."""
    return MODES.get(mode, mode)


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
        return tr("unknown: {reason}", reason=value.reason)
    if isinstance(value, NotApplicable):
        return value.reason
    return tr("unknown") if known(value) is None else ""


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
    value, limit = bare(level.metric, level.value, digits), measure(level.metric, level.at, digits, brief=True)
    if level.when == "above":
        return tr("{value} of {limit}", value=value, limit=limit)
    return tr("{value}, min {limit}", value=value, limit=limit)


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
    return tr(
        "broker {broker}\nUTC {utc}\nlocal {local:%H:%M:%S}", broker=clock(ms, offset_s), utc=clock(ms), local=local
    )


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
    metric = metric_name(alert.metric)
    if alert.when == "below":
        title = tr("{metric} below {limit}", metric=metric, limit=limit)
    else:
        title = tr("{metric} above {limit}", metric=metric, limit=limit)
    return f"{alert.symbol}: {title}" if alert.symbol else title


def alert_line(alert: AlertView, digits: int, now_ms: int, offset_s: int, link: Link) -> tuple[str, str]:
    """The second line of an alert's row in two parts: its value now and its limit, or where it stands in its life."""
    if alert.shelved_until_ms is not None:
        until = when(alert.shelved_until_ms, now_ms, offset_s, brief=True)
        return tr("shelved until {time}", time=until), tr("by you")
    if not alert.active:
        by_whom = tr("not acknowledged") if alert.acknowledged_ms is None else tr("acknowledged")
        if alert.cleared_ms is None:
            return tr("cleared"), by_whom
        return tr("cleared {time}", time=when(alert.cleared_ms, now_ms, offset_s, brief=True)), by_whom
    seen = link in {Link.LIVE, Link.UNCERTAIN}
    if alert.acknowledged_ms is not None:
        state = tr("still active") if seen else tr("state unknown")
        return tr("acknowledged {time}", time=when(alert.acknowledged_ms, now_ms, offset_s, brief=True)), state
    if alert.threshold is None:
        return tr("for {duration}", duration=duration((now_ms - alert.raised_ms) / 1_000)), alert.why
    if alert.latest is None or not seen:
        last = alert.value if alert.latest is None else alert.latest
        return tr("was {value}", value=measure(alert.metric, last, digits)), tr("now unknown")
    now = tr("now {value}", value=measure(alert.metric, alert.latest, digits))
    if alert.stage:
        return now, tr("waiting {duration}", duration=duration((now_ms - alert.raised_ms) / 1_000))
    return now, tr("limit {limit}", limit=measure(alert.metric, alert.threshold, digits, brief=True))


def level_caption(level: LevelView, digits: int) -> str:
    """The name of a threshold line in its own units: `Reduce at 120 %`."""
    at = measure(level.metric, level.at, digits, brief=True)
    return tr("{action} at {limit}", action=action_name(level.action), limit=at)


def equity_caption(level: LevelView, digits: int) -> str:
    """The name of a threshold line on the equity axis: `Daily loss: close all at 96 000`."""
    at = short(level.line_equity or 0.0, digits)
    if level.metric == "equity":
        return tr("{action} at {limit}", action=action_name(level.action), limit=at)
    action = action_name(level.action).lower()
    return tr("{metric}: {action} at {limit}", metric=metric_name(level.metric), action=action, limit=at)
