"""A report as one HTML page that stands alone: no script, nothing fetched, every text escaped."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from app.report import fall_tables as falls
from app.report import tables
from app.report.drawing import picture
from app.report.facts import Report
from app.report.style import CSS
from app.report.words import NONE, Times, money, percent, text, tone
from monitors.settings import Config

_LOGO = (
    '<svg viewBox="0 0 38 28" aria-hidden="true"><circle cx="19" cy="14" r="10.5" fill="none" stroke="#111A24" '
    'stroke-width="2.6"/><path d="M1 14H37" stroke="#0A64B4" stroke-width="2.6"/></svg>'
)
POLICY = "default-src 'none'; style-src 'unsafe-inline'"


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    """What frames the page: title and days in words, and when it was written, UTC epoch ms."""

    title: str
    days: str
    written_ms: int


def page(report: Report, config: Config, heading: Heading) -> str:
    """The whole file."""
    times, names = Times(report.whose.zone), config.strategies
    whose = report.whose
    title = f"{heading.title}: {text(whose.name)}, {text(heading.days)}"
    return f"""<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="{POLICY}">
<meta name="viewport" content="width=device-width"><title>{title}</title><style>{CSS}</style></head><body>
<header>{_LOGO}<div><h1>{heading.title}</h1><small>{text(whose.name)} · {whose.login} · {text(whose.server)} ·
{text(whose.currency)}</small></div><div><h1>{text(heading.days)}</h1><small>broker time ({
        times.offset(report.since_ms)
    }) ·
written {times.wall(heading.written_ms):%d %b %Y %H:%M:%S}</small></div></header>
{_nothing() if report.empty else ""}
<section class="figures">{_figures(report)}</section>
{_section("Equity", "balance grey, gaps where nothing could be seen", f"<figure>{picture(report, times)}</figure>")}
<div class="columns"><div class="wide">{_section("Alerts", tables.counted(report), tables.alerts(report, times))}</div>
<div>{_section("By severity", "", tables.severities(report))}
{_section("Per strategy", "", tables.strategies(report, names))}</div></div>
{
        _section(
            "Responses",
            "saved or cost: what was booked less the same lots at that position's own later exit",
            tables.responses(report, times),
        )
    }
<div class="columns"><div>{
        _section("Drawdowns", "the deepest, money moved left out", falls.listed(report, times))
    }</div>
<div>{_section("By deals", "as MetaTrader's history report counts", falls.by_deals(report))}</div></div>
<div class="columns"><div>{_section("Best positions", "", tables.best(report, names, worst=False))}</div>
<div>{_section("Worst positions", "", tables.best(report, names, worst=True))}</div></div>
<footer><span>{_last(report, config)}</span><span>Plimsoll</span></footer></body></html>
"""


def _nothing() -> str:
    return "<section><b>Nothing was recorded in this range.</b> Plimsoll records while it runs.</section>"


def _section(title: str, beside: str, inside: str) -> str:
    sub = f'<span class="sub">{beside}</span>' if beside else ""
    return f"<section><h2>{title}</h2>{sub}{inside}</section>"


def _figures(report: Report) -> str:
    """The five: result, balance, lowest equity, deepest drawdown, and what rules closed."""
    curve, digits = report.equity, report.whose.digits
    seen = np.flatnonzero(np.isfinite(curve.last))
    closes = [close for some in report.closes for close in some]
    booked = [close.booked for close in closes if close.booked is not None]
    saved = [close.saved for close in closes if close.saved is not None]
    last = _figure("Closed by rules and stops", money(sum(booked), digits, signed=True) if booked else NONE,
                   f"booked; {'saved' if sum(saved) >= 0 else 'cost'} {money(abs(sum(saved)), digits)} against holding"
                   if saved else "booked", tone(sum(booked)))  # fmt: skip
    if report.opening is None:
        return "".join(_figure(name, NONE, "nothing recorded") for name in _NAMES) + last
    (first, balance), end = report.opening, float(curve.last[seen[-1]])
    result = end - first - report.flows
    moved = f", {money(report.flows, digits, signed=True)} moved in or out" if report.flows else ""
    opened = f"opened {money(balance, digits)}"
    lowest = int(np.nanargmin(curve.low))
    at = f"{Times(report.whose.zone).wall(int(curve.time_ms[lowest])):%d %b %H:%M}"
    share = f"{percent(100 * result / first, signed=True)} of the first equity{moved}" if first > 0 else moved
    return "".join((
        _figure(_NAMES[0], money(result, digits, signed=True), share, tone(result)),
        _figure(_NAMES[1], money(float(curve.balance[seen[-1]]), digits), opened),
        _figure(_NAMES[2], money(float(curve.low[lowest]), digits), at),
        _figure(_NAMES[3], percent(-float(np.nanmax(report.falls.pct))),
                f"{money(report.falls.deepest, digits)} from the highest"),
        last,
    ))  # fmt: skip


_NAMES = ("Result", "Balance", "Lowest equity", "Deepest drawdown")


def _figure(name: str, value: str, beside: str, kind: str = "") -> str:
    return f'<div>{name}<b class="{kind}">{value}</b><small>{beside}</small></div>'


def _last(report: Report, config: Config) -> str:
    """The config that is in force now, and those that the guard started with in the range."""
    started = list(dict.fromkeys(mark.text for mark in report.marks if mark.kind == "started"))
    ran = f" · started in this range with {', '.join(map(text, started))}" if started else ""
    return f"config {text(config.digest) or NONE}{ran} · times in {text(report.whose.zone)}"
