"""What waits on disk until a broker has it: every event, and of each account its newest state; one SQLite file."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from app.store.aside import set_aside
from bridge import private

FILE = "outbox.db"
APPLICATION_ID = 0x504C4F42
"""In the SQLite header: "PLOB"."""
LARGEST = 256_000_000
"""Bytes of messages that may wait: half a million events."""
BUSY_MS = 2_000
TABLES = """
CREATE TABLE event (
    id      INTEGER PRIMARY KEY AUTOINCREMENT,
    key     TEXT    NOT NULL,
    at_ms   INTEGER NOT NULL,
    message BLOB    NOT NULL
) STRICT;
CREATE TABLE state (
    id      INTEGER PRIMARY KEY AUTOINCREMENT,
    key     TEXT    NOT NULL UNIQUE,
    at_ms   INTEGER NOT NULL,
    message BLOB    NOT NULL
) STRICT;
"""
_EVENT = "DELETE FROM event WHERE id = ? RETURNING length(message)"


class Row(NamedTuple):
    """One message that waits; `at_ms` is when it was put there, UTC epoch ms."""

    id: int
    key: str
    at_ms: int
    message: bytes


class Put(NamedTuple):
    """One message that is to wait."""

    key: str
    at_ms: int
    message: bytes


class Dropped(NamedTuple):
    """How many had to go because too much waited."""

    events: int
    states: int


class Outbox:
    """WAL and synchronous=NORMAL: a killed process loses nothing that was put, a power cut at most the last moments.

    Used from one thread; every method raises sqlite3.Error where the disk is in the way, and then nothing changed.
    """

    def __init__(self, path: Path, largest: int = LARGEST) -> None:
        self._largest = largest
        self._db = sqlite3.connect(path, isolation_level=None, timeout=BUSY_MS / 1000)
        try:
            self._prepare()
        except sqlite3.Error:
            self._db.close()
            raise
        self.size = self._size()
        """Bytes of messages that wait."""

    def _prepare(self) -> None:
        self._db.execute("PRAGMA journal_mode = WAL")
        self._db.execute("PRAGMA synchronous = NORMAL")
        (mark,) = self._db.execute("PRAGMA application_id").fetchone()
        if mark == APPLICATION_ID:
            self._db.execute("SELECT max(id) FROM event").fetchone()
            return
        if mark or self._db.execute("SELECT count(*) FROM sqlite_master").fetchone() != (0,):
            raise sqlite3.DatabaseError("it is no outbox")
        self._db.executescript(f"BEGIN;{TABLES}PRAGMA application_id = {APPLICATION_ID};COMMIT;")

    def _size(self) -> int:
        (size,) = self._db.execute(
            "SELECT coalesce(sum(length(message)), 0) FROM "
            "(SELECT message FROM event UNION ALL SELECT message FROM state)"
        ).fetchone()
        return int(size)

    def put(self, events: Sequence[Put], states: Sequence[Put], sent: int = 0) -> Dropped:
        """Keep them; a state takes the place of the one before. At the bound states go first, then the oldest events.

        Events up to the id `sent` are on their way and are not dropped.
        """
        with self._atomic():
            self._db.executemany("INSERT INTO event (key, at_ms, message) VALUES (?, ?, ?)", events)
            size = self.size + sum(len(put.message) for put in (*events, *states))
            size -= self._gone("DELETE FROM state WHERE key = ? RETURNING length(message)", (put.key for put in states))
            # A new id each time: what was sent of an older one then takes nothing of the newer away.
            self._db.executemany("INSERT INTO state (key, at_ms, message) VALUES (?, ?, ?)", states)
            dropped = Dropped(0, 0)
            if size > self._largest:
                size, dropped = self._make_room(size, sent)
        self.size = size
        return dropped

    def _make_room(self, size: int, sent: int) -> tuple[int, Dropped]:
        """The size afterwards, and what went."""
        states = self._db.execute("DELETE FROM state RETURNING length(message)").fetchall()
        size -= sum(length for (length,) in states)
        gone: list[int] = []
        for number, length in self._db.execute(
            "SELECT id, length(message) FROM event WHERE id > ? ORDER BY id", (sent,)
        ):
            if size <= self._largest:
                break
            gone.append(number)
            size -= length
        self._gone(_EVENT, gone)
        return size, Dropped(len(gone), len(states))

    def _gone(self, statement: str, each: Iterable[int | str]) -> int:
        """Delete one by one; how many bytes that were."""
        found = (self._db.execute(statement, (one,)).fetchone() for one in each)
        return sum(row[0] for row in found if row is not None)

    def events(self, after: int, most: int) -> list[Row]:
        """The oldest events with a larger id."""
        rows = self._db.execute(
            "SELECT id, key, at_ms, message FROM event WHERE id > ? ORDER BY id LIMIT ?", (after, most)
        )
        return list(map(Row._make, rows))

    def states(self) -> list[Row]:
        """Every state."""
        return list(map(Row._make, self._db.execute("SELECT id, key, at_ms, message FROM state ORDER BY id")))

    def remove(self, events: Iterable[int], states: Iterable[int]) -> None:
        """A broker has these; a state that was followed by another meanwhile is there no more."""
        with self._atomic():
            gone = self._gone(_EVENT, events) + self._gone(
                "DELETE FROM state WHERE id = ? RETURNING length(message)", states
            )
        self.size -= gone

    def waiting(self) -> tuple[int, int]:
        """How many events and states wait."""
        events, states = self._db.execute(
            "SELECT (SELECT count(*) FROM event), (SELECT count(*) FROM state)"
        ).fetchone()
        return events, states

    def close(self) -> None:
        """Let the file go."""
        self._db.close()

    @contextmanager
    def _atomic(self) -> Iterator[None]:
        self._db.execute("BEGIN IMMEDIATE")
        try:
            yield
            self._db.execute("COMMIT")
        except BaseException:
            if self._db.in_transaction:
                self._db.execute("ROLLBACK")
            raise


def opened(path: Path, suffix: str, largest: int = LARGEST) -> tuple[Outbox, str]:
    """The outbox there, a new one where there is none; one that cannot be read is set aside, which the words say."""
    private.folder(path.parent)
    try:
        return Outbox(path, largest), ""
    except sqlite3.OperationalError:
        raise
    except sqlite3.DatabaseError as error:
        kept = set_aside(path, suffix)
        return Outbox(path, largest), f"{path}: damaged ({error}); kept as {kept.name}, a new one begun"
