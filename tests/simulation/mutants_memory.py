"""Planted bugs of what must outlive the process: halts, alerts, peaks, commits, configs."""

from __future__ import annotations

from typing import Any

from app import halts
from app.alerts import AlertBook
from app.config.faults import Faults
from app.engine import Engine
from app.events import event
from app.halting import Halting
from app.keeper import Keeper
from app.ladder import Ladder
from app.store.journal import Journal
from app.store.spare import SpareJournal
from tests.simulation.mutation import Bed, Plant


def _halt_not_stored(bed: Bed) -> None:
    def begin(self: Halting, halt: Any) -> None:
        self._keeper.memory.halt = halt
        self._tell(event(self._clock.utc_ms(), "halt", self._keeper.name, scope="account", reason=halt.reason))

    bed.put(Halting, "_begin", begin)


def _taken_up_without(**forgotten: Any) -> Plant:
    """A restart finds everything but that."""

    def plant(bed: Bed) -> None:
        start = Keeper.start

        def forgetful(self: Keeper) -> bool:
            found = start(self)
            for name, value in forgotten.items():
                setattr(self.memory, name, value() if callable(value) else value)
            return found

        bed.put(Keeper, "start", forgetful)

    return plant


def _lifted_by_nobody(bed: Bed) -> None:
    tend = Halting.tend

    def lifted(self: Halting, snapshot: Any, passed_ms: int) -> None:
        if self.halt and self.flat:
            self.lift("all is well")
        tend(self, snapshot, passed_ms)

    bed.put(Halting, "tend", lifted)


def _acknowledged_in_memory_only(bed: Bed) -> None:
    acknowledge = AlertBook.acknowledge

    def forgetful(self: AlertBook, number: int) -> bool:
        silent = Bed()
        silent.put(AlertBook, "_write", lambda _: None)
        try:
            return acknowledge(self, number)
        finally:
            silent.clear()
            self._unwritten.clear()

    bed.put(AlertBook, "acknowledge", forgetful)


MEMORY: dict[str, Plant] = {
    "halt not stored": _halt_not_stored,
    "halt forgotten by a restart": _taken_up_without(halt=None),
    "trips forgotten by a restart": _taken_up_without(trips=dict),
    "targets forgotten by a restart": _taken_up_without(targets=dict),
    "history forgotten by a restart": _taken_up_without(history=None, ledger=None),
    "a halt lifted by nobody": _lifted_by_nobody,
    "a halt that ends early": lambda bed: bed.put(
        halts, "end_of", lambda until, now_ms, next_day_ms: now_ms + 10_000),
    "shown before it is on disk": lambda bed: bed.put(Journal, "once_kept", lambda _, act: act()),
    "no spare file": lambda bed: bed.put(SpareJournal, "write", lambda *_: None),
    "no alarm for the disk": lambda bed: bed.put(Halting, "outage", lambda *_, **__: None),
    "acknowledged in memory only": _acknowledged_in_memory_only,
    "a bad config is taken": lambda bed: bed.put(Faults, "check", lambda _: None),
    "rules never judged": lambda bed: bed.put(Ladder, "judge", lambda *_: False),
    "commands ignored": lambda bed: bed.put(Engine, "obey", lambda *_: False),
}  # fmt: skip
