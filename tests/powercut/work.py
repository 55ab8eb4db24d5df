"""`python -m tests.powercut.work FOLDER BROKER RUN SYNCHRONOUS ROUNDS`: the program at work, its disk on record.

An account on which a rule closes what is opened, with answers that are lost, halved and refused; a person stops, resets
and acknowledges; another process holds the journal for a while; a stop process closes too. The end is a kill.
"""

from __future__ import annotations

import ctypes
import os
import sqlite3
import sys
from collections.abc import Callable
from pathlib import Path

import msgspec

from app.config import from_table
from app.engine import Engine
from app.events import Event
from app.instance.single import Instance
from app.stopping.flattening import Following, Mine, NoStop
from app.stopping.summons import Summons
from app.store.flatlog import FlatJournal
from app.store.folder import JOURNAL, SPARE
from app.store.identity import identity
from app.store.journal import Journal
from app.store.latch import hold, latch
from app.store.spare import SpareJournal
from bridge.port import CloseOrder, Receipt
from bridge.simulator.clock import VirtualClock
from monitors.model import Deal, Position
from monitors.ports import Acknowledge, Clock, EmergencyStop, Reset
from monitors.settings import Config
from tests.app.scripted import START, ScriptedTerminal, plain

LOGIN, SERVER, NAME = 1001, "Demo", "main"
RULE = {"name": "Nothing may be held", "metric": "exposure.total", "when": "above", "confirm": 1,
        "levels": [{"at": 1.0, "severity": "critical", "action": "close_all"}]}  # fmt: skip
HELD, RUNS = 4, 2
Mark = Callable[[str], None]


def config(*, rules: bool = True) -> Config:
    """The one account, armed."""
    terminal = {"name": NAME, "backend": "simulator", "login": LOGIN, "server": SERVER}
    return from_table({"app": {"mode": "armed"}, "terminal": [terminal], "rule": [RULE] if rules else []}, source="cut")


def following(folder: Path, clock: Clock) -> Callable[[str], NoStop]:
    """The instance's view of a stop process, which it never starts by itself here."""
    return lambda name: Following(folder, name, clock, Summons(None, clock, lambda _: None))


class Broker(msgspec.Struct, kw_only=True):
    """The broker's truth, which outlives the program."""

    now_ms: int
    positions: dict[int, Position]
    deals: list[Deal]
    opened: int = 0


class Claiming(ScriptedTerminal):
    """A send leaves only after its intent was written: what the program claims by it is marked, then answered."""

    mark: Mark = staticmethod(lambda _: None)

    def send(self, order: CloseOrder) -> Receipt:
        """Answered by turns: done, the answer lost, half of it done, refused, lost before it arrived."""
        self.mark(f"intent {int(order.comment.split()[2], 16)}")
        self.sent.append(order)
        turn = len(self.sent) % 5
        if turn == 3:
            return Receipt(retcode=10004)
        if turn == 4:
            return Receipt(retcode=None)
        half = turn == 2 and order.lots >= 0.02
        self.fill(order, round(order.lots / 2, 2) if half else order.lots)
        return Receipt(retcode=None if turn == 1 else 10010 if half else 10009)


class Work:
    """One process's share of it."""

    def __init__(self, folder: Path, broker: Broker, synchronous: str, mark: Mark) -> None:
        self.folder = folder
        self.mark = mark
        self.broker = broker
        self.clock = VirtualClock(START)
        self.clock.advance_to(broker.now_ms)
        self.terminal = Claiming(self.clock, positions=broker.positions, deals=broker.deals)
        self.terminal.mark = mark
        own = identity(folder)
        mark(f"identity {own}")
        self.instance = Instance(id=own, data=folder)
        journal = Journal(folder / JOURNAL)
        journal._conn.execute(f"PRAGMA synchronous = {synchronous}")
        self.engine = Engine(config(), self.clock, journal, SpareJournal(folder / SPARE), lambda _: self.terminal,
                             (self.logged,), instance=self.instance,
                             stops=following(folder, self.clock))  # fmt: skip
        self.engine.start()

    def logged(self, told: Event) -> None:
        """What a sink is told, the audit log holds, and all that was written before."""
        self.heard(told)
        head = self.engine.shared.journal.head
        self.mark(f"row {head.number} {head.hash}")

    def heard(self, told: Event) -> None:
        """What the program says, it claims."""
        if told["event"] == "outcome":
            self.mark(f"outcome {told['request']} {told['state']} {told['filled']}")
        elif told["event"] == "halt":
            self.mark("halted")

    def beat(self, times: int, seconds: float = 0.5) -> None:
        for _ in range(times):
            self.engine.beat()
            self.clock.advance_to(self.clock.utc_ms() + round(1000 * seconds))

    def round(self, number: int) -> None:
        """A trader opens, the rule closes; every third time a person stops as well, by turns in another way."""
        for _ in range(HELD):
            self.broker.opened += 1
            self.terminal.hold(plain(self.broker.opened, 0.1))
        if number % 3 == 2:
            (self.stop, self.stop_on_a_locked_journal, self.stop_apart)[number // 3 % 3]()
        self.beat(12)
        self.beat(8, seconds=10.0)  # what got no answer is settled by a minute of silence
        for view in self.engine.shared.alerts.views():
            if view.number > 0 and view.acknowledged_ms is None and self.engine.obey(Acknowledge(view.number)):
                self.mark(f"acknowledged {view.number}")
        if self.engine.guards[NAME].halting.halt is not None and number % 2:
            self.lift()

    def stop(self) -> None:
        self.mark("halting")
        self.engine.obey(EmergencyStop(by="window"))

    def stop_on_a_locked_journal(self) -> None:
        other = sqlite3.connect(self.folder / JOURNAL)
        other.execute("BEGIN IMMEDIATE")
        self.stop()
        self.beat(3)
        other.rollback()
        other.close()

    def stop_apart(self) -> None:
        """As the stop process does it, which ends before everything is settled."""
        self.mark("halting")
        trouble = latch(self.folder, name=NAME, login=LOGIN, server=SERVER, now_ms=self.clock.utc_ms())
        self.mark("halting" if trouble else "halted")
        held = hold(self.folder, NAME)
        if held is None:
            raise RuntimeError("another stop process")
        journal = FlatJournal(self.folder, NAME, 0, self.clock)
        apart = Engine(config(rules=False), self.clock, journal, SpareJournal(None), lambda _: self.terminal,
                       (self.heard,), instance=self.instance, stops=lambda _: Mine(held))  # fmt: skip
        journal.borrow(self.folder / JOURNAL, self.folder / SPARE)
        apart.start()
        apart.obey(EmergencyStop(by="command"))
        for _ in range(3):
            apart.beat()
            self.clock.advance_to(self.clock.utc_ms() + 500)
        apart.close()
        held.close()

    def lift(self) -> None:
        self.mark("lifting")
        if self.engine.obey(Reset(NAME)):
            self.mark("lifted")


def marker() -> Mark:
    """Marks in the record; nowhere where nothing records."""
    mark = getattr(ctypes.CDLL(None), "powercut_mark", None)
    return (lambda text: mark(text.encode())) if mark else lambda _: None


def main(folder: Path, file: Path, run: int, synchronous: str, rounds: int) -> None:
    known = file.read_bytes() if file.exists() else b'{"now_ms": 0, "positions": {}, "deals": []}'
    work = Work(folder, msgspec.json.decode(known, type=Broker), synchronous, marker())
    for number in range(run * rounds, (run + 1) * rounds):
        work.round(number)
    if run + 1 == RUNS:
        work.engine.close()
    work.broker.now_ms = work.clock.utc_ms()
    file.write_bytes(msgspec.json.encode(work.broker))
    sys.stdout.flush()
    os._exit(0)  # as a kill: nothing is closed that was not closed by now


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]), sys.argv[4], int(sys.argv[5]))
