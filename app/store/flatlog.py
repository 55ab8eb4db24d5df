"""The stop process's journal: in memory for the engine, and every request and halt also in a synced file of its own."""

from __future__ import annotations

import contextlib
import sqlite3
from pathlib import Path
from typing import Any

import msgspec

from app.memory import Memory
from app.store.absorb import Record, readable, take
from app.store.journal import Journal
from app.store.latch import append, file_of
from monitors.model import Instrument
from monitors.outcomes import Request, State
from monitors.ports import Clock

APART = 100
"""Terminals of a config whose request numbers are kept apart: the index is their last two digits."""


_KEEP = "INSERT OR IGNORE INTO request VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"


class FlatJournal(Journal):
    """What the file holds is taken up; what the engine journals from then on is appended where the disk takes it."""

    def __init__(self, folder: Path, name: str, index: int, clock: Clock) -> None:
        super().__init__(None)
        self.trouble = ""
        """Why the file could not be written last; the stop goes on without it."""
        self._file = file_of(folder, name)
        self._clock = clock
        self._index = index % APART
        self._name = name
        self._seen: dict[str, bytes] = {}
        self._silent = True
        found = _records(self._file)
        take(found, self)
        earlier = [r.request.number for r in found if r.request] + [0]
        self._last = max(earlier) // APART
        self._silent = False

    def number(self, what: str) -> int:
        """Of requests: by the time, so that it meets neither the main journal's nor another terminal's."""
        if what != "request":
            return super().number(what)
        self._last = max(self._last + 1, self._clock.utc_ms())
        return self._last * APART + self._index

    def save(self, key: str, value: Any) -> None:
        """See the journal; a halt that changed and an instrument of a request go to the file."""
        super().save(key, value)
        if isinstance(value, Instrument):
            self._append_once(key, value, Record(key=key, name=self._name, server="", login=0, instrument=value))
        elif isinstance(value, Memory) and value.halt is not None:
            server, login = _whose(key)
            self._append_once(key, value.halt, Record(key=key, name=self._name, server=server, login=login,
                                                      halt=value.halt))  # fmt: skip

    def write_request(
        self, server: str, login: int, name: str, request: Request, *, lots: float, filled: float
    ) -> None:
        """See the journal; in the file before this returns."""
        super().write_request(server, login, name, request, lots=lots, filled=filled)
        self._append(Record(key=f"memory:{server}:{login}", name=name, server=server, login=login, request=request,
                            lots=lots, filled=filled))  # fmt: skip

    def borrow(self, journal: Path, spare: Path) -> None:
        """What the program that is meant to be running has sent and not settled, as far as its files can be read.

        What this process has settled already stays settled.
        """
        self._silent = True
        with contextlib.suppress(sqlite3.Error), contextlib.closing(_reading(journal)) as conn:
            requests = conn.execute("SELECT * FROM request WHERE state IN (?, ?)", (State.SENT, State.UNKNOWN))
            instruments = conn.execute(
                "SELECT key, value FROM state WHERE key LIKE 'instrument:%' OR key LIKE 'filling:%'"
            )
            with self.atomic():
                self._conn.executemany(_KEEP, requests)
                self._conn.executemany("INSERT OR IGNORE INTO state VALUES (?, ?)", instruments)
        take([record for record in _records(spare) if record.halt is None], self)
        self._silent = False

    def _append_once(self, key: str, value: object, record: Record) -> None:
        text = msgspec.json.encode(value)
        if self._seen.get(key) != text:
            self._seen[key] = text
            self._append(record)

    def _append(self, record: Record) -> None:
        if self._silent:
            return
        try:
            append(self._file, msgspec.json.encode(record))
        except OSError as error:
            self.trouble = (error.strerror or str(error)).lower()
        else:
            self.trouble = ""


def _records(file: Path) -> list[Record]:
    try:
        return readable(file.read_bytes().splitlines())
    except OSError:
        return []


def _reading(path: Path) -> sqlite3.Connection:
    """Another process's journal, without ever waiting for it or writing to it."""
    return sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True, timeout=0.0)


def _whose(key: str) -> tuple[str, int]:
    """Server and login of a memory's key; nobody's where no account had been seen yet."""
    server, _, login = key.removeprefix("memory:").rpartition(":")
    return (server, int(login)) if key.startswith("memory:") and login.isdecimal() else ("", 0)
