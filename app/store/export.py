"""The audit log as CSV for a spreadsheet and as JSON Lines for a program."""

from __future__ import annotations

import csv
import io
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import msgspec

COLUMNS = (
    "alert", "episode", "rule", "metric", "value", "threshold", "severity", "state", "request", "position", "symbol",
    "side", "volume", "retcode", "filled", "amount", "kind", "scope", "reason", "what", "by", "taken", "order",
    "config",
)  # fmt: skip
"""Keys of events that have a column of their own in CSV; all others stand in `more`, as JSON."""
FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""A spreadsheet takes text that begins so for a formula, and runs it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One row as it was found; `body` is the event's own keys as JSON."""

    number: int
    at: str
    event: str
    account: str
    body: str
    hash: str

    @property
    def facts(self) -> dict[str, Any]:
        """The body's keys; where damage has made it no JSON, all of it as text under `damaged`."""
        try:
            return msgspec.json.decode(self.body, type=dict[str, Any])
        except msgspec.DecodeError:
            return {"damaged": self.body}


def rows(conn: sqlite3.Connection, since: str | None = None, before: str | None = None) -> Iterator[Row]:
    """In the log's order, from the instant `since` until just before `before`, both as text; whatever a row holds."""
    conn.text_factory = lambda raw: raw.decode(errors="replace")
    found = conn.execute(
        "SELECT number, CAST(at AS TEXT), CAST(event AS TEXT), CAST(account AS TEXT), CAST(body AS TEXT), "
        "lower(hex(hash)) FROM event WHERE (?1 IS NULL OR at >= ?1) AND (?2 IS NULL OR at < ?2) ORDER BY number",
        (since, before),
    )
    for number, *columns in found:
        at, event, account, body, digest = (column or "" for column in columns)
        yield Row(number=number, at=at, event=event, account=account, body=body, hash=digest)


def json_lines(found: Iterable[Row]) -> Iterator[str]:
    """One object a line: the event's keys in its order, then the row's number and hash."""
    for row in found:
        head = {"at": row.at, "event": row.event, "account": row.account}
        told = {**row.facts, **head, "number": row.number, "hash": row.hash}
        yield msgspec.json.encode(head | told).decode() + "\n"


def csv_lines(found: Iterable[Row]) -> Iterator[str]:
    """A header, then a line a row; text that a spreadsheet would run is led by an apostrophe, numbers stay numbers."""
    yield csv_line(["number", "at", "event", "account", *COLUMNS, "more", "hash"])
    for row in found:
        facts = row.facts
        more = {key: value for key, value in facts.items() if key not in COLUMNS or not _plain(value)}
        own = [cell(facts.get(key) if key not in more else None) for key in COLUMNS]
        rest = msgspec.json.encode(more).decode() if more else ""
        yield csv_line([row.number, *map(cell, (row.at, row.event, row.account)), *own, rest, row.hash])


FORMATS: Mapping[str, Callable[[Iterable[Row]], Iterator[str]]] = {"csv": csv_lines, "jsonl": json_lines}


def _plain(value: object) -> bool:
    return not isinstance(value, dict | list)


def cell(value: object) -> object:
    """A value as a spreadsheet may have it: text that it would run is led by an apostrophe."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str) and value.startswith(FORMULA):
        return f"'{value}"
    return value


def csv_line(cells: list[object]) -> str:
    """One line, any line end in a cell quoted."""
    text = io.StringIO()
    csv.writer(text).writerow(cells)  # its own line end, so that any in a cell is quoted
    return text.getvalue().removesuffix("\r\n") + "\n"
