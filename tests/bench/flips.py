"""Single bits flipped in a journal's file: how many the audit log's chain finds, and how many SQLite's own check alone.

`./run python -m tests.bench.flips [COUNT]`
"""

from __future__ import annotations

import random
import sqlite3
import sys
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

from app.events import event
from app.store.audit import AuditError, verified
from app.store.folder import JOURNAL
from app.store.journal import Journal

ROWS, START_MS = 5_000, 1_772_438_400_000


def main(count: int) -> None:
    """A log of 5,000 rows; each flip on a fresh copy."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / JOURNAL
        _written(path)
        data, chance = path.read_bytes(), random.Random(7)  # noqa: S311 -- reproducible
        kinds = _pages(path)
        hits = {"either": 0, "chain": 0, "integrity_check": 0}
        inside = {"flips": 0, "chain": 0, "integrity_check": 0}
        for _ in range(count):
            at = chance.randrange(len(data))
            changed = bytearray(data)
            changed[at] ^= 1 << chance.randrange(8)
            path.write_bytes(changed)
            chain, own = _chain_finds(path), _sqlite_finds(path)
            hits["either"] += chain or own
            hits["chain"] += chain
            hits["integrity_check"] += own
            if kinds.get(at // 4_096 + 1) == "event":
                inside["flips"] += 1
                inside["chain"] += chain
                inside["integrity_check"] += own
        print(f"{len(data)} bytes, {ROWS} rows, {count} flips: " + _shares(hits, count))
        print(f"of these in pages of the log: {inside['flips']}: " + _shares(inside, inside.pop("flips")))


def _shares(hits: dict[str, int], count: int) -> str:
    return ", ".join(f"{name} {found} ({100 * found / max(count, 1):.1f} %)" for name, found in hits.items())


def _written(path: Path) -> None:
    journal = Journal(path)
    with journal.atomic():
        for n in range(ROWS):
            journal.write_event(event(START_MS + 1_000 * n, "outcome", "main", request=n, state="done", retcode=10009,
                                      filled=round(0.01 * (n % 90 + 1), 2)))  # fmt: skip
    journal.close()


def _pages(path: Path) -> dict[int, str]:
    """Whose each page is; empty where this SQLite cannot say."""
    with closing(sqlite3.connect(path)) as conn:
        try:
            return dict(conn.execute("SELECT pageno, name FROM dbstat"))
        except sqlite3.OperationalError:
            return {}


def _chain_finds(path: Path) -> bool:
    try:
        return verified(path).damage is not None
    except (AuditError, sqlite3.DatabaseError):
        return True


def _sqlite_finds(path: Path) -> bool:
    with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as conn:
        try:
            return bool(conn.execute("PRAGMA integrity_check").fetchone()[0] != "ok")
        except (sqlite3.DatabaseError, UnicodeDecodeError):
            return True


if __name__ == "__main__":
    main(int(sys.argv[1]) if sys.argv[1:] else 600)
