"""Which filling mode goes out first on a symbol: the one that filled last, over a restart too."""

from __future__ import annotations

import contextlib
import sqlite3

from app.keeper import Keeper
from app.store.journal import JournalError
from monitors.filling import choices
from monitors.model import Instrument


class Fillings:
    """Kept in the journal under server and symbol; trouble with the disk only means that it is found out again."""

    def __init__(self, keeper: Keeper) -> None:
        self._keeper = keeper
        self._worked: dict[str, int | None] = {}
        self._refused: dict[str, int] = {}
        """By key: how many modes in a row were not accepted since one last filled."""

    def mode(self, instrument: Instrument) -> int:
        """The mode for the next request; where all were refused they take turns."""
        modes = self._order(instrument)
        return modes[self._refused.get(self._key(instrument.symbol), 0) % len(modes)]

    def refused(self, instrument: Instrument) -> bool:
        """The mode was not accepted; True where one is left that was not tried since one last filled."""
        key = self._key(instrument.symbol)
        self._refused[key] = self._refused.get(key, 0) + 1
        return self._refused[key] < len(self._order(instrument))

    def worked(self, symbol: str, mode: int) -> None:
        """It filled: first from now on."""
        key = self._key(symbol)
        self._refused.pop(key, None)
        if self._known(key) != mode:
            self._worked[key] = mode
            with contextlib.suppress(sqlite3.Error):
                self._keeper.journal.save(key, mode)

    def _order(self, instrument: Instrument) -> tuple[int, ...]:
        allowed, known = choices(instrument), self._known(self._key(instrument.symbol))
        return tuple(sorted(allowed, key=lambda mode: mode != known))

    def _known(self, key: str) -> int | None:
        if key not in self._worked:
            try:
                self._worked[key] = self._keeper.journal.load(key, int)
            except (sqlite3.Error, JournalError):
                return None
        return self._worked[key]

    def _key(self, symbol: str) -> str:
        return f"filling:{self._keeper.server}:{symbol}"
