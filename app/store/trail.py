"""The writing end of the audit log: rows are numbered and chained, and what could not be kept is told by a row."""

from __future__ import annotations

import sqlite3
from itertools import count

import msgspec

from app.events import Event
from app.store.chain import HEAD_KEY, Head, link, read_head
from app.store.schema import EVENT

GAP, CHAINED = "gap", "chained"
"""Rows of the log alone: so many events were told and could not be kept; so many rows are older than the chain."""
EVERY_ACCOUNT = "*"
_INSERT = """INSERT INTO event (number, at, event, account, body, hash)
VALUES (?, CAST(? AS TEXT), CAST(? AS TEXT), CAST(? AS TEXT), CAST(? AS TEXT), ?)"""

_HEAD = "SELECT (SELECT value FROM state WHERE key = ?), (SELECT max(number) FROM event WHERE number < 1 << 53)"
_encode = msgspec.json.Encoder().encode


class Trail:
    """Used by the journal, in its transactions. The head is read where the rows are, so that no rollback forks it."""

    def __init__(self, conn: sqlite3.Connection) -> None:
        self._conn = conn
        self._pending: list[str] = []
        """When what the transaction under way holds was told."""
        self._lost: list[str] = []
        """When what the journal did not take, or took and rolled back, was told; until a row says so."""

    @property
    def mark(self) -> int:
        """Where the transaction stands, for `undo`."""
        return len(self._pending)

    def undo(self, mark: int) -> None:
        """Everything since that mark was rolled back."""
        self._lost[:0] = self._pending[mark:]
        del self._pending[mark:]

    def keep(self) -> None:
        """The transaction was committed."""
        self._pending.clear()

    def miss(self, at: str) -> None:
        """What was told then could not be appended."""
        self._lost.append(at)

    def append(self, told: Event) -> None:
        """One row and the head that it makes, in the transaction under way: all of it or nothing."""
        mark = self.mark
        self._conn.execute("SAVEPOINT told")
        try:
            self._append(told)
        except BaseException:
            if self._conn.in_transaction:  # else the disk has ended all of it
                self._conn.execute("ROLLBACK TO told")
                self._conn.execute("RELEASE told")
            self.undo(mark)
            raise
        self._conn.execute("RELEASE told")

    def _append(self, told: Event) -> None:
        """The row, and before it one about what was missed."""
        if self._lost:
            gap = {"rows": len(self._lost), "since": self._lost[0], "until": self._lost[-1]}
            self._chain({"at": told["at"], "event": GAP, "account": EVERY_ACCOUNT, **gap})
            self._pending += self._lost
            self._lost = []
        self._chain(told)
        self._pending.append(told["at"])

    def head(self) -> Head:
        """The last row. Rows that were cut off are not forgotten: what comes next follows the head as it was noted."""
        text, last = self._conn.execute(_HEAD, (HEAD_KEY,)).fetchone()
        found = read_head(text) if text else None
        if last is None or (found and found.number >= last):
            return found or Head()
        (made,) = self._conn.execute("SELECT CAST(hash AS BLOB) FROM event WHERE number = ?", (last,)).fetchone()
        return Head(last, (made or b"").hex())

    def migrate(self) -> None:
        """Chain the rows of a journal of version 1 as they are found, numbered anew, and say so in a row of its own."""
        conn = self._conn
        conn.execute("ALTER TABLE event RENAME TO event_1")
        conn.execute(EVENT)
        rows = conn.execute("SELECT CAST(at AS BLOB), CAST(event AS BLOB), CAST(account AS BLOB), CAST(body AS BLOB) "
                            "FROM event_1 ORDER BY number")  # fmt: skip
        head, at = Head(), b""
        numbers = count(1)
        for columns in rows:
            head, at = self._insert(head, next(numbers), *columns), columns[0]
        span = conn.execute("SELECT min(number), max(number) FROM event_1").fetchone()
        conn.execute("DROP TABLE event_1")
        if head.number:
            self._note(head)
            self._chain({"at": at.decode(errors="replace"), "event": CHAINED, "account": EVERY_ACCOUNT,
                         "rows": head.number, "first": span[0], "last": span[1]})  # fmt: skip

    def _chain(self, told: Event) -> None:
        body = {key: value for key, value in told.items() if key not in ("at", "event", "account")}
        columns = told["at"].encode(), told["event"].encode(), told["account"].encode(), _encode(body)
        before = self.head()
        self._note(self._insert(before, before.number + 1, *columns))

    def _insert(self, before: Head, number: int, *columns: bytes) -> Head:
        made = link(bytes.fromhex(before.hash), number, *columns)
        self._conn.execute(_INSERT, (number, *columns, made))
        return Head(number, made.hex())

    def _note(self, head: Head) -> None:
        self._conn.execute("INSERT INTO state VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value",
                           (HEAD_KEY, _encode(head).decode()))  # fmt: skip
