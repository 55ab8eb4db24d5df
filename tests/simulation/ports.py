"""The engine's ports, wrapped so that the process may die before or after any call, and so that the disk may fail."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from app.events import Event
from app.store.journal import Journal
from app.store.spare import SpareJournal
from bridge.port import Awaited, CloseOrder, ProtectOrder, Receipt, Records, TerminalError, Unanswered
from bridge.session import Session
from bridge.simulator.clock import VirtualClock
from monitors.model import Bars, Snapshot
from tests.simulation.story import Table


class Killed(BaseException):
    """The process dies here; nothing below may catch it."""


@dataclass(slots=True)
class Fate:
    """What may befall the calls of one process; shared by all its ports, and by the processes that follow it."""

    world: VirtualClock
    kills: list[Table] = field(default_factory=list)
    """Kills that wait for their call: port, how many calls still to come, before or after."""
    dead: bool = False
    disk: str = ""
    slow_until_ms: int = 0
    writes: int = 0
    failed_since_s: float | None = None
    """Since when every write has failed."""
    killed: dict[str, int] = field(default_factory=dict)

    def call(self, port: str, *, after: bool) -> None:
        """One side of one call. Once dead, every further call dies too, so that nothing outlives its process."""
        if self.dead:
            raise Killed
        for kill in self.kills:
            if kill["port"] in (port, "any") and kill["after"] == after:
                kill["nth"] -= 1
                if kill["nth"] <= 0:
                    self.kills.remove(kill)
                    self.dead = True
                    self.killed[port] = self.killed.get(port, 0) + 1
                    raise Killed

    @contextmanager
    def around(self, port: str) -> Iterator[None]:
        """A call that may be the last one, before it or after it."""
        self.call(port, after=False)
        yield
        self.call(port, after=True)

    def write(self) -> None:
        """The disk takes this write, or raises as SQLite does."""
        self.writes += 1
        if self.disk == "full" or (self.disk == "every second write" and self.writes % 2):
            self._failed()
            raise sqlite3.OperationalError("database or disk is full")
        if self.disk == "locked":
            self._failed()
            raise sqlite3.OperationalError("database is locked")
        self.failed_since_s = None

    def _failed(self) -> None:
        if self.failed_since_s is None:
            self.failed_since_s = self.world.monotonic()


class FatedJournal(Journal):
    """The real journal on a real file."""

    def __init__(self, path: Path, fate: Fate, commits: Commits) -> None:
        self._fate = fate
        self._commits = commits
        self._depth = 0
        super().__init__(path)

    @contextmanager
    def atomic(self) -> Iterator[None]:
        """See the journal; the disk may refuse the commit, and the process may end on either side of it."""
        self._fate.call("commit", after=False)
        outermost = self._depth == 0
        self._depth += 1
        try:
            with super().atomic():
                if outermost:
                    self._commits.begin()
                yield
                if outermost:
                    self._fate.write()
                self._fate.call("commit", after=False)
        except BaseException:
            if outermost:
                self._commits.end(kept=False)
            raise
        finally:
            self._depth -= 1
        if outermost:
            self._commits.end(kept=True)
        self._fate.call("commit", after=True)

    def _change(self, statement: str, values: tuple[Any, ...] = ()) -> None:
        self._fate.call("write", after=False)
        self._fate.write()
        super()._change(statement, values)
        self._fate.call("write", after=True)


class Commits:
    """Who is to know whether what was told inside a commit holds."""

    def begin(self) -> None:
        """A commit begins."""

    def end(self, *, kept: bool) -> None:
        """It is on the disk, or nothing of it is."""


class FatedSpare(SpareJournal):
    """The real spare file."""

    def __init__(self, path: Path, fate: Fate) -> None:
        self._fate = fate
        super().__init__(path)

    def write(self, record: object) -> bool:
        with self._fate.around("spare"):
            return super().write(record)


class FatedTerminal:
    """The real session on the simulated terminal; with a lag a receipt is fetched in a later beat, as from a host."""

    def __init__(self, session: Session, fate: Fate, world: VirtualClock, lag_ms: int | None) -> None:
        self._session = session
        self._fate = fate
        self._world = world
        self._lag_ms = lag_ms
        self._waiting: dict[int, tuple[int, Receipt]] = {}
        self._numbers = 0

    def look(self, deals_since_ms: int) -> Snapshot:
        with self._fate.around("look"):
            if self._world.utc_ms() < self._fate.slow_until_ms:
                raise Unanswered("the terminal has not answered yet")
            return self._session.look(deals_since_ms)

    def records(self, deals_since_ms: int) -> Records:
        with self._fate.around("records"):
            return self._session.records(deals_since_ms)

    def bars(self, symbol: str, minutes: int, since_ms: int, until_ms: int) -> Bars:
        with self._fate.around("bars"):
            return self._session.bars(symbol, minutes, since_ms, until_ms)

    def send(self, order: CloseOrder) -> Receipt | Awaited:
        with self._fate.around("send"):
            if self._lag_ms is None:
                return self._session.send(order)
            try:
                receipt = self._session.send(order)
            except TerminalError as error:
                receipt = Receipt(retcode=None, text=error.reason)
            return self._later(receipt)

    def cancel(self, ticket: int) -> Receipt | Awaited:
        with self._fate.around("cancel"):
            return self._session.cancel(ticket)

    def protect(self, order: ProtectOrder) -> Receipt | Awaited:
        with self._fate.around("protect"):
            return self._session.protect(order)

    def receipt(self, awaited: Awaited) -> Receipt | None:
        with self._fate.around("receipt"):
            due, receipt = self._waiting[awaited.number]
            if self._world.utc_ms() < due:
                return None
            del self._waiting[awaited.number]
            return receipt

    def hang_up(self) -> None:
        self._session.hang_up()

    def _later(self, receipt: Receipt) -> Awaited:
        self._numbers += 1
        self._waiting[self._numbers] = self._world.utc_ms() + (self._lag_ms or 0), receipt
        return Awaited(self._numbers)


def fated_sink(sink: Any, fate: Fate) -> Any:
    """A sink that may be the last thing the process does."""

    def tell(told: Event) -> None:
        with fate.around("sink"):
            sink(told)

    return tell
