"""What an archive holds of an account from before this run, for the deals and trades that are kept in memory."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from app.archive import records
from app.archive.opening import ArchiveError
from app.archive.reader import Reader
from app.archive.records import Seen
from app.dealings import Past
from monitors.model import Deal
from monitors.zones import DAY_MS

YEAR_MS = 366 * DAY_MS


def past_of(path: Path, now_ms: Callable[[], int]) -> Past:
    """A year's deals and excursions; nothing where there is no archive, or none that can be read."""

    def past(server: str, login: int) -> tuple[Iterable[Deal], Mapping[int, Seen]]:
        try:
            reader = Reader(path)
        except ArchiveError:  # the writer says what is wrong with it
            return (), {}
        try:
            account, now = reader.account(server, login), now_ms()
            if account is None:
                return (), {}
            since = now - YEAR_MS
            return (records.deals(reader, account, since, now + DAY_MS), records.excursions(reader, account, since))
        except sqlite3.Error:
            return (), {}
        finally:
            reader.close()

    return past
