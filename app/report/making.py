"""A report's facts made into a sheet: its heading, its five figures, its cards and its foot."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from itertools import chain

from app.report import fall_tables, tables
from app.report.drawing import picture
from app.report.sheet import Figure, Section, Sheet
from app.report.words import NONE, money, percent, tone
from monitors.day_figures import headline, together
from monitors.day_report import NO_AUDIT, Report
from monitors.wall import Times

NAMES = ("Result", "Balance", "Lowest equity", "Deepest drawdown", "Against holding")
NOTHING = "Nothing was recorded in this range. Plimsoll records while it runs."


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    """First and last day, as 2026-03-02; when it was written, UTC epoch ms; the hash of the config in force now."""

    since: str
    until: str
    written_ms: int
    config: str


def sheet(report: Report, heading: Heading) -> Sheet:
    """The whole of it."""
    times, whose = Times(report.whose.zone), report.whose
    one, offset = heading.since == heading.until, times.offset(report.since_ms)
    beside = "balance grey, gaps where nothing could be seen"
    if together(chain(*report.closes)).saved is not None:
        beside += "; dashed: as it would be without rules, straight and dotted until that is known"
    curve = Section(title="Equity", beside=beside, picture=picture(report, times),
                    notes=() if len(report.equity) else ("No equity was recorded in this range.",))  # fmt: skip
    return Sheet(
        title="Day report" if one else "Risk report",
        whose=f"{whose.name} · {whose.login} · {whose.server} · {whose.currency}",
        days=in_words(heading.since) if one else f"{in_words(heading.since)} to {in_words(heading.until)}",
        written=f"{'00:00 to 24:00 ' if one else ''}broker time ({offset}) · "
                f"written {times.wall(heading.written_ms):%d %b %Y %H:%M:%S}",
        remark=NOTHING if report.empty else "",
        figures=_figures(report, times),
        rows=(
            ((curve,),),
            ((tables.alerts(report, times),), (tables.severities(report), tables.strategies(report))),
            ((tables.responses(report, times),),),
            ((tables.ranked(report, worst=False),), (tables.ranked(report, worst=True),)),
            ((fall_tables.listed(report, times),), (fall_tables.by_deals(report),)),
        ),
        foot=_foot(report, heading),
        alarm=report.audit.damage if report.audit else "",
    )  # fmt: skip


def in_words(day: str) -> str:
    """Monday, 2 March 2026."""
    found = date.fromisoformat(day)
    return f"{found:%A}, {found.day} {found:%B %Y}"


def _figures(report: Report, times: Times) -> tuple[Figure, ...]:
    found, digits = headline(report), report.whose.digits
    last = _against(report)
    if found is None:
        return (*(Figure(name=name, value=NONE, beside="nothing recorded") for name in NAMES[:-1]), last)
    share = "" if found.result_pct is None else f"{percent(found.result_pct, signed=True)} of the first equity"
    moved = f"{money(report.flows, digits, signed=True)} moved in or out" if report.flows else ""
    result, balance, lowest, deepest, _ = NAMES
    return (
        Figure(name=result, value=money(found.result, digits, signed=True), tone=tone(found.result),
               beside=", ".join(filter(None, (share, moved)))),
        Figure(name=balance, value=money(found.balance, digits), beside=f"opened {money(found.opened, digits)}"),
        Figure(name=lowest, value=money(found.lowest, digits), beside=f"{times.wall(found.lowest_ms):%d %b %H:%M}"),
        Figure(name=deepest, value=percent(-found.deepest_pct),
               beside=f"{money(found.deepest, digits)} from the highest"),
        last,
    )  # fmt: skip


def _against(report: Report) -> Figure:
    """What rules and stops saved or cost where that is known, else what they booked."""
    found, digits = together(chain(*report.closes)), report.whose.digits
    booked = "nothing closed" if found.booked is None else f"booked {money(found.booked, digits, signed=True)}"
    untold = f", {found.untold} not known" if found.untold else ""
    shown = tables.against(found.saved, digits)
    return Figure(name=NAMES[-1], value=shown.words, tone=shown.tone, beside=f"{booked}{untold}")


def _foot(report: Report, heading: Heading) -> str:
    """The audit log, the config that is in force now, and those that the guard started with in the range."""
    started = list(dict.fromkeys(mark.text for mark in report.marks if mark.kind == "started"))
    parts = [str(report.audit or NO_AUDIT), f"config {heading.config or NONE}"]
    if started:
        parts.append(f"started in this range with {', '.join(started)}")
    return " · ".join([*parts, f"times in {report.whose.zone}"])
