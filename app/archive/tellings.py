"""Events into the archive: an alert's life on one row, a plan with its requests, and what else marks the curve."""

from __future__ import annotations

import json
import sqlite3

from app.events import Event, epoch_ms
from monitors.zones import DAY_MS

WEEK_MS = 7 * DAY_MS
_LIFE = {
    # A journal that was set aside counts from 1 again, so that of equal numbers the newest is meant.
    # An escalated alert asks to be seen again; the first acknowledgement is what its time is counted to.
    "acknowledged": "UPDATE alert SET acknowledged_ms = coalesce(acknowledged_ms, ?1) WHERE id = "
    "(SELECT id FROM alert WHERE number = ?2 AND name = ?3 ORDER BY raised_ms DESC LIMIT 1)",
    "cleared": "UPDATE alert SET cleared_ms = coalesce(cleared_ms, ?1) WHERE id = "
    "(SELECT id FROM alert WHERE number = ?2 AND name = ?3 ORDER BY raised_ms DESC LIMIT 1)",
    "escalated": "UPDATE alert SET escalated_ms = coalesce(escalated_ms, ?1) WHERE id = "
    "(SELECT id FROM alert WHERE number = ?2 AND name = ?3 ORDER BY raised_ms DESC LIMIT 1)",
}
STOP = "stop"
"""A halt that is an emergency stop, by its own kind and as a mark."""
MARKS = ("started", "halt", "reset", "blind", "sighted", "flow")


def write_event(conn: sqlite3.Connection, account: int | None, told: Event) -> None:
    """Put one event where it belongs; those that a report has no use for are left to the journal."""
    at_ms = epoch_ms(told["at"])
    match told["event"]:
        case "alert" if told["state"] == "raised":
            _raised(conn, account, told, at_ms)
        case "alert":
            _lived(conn, told, at_ms)
        case "plan":
            _planned(conn, account, told, at_ms)
        case "intent":
            _sent(conn, account, told, at_ms)
        case "outcome":
            _settled(conn, told, at_ms)
        case name if name in MARKS:
            text = str(told.get("reason") or told.get("kind") or told.get("config") or "")
            name = STOP if name == "halt" and told.get("kind") == STOP else name
            conn.execute("INSERT INTO mark (account, name, at_ms, kind, amount, text) VALUES (?, ?, ?, ?, ?, ?)",
                         (account, told["account"], at_ms, name, told.get("amount"), text))  # fmt: skip


def _raised(conn: sqlite3.Connection, account: int | None, told: Event, at_ms: int) -> None:
    conn.execute(
        "INSERT INTO alert (account, name, number, episode, rule, metric, severity, threshold, value, position, "
        "raised_ms) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (number, raised_ms) DO NOTHING",
        (account, told["account"], told["alert"], told["episode"], told["rule"], told["metric"], told["severity"],
         told["threshold"], told["value"], told.get("position"), at_ms),
    )  # fmt: skip


def _lived(conn: sqlite3.Connection, told: Event, at_ms: int) -> None:
    """What became of an alert."""
    if statement := _LIFE.get(told["state"]):
        conn.execute(statement, (at_ms, told["alert"], told["account"]))


def _planned(conn: sqlite3.Connection, account: int | None, told: Event, at_ms: int) -> None:
    conn.execute(
        "INSERT INTO response (account, name, episode, alert, rule, planned_ms, closes, expects) VALUES (?, ?, ?, "
        "(SELECT id FROM alert WHERE episode = ? AND name = ? ORDER BY raised_ms DESC LIMIT 1), ?, ?, ?, ?)",
        (account, told["account"], told["episode"], told["episode"], told["account"], told["rule"], at_ms,
         json.dumps(told["closes"]), json.dumps(told["expects"])),
    )  # fmt: skip


def _sent(conn: sqlite3.Connection, account: int | None, told: Event, at_ms: int) -> None:
    conn.execute(
        "INSERT INTO request (account, name, number, response, episode, position, symbol, side, lots, sent_ms, state, "
        "filled) VALUES (?, ?, ?, (SELECT id FROM response WHERE episode = ? AND name = ? AND planned_ms > ? "
        "ORDER BY planned_ms DESC LIMIT 1), ?, ?, ?, ?, ?, ?, 'sent', 0) ON CONFLICT (number, sent_ms) DO NOTHING",
        (account, told["account"], told["request"], told["episode"], told["account"], at_ms - WEEK_MS,
         told["episode"], told["position"], told["symbol"], told["side"], told["volume"], at_ms),
    )  # fmt: skip


def _settled(conn: sqlite3.Connection, told: Event, at_ms: int) -> None:
    conn.execute(
        "UPDATE request SET state = ?, retcode = ?, filled = ?, settled_ms = ? WHERE id = "
        "(SELECT id FROM request WHERE number = ? AND name = ? ORDER BY sent_ms DESC LIMIT 1)",
        (told["state"], told["retcode"], told["filled"], at_ms, told["request"], told["account"]),
    )
