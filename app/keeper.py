"""What one account keeps on disk: its memory under server and login, and whether the disk still takes it."""

from __future__ import annotations

import contextlib
import sqlite3

from app.memory import Halt, Memory
from app.store.absorb import absorb
from app.store.journal import Journal
from app.store.spare import SpareJournal
from monitors.model import Account
from monitors.settings import TerminalSettings

SAVE_EVERY_S, SAVE_SELDOM_S = 1.0, 10.0


class Keeper:
    """State belongs to server and login, not to the terminal's name; until an account is seen nothing is kept."""

    def __init__(self, settings: TerminalSettings, journal: Journal, spare: SpareJournal) -> None:
        self.name = settings.name
        self.server, self.login = "", 0
        self.memory = Memory()
        self.journal = journal
        self.spare = spare
        self.ok = True
        self.trouble = ""
        """What the disk said last; empty once it works again."""
        self._left = False
        """Whether the journal may still hold a stop that was pressed before the account was seen."""
        self._expected = settings.login
        self._saved_s = -SAVE_SELDOM_S
        self._mark: object = None

    def start(self) -> bool:
        """Take up the memory of the account that this terminal showed last; True where there is one."""
        found = self.journal.load(f"name:{self.name}", tuple[str, int])
        if found is None or (self._expected and found[1] != self._expected):
            self.memory = self.journal.load(self._key, Memory) or self.memory
            return False
        self._take_up(*found)
        return True

    def recognise(self, account: Account) -> bool:
        """Another account than the one kept so far: take up its memory. True where it changed.

        A stop pressed before any was seen is this one's, whatever halt it was found with, and no later one's.
        """
        if (account.server, account.login) == (self.server, self.login):
            return False
        pressed = None if self.login else self.memory.halt
        self._take_up(account.server, account.login)
        self._left = True
        if pressed:
            self.memory.halt = pressed
            self.save()
        with contextlib.suppress(sqlite3.Error):
            self.journal.save(f"name:{self.name}", (account.server, account.login))
        return True

    def write(self) -> None:
        """Write the memory; sqlite3.Error where the disk does not take it."""
        if not (self._left and self.login):
            self.journal.save(self._key, self.memory)
            return
        with self.journal.atomic():
            self.journal.save(self._key, self.memory)
            self.journal.save(f"name:{self.name}", (self.server, self.login))
            self.journal.forget(self._unseen)
            self.journal.once_kept(self._taken)

    def save(self) -> None:
        """The same; trouble is noted and the memory written later."""
        try:
            self.write()
        except sqlite3.Error as error:
            self.broken(error)

    def save_sometimes(self, now_s: float) -> None:
        """The same once a second where a peak, an opening or an excursion moved, else seldom; trouble is only noted."""
        if now_s - self._saved_s < SAVE_EVERY_S:
            return
        history = self.memory.history
        mark = self.memory.excursions, history and (
            history.day, history.week, history.peak, history.deepest, history.fall, history.balance,
        )  # fmt: skip
        if now_s - self._saved_s >= (SAVE_EVERY_S if mark != self._mark else SAVE_SELDOM_S):
            self.save()
            self._saved_s, self._mark = now_s, mark if self.ok else None

    def roll_back(self, halt: Halt | None) -> None:
        """Something could not be written: what rules decided since the last save is decided again.

        `halt` was in force before that and is so again; one that was begun in what failed was neither kept nor told.
        """
        with contextlib.suppress(sqlite3.Error):
            kept, memory = self.journal.load(self._key, Memory) or Memory(), self.memory
            memory.trips, memory.targets, memory.by_flow = kept.trips, kept.targets, kept.by_flow
            memory.doubts, memory.split = kept.doubts, kept.split
            memory.cancels, memory.halt = kept.cancels, halt or kept.halt

    def broken(self, error: sqlite3.Error) -> None:
        """The disk did not take something: nothing is sent by itself until it does."""
        self.ok, self.trouble = False, f"the journal cannot be written: {error}"

    def mended(self) -> None:
        """The disk took something."""
        self.ok, self.trouble = True, ""

    def take_back(self) -> None:
        """What the spare file took goes into the journal, and the file aside, before anything else is decided.

        A halt that stayed in it would be back at the next start, though a person had lifted it meanwhile.
        """
        if self.spare.holds:
            with contextlib.suppress(OSError):  # taken and not set aside: no halt is lifted before it is
                absorb(self.spare, self.journal)
            self._left = True  # a stop among it may have been pressed before the account was seen
            self.write()

    def record(self, **what: object) -> dict[str, object]:
        """A line for the spare file: what could not be written, and where it belongs."""
        return {"key": self._key, "name": self.name, "server": self.server, "login": self.login, **what}

    def _take_up(self, server: str, login: int) -> None:
        self.server, self.login = server, login
        self.memory = self.journal.load(self._key, Memory) or Memory()

    @property
    def _key(self) -> str:
        """Until an account was seen, a stop pressed meanwhile is kept under the terminal's name."""
        return f"memory:{self.server}:{self.login}" if self.login else self._unseen

    @property
    def _unseen(self) -> str:
        return f"unseen:{self.name}"

    def _taken(self) -> None:
        self._left = False
