"""Alerts, responses, deals and excursions of an archive as facts, for a report and for statistics."""

from __future__ import annotations

import json
import sqlite3
from dataclasses import dataclass
from typing import Any

from app.archive.reader import Reader
from monitors.excursions import Excursion
from monitors.kinds import DealKind, Entry, Side
from monitors.model import Deal
from monitors.record import AlertRecord, Mark, RequestRecord, ResponseRecord
from monitors.wall import Times

ALERT = ("number, name AS account, rule, metric, severity, threshold, value, position, raised_ms, acknowledged_ms, "
         "cleared_ms, escalated_ms, episode")  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What was seen of a position while it was open."""

    position: int
    lots: float
    target: float
    excursion: Excursion
    closed: bool


def days(reader: Reader, account: int) -> tuple[str, ...]:
    """The days by the broker's clock of which there are rows of risk, newest first: one look into the index a day."""
    found, times, since = list[str](), Times(reader.accounts()[account].zone), 0
    while True:
        row = reader.db.conn.execute("SELECT min(at_ms) FROM risk WHERE account = ? AND at_ms >= ?",
                                     (account, since)).fetchone()  # fmt: skip
        if row[0] is None:
            return tuple(reversed(found))
        found.append(times.day(row[0]))
        since = times.midnight_ms(found[-1], after=1)


def alerts(reader: Reader, account: int, since_ms: int, until_ms: int) -> tuple[AlertRecord, ...]:
    """Those raised between two instants, oldest first."""
    which = "account = ? AND raised_ms >= ? AND raised_ms < ?"
    return _alerts(reader, where=which, where_args=(account, since_ms, until_ms), order_by="raised_ms, id")


def latest_alerts(reader: Reader, most: int) -> tuple[AlertRecord, ...]:
    """So many of all accounts, newest first."""
    return _alerts(reader, order_by="raised_ms DESC, id DESC", limit=most)


def _alerts(reader: Reader, **which: Any) -> tuple[AlertRecord, ...]:
    return tuple(AlertRecord(**row) for row in reader.db.table("alert").rows_where(select=ALERT, **which))


def responses(reader: Reader, account: int, since_ms: int, until_ms: int) -> tuple[ResponseRecord, ...]:
    """Plans made and closes sent without one between two instants, oldest first."""
    conn, when = reader.db.conn, (account, since_ms, until_ms)
    found = []
    plans = conn.execute(
        "SELECT r.id, r.rule, r.planned_ms, r.closes, r.episode, a.number FROM response r LEFT JOIN alert a "
        "ON a.id = r.alert WHERE r.account = ? AND r.planned_ms >= ? AND r.planned_ms < ? ORDER BY r.planned_ms, r.id",
        when,
    ).fetchall()
    for number, rule, planned_ms, closes, episode, alert in plans:
        found.append(ResponseRecord(rule=rule, planned_ms=planned_ms, closes=tuple(json.loads(closes)), episode=episode,
                                    alert=alert, requests=_requests(conn, "response = ?", (number,))))  # fmt: skip
    alone = _requests(conn, "response IS NULL AND account = ? AND sent_ms >= ? AND sent_ms < ?", when)
    if alone:
        found.append(ResponseRecord(rule="", planned_ms=alone[0].sent_ms, closes=(), requests=alone))
    return tuple(sorted(found, key=lambda response: response.planned_ms))


def _requests(conn: sqlite3.Connection, which: str, values: tuple[int, ...]) -> tuple[RequestRecord, ...]:
    columns = "number, position, symbol, side, lots, filled, state, retcode, sent_ms, settled_ms"
    query = f"SELECT {columns} FROM request WHERE {which} ORDER BY sent_ms, id"  # noqa: S608 -- all of it our own words
    rows = conn.execute(query, values)
    return tuple(
        RequestRecord(number=number, position=position, symbol=symbol, side=Side(side), lots=lots, filled=filled,
                      state=state, retcode=retcode, sent_ms=sent_ms, settled_ms=settled_ms)
        for number, position, symbol, side, lots, filled, state, retcode, sent_ms, settled_ms in rows
    )  # fmt: skip


def marks(reader: Reader, account: int, since_ms: int, until_ms: int) -> tuple[Mark, ...]:
    """Between two instants, oldest first."""
    rows = reader.db.query(
        "SELECT at_ms, kind, amount, text FROM mark WHERE (account = ?1 OR account IS NULL AND name = "
        "(SELECT name FROM account WHERE id = ?1)) AND at_ms >= ?2 AND at_ms < ?3 ORDER BY at_ms, id",
        (account, since_ms, until_ms),
    )
    return tuple(Mark(**row) for row in rows)


def deals(reader: Reader, account: int, since_ms: int, until_ms: int) -> tuple[Deal, ...]:
    """Deals between two instants and the earlier ones of every position among them, oldest first."""
    rows = reader.db.conn.execute(
        "SELECT ticket, order_, position, symbol, kind, entry, side, lots, price, profit, swap, commission, fee, "
        "time_ms, magic, reason, comment FROM deal WHERE account = ?1 AND time_ms < ?3 AND (time_ms >= ?2 OR position "
        "IN (SELECT position FROM deal WHERE account = ?1 AND time_ms >= ?2 AND time_ms < ?3 AND position <> 0)) "
        "ORDER BY time_ms, ticket",
        (account, since_ms, until_ms),
    )
    return tuple(
        Deal(ticket=ticket, order=order, position=position, symbol=symbol, kind=DealKind(kind), entry=Entry(entry),
             side=Side(side), lots=lots, price=price, profit=profit, swap=swap, commission=commission, fee=fee,
             time_ms=time_ms, magic=magic, reason=reason, comment=comment)
        for ticket, order, position, symbol, kind, entry, side, lots, price, profit, swap, commission, fee, time_ms,
        magic, reason, comment in rows
    )  # fmt: skip


def excursions(reader: Reader, account: int, since_ms: int = 0) -> dict[int, Seen]:
    """By position, of those seen since."""
    rows = reader.db.conn.execute(
        "SELECT position, lots, target, closed, best, worst, best_points, worst_points, stop, unprotected_ms, "
        "under_ms, since_ms FROM excursion WHERE account = ? AND seen_ms >= ?", (account, since_ms))  # fmt: skip
    return {
        position: Seen(position=position, lots=lots, target=target, closed=bool(closed), excursion=Excursion(
            best=best, worst=worst, best_points=best_points, worst_points=worst_points, stop=stop,
            unprotected_ms=unprotected_ms, under_ms=under_ms, since_ms=since))
        for position, lots, target, closed, best, worst, best_points, worst_points, stop, unprotected_ms, under_ms,
        since in rows
    }  # fmt: skip
