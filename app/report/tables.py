"""The tables of a report: alerts, severities, strategies, responses, best and worst positions."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from statistics import median

from app.archive.records import AlertRecord
from app.report.facts import Report
from app.report.style import COLOURS, mark
from app.report.words import NONE, Times, lasted, measured, money, text, tone
from app.report.worth import Close
from monitors.kinds import Side
from monitors.ports import Severity
from monitors.settings import Strategy
from monitors.strategies import named
from monitors.trades import Trade

SLOWEST_MS = 3_600_000
LATE_MS = 300_000
MOST_ROWS = 60
SHOWN_TRADES = 3
TARGET_MS = 60_000


def alerts(report: Report, times: Times) -> str:
    """Each with its time to acknowledge on a log bar; the newest ones where there are very many."""
    if not report.alerts:
        return '<p class="none">No alert was raised.</p>'
    shown = report.alerts[-MOST_ROWS:]
    rows = [
        f'<tr><td class="t">{times.wall(a.raised_ms):{_when(report)}}</td><td>{mark(a.severity)}</td>'
        f'<td class="b">{text(a.rule)}{f" #{a.position}" if a.position else ""}</td>'
        f'<td class="t">{_figures(a, report.whose.digits)}</td>{_bar(a)}</tr>'
        for a in shown
    ]
    more = f'<p class="none">{len(report.alerts) - len(shown)} earlier ones are not listed.</p>'
    heads = head("Raised", "", "Alert", "Reading", "Time to acknowledge", "n:")
    return table(heads, rows) + (more if len(shown) < len(report.alerts) else "") + _pace(report.alerts)


def counted(report: Report) -> str:
    """How many were raised and acknowledged."""
    seen = sum(a.acknowledged_ms is not None for a in report.alerts)
    return f"{len(report.alerts)} raised, {seen} acknowledged"


def severities(report: Report) -> str:
    """How many alerts of each severity; a pip an alert as far as there is room."""
    counts = Counter(a.severity for a in report.alerts)
    rows = [
        f'<tr><td>{mark(severity)} {severity.capitalize()}</td><td class="pips">'
        + f'<i style="background:{COLOURS[severity]}"></i>' * min(counts[severity], 6)
        + f'</td><td class="n b">{counts[severity]}</td></tr>'
        for severity in reversed(Severity)
        if counts[severity]
    ]
    return table("", rows) if rows else '<p class="none">None.</p>'


def strategies(report: Report, names: Mapping[int, Strategy]) -> str:
    """Positions closed in the range, by who opened them, worst first."""
    if not report.trades:
        return '<p class="none">No position was closed whole.</p>'
    groups: dict[str, list[Trade]] = {}
    for trade in report.trades:
        groups.setdefault(named(trade.magic, names), []).append(trade)
    rows = [_group(name, own, report) for name, own in sorted(groups.items(), key=lambda g: sum(t.net for t in g[1]))]
    rows.append(_group("All", report.trades, report, whole=True))
    return table(head("Strategy", "n:Won", f"n:P/L {text(report.whose.currency)}"), rows)


def responses(report: Report, times: Times) -> str:
    """What was closed, what it booked and, where that can be told, what holding would have brought."""
    if not report.responses:
        return '<p class="none">Nothing was planned or closed.</p>'
    rows = []
    for number, (response, closes) in enumerate(zip(report.responses, report.closes, strict=True), 1):
        first = (f'<td class="b">{number}</td><td class="t">{times.wall(response.planned_ms):{_when(report)}}</td>'
                 f'<td class="b">{text(response.rule) or "Closed by hand or halt"}</td>')  # fmt: skip
        if not closes:
            rows.append(f'<tr>{first}<td colspan="4">nothing was sent: observing, or denied</td></tr>')
        for close in closes:
            rows.append(f"<tr>{first}{_closed(close, report.whose.digits)}</tr>")
            first = "<td></td><td></td><td></td>"
    done = [close for closes in report.closes for close in closes]
    rows.append(_total(done, report.whose.digits))
    names = (
        "#",
        "Planned",
        "Rule",
        "Closed",
        "n:Delay",
        f"n:Booked {text(report.whose.currency)}",
        "n:Against holding",
    )
    unknown = sum(close.saved is None for close in done)
    note = (f"{NONE}: {unknown} without a figure, since nothing of the position was left to be closed later by others."
            if unknown else "")  # fmt: skip
    return table(head(*names), rows) + (f'<p class="none">{note}</p>' if note else "")


def best(report: Report, names: Mapping[int, Strategy], *, worst: bool) -> str:
    """The three positions that gained, or lost, most."""
    own = [t for t in report.trades if (t.net < 0 if worst else t.net > 0)]
    shown = sorted(own, key=lambda t: t.net if worst else -t.net)[:SHOWN_TRADES]
    if not shown:
        return '<p class="none">None.</p>'
    rows = [
        f'<tr><td class="b">{text(t.symbol)} {_side(t.side)}</td><td class="n">{t.lots:g}</td>'
        f"<td>{text(named(t.magic, names))}</td>{_profit(t.net, report.whose.digits)}</tr>"
        for t in shown
    ]
    return table(head("Position", "n:Lots", "Strategy", f"n:P/L {text(report.whose.currency)}"), rows)


def _when(report: Report) -> str:
    return "%H:%M:%S" if report.until_ms - report.since_ms <= 26 * 3_600_000 else "%d %b %H:%M"


def _figures(alert: AlertRecord, digits: int) -> str:
    value = NONE if alert.value is None else measured(alert.metric, alert.value, digits)
    return value if alert.threshold is None else f"{value} at {measured(alert.metric, alert.threshold, digits)}"


def _bar(alert: AlertRecord) -> str:
    if alert.acknowledged_ms is None:
        return '<td></td><td class="n late">not yet</td>'
    took = alert.acknowledged_ms - alert.raised_ms
    share = math.log1p(max(0, took) / 1_000) / math.log1p(SLOWEST_MS / 1_000)
    late = took > LATE_MS
    bar = f'<span class="bar{" late-bar" if late else ""}"><i style="width:{min(100.0, 100 * share):.0f}%"></i></span>'
    return f'<td>{bar}</td><td class="n{" late" if late else " b"}">{lasted(took)}</td>'


def _pace(found: Iterable[AlertRecord]) -> str:
    seen = [(a.acknowledged_ms - a.raised_ms, a.severity) for a in found if a.acknowledged_ms is not None]
    if not seen:
        return ""
    took = [ms for ms, _ in seen]
    grave = [ms for ms, severity in seen if severity in (Severity.CRITICAL, Severity.EXTREME)]
    met = sum(ms < TARGET_MS for ms in grave)
    target = f" Critical and extreme under 1:00: {met} of {len(grave)}." if grave else ""
    return f'<p class="none">Median {lasted(round(median(took)))}, slowest {lasted(max(took))}.{target}</p>'


def _group(name: str, own: Sequence[Trade], report: Report, *, whole: bool = False) -> str:
    won = sum(trade.net > 0 for trade in own)
    return (f'<tr{" class=all" * whole}><td>{text(name)}</td><td class="n">{won} of {len(own)}</td>'
            f"{_profit(sum(trade.net for trade in own), report.whose.digits)}</tr>")  # fmt: skip


def _closed(close: Close, digits: int) -> str:
    sent = close.request
    delay = NONE if sent.settled_ms is None else f"{(sent.settled_ms - sent.sent_ms) / 1_000:.1f} s"
    state = "" if sent.state == "done" else f" ({text(sent.state)})"
    booked = f'<td class="n">{NONE}</td>' if close.booked is None else _profit(close.booked, digits)
    return (f'<td>{text(sent.symbol)} {sent.filled:g} of {sent.lots:g} asked{state}</td><td class="n">{delay}</td>'
            f"{booked}{_saved(close.saved, digits)}")  # fmt: skip


def _saved(saved: float | None, digits: int) -> str:
    if saved is None:
        return f'<td class="n">{NONE}</td>'
    word = "▲ saved" if saved >= 0 else "▼ cost"
    return f'<td class="n {tone(saved)}">{word} {money(abs(saved), digits)}</td>'


def _total(done: Sequence[Close], digits: int) -> str:
    counts = Counter(close.request.state for close in done)
    filled = sum(close.request.filled > 0 for close in done)
    booked = [close.booked for close in done if close.booked is not None]
    saved = [close.saved for close in done if close.saved is not None]
    return (f"<tr class=all><td></td><td></td><td>All responses</td><td>{filled} filled, {counts['refused']} refused, "
            f"{counts['unknown']} unknown</td><td></td>"
            + (_profit(sum(booked), digits) if booked else f'<td class="n">{NONE}</td>')
            + _saved(sum(saved) if saved else None, digits) + "</tr>")  # fmt: skip


def _profit(amount: float, digits: int) -> str:
    return f'<td class="n b {tone(amount)}">{money(amount, digits, signed=True)}</td>'


def _side(side: Side) -> str:
    return '<span class="buy">▲ buy</span>' if side is Side.BUY else '<span class="sell">▼ sell</span>'


def head(*names: str) -> str:
    """A row of heads; "n:" before a name stands it to the right, as its figures do."""
    cells = (f'<th class="n">{name[2:]}</th>' if name.startswith("n:") else f"<th>{name}</th>" for name in names)
    return f"<thead><tr>{''.join(cells)}</tr></thead>"


def table(heads: str, rows: Iterable[str]) -> str:
    """A table under a row of heads, which may be none."""
    return f"<table>{heads}<tbody>{''.join(rows)}</tbody></table>"
