"""The journal's tables, and how a file is recognised as a journal."""

from __future__ import annotations

APPLICATION_ID = 0x504C494D
"""In the SQLite header of every journal of ours: "PLIM"."""

VERSION = 2
"""1: the events were no chain yet."""

EVENT = """
CREATE TABLE event (
    number  INTEGER PRIMARY KEY,
    at      TEXT NOT NULL,
    event   TEXT NOT NULL,
    account TEXT NOT NULL,
    body    TEXT NOT NULL,
    hash    BLOB NOT NULL
) STRICT"""
"""The audit log: events and what only the log is told; `hash` by `app/store/chain.py`."""

TABLES = f"""
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
CREATE INDEX request_recent ON request (server, login, sent_ms);{EVENT};
CREATE TABLE state (
    key   TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT;
"""
