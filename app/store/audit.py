"""The audit log read and verified, beside a running program too: the first damaged row, by number and time."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec

from app.store.chain import HEAD_KEY, START, Head, head_file, link, noted, read_head
from app.store.schema import APPLICATION_ID, VERSION

TYPES = "text,text,text,text,blob"
_ROWS = """SELECT number, typeof(at) || ',' || typeof(event) || ',' || typeof(account) || ',' || typeof(body) || ',' ||
typeof(hash), CAST(hash AS BLOB), CAST(at AS BLOB), CAST(event AS BLOB), CAST(account AS BLOB), CAST(body AS BLOB)
FROM event WHERE number > ? ORDER BY number"""
START_ROWS = 1_000
"""How much of the log a start verifies; `doctor` and `audit verify` take all of it."""
UNSPEAKABLE = "what SQLite says of it holds bytes of the file that are no text"
"""A damaged name in the schema is quoted in SQLite's message, which Python then cannot decode."""
MOVE = "look at the folder, or name another file with --db"


class AuditError(Exception):
    """There is no log to read; the text names the file and the remedy."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Damage:
    """The first row that is not as it was written, when it was (empty where nothing says so), and what is wrong."""

    row: int
    at: str
    what: str

    def __str__(self) -> str:
        when = f" ({self.at})" if self.at else ""
        return f"the audit log is damaged at row {self.row}{when}: {self.what}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """How many rows were looked at, the first and the last time in them, the last row, and the first damage."""

    rows: int
    first: str
    last: str
    head: Head
    damage: Damage | None


@contextmanager
def reading(path: Path) -> Iterator[sqlite3.Connection]:
    """One state of the log, whatever is written meanwhile; AuditError where there is none.

    sqlite3.DatabaseError where the file is damaged so far that SQLite cannot read it.
    """
    if not path.is_file():
        raise AuditError(f"{path}: there is no journal; it is written while Plimsoll runs (app.data_dir, or --db)")
    try:
        conn = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True, timeout=2.0, isolation_level=None)
    except sqlite3.OperationalError as error:
        raise AuditError(f"{path}: cannot be opened ({error}); {MOVE}") from error
    with closing(conn):
        try:
            conn.execute("BEGIN")
            mark, version = (
                conn.execute(f"PRAGMA {what}").fetchone()[0] for what in ("application_id", "user_version")
            )
        except sqlite3.OperationalError as error:
            raise AuditError(f"{path}: cannot be read ({error}); {MOVE}") from error
        except sqlite3.DatabaseError as error:
            if error.sqlite_errorcode == sqlite3.SQLITE_NOTADB:
                raise AuditError(f"{path}: not a journal ({error}); {MOVE}") from error
            raise
        if mark != APPLICATION_ID:
            raise AuditError(f"{path}: a database of something else; {MOVE}")
        if version > VERSION:
            raise AuditError(f"{path}: written by a newer Plimsoll (version {version}); update this one")
        if version < VERSION:
            raise AuditError(f"{path}: of an older Plimsoll (version {version}), whose log was no chain; "
                             "start this one on it once")  # fmt: skip
        try:
            yield conn
        except UnicodeDecodeError as error:
            raise sqlite3.DatabaseError(UNSPEAKABLE) from error


def verified(path: Path, last: int | None = None) -> Verdict:
    """The whole log of that file, or its `last` rows; against the head noted beside it too. Errors as for `reading`."""
    outside = noted(head_file(path))  # before the rows are: they may go on meanwhile
    with reading(path) as conn:
        return verify(conn, outside, last)


def sound(path: Path) -> str:
    """What SQLite's own check finds wrong in the file, empty where nothing is: it looks where the chain does not."""
    with reading(path) as conn:
        found = str(conn.execute("PRAGMA integrity_check(1)").fetchone()[0])
    return "" if found == "ok" else found.splitlines()[-1]


def verify(conn: sqlite3.Connection, outside: Head | None = None, last: int | None = None) -> Verdict:
    """Row by row, each from the one before; what SQLite cannot read any more is damage at the row where it stops."""
    walk = _Walk(conn, outside, last)
    try:
        damage = walk.all()
    except (sqlite3.DatabaseError, UnicodeDecodeError) as error:
        damage = Damage(row=walk.number + 1, at=walk.at, what=f"SQLite cannot read it ({error})")
    head = Head(walk.number, walk.hash.hex())
    return Verdict(rows=walk.rows, first=walk.first, last=walk.at, head=head, damage=damage)


class _Walk:
    """Along the chain: where it stands is the last row that was whole."""

    def __init__(self, conn: sqlite3.Connection, outside: Head | None, last: int | None) -> None:
        self._conn = conn
        self._outside = outside
        self._last = last
        self.number, self.hash, self.rows = 0, START, 0
        self.first, self.at = "", ""

    def all(self) -> Damage | None:
        """The first damage from where it stands."""
        if self._last is not None:
            self._skip(self._last)
        for number, types, found, *columns in self._conn.execute(_ROWS, (self.number or -(2**63),)):
            at = (columns[0] or b"").decode(errors="replace")
            if damage := self._row(number, types, found, columns, at):
                return damage
            self.number, self.hash, self.rows = number, found, self.rows + 1
            self.first, self.at = self.first or at, at
        return self._end()

    def _skip(self, last: int) -> None:
        """Begin so many rows before the end, taking the hash that is found there for good."""
        row = self._conn.execute("SELECT number, CAST(hash AS BLOB) FROM event ORDER BY number DESC LIMIT 1 OFFSET ?",
                                 (last,)).fetchone()  # fmt: skip
        if row and row[0] > 0 and row[1]:
            self.number, self.hash = row

    def _row(self, number: int, types: str, found: bytes, columns: list[bytes], at: str) -> Damage | None:
        if number <= self.number:
            return Damage(row=number, at=at, what="it stands where no row can be")
        if number > self.number + 1:
            return Damage(row=self.number + 1, at=self.at, what=f"it is missing: row {number} follows")
        if types != TYPES:
            return Damage(row=number, at=at, what="it is no row of the log any more")
        if found != link(self.hash, number, *columns):
            return Damage(row=number, at=at, what="it is not what was written, or does not follow the row before it")
        if self._outside and number == self._outside.number and found.hex() != self._outside.hash:
            return Damage(row=number, at=at, what="it is another than the one noted beside the journal (audit.head)")
        return None

    def _end(self) -> Damage | None:
        """Nothing is cut off and nothing was added: the last row is the one that was noted, in and beside the file."""
        if self._outside and self._outside.number > self.number:
            return self._cut(self._outside.number, "beside the journal (audit.head)")
        row = self._conn.execute("SELECT CAST(value AS BLOB) FROM state WHERE key = ?", (HEAD_KEY,)).fetchone()
        if row is None and self.number == 0:
            return None
        head = read_head(row[0] or b"") if row else None
        if head is None:
            return Damage(row=self.number, at=self.at, what="that it is the last one is noted no more")
        if head.number > self.number:
            return self._cut(head.number, "in the journal")
        if head != Head(self.number, self.hash.hex()):
            return Damage(row=min(head.number + 1, self.number), at=self.at, what="the last row noted is another")
        return None

    def _cut(self, noted: int, where: str) -> Damage:
        return Damage(row=self.number + 1, at=self.at, what=f"it is missing, and all up to row {noted}, noted {where}")


def newest(conn: sqlite3.Connection, most: int) -> list[dict[str, Any]]:
    """So many of the last rows, oldest first, as they were told; none where they cannot be read."""
    query = "SELECT at, event, account, body FROM event ORDER BY number DESC LIMIT ?"
    try:
        rows = conn.execute(query, (most,)).fetchall()
        return [{"at": at, "event": event, "account": account, **msgspec.json.decode(body)}
                for at, event, account, body in reversed(rows)]  # fmt: skip
    except (sqlite3.Error, msgspec.DecodeError, UnicodeDecodeError, TypeError):
        return []
