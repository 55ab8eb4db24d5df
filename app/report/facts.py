"""What a report says, gathered from the archive for one account and one range of days."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from itertools import chain
from pathlib import Path

import numpy as np

from app.archive import records
from app.archive.reader import Reader
from app.dealings import with_excursions
from app.report.falls import fallen
from app.report.worth import without, worth
from app.store.audit import AuditError, verified
from monitors.day_report import Audit, Report
from monitors.deal_report import DealReport, deal_report
from monitors.model import Deal
from monitors.settings import Strategy
from monitors.trades import trades

COLUMNS = 800
LATER_MS = 2**62


def gather(reader: Reader, number: int, since_ms: int, until_ms: int, *,
           strategies: Mapping[int, Strategy], audit: Audit | None) -> Report:  # fmt: skip
    """The facts of account `number`."""
    equity = reader.equity(number, since_ms, until_ms, COLUMNS)
    marks = records.marks(reader, number, since_ms, until_ms)
    responses = records.responses(reader, number, since_ms, until_ms)
    deals = records.deals(reader, number, since_ms, until_ms)
    later = records.deals(reader, number, since_ms, LATER_MS)
    closed = [trade for trade in trades(deals) if trade.closed_ms >= since_ms]
    oldest = min((trade.opened_ms for trade in closed), default=since_ms)
    first = (
        reader.equity(number, int(equity.time_ms[0]), int(equity.time_ms[0]) + 1_000, 1_000) if len(equity) else None
    )
    falls = fallen(equity, [mark for mark in marks if mark.kind == "flow"])
    opening = (float(first.last[0]), float(first.balance[0])) if first else None
    closes = tuple(tuple(worth(request, later) for request in response.requests) for response in responses)
    return Report(
        whose=reader.accounts()[number], since_ms=since_ms, until_ms=until_ms, equity=equity, falls=falls,
        without=without(equity, chain(*closes)), opening=opening,
        as_deals=_as_deals(deals, opening[1] if opening else 0.0),
        flows=sum(mark.amount or 0.0 for mark in marks if mark.kind == "flow"),
        alerts=records.alerts(reader, number, since_ms, until_ms), responses=responses, closes=closes,
        trades=with_excursions(closed, records.excursions(reader, number, oldest)), marks=marks,
        strategies=strategies, audit=audit,
    )  # fmt: skip


def audited(journal: Path, last: int | None = None) -> Audit | None:
    """Whether the log of that journal is whole, or its `last` rows are; None where there is no journal."""
    if not journal.is_file():
        return None
    try:
        found = verified(journal, last)
    except (AuditError, sqlite3.DatabaseError) as error:
        return Audit(rows=0, checked=0, head="", damage=str(error))
    damage = str(found.damage) if found.damage else ""
    return Audit(rows=found.head.number, checked=found.rows, head=found.head.hash, damage=damage)


def _as_deals(deals: Sequence[Deal], balance: float) -> DealReport | None:
    own = [deal for deal in deals if deal.performs]
    if not own:
        return None
    return deal_report(np.array([d.time_ms for d in own]), np.array([d.cash for d in own]), balance)
