"""Journals with an audit log in them, and hands that change it behind the program's back."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from app.events import event
from app.store.journal import Journal

TABLES_1 = """
CREATE TABLE request (
    number    INTEGER PRIMARY KEY,
    server    TEXT    NOT NULL,
    login     INTEGER NOT NULL,
    name      TEXT    NOT NULL,
    position  INTEGER NOT NULL,
    sent_ms   INTEGER NOT NULL,
    state     TEXT    NOT NULL CHECK (state IN ('sent', 'done', 'partial', 'refused', 'unknown')),
    lots      REAL    NOT NULL CHECK (lots > 0),
    filled    REAL    NOT NULL CHECK (filled >= 0),
    capped    INTEGER NOT NULL CHECK (capped IN (0, 1)),
    body      TEXT    NOT NULL
) STRICT;
CREATE INDEX request_recent ON request (server, login, sent_ms);
CREATE TABLE event (
    number  INTEGER PRIMARY KEY,
    at      TEXT NOT NULL,
    event   TEXT NOT NULL,
    account TEXT NOT NULL,
    body    TEXT NOT NULL
) STRICT;
CREATE TABLE state (
    key   TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT;
"""
"""As the release before made them."""
APPLICATION_ID = 0x504C494D
START_MS = 1_772_438_400_000


@contextmanager
def hand(path: Path) -> Iterator[sqlite3.Connection]:
    """Another program writes to the file."""
    conn = sqlite3.connect(path)
    try:
        yield conn
        conn.commit()
    finally:
        conn.close()


def version_1(path: Path, count: int) -> None:
    """A journal of the release before, with so many events."""
    with hand(path) as conn:
        conn.execute("PRAGMA journal_mode = WAL")
        conn.executescript(TABLES_1)
        conn.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        conn.execute("PRAGMA user_version = 1")
        conn.execute("INSERT INTO state VALUES ('key', '7')")
        for number in range(1, count + 1):
            conn.execute("INSERT INTO event (at, event, account, body) VALUES (?, 'flow', 'main', ?)",
                         (f"2026-03-02T08:00:{number:02d}.000Z", f'{{"amount":{number}.0}}'))  # fmt: skip


def tell(journal: Journal, *amounts: float) -> None:
    """One event for each, a second apart, its time and content by its amount."""
    for amount in amounts:
        journal.write_event(event(START_MS + round(amount * 1000), "flow", "main", amount=amount, kind="deposit"))


def logged(path: Path, count: int) -> None:
    """A journal with so many rows, let go."""
    journal = Journal(path)
    tell(journal, *map(float, range(1, count + 1)))
    journal.close()


def column(path: Path, name: str, where: str = "TRUE") -> list[object]:
    """One column of the log, in its order."""
    with hand(path) as conn:
        return [row[0] for row in conn.execute(f"SELECT {name} FROM event WHERE {where} ORDER BY number")]  # noqa: S608
