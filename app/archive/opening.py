"""Opening an archive: a new file gets its tables, an older one is brought up to date, anything else is refused."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from app.archive.schema import APPLICATION_ID, MIGRATIONS, TABLES, VERSION

if TYPE_CHECKING:
    from sqlite_utils import Database

BUSY_MS = 2_000
FILE = "history.db"
HEADER = b"SQLite format 3"


class ArchiveError(Exception):
    """The archive cannot be used; the text names the file and the remedy."""


class ArchiveDamaged(ArchiveError):
    """The file is an archive no more; it may be set aside."""


def written_to(path: Path) -> Database:
    """The one writing connection: WAL, synchronous=NORMAL. ArchiveError, ArchiveDamaged or sqlite3.OperationalError."""
    conn = _connected(path, f"{path.absolute().as_uri()}?mode=rwc")
    db = _database(conn)
    with _closed_on_error(conn, path):
        conn.execute("PRAGMA journal_mode = WAL")
        conn.execute("PRAGMA synchronous = NORMAL")
        conn.execute("PRAGMA foreign_keys = ON")
        _prepare(db, path)
    return db


def read_from(path: Path) -> Database:
    """A connection that changes nothing, beside a writer too; ArchiveError where no archive can be read."""
    if not path.is_file():
        raise ArchiveError(f"{path}: there is no archive; it is written while Plimsoll runs (app.data_dir, or --data)")
    try:
        conn = _connected(path, f"{path.absolute().as_uri()}?mode=rw")
        conn.execute("PRAGMA query_only = ON")
        mark, version, _ = _marks(conn)
    except sqlite3.OperationalError as error:
        raise ArchiveError(f"{path}: cannot be read ({error}); close what holds it or name another folder") from error
    except sqlite3.DatabaseError as error:
        raise _named(error, path) from error
    if mark != APPLICATION_ID or version != VERSION:
        conn.close()
        if mark == APPLICATION_ID and version < VERSION:
            raise ArchiveError(f"{path}: of an older Plimsoll (version {version}); start this one once on it")
        raise _refused(path, mark, version)
    return _database(conn)


def _prepare(db: Database, path: Path) -> None:
    mark, version, tables = _marks(db.conn)
    if mark == 0 and tables == 0:
        mark = APPLICATION_ID
    elif mark != APPLICATION_ID or version > VERSION:
        raise _refused(path, mark, version)
    else:
        _check(db, path, version)
    if version < VERSION:
        with db.atomic():
            for statements in MIGRATIONS[version:]:
                for statement in statements.split(";\n"):
                    db.conn.execute(statement)
            db.conn.execute(f"PRAGMA application_id = {mark}")
            db.conn.execute(f"PRAGMA user_version = {VERSION}")


def _check(db: Database, path: Path, version: int) -> None:
    """Nothing is torn, and of a file of this version nothing is missing."""
    found = db.conn.execute("PRAGMA quick_check(1)").fetchone()[0]
    if found != "ok":
        raise ArchiveDamaged(f"{path}: damaged ({found.splitlines()[-1]})")
    if version == VERSION and (missing := sorted(set(TABLES) - set(db.table_names()))):
        raise ArchiveDamaged(f"{path}: damaged (no table {missing[0]})")


def _marks(conn: sqlite3.Connection) -> tuple[int, int, int]:
    """Application id, version, and how many tables and indexes there are."""
    questions = ("PRAGMA application_id", "PRAGMA user_version", "SELECT count(*) FROM sqlite_master")
    mark, version, tables = (conn.execute(question).fetchone()[0] for question in questions)
    return mark, version, tables


def _refused(path: Path, mark: int, version: int) -> ArchiveError:
    if mark == APPLICATION_ID:
        return ArchiveError(f"{path}: written by a newer Plimsoll (version {version}); update this one")
    return ArchiveError(f"{path}: a database of something else; move it away or choose another data folder")


def _connected(path: Path, uri: str) -> sqlite3.Connection:
    conn = sqlite3.connect(uri, uri=True, timeout=BUSY_MS / 1000, isolation_level=None)
    with _closed_on_error(conn, path):
        conn.execute("SELECT count(*) FROM sqlite_master").fetchone()
    return conn


@contextmanager
def _closed_on_error(conn: sqlite3.Connection, path: Path) -> Iterator[None]:
    """Whatever goes wrong closes the connection; what SQLite finds wrong with the file itself is named."""
    try:
        yield
    except sqlite3.OperationalError:
        conn.close()
        raise
    except sqlite3.DatabaseError as error:
        conn.close()
        raise _named(error, path) from error
    except ArchiveError:
        conn.close()
        raise


def _database(conn: sqlite3.Connection) -> Database:
    from sqlite_utils import Database  # noqa: PLC0415 -- slow to import, and the thread has the time, not the window

    return Database(conn)


def _named(error: sqlite3.DatabaseError, path: Path) -> ArchiveError:
    """SQLite's error by what the person must do."""
    with path.open("rb") as file:
        ours = file.read(len(HEADER)) == HEADER
    if ours:
        return ArchiveDamaged(f"{path}: damaged ({error})")
    return ArchiveError(f"{path}: not an archive ({error}); move it away or choose another data folder")
