"""The journal: requests before and after every send, events, and what a restart needs; synced at every commit."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from app.events import Event
from app.store.audit import UNSPEAKABLE, Damage, newest, verify
from app.store.chain import HEAD_FILE, Head, head_file, noted
from app.store.folder import bearers
from app.store.schema import APPLICATION_ID, TABLES, VERSION
from app.store.trail import Trail
from monitors.gate import Sent
from monitors.outcomes import Request, State

T = TypeVar("T")
BUSY_MS = 250
OTHER_PLACE = "choose another data folder (app.data_dir)"


class JournalError(Exception):
    """The journal cannot be used; the text names the file and the remedy."""


class JournalDamaged(JournalError):
    """The file is a journal no more; it may be set aside, which loses nothing that can be read."""


class JournalForeign(JournalError):
    """The file belongs to something else, or to a newer Plimsoll."""


class Journal:
    """One SQLite file, one writing connection, WAL and synchronous=FULL; used from one thread.

    Every write raises sqlite3.Error when the disk or another writer is in the way (waiting at most 250 ms).
    """

    def __init__(self, path: Path | None) -> None:
        """`path` None: in memory, for what need not outlive the process."""
        from sqlite_utils import Database  # noqa: PLC0415 -- slow to import, and the worker has the time, not the window

        self.path = path
        self._db = Database(_connect(path))
        self._conn = self._db.conn
        self._trail = Trail(self._conn)
        self._patient = True
        self._upon_commit: list[Callable[[], None]] = []
        try:
            self.found = self._prepare()
        except JournalError:
            self._conn.close()
            raise
        self._files = bearers(path) if path else ()

    def close(self) -> None:
        """Let the file go."""
        self._conn.close()

    @contextmanager
    def atomic(self) -> Iterator[None]:
        """Everything inside is one commit, synced when it returns; nothing of it on an error.

        The write lock is taken first, so that a busy disk is met before anything inside has been decided.
        """
        self._still_there()
        mark, waiting, outermost = self._trail.mark, len(self._upon_commit), not self.committing
        try:
            with self._db.atomic():
                self._change("DELETE FROM state WHERE 0")
                yield
        except BaseException:
            self._trail.undo(mark)
            del self._upon_commit[waiting:]
            raise
        if outermost:
            self._trail.keep()
            due, self._upon_commit = self._upon_commit, []
            for act in due:
                act()

    @property
    def committing(self) -> bool:
        """Whether what is written now belongs to a commit that may still fail."""
        return self._conn.in_transaction

    def once_kept(self, act: Callable[[], None]) -> None:
        """Do it once what is being written is on disk: at once outside a commit, never where the commit fails."""
        if self.committing:
            self._upon_commit.append(act)
        else:
            act()

    def number(self, what: str) -> int:
        """The next number of a kind ("request", "alert", "episode"), counting from 1, never given twice."""
        upcoming = (self.load(f"number:{what}", int) or 0) + 1
        self.save(f"number:{what}", upcoming)
        return upcoming

    def save(self, key: str, value: Any) -> None:
        """Remember a JSON-able value or dataclass under `key`."""
        text = msgspec.json.encode(value).decode()
        self._change("INSERT INTO state VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value",
                           (key, text))  # fmt: skip

    def _change(self, statement: str, values: tuple[Any, ...] = ()) -> None:
        """A write. After one that failed the next ones wait for nobody, so that a stop does not crawl behind a lock."""
        if not self.committing:
            self._still_there()
        try:
            self._conn.execute(statement, values)
        except sqlite3.Error:
            if not self.committing:  # a full disk may end the whole transaction, and not only this write
                self._trail.undo(0)
            self._be_patient(0)
            raise
        if not self._patient:
            self._be_patient(BUSY_MS)

    def _still_there(self) -> None:
        """SQLite would go on writing to files that have lost their names, and the next start would find none of it."""
        if self.path is not None and bearers(self.path) != self._files:
            raise sqlite3.OperationalError(f"{self.path} is gone, or other files stand in its place")

    def _be_patient(self, wait_ms: int) -> None:
        self._conn.execute(f"PRAGMA busy_timeout = {wait_ms}")
        self._patient = wait_ms > 0

    def load(self, key: str, kind: type[T]) -> T | None:
        """What was saved under `key`, as `kind`; None where nothing was. JournalError where it is no `kind`."""
        row = self._conn.execute("SELECT value FROM state WHERE key = ?", (key,)).fetchone()
        return None if row is None else self._decoded(key, row[0], kind)

    def load_all(self, prefix: str, kind: type[T]) -> list[T]:
        """Everything saved under keys that begin with `prefix`, in the keys' order; JournalError as above."""
        query = "SELECT key, value FROM state WHERE substr(key, 1, ?) = ? ORDER BY key"
        rows = self._conn.execute(query, (len(prefix), prefix)).fetchall()
        return [self._decoded(key, value, kind) for key, value in rows]

    def forget(self, key: str) -> None:
        """Let go of what was saved under `key`."""
        self._change("DELETE FROM state WHERE key = ?", (key,))

    def _decoded(self, key: str, value: str, kind: type[T]) -> T:
        try:
            return msgspec.json.decode(value, type=kind)
        except msgspec.DecodeError as error:
            raise self._unreadable(key, error) from error

    def write_request(
        self, server: str, login: int, name: str, request: Request, *, lots: float, filled: float
    ) -> None:
        """The intent, and later its outcome, of one request; volumes in lots. What is settled stays as it is."""
        self._change(
            "INSERT INTO request VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (number) DO UPDATE SET "
            "state = excluded.state, filled = excluded.filled, body = excluded.body "
            "WHERE request.state IN ('sent', 'unknown')",
            (request.number, server, login, name, request.position, request.sent_ms, request.state, lots, filled,
             request.capped, msgspec.json.encode(request).decode()),
        )  # fmt: skip

    def holds(self, number: int) -> bool:
        """Whether a request of that number is committed, by a row read back and not by what was meant to be written."""
        if self.committing:
            return False
        return self._conn.execute("SELECT 1 FROM request WHERE number = ?", (number,)).fetchone() is not None

    def open_requests(self, server: str, login: int) -> list[Request]:
        """Requests of one account not settled when the process ended, oldest first."""
        rows = self._conn.execute(
            "SELECT body FROM request WHERE state IN (?, ?) AND server = ? AND login = ? ORDER BY number",
            (State.SENT, State.UNKNOWN, server, login),
        )
        try:
            return [msgspec.json.decode(body, type=Request) for (body,) in rows]
        except msgspec.DecodeError as error:
            raise self._unreadable("request", error) from error

    def check_requests(self) -> None:
        """JournalError where one of any account cannot be read."""
        for (body,) in self._conn.execute(
            "SELECT body FROM request WHERE state IN (?, ?)", (State.SENT, State.UNKNOWN)
        ):
            try:
                msgspec.json.decode(body, type=Request)
            except msgspec.DecodeError as error:
                raise self._unreadable("request", error) from error

    def sent_between(self, server: str, login: int, since_ms: int, until_ms: int) -> tuple[Sent, ...]:
        """Sends of one account between two instants, oldest first; lots are those filled, or asked for while open."""
        rows = self._conn.execute(
            "SELECT sent_ms, position, CASE WHEN state IN (?, ?) THEN lots ELSE filled END, capped, "
            "coalesce(json_extract(body, '$.by'), 0), number FROM request "
            "WHERE server = ? AND login = ? AND sent_ms BETWEEN ? AND ? ORDER BY sent_ms",
            (State.SENT, State.UNKNOWN, server, login, since_ms, until_ms),
        )
        return tuple(Sent(at_ms, of, lots, bool(capped), by, number) for at_ms, of, lots, capped, by, number in rows)

    def write_event(self, told: Event) -> None:
        """Append one row to the audit log, in the commit under way where there is one; one that is lost is told later.

        Events go here, and what only the log is told: the same keys first, then the row's own.
        """
        try:
            if self.committing:
                self._trail.append(told)
            else:
                with self.atomic():
                    self._trail.append(told)
        except sqlite3.Error:
            self._trail.miss(told["at"])
            raise

    def last_events(self, most: int) -> list[Event]:
        """The newest rows of the audit log, oldest first, as they were told; none where they cannot be read."""
        return newest(self._conn, most)

    @property
    def head(self) -> Head:
        """The audit log's last row; sqlite3.Error where it cannot be read."""
        return self._trail.head()

    def damage(self, last: int | None = None) -> Damage | None:
        """The first row of the audit log, or of its `last` rows, that is not as it was written."""
        return verify(self._conn, noted(head_file(self.path)) if self.path else None, last).damage

    def _prepare(self) -> bool:
        """Create the tables in a new file, refuse a foreign one; True where a journal was found."""
        try:
            mark = self._conn.execute("PRAGMA application_id").fetchone()[0]
            version = self._conn.execute("PRAGMA user_version").fetchone()[0]
            tables = self._conn.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
            if mark == 0 and tables == 0:
                self._never_filled()
                self._create()
                return False
            if mark == APPLICATION_ID and version <= VERSION:
                self._check()
                if version < VERSION:
                    self._migrate()
                return True
        except (sqlite3.DatabaseError, UnicodeDecodeError) as error:
            raise _named(error, self.path) from error
        if mark == APPLICATION_ID:
            raise JournalForeign(f"{self.path}: written by a newer Plimsoll (version {version}); update this one")
        raise JournalForeign(f"{self.path}: a database of something else; move it away or {OTHER_PLACE}")

    def _never_filled(self) -> None:
        """JournalDamaged where the head beside it knows of rows: halts and consents were lost with them."""
        head = noted(head_file(self.path)) if self.path else None
        if head and head.number:
            raise self._damaged(f"it is gone or empty, and {HEAD_FILE} knows of {head.number} rows")

    def _check(self) -> None:
        """Nothing is torn, nothing is missing, and it can be written."""
        found = self._conn.execute("PRAGMA quick_check(1)").fetchone()[0]
        if found != "ok":
            raise self._damaged(found.splitlines()[-1])
        there = {name for (name,) in self._conn.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
        if missing := sorted({"request", "event", "state"} - there):
            raise self._damaged(f"no table {missing[0]}")
        self._conn.execute("UPDATE state SET value = value WHERE FALSE")  # fails where nothing may be written

    def _create(self) -> None:
        with self._db.atomic():
            for statement in TABLES.split(";\n"):
                if statement.strip():
                    self._conn.execute(statement)
            self._conn.execute(f"PRAGMA application_id = {APPLICATION_ID}")
            self._conn.execute(f"PRAGMA user_version = {VERSION}")

    def _migrate(self) -> None:
        """From version 1, all of it or nothing."""
        with self._db.atomic():
            self._trail.migrate()
            self._conn.execute(f"PRAGMA user_version = {VERSION}")

    def _damaged(self, what: str) -> JournalDamaged:
        return JournalDamaged(f"{self.path}: damaged ({what})")

    def _unreadable(self, key: str, error: msgspec.DecodeError) -> JournalError:
        return JournalError(f"{self.path}: {key} cannot be read ({error}); move the file away or {OTHER_PLACE}")


def _connect(path: Path | None) -> sqlite3.Connection:
    try:
        conn = sqlite3.connect(path or ":memory:", timeout=BUSY_MS / 1000, isolation_level=None)
    except sqlite3.OperationalError as error:
        raise _named(error, path) from error
    try:
        if path is not None:
            conn.execute("PRAGMA journal_mode = WAL")
            conn.execute("PRAGMA synchronous = FULL")
    except (sqlite3.DatabaseError, UnicodeDecodeError) as error:
        conn.close()
        raise _named(error, path) from error
    return conn


def _named(error: sqlite3.DatabaseError | UnicodeDecodeError, path: Path | None) -> JournalError:
    """SQLite's error by what the person must do."""
    what = UNSPEAKABLE if isinstance(error, UnicodeDecodeError) else str(error)
    if isinstance(error, sqlite3.OperationalError):
        return JournalError(f"{path}: cannot be used ({error}); close what holds it or {OTHER_PLACE}")
    if path is not None and (_is_sqlite(path) or noted(head_file(path))):
        return JournalDamaged(f"{path}: damaged ({what})")
    return JournalForeign(f"{path}: not a journal ({what}); move it away or {OTHER_PLACE}")


def _is_sqlite(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(15) == b"SQLite format 3"
