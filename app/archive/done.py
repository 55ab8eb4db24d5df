"""What was done on an account in a time, from the history store: plans, fills, halts, stops and resets."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator

from app.archive.reader import Reader
from app.archive.tellings import STOP
from monitors.acts import Act, ActKind
from monitors.zones import DAY_MS

MOST = 1_000
"""Of each kind, the newest: a chart has no room for more."""
_LEVEL = "coalesce(r.rule, ''), coalesce(a.metric, ''), a.threshold, a.value"
_PLANS = (
    f"SELECT r.planned_ms, r.closes, {_LEVEL} FROM response r LEFT JOIN alert a ON a.id = r.alert "  # noqa: S608 -- own
    "WHERE r.account = ?1 AND r.planned_ms >= ?2 AND r.planned_ms < ?3 ORDER BY r.planned_ms DESC LIMIT ?4"
)
_FILLS = (
    f"SELECT q.settled_ms, q.symbol, q.filled, {_LEVEL} FROM request q LEFT JOIN response r ON r.id = q.response "  # noqa: S608 -- own
    "LEFT JOIN alert a ON a.id = r.alert WHERE q.account = ?1 AND q.filled > 0 AND q.sent_ms >= ?2 - ?5 "
    "AND q.sent_ms < ?3 AND q.settled_ms >= ?2 AND q.settled_ms < ?3 ORDER BY q.settled_ms DESC LIMIT ?4"
)
_MARKS = (
    "SELECT at_ms, kind, text FROM mark WHERE account = ?1 AND kind IN ('halt', 'stop', 'reset') AND at_ms >= ?2 "
    "AND at_ms < ?3 ORDER BY at_ms DESC LIMIT ?4"
)


def done(reader: Reader, account: int, since_ms: int, until_ms: int) -> tuple[Act, ...]:
    """Between two instants, UTC epoch ms, oldest first."""
    found = _done(reader.db.conn, account, since_ms, until_ms)
    return tuple(sorted(found, key=lambda act: act.at_ms))


def _done(conn: sqlite3.Connection, account: int, since_ms: int, until_ms: int) -> Iterator[Act]:
    asked = account, since_ms, until_ms, MOST
    for at_ms, closes, rule, metric, threshold, value in conn.execute(_PLANS, asked):
        yield Act(at_ms=at_ms, kind=ActKind.PLAN, rule=rule, metric=metric, threshold=threshold, value=value,
                  closes=tuple((close["symbol"], close["volume"]) for close in json.loads(closes)))  # fmt: skip
    for at_ms, symbol, lots, rule, metric, threshold, value in conn.execute(_FILLS, (*asked, DAY_MS)):
        yield Act(at_ms=at_ms, kind=ActKind.CLOSE, rule=rule, metric=metric, threshold=threshold, value=value,
                  closes=((symbol, lots),))  # fmt: skip
    kinds = {"halt": ActKind.HALT, STOP: ActKind.STOP, "reset": ActKind.RESET}
    for at_ms, kind, text in conn.execute(_MARKS, asked):
        yield Act(at_ms=at_ms, kind=kinds[kind], reason=text)
