"""What else moves an armed account's limits: when its days begin is held as a limit is, other changed figures are told.

Terminals are read at a start only, so that a change is found there. Another `[day]` would begin the day, and with it
the allowed loss, anew: it waits for the reset that was to come. `initial_balance` and `high_water` are taken when an
account is first seen and never again (a plan's floors, which follow `initial_balance`, are part of its rules): that
they changed is told. Another login is another account, with a commitment of its own.
"""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass, replace

from app.events import Tell, event, stamp
from app.keeper import Keeper
from monitors.ports import HeldView
from monitors.settings import DaySettings, TerminalSettings

RESET, PERSON = "the day's reset", "confirmed by a person"
TYPED = 0
"""The end, UTC epoch ms, of what a person let go by typing."""
HELD, LOOSENED, NOTED = "loosening held", "loosened", "changed"
FIGURES = "initial_balance", "high_water"
DAY = "[day]"
WEEKDAYS = "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """What the account was armed with; `held` while the config says another day, until `until_ms` (UTC epoch ms)."""

    day: DaySettings
    initial_balance: float
    high_water: float
    held: bool = False
    until_ms: int | None = None
    """None: not known until the account was read."""


class Terms:
    """Kept in the journal under server and login, from the first armed moment on; in observe mode days are held too."""

    def __init__(self, keeper: Keeper, settings: TerminalSettings, tell: Tell) -> None:
        self._keeper = keeper
        self._settings = settings
        self._tell = tell
        self._stored: Stored | None = None
        self._written: Stored | None = None
        self._owed: list[dict[str, object]] = []

    @property
    def day(self) -> DaySettings:
        """When days begin now."""
        return self._stored.day if self._stored and self._stored.held else self._settings.day

    @property
    def held(self) -> tuple[HeldView, ...]:
        """The day that the config would have begin at another time."""
        if not self._stored or not self._stored.held:
            return ()
        return (HeldView(rule=DAY, what=_words(self._stored.day), until_ms=self._stored.until_ms or None),)

    def recognise(self) -> None:
        """Another account than before: what it was armed with, and what this start's config says otherwise."""
        self._owed = []
        stored = self._stored = self._written = self._keeper.journal.load(self._key, Stored)
        if stored is None:
            return
        if stored.day == self._settings.day:
            self._stored = replace(stored, held=False, until_ms=None)
        elif not stored.held:
            self._stored = replace(stored, held=True)
            self._owe(DAY, HELD, _words(stored.day), _words(self._settings.day))
        for key in FIGURES:
            was, now = getattr(stored, key), getattr(self._settings, key)
            if was != now:
                self._owe(key, NOTED, f"{was:g}", f"{now:g}", how="taken only when an account is first seen")
                self._stored = replace(self._stored or stored, **{key: now})

    def take(self, *, armed: bool) -> None:
        """From the first armed moment on the account is committed."""
        if armed and self._stored is None:
            s = self._settings
            self._stored = Stored(day=s.day, initial_balance=s.initial_balance, high_water=s.high_water)

    def tend(self, now_ms: int, passed_ms: int, next_ms: int) -> None:
        """Once a reading: the reset that was to come ends a hold; what is owed is told, what is new written."""
        stored = self._stored
        if stored and stored.held and stored.until_ms is None:
            stored = self._stored = replace(stored, until_ms=next_ms)
        if stored and stored.held and stored.until_ms is not None and stored.until_ms <= passed_ms:
            self._owe(DAY, LOOSENED, _words(stored.day), _words(self._settings.day), how=how(stored.until_ms))
            self._stored = replace(stored, day=self._settings.day, held=False, until_ms=None)
        for told in self._owed:
            told["until"] = stamp(next_ms) if told["change"] == HELD else None
            self._tell(event(now_ms, "commitment", self._keeper.name, **told))
        self._owed = []
        if self._stored != self._written:
            try:
                self._keeper.journal.save(self._key, self._stored)
                self._written = self._stored
            except sqlite3.Error as error:
                self._keeper.broken(error)

    def loosen(self) -> None:
        """A person confirmed it by typing: the next reading lets go."""
        if self._stored and self._stored.held:
            self._stored = replace(self._stored, until_ms=TYPED)

    def _owe(self, what: str, change: str, before: str, after: str, *, how: str | None = None) -> None:
        self._owed.append({"rule": what, "change": change, "from": before, "to": after, "until": None, "how": how})

    @property
    def _key(self) -> str:
        return f"terms:{self._keeper.server}:{self._keeper.login}"


def how(until_ms: int) -> str:
    """What let go of something that was held until then."""
    return PERSON if until_ms == TYPED else RESET


def _words(day: DaySettings) -> str:
    clock = f"{day.reset_minute // 60:02d}:{day.reset_minute % 60:02d}"
    return f"days begin at {clock} ({day.zone}), weeks on {WEEKDAYS[day.week_starts]}"
