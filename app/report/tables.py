"""The tables of a report: alerts, severities, strategies, responses, best and worst positions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from itertools import chain

from app.report.drawing import one_day
from app.report.sheet import Cell, Column, Section, Table
from app.report.words import NONE, lasted, lots, measured, money, shortened, tone
from monitors.alert_load import FLOOD
from monitors.day_figures import Sum, best, busiest, pace, together, waited_share
from monitors.day_report import Close, Report
from monitors.kinds import Side
from monitors.ports import Severity
from monitors.record import AlertRecord
from monitors.settings import Strategy
from monitors.statistics import ALL, by_strategy, realized
from monitors.strategies import named
from monitors.trades import Trade
from monitors.wall import Times
from monitors.zones import MINUTE_MS

LATE_MS = 5 * MINUTE_MS
MOST_ROWS = 60
MOST_PIPS = 6


def alerts(report: Report, times: Times) -> Section:
    """Each with its time to acknowledge on a log bar; the newest ones where there are very many."""
    if not report.alerts:
        return Section(title="Alerts", notes=("No alert was raised.",))
    shown = report.alerts[-MOST_ROWS:]
    rows = [
        (
            Cell(f"{times.wall(a.raised_ms):{when(report)}}", tone="soft"),
            Cell(severity=a.severity),
            Cell(f"{a.rule}{f' #{a.position}' if a.position else ''}", bold=True),
            Cell(_figures(a, report.whose.digits), tone="soft"),
            *_waited(a),
        )
        for a in shown
    ]
    heads = (Column("Raised"), Column(), Column("Alert", grows=True), Column("Reading"),
             Column("Time to acknowledge"), Column(right=True))  # fmt: skip
    left_out = len(report.alerts) - len(shown)
    notes = [f"{left_out} earlier ones are not listed."] if left_out else []
    return Section(title="Alerts", beside=_counted(report), table=Table(columns=heads, rows=rows),
                   notes=(*notes, *_pace(report)))  # fmt: skip


def severities(report: Report) -> Section:
    """How many alerts of each severity; a pip an alert as far as there is room."""
    counts = Counter(a.severity for a in report.alerts)
    rows = [
        (Cell(severity.capitalize(), severity=severity), Cell(severity=severity, pips=min(counts[severity], MOST_PIPS)),
         Cell(str(counts[severity]), bold=True))
        for severity in reversed(Severity) if counts[severity]
    ]  # fmt: skip
    if not rows:
        return Section(title="By severity", notes=("None.",))
    return Section(title="By severity", table=Table(columns=(Column(), Column(grows=True), Column(right=True)),
                                                    rows=rows))  # fmt: skip


def strategies(report: Report) -> Section:
    """Positions closed in the range, by who opened them, worst first."""
    if not report.trades:
        return Section(title="Per strategy", notes=("No position was closed whole.",))
    whole, *parts = by_strategy(report.trades, report.strategies)
    rows = [
        (Cell(name), Cell(f"{one.won} of {one.closed}"), profit(one.net, report.whose.digits))
        for name, one in (*sorted(parts, key=lambda part: part[1].net), (ALL, whole[1]))
    ]
    heads = (Column("Strategy", grows=True), Column("Won", right=True), _in_money("P/L", report))
    return Section(title="Per strategy", table=Table(columns=heads, rows=rows, sums=True))


def responses(report: Report, times: Times) -> Section:
    """What was closed, what it booked and, where that can be told, what holding would have brought."""
    if not report.responses:
        return Section(title="Responses", notes=("Nothing was planned or closed.",))
    rows, digits = list[tuple[Cell, ...]](), report.whose.digits
    for number, (response, closes) in enumerate(zip(report.responses, report.closes, strict=True), 1):
        first = (Cell(str(number), bold=True),
                 Cell(f"{times.wall(response.planned_ms):{when(report)}}", tone="soft"),
                 Cell(response.rule or "Closed by hand or halt", bold=True))  # fmt: skip
        if not closes:
            rows.append((*first, Cell("nothing was sent: observing, or denied", span=4)))
        for close in closes:
            rows.append((*first, *_closed(close, digits)))
            first = Cell(), Cell(), Cell()
    found = together(chain(*report.closes))
    rows.append(_total(found, digits))
    heads = (Column("#"), Column("Planned"), Column("Rule", grows=True), Column("Closed", grows=True),
             Column("Delay", right=True), _in_money("Booked", report),
             Column("Against holding", right=True))  # fmt: skip
    note = (f"{NONE}: {found.untold} without a figure, since nothing of the position was left to be closed later by "
            "others.")  # fmt: skip
    return Section(title="Responses", beside="saved or cost: what was booked less the same lots at that position's own "
                   "later exit", table=Table(columns=heads, rows=rows, sums=True),
                   notes=(note,) if found.untold else ())  # fmt: skip


def ranked(report: Report, *, worst: bool) -> Section:
    """The three positions that gained, or lost, most."""
    title, shown = f"{'Worst' if worst else 'Best'} positions", best(report.trades, worst=worst)
    if not shown:
        return Section(title=title, notes=("None.",))
    heads = (Column("Position"), Column("Lots", right=True), Column("Strategy", grows=True), Column("R", right=True),
             _in_money("P/L", report))  # fmt: skip
    rows = [_trade(trade, report.strategies, report.whose.digits) for trade in shown]
    return Section(title=title, table=Table(columns=heads, rows=rows))


def profit(amount: float | None, digits: int) -> Cell:
    """An amount in its colour, with its sign."""
    if amount is None:
        return Cell(NONE)
    return Cell(money(amount, digits, signed=True), tone=tone(amount), bold=True)


def against(saved: float | None, digits: int) -> Cell:
    """What a close saved or cost: shape, word and amount."""
    if saved is None:
        return Cell(NONE)
    return Cell(f"{'▲ saved' if saved >= 0 else '▼ cost'} {money(abs(saved), digits)}", tone=tone(saved))


def _trade(trade: Trade, names: Mapping[int, Strategy], digits: int) -> tuple[Cell, ...]:
    multiple, buy = realized(trade), trade.side is Side.BUY
    return (
        Cell(f"{trade.symbol} {'▲ buy' if buy else '▼ sell'}", tone="buy" if buy else "sell", bold=True),
        Cell(lots(trade.lots)),
        Cell(named(trade.magic, names)),
        Cell(NONE if multiple is None else money(multiple, 2, signed=True)),
        profit(trade.net, digits),
    )


def _in_money(name: str, report: Report) -> Column:
    return Column(f"{name} {report.whose.currency}".rstrip(), right=True)


def when(report: Report) -> str:
    """How a moment is written: without its day where there is only one."""
    return "%H:%M:%S" if one_day(report) else "%d %b %H:%M"


def _counted(report: Report) -> str:
    """How many were raised and acknowledged, and whether so many came at once that nobody could read them."""
    seen, most = sum(a.acknowledged_ms is not None for a in report.alerts), busiest(report.alerts)
    flood = f"a flood: {most} within ten minutes" if most > FLOOD else "no flood"
    return f"{len(report.alerts)} raised, {seen} acknowledged, {flood}"


def _figures(alert: AlertRecord, digits: int) -> str:
    value = NONE if alert.value is None else measured(alert.metric, alert.value, digits)
    if alert.threshold is None:
        return value
    return f"{value} at {shortened(measured(alert.metric, alert.threshold, digits))}"


def _waited(alert: AlertRecord) -> tuple[Cell, Cell]:
    if alert.acknowledged_ms is None:
        return Cell(), Cell("not yet", tone="late", bold=True)
    took = alert.acknowledged_ms - alert.raised_ms
    late = "late" if took > LATE_MS else ""
    return Cell(share=waited_share(took), tone=late), Cell(lasted(took), tone=late, bold=True)


def _pace(report: Report) -> tuple[str, ...]:
    found = pace(report.alerts)
    if found is None:
        return ()
    target = f" Critical and extreme under 1:00: {found.met} of {found.grave}." if found.grave else ""
    return (f"Median {lasted(found.median_ms)}, slowest {lasted(found.slowest_ms)}.{target}",)


def _closed(close: Close, digits: int) -> tuple[Cell, ...]:
    sent = close.request
    delay = NONE if sent.settled_ms is None else f"{(sent.settled_ms - sent.sent_ms) / 1_000:.1f} s"
    state = "" if sent.state == "done" else f" ({sent.state})"
    return (Cell(f"{sent.symbol} {lots(sent.filled)} of {lots(sent.lots)} asked{state}"), Cell(delay),
            profit(close.booked, digits), against(close.saved, digits))  # fmt: skip


def _total(found: Sum, digits: int) -> tuple[Cell, ...]:
    counts = f"{found.filled} filled, {found.refused} refused, {found.unknown} unknown"
    return (Cell(), Cell(), Cell("All responses"), Cell(counts), Cell(), profit(found.booked, digits),
            against(found.saved, digits))  # fmt: skip
