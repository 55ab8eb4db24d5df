"""The history store as rows for a spreadsheet or another program: what columns there are, and their rows in order."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import Enum, auto

import numpy as np

from app.archive import records
from app.archive.facts import RISK_FIGURES
from app.archive.reader import Reader
from app.dealings import with_excursions
from app.report.worth import worth
from monitors.record import Whose
from monitors.statistics import planned, realized
from monitors.trades import trades
from monitors.zones import DAY_MS

Cell = str | int | float | None
LATER_MS = 2**62


class Kind(Enum):
    """What a column holds; a moment is UTC epoch milliseconds."""

    MOMENT = auto()
    TEXT = auto()
    WHOLE = auto()
    REAL = auto()


@dataclass(frozen=True, slots=True, kw_only=True)
class Exported:
    """A table as it leaves: its columns by name, and the rows of one account between two instants, oldest first."""

    columns: Mapping[str, Kind]
    rows: Callable[[Reader, int, int, int], Iterator[tuple[Cell, ...]]]


def rows(reader: Reader, table: Exported, accounts: Iterable[int], since_ms: int,
         until_ms: int) -> Iterator[tuple[Cell, ...]]:  # fmt: skip
    """Of these accounts one after the other; each row begins with the account's name."""
    whose: Mapping[int, Whose] = reader.accounts()
    for account in accounts:
        for row in table.rows(reader, account, since_ms, until_ms):
            yield (whose[account].name, *row)


def _samples(reader: Reader, account: int, since_ms: int, until_ms: int) -> Iterator[tuple[Cell, ...]]:
    names = ", ".join(("at_ms", *RISK_FIGURES, "alerts"))
    query = f"SELECT {names} FROM risk WHERE account = ? AND at_ms >= ? AND at_ms < ? ORDER BY at_ms"  # noqa: S608 -- ours
    yield from reader.db.conn.execute(query, (account, since_ms, until_ms))


def _equity(reader: Reader, account: int, since_ms: int, until_ms: int) -> Iterator[tuple[Cell, ...]]:
    """Every point of the finest level that is kept, a day at a time."""
    span = reader.span(account)
    if span is None:
        return
    begin, end = max(since_ms, span[0] // DAY_MS * DAY_MS), min(until_ms, span[1] + 1)
    for start in range(begin, end, DAY_MS):
        part = reader.equity(account, start, min(start + DAY_MS, end), DAY_MS)
        own = np.isfinite(part.last) & (part.time_ms >= start)
        columns = (part.time_ms[own], part.last[own], part.low[own], part.high[own], part.balance[own])
        yield from zip(*(column.tolist() for column in columns), strict=True)


def _alerts(reader: Reader, account: int, since_ms: int, until_ms: int) -> Iterator[tuple[Cell, ...]]:
    for a in records.alerts(reader, account, since_ms, until_ms):
        yield (a.raised_ms, a.number, a.rule, a.metric, a.severity, a.value, a.threshold, a.position, a.episode,
               a.acknowledged_ms, a.cleared_ms, a.escalated_ms)  # fmt: skip


def _responses(reader: Reader, account: int, since_ms: int, until_ms: int) -> Iterator[tuple[Cell, ...]]:
    """A row a request; a plan that sent nothing has one without."""
    later = records.deals(reader, account, since_ms, LATER_MS)
    for response in records.responses(reader, account, since_ms, until_ms):
        head = response.planned_ms, response.rule, response.episode, response.alert
        if not response.requests:
            yield (*head, *(None,) * 12)
        for r in response.requests:
            close = worth(r, later)
            yield (*head, r.number, r.position, r.symbol, str(r.side), r.lots, r.filled, r.state, r.retcode, r.sent_ms,
                   r.settled_ms, close.booked, close.saved)  # fmt: skip


def _trades(reader: Reader, account: int, since_ms: int, until_ms: int) -> Iterator[tuple[Cell, ...]]:
    """Positions closed whole in the range."""
    closed = [t for t in trades(records.deals(reader, account, since_ms, until_ms)) if t.closed_ms >= since_ms]
    for t in with_excursions(closed, records.excursions(reader, account)):
        seen = t.excursion
        yield (t.closed_ms, t.opened_ms, t.position, t.symbol, str(t.side), t.lots, t.magic, t.open, t.close,
               t.stop or None, t.target or None, t.net, planned(t), realized(t), seen.best if seen else None,
               seen.worst if seen else None)  # fmt: skip


def _deals(reader: Reader, account: int, since_ms: int, until_ms: int) -> Iterator[tuple[Cell, ...]]:
    for d in records.deals(reader, account, since_ms, until_ms):
        if d.time_ms >= since_ms:
            yield (d.time_ms, d.ticket, d.order, d.position, d.symbol, str(d.kind), d.entry.name.lower(), str(d.side),
                   d.lots, d.price, d.profit, d.swap, d.commission, d.fee, d.magic, d.reason, d.comment)  # fmt: skip


def _named(words: str) -> dict[str, Kind]:
    """Columns in their order; a letter after a colon says what each holds."""
    kinds = {"m": Kind.MOMENT, "t": Kind.TEXT, "w": Kind.WHOLE, "r": Kind.REAL}
    return {name: kinds[kind] for name, kind in (word.split(":") for word in words.split())}


TABLES: Mapping[str, Exported] = {
    "samples": Exported(
        columns={"at": Kind.MOMENT, **dict.fromkeys(RISK_FIGURES, Kind.REAL), "alerts": Kind.WHOLE}, rows=_samples
    ),
    "equity": Exported(columns=_named("at:m equity:r low:r high:r balance:r"), rows=_equity),
    "alerts": Exported(
        columns=_named(
            "raised:m alert:w rule:t metric:t severity:t value:r threshold:r position:w episode:w acknowledged:m "
            "cleared:m escalated:m"
        ),
        rows=_alerts,
    ),
    "responses": Exported(
        columns=_named(
            "planned:m rule:t episode:w alert:w request:w position:w symbol:t side:t lots:r filled:r state:t retcode:w "
            "sent:m settled:m booked:r saved:r"
        ),
        rows=_responses,
    ),
    "trades": Exported(
        columns=_named(
            "closed:m opened:m position:w symbol:t side:t lots:r magic:w open:r close:r stop:r target:r net:r "
            "planned_rr:r r:r best:r worst:r"
        ),
        rows=_trades,
    ),
    "deals": Exported(
        columns=_named(
            "at:m ticket:w order:w position:w symbol:t kind:t entry:t side:t lots:r price:r profit:r swap:r "
            "commission:r fee:r magic:w reason:w comment:t"
        ),
        rows=_deals,
    ),
}
"""By name; every row of a file begins with `account`."""
