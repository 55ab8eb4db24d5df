"""Rules of a draft over an account's last recorded day, read from the archive."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from app.archive import records
from app.archive.opening import FILE, ArchiveError
from app.archive.reader import GAP_MS, Reader
from monitors.dry_run import DryRun, RuleRun, Samples, changes, narrowed, play
from monitors.floors import Measured, Share, Trail
from monitors.model import Floats, Ints
from monitors.record import EquityRange
from monitors.settings import Rule
from monitors.zones import DAY_MS, zone

RISK_STEP_MS, RISK_GAP_MS, EQUITY_STEP_MS = 10_000, 30_000, 1_000
COLUMNS: Mapping[str, str] = {
    "pnl.floating": "floating", "margin.used": "margin", "margin.free": "margin_free",
    "margin.level_pct": "margin_level_pct", "drawdown.daily": "daily_drawdown",
    "drawdown.daily_pct": "daily_drawdown_pct", "drawdown.weekly": "weekly_drawdown",
    "drawdown.weekly_pct": "weekly_drawdown_pct", "drawdown.max": "max_drawdown",
    "drawdown.max_pct": "max_drawdown_pct", "exposure.total": "exposure", "exposure.leverage": "leverage",
    "exposure.hhi": "hhi", "risk.open_pct": "open_risk_pct",
}  # fmt: skip
"""Where the archive's table `risk` keeps a metric; every ten seconds of the last day."""


@dataclass(frozen=True, slots=True)
class _Day:
    """What is read once for all rules."""

    equity: EquityRange
    risk_ms: Ints
    risk: Mapping[str, Floats]
    flows: Mapping[int, float]


def dry_run(folder: Path, server: str, login: int, rules: Sequence[Rule]) -> DryRun:
    """The last recorded day of that account; for a thread of its own, since a day is read and judged."""
    try:
        with closing(Reader(folder / FILE)) as reader:
            number = reader.account(server, login)
            span = None if number is None else reader.span(number)
            if number is None or span is None:
                return DryRun(trouble="Nothing was recorded of this account yet")
            whose, until = reader.accounts()[number], span[1] + 1
            since = max(span[0], until - DAY_MS)
            day = _read(reader, number, since, until)
    except (ArchiveError, sqlite3.Error) as error:
        return DryRun(trouble=f"The history cannot be read: {error}")
    offset = zone(whose.zone).offset_ms(until) // 1000 if whose.zone else 0
    return DryRun(rules=tuple(_played(day, rule) for rule in narrowed(rules, whose.name)), since_ms=since,
                  until_ms=until, offset_s=offset, digits=whose.digits)  # fmt: skip


def _read(reader: Reader, number: int, since: int, until: int) -> _Day:
    names = ("margin", *(name for name in COLUMNS.values() if name != "margin"))
    rows = reader.db.conn.execute(
        f"SELECT at_ms, {', '.join(names)} FROM risk WHERE account = ? AND at_ms >= ? ORDER BY at_ms",  # noqa: S608 -- own names
        (number, since),
    ).fetchall()
    figures = np.array(rows, dtype=float).reshape(-1, len(names) + 1).T
    marks = records.marks(reader, number, since, until)
    return _Day(
        equity=reader.equity(number, since, until, max(1, (until - since) // EQUITY_STEP_MS)),
        risk_ms=figures[0].astype(np.int64), risk=dict(zip(names, figures[1:], strict=True)),
        flows={mark.at_ms: mark.amount or 0.0 for mark in marks if mark.kind == "flow"},
    )  # fmt: skip


def _played(day: _Day, rule: Rule) -> RuleRun:
    return play(rule, _samples(day, rule))


def _samples(day: _Day, rule: Rule) -> Samples | None:
    """None where the archive keeps no such metric, or keeps it of another base."""
    along = _CURVES.get(rule.metric)
    if along is not None:
        return _of_equity(day.equity, along(day, rule))
    if rule.metric in ("firm.daily_used_pct", "firm.max_used_pct", "firm.max_room"):
        return _of_plan(day, rule)
    column = COLUMNS.get(rule.metric)
    if column is None or (rule.metric.startswith("drawdown.daily") and rule.base != "balance"):
        return None
    if rule.of == "initial" and rule.metric.startswith("drawdown.") and rule.metric.endswith("_pct"):
        return None
    absent = (day.risk["margin"] == 0) & (rule.metric == "margin.level_pct")
    return _of_risk(day, day.risk[column], absent)


def _of_plan(day: _Day, rule: Rule) -> Samples | None:
    """Of the plans whose floor hangs on what the archive keeps: the day's opening balance, the initial one."""
    plan = rule.floors
    if plan is None:
        return None
    if rule.metric == "firm.daily_used_pct":
        daily = plan.daily
        if daily is None or daily.anchor is not Measured.BALANCE or daily.limit.of not in (Share.INITIAL, Share.MONEY):
            return None
        limit = daily.limit.money(initial=plan.initial, anchor=plan.initial, balance=plan.initial)
        return _of_risk(day, 100 * day.risk["daily_drawdown"] / limit, np.zeros(len(day.risk_ms), dtype=bool))
    whole = plan.maximum
    if whole is None or whole.trail is not Trail.STATIC or whole.limit.of is Share.BALANCE:
        return None
    limit = whole.limit.money(initial=plan.initial, anchor=plan.initial, balance=plan.initial)
    room = day.equity.low - (plan.initial - limit)
    return _of_equity(day.equity, room if rule.metric == "firm.max_room" else np.maximum(100 * (1 - room / limit), 0.0))


def _of_risk(day: _Day, value: Floats, absent: np.ndarray[tuple[int, ...], np.dtype[np.bool_]]) -> Samples:
    return Samples(time_ms=day.risk_ms, value=value, absent=absent, step_ms=RISK_STEP_MS, gap_ms=RISK_GAP_MS)


def _of_equity(curve: EquityRange, value: Floats) -> Samples:
    return Samples(time_ms=curve.time_ms, value=value, absent=np.zeros(len(value), dtype=bool),
                   step_ms=EQUITY_STEP_MS, gap_ms=GAP_MS)  # fmt: skip


_CURVES: Mapping[str, Callable[[_Day, Rule], Floats]] = {
    "equity": lambda day, rule: day.equity.low if rule.when == "below" else day.equity.high,
    "balance": lambda day, _: day.equity.balance,
    "pnl.change": lambda day, rule: changes(day.equity.time_ms, day.equity.last, day.flows, rule.window_s),
}
"""What follows from the equity record, of every second."""
