"""What lies under which key of the journal's table `state`, and whether all of it can still be read."""

from __future__ import annotations

import sqlite3
from typing import Any, Final

from app import commitment, terms
from app.memory import Memory
from app.store.journal import Journal, JournalDamaged, JournalError
from monitors.model import Instrument
from monitors.ports import AlertView

KINDS: Final[dict[str, Any]] = {
    "alert:": AlertView,
    "commitment:": list[commitment.Stored],
    "filling:": int,
    "instrument:": Instrument,
    "memory:": Memory,
    "name:": tuple[str, int],
    "number:": int,
    "terms:": terms.Stored,
    "written_ms": int,
}
"""Beginnings of keys and what is kept there."""


def check(journal: Journal) -> None:
    """JournalDamaged where something cannot be read: a guard that met it later would end.

    sqlite3.OperationalError where another process holds the file.
    """
    try:
        for beginning, kind in KINDS.items():
            journal.load_all(beginning, kind)
        journal.check_requests()
    except (JournalDamaged, sqlite3.OperationalError):
        raise
    except (JournalError, sqlite3.DatabaseError) as error:
        raise JournalDamaged(str(error)) from error
