"""The tables of a report about its drawdowns, and what its deals come to."""

from __future__ import annotations

from app.report.sheet import Cell, Column, Section, Table
from app.report.tables import profit, when
from app.report.words import NONE, lasted, money, percent
from monitors.day_report import Report
from monitors.wall import Times

DEEPEST = "the deepest, money moved left out"
COUNTED = "as MetaTrader's history report counts"


def listed(report: Report, times: Times) -> Section:
    """The deepest falls: when they began, were deepest and were regained."""
    if not report.falls.listed:
        return Section(title="Drawdowns", beside=DEEPEST, notes=("Equity never stood below its highest.",))
    rows = [
        (
            Cell(_moment(fall.start_ms, report, times), tone="soft"),
            Cell(_moment(fall.trough_ms, report, times), tone="soft"),
            Cell(percent(-fall.pct), bold=True),
            Cell("not yet" if fall.end_ms is None else _moment(fall.end_ms, report, times)),
            Cell(lasted(fall.length_ms)),
        )
        for fall in report.falls.listed
    ]
    heads = (Column("Began"), Column("Deepest"), Column("Depth", right=True), Column("Regained", right=True),
             Column("Lasted", right=True))  # fmt: skip
    return Section(title="Drawdowns", beside=DEEPEST, table=Table(columns=heads, rows=rows))


def by_deals(report: Report) -> Section:
    """Net and gross, summed a deal and not a position, and the drawdown of the balance."""
    found, digits = report.as_deals, report.whose.digits
    if found is None:
        return Section(title="By deals", beside=COUNTED, notes=("Nothing was booked.",))
    fall = f"{money(found.balance_drawdown, digits)} · {percent(found.balance_drawdown_pct)}"
    rows = [
        (Cell("Net"), profit(found.net, digits)),
        (Cell("Gross profit"), profit(found.gross_profit, digits)),
        (Cell("Gross loss"), profit(found.gross_loss, digits)),
        (Cell("Profit factor"), _ratio(found.profit_factor)),
        (Cell("Drawdown of the balance"), Cell(fall, bold=True)),
        (Cell("Recovery factor"), _ratio(found.recovery_factor)),
    ]
    heads = (Column(grows=True), Column(right=True))
    return Section(title="By deals", beside=COUNTED, table=Table(columns=heads, rows=rows))


def _moment(utc_ms: int, report: Report, times: Times) -> str:
    return f"{times.wall(utc_ms):{when(report)}}"


def _ratio(found: float | None) -> Cell:
    return Cell(NONE if found is None else money(found, 2), bold=True)
