"""The thread that writes the archive: one batch a second in one transaction, and nobody waits for it."""

from __future__ import annotations

import sqlite3
import threading
from collections import deque
from collections.abc import Callable
from pathlib import Path

from app.archive.facts import Beat, Excursed, Item, Risk
from app.archive.opening import ArchiveDamaged, ArchiveError
from app.archive.store import Store, opened
from monitors.ports import Clock

EVERY_S = 1.0
WAITING = 60_000
"""Points and rows that may wait while the disk takes nothing: half an hour of three accounts. The oldest go first."""
LONGEST_S = 5.0


class Writer:
    """`put` from any one thread, at no cost; a full, busy or broken disk is said once and disturbs nobody."""

    def __init__(self, path: Path, clock: Clock, say: Callable[[str], None], waiting: int = WAITING) -> None:
        self._path = path
        self._clock = clock
        self._say = say
        self._passing: deque[Item] = deque(maxlen=waiting)
        self._lasting: deque[Item] = deque()
        self._kept: list[Item] = []
        """What a batch that failed held, oldest first; it goes into the next one."""
        self._store: Store | None = None
        self._said = ""
        self._off = False
        self._begun = False
        self._told_refused = 0
        self.dropped = 0
        """Points and rows that had to go because too many waited."""
        self._over, self._ended = threading.Event(), threading.Event()
        self._thread = threading.Thread(target=self._run, name="archive", daemon=True)

    def put(self, item: Item) -> None:
        """To be written within a second. Where too much waits the oldest point goes; alerts, responses, deals stay."""
        if self._off:
            return
        if not self._begun:  # the file is opened in the thread, so that a start does not wait for it either
            self._begun = True
            self._thread.start()
        if isinstance(item, Beat | Risk) or (isinstance(item, Excursed) and not item.closed):
            self.dropped += len(self._passing) == self._passing.maxlen
            self._passing.append(item)
        else:
            self._lasting.append(item)

    def close(self) -> None:
        """Write what waits and let the file go; a disk that does not answer is left behind after five seconds."""
        self._over.set()
        if self._begun:  # not joined: a Qt thread that joins stays in Python's list of threads for ever
            self._ended.wait(LONGEST_S)

    def _run(self) -> None:
        try:
            while not self._over.wait(EVERY_S):
                self.write()
            self.write()
            if self._store is not None:
                self._store.close()
        finally:
            self._ended.set()

    def write(self) -> None:
        """One batch; what fails is kept for the next one."""
        batch = self._batch()
        if not batch or self._off:
            return
        try:
            self._open().write(batch)
        except ArchiveDamaged as error:
            self._reopen(batch, str(error))
        except ArchiveError as error:
            self._tell(f"{error}; running without an archive")
            self._off = True
        except sqlite3.OperationalError as error:
            self._keep(batch)
            self._tell(f"{self._path}: the archive cannot be written ({error}); kept and tried again")
        except (sqlite3.DatabaseError, OSError) as error:
            self._reopen(batch, f"{self._path}: {error}")
        else:
            self._well()

    def _batch(self) -> list[Item]:
        batch, self._kept = self._kept, []
        for waiting in (self._passing, self._lasting):
            batch += [waiting.popleft() for _ in range(len(waiting))]
        return batch

    def _keep(self, batch: list[Item]) -> None:
        """For the next time, within the room there is."""
        most = self._passing.maxlen or 0
        passing = [item for item in batch if isinstance(item, Beat | Risk | Excursed)]
        if (over := len(passing) - most) > 0:
            self.dropped += over
            gone = {id(item) for item in passing[:over]}
            batch = [item for item in batch if id(item) not in gone]
        self._kept = batch

    def _open(self) -> Store:
        if self._store is None:
            self._store, said = opened(self._path, f"damaged-{self._clock.utc_ms()}")
            if said:
                self._say(said)
        return self._store

    def _reopen(self, batch: list[Item], why: str) -> None:
        """The file went bad or away: the next batch opens it anew, which sets a damaged one aside."""
        if self._store is not None:
            self._store.close()
            self._store = None
        self._keep(batch)
        self._tell(f"{why}; opened again")

    def _tell(self, text: str) -> None:
        if text != self._said:
            self._said = text
            self._say(text)

    def _well(self) -> None:
        refused = self._store.refused if self._store else 0
        if refused and not self._told_refused:
            self._say(f"{self._path}: {refused} rows with figures that are no numbers were left out")
        self._told_refused = refused
        if self._said:
            lost = f"; {self.dropped} points were let go meanwhile" if self.dropped else ""
            self._said = ""
            self._say(f"{self._path}: the archive is written again{lost}")
