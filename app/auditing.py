"""What the engine writes into the audit log: every event, and beside them what was seen, clicked and configured."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Callable, Mapping
from typing import Any

from app.events import Event, event, stamp
from app.store.audit import START_ROWS, Damage
from app.store.chain import Head, head_file, note
from app.store.journal import Journal
from app.store.trail import EVERY_ACCOUNT
from monitors.ports import (
    Acknowledge,
    Clock,
    ClosePart,
    Command,
    Consent,
    EmergencyStop,
    Loosen,
    Opening,
    Reset,
    Shelve,
    TightenStop,
)
from monitors.reading import Reading
from monitors.settings import Config

RULE, REMEDY = "Audit log", "The guard goes on. Run plimsoll audit verify, and keep a copy of the data folder."
NOTE_EVERY_S = 60.0
DECISIONS = ("plan", "halt")


class Auditing:
    """Rows of the log alone never reach the sinks. A journal that takes nothing is noted and ends no beat."""

    def __init__(self, journal: Journal, clock: Clock, say: Callable[[str], None],
                 reading: Callable[[str], Reading | None]) -> None:  # fmt: skip
        """`reading` gives the latest one of an account; None while it is not seen."""
        self._journal = journal
        self._clock = clock
        self._say = say
        self._reading = reading
        self._shown: dict[str, Reading] = {}
        """The reading that each account's last `seen` row holds."""
        self._noted = Head()
        self._noted_s = clock.monotonic()

    def damage(self, *, whole: bool) -> Damage | None:
        """Whether the log, or its newest rows, is as it was written; asked before this start writes anything."""
        found = self._journal.damage(None if whole else START_ROWS)
        if found:
            self._say(str(found))
            self.row("damaged", EVERY_ACCOUNT, row=found.row, when=found.at, what=found.what)
        return found

    def event(self, told: Event) -> None:
        """An event; before it, once a reading, what was seen where something was decided on it."""
        name, account = told["event"], told["account"]
        if name in DECISIONS or (name == "alert" and told["state"] != "acknowledged"):
            self._seen(account)
        self.write(told)

    def clicked(self, command: Command, *, taken: bool) -> None:
        """A person's command, and whether it was obeyed."""
        account, facts = _facts(command)
        self.row("clicked", account or EVERY_ACCOUNT, **facts, by=command.by, taken=taken)

    def config(self, config: Config) -> None:
        """Another config is in force."""
        self.row("config", EVERY_ACCOUNT, taken=True, digest=config.digest, source=config.source, armed=config.armed)

    def refused(self, why: str) -> None:
        """A config was not taken, and the one before stays in force."""
        self.row("config", EVERY_ACCOUNT, taken=False, why=why)

    def row(self, name: str, account: str, **facts: Any) -> None:
        """A row of the log alone, as of now."""
        self.write(event(self._clock.utc_ms(), name, account, **facts))

    def write(self, told: Event) -> None:
        """The row, or a note of why it could not be written: the journal counts it, and the next row tells of it."""
        try:
            self._journal.write_event(told)
        except sqlite3.Error as error:
            self._say(f"event not written: {error}")

    def beaten(self) -> None:
        """After a beat: once a minute the head is noted beside the journal."""
        now_s = self._clock.monotonic()
        if now_s - self._noted_s >= NOTE_EVERY_S:
            self._noted_s = now_s
            self.note()

    def note(self) -> None:
        """The head beside the journal, where it has moved."""
        file = head_file(self._journal.path) if self._journal.path else None
        with contextlib.suppress(sqlite3.Error):
            head = self._journal.head
            if file and head != self._noted:
                note(head, file)
                self._noted = head

    def _seen(self, account: str) -> None:
        """The figures, positions and quotes of the latest reading; nothing while there is none."""
        reading = self._reading(account)
        if reading is None or self._shown.get(account) is reading:
            return
        self._shown[account] = reading
        snapshot = reading.snapshot
        self.row("seen", account, taken=stamp(snapshot.taken_ms), low=reading.low, figures=snapshot.account,
                 positions=snapshot.positions, orders=snapshot.orders, quotes=dict(snapshot.quotes))  # fmt: skip


def _facts(command: Command) -> tuple[str | None, Mapping[str, Any]]:
    """The account that it names, and the rest of what it says."""
    match command:
        case EmergencyStop(account=account):
            return account, {"what": "emergency_stop"}
        case Reset(account=account):
            return account, {"what": "reset"}
        case Acknowledge(alert=number):
            return None, {"what": "acknowledge", "alert": number}
        case Shelve(alert=number, minutes=minutes):
            return None, {"what": "shelve", "alert": number, "minutes": minutes}
        case Loosen(account=account):
            return account, {"what": "loosen"}
        case Consent(account=account, terms=terms):
            return account, {"what": "consent", "terms": terms}
        case Opening(account=account):
            return account, {"what": "opening", **command.typed}
        case ClosePart(account=account, position=position, held=held, left=left):
            return account, {"what": "close_part", "position": position, "held": held, "left": left}
        case TightenStop(account=account, position=position, stop=stop):
            return account, {"what": "tighten_stop", "position": position, "stop": stop}
