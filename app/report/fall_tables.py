"""The tables of a report about its drawdowns, and what its deals come to."""

from __future__ import annotations

from app.report.facts import Report
from app.report.tables import head, table
from app.report.words import NONE, Times, lasted, money, percent, tone


def listed(report: Report, times: Times) -> str:
    """The deepest falls: when they began, were deepest and were regained."""
    if not report.falls.listed:
        return '<p class="none">Equity never stood below its highest.</p>'
    rows = [
        f'<tr><td class="t">{times.wall(fall.start_ms):%d %b %H:%M:%S}</td>'
        f'<td class="t">{times.wall(fall.trough_ms):%d %b %H:%M:%S}</td>'
        f'<td class="n b">{percent(-fall.pct)}</td><td class="n">{_regained(fall.end_ms, times)}</td>'
        f'<td class="n">{lasted(fall.length_ms)}</td></tr>'
        for fall in report.falls.listed
    ]
    return table(head("Began", "Deepest", "n:Depth", "n:Regained", "n:Lasted"), rows)


def by_deals(report: Report) -> str:
    """Net and gross, summed a deal and not a position, and the drawdown of the balance."""
    found, digits = report.as_deals, report.whose.digits
    if found is None:
        return '<p class="none">Nothing was booked.</p>'
    rows = [
        _row("Net", found.net, digits),
        _row("Gross profit", found.gross_profit, digits),
        _row("Gross loss", found.gross_loss, digits),
        _plain("Profit factor", NONE if found.profit_factor is None else money(found.profit_factor, 2)),
        _plain("Drawdown of the balance",
               f"{money(found.balance_drawdown, digits)} · {percent(found.balance_drawdown_pct)}"),
        _plain("Recovery factor", NONE if found.recovery_factor is None else money(found.recovery_factor, 2)),
    ]  # fmt: skip
    return table("", rows)


def _regained(end_ms: int | None, times: Times) -> str:
    return "not yet" if end_ms is None else f"{times.wall(end_ms):%d %b %H:%M:%S}"


def _row(name: str, amount: float, digits: int) -> str:
    return f'<tr><td>{name}</td><td class="n {tone(amount)}">{money(amount, digits, signed=True)}</td></tr>'


def _plain(name: str, shown: str) -> str:
    return f'<tr><td>{name}</td><td class="n b">{shown}</td></tr>'
