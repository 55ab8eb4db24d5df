"""Reports for the window, from the history store of a data folder, with a reader beside the engine's writer."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from app.archive.opening import FILE, ArchiveError
from app.archive.reader import Reader
from app.archive.records import days
from app.commands import misplaced
from app.report.facts import audited, gather
from app.report.making import Heading, sheet
from app.report.writing import write
from app.store.audit import START_ROWS
from app.store.folder import JOURNAL
from monitors.day_report import Report
from monitors.ports import Clock
from monitors.settings import Config
from monitors.wall import Times


class StoredReports:
    """What `monitors.day_report.Reports` asks for; of the audit log as much is verified as at a start."""

    def __init__(self, folder: Path, config: Config, clock: Clock) -> None:
        self._folder, self._config, self._clock = folder, config, clock

    def days(self, server: str, login: int) -> tuple[str, ...]:
        with self._reading(server, login) as (reader, number):
            return days(reader, number) if number is not None else ()

    def report(self, server: str, login: int, day: str) -> Report:
        with self._reading(server, login) as (reader, number):
            if number is None:
                raise OSError("nothing of this account was recorded yet")
            times = Times(reader.accounts()[number].zone)
            return gather(reader, number, times.midnight_ms(day), times.midnight_ms(day, after=1),
                          strategies=self._config.strategies,
                          audit=audited(self._folder / JOURNAL, START_ROWS))  # fmt: skip

    def save(self, server: str, login: int, day: str, out: Path) -> None:
        if why := misplaced(out):
            raise OSError(f"{out}: {why}")
        heading = Heading(since=day, until=day, written_ms=self._clock.utc_ms(), config=self._config.digest)
        write(sheet(self.report(server, login, day), heading), out)

    @contextmanager
    def _reading(self, server: str, login: int) -> Iterator[tuple[Reader, int | None]]:
        """What is wrong with the file as an OSError."""
        try:
            with closing(Reader(self._folder / FILE)) as reader:
                yield reader, reader.account(server, login)
        except (ArchiveError, sqlite3.Error) as error:
            raise OSError(str(error)) from error
