"""What the program had claimed when the power went, and whether the start after it still knows."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from app.engine import Engine
from app.instance.single import Instance
from app.store.chain import Head
from app.store.folder import JOURNAL, SPARE
from app.store.identity import FILE, identity
from app.store.journal import Journal, JournalError
from app.store.spare import FIRST, SpareJournal
from bridge.simulator.clock import VirtualClock
from monitors.outcomes import State
from tests.app.scripted import START, ScriptedTerminal
from tests.powercut.work import NAME, config, following

CONCLUDED = (State.DONE, State.PARTIAL, State.REFUSED)


@dataclass(slots=True)
class Claims:
    """As the marks of the record tell it so far."""

    intents: set[int] = field(default_factory=set)
    outcomes: dict[int, tuple[State, float]] = field(default_factory=dict)
    """What was said of a request last; once concluded it stays as it is. Filled in lots."""
    halted: bool | None = False
    """None: asked for and not answered yet, so that either may be found."""
    acknowledged: set[int] = field(default_factory=set)
    row: Head = field(default_factory=Head)
    """The last row of the audit log of which something was told: it and all before it were written."""
    identity: str = ""

    def take(self, mark: str) -> None:
        """One more mark."""
        what, *about = mark.split()
        match what:
            case "intent":
                self.intents.add(int(about[0]))
            case "outcome":
                number, state, filled = int(about[0]), State(about[1]), float(about[2])
                if self.outcomes.get(number, (State.SENT, 0.0))[0] not in CONCLUDED:
                    self.outcomes[number] = state, filled
            case "halting" | "lifting":
                self.halted = None
            case "halted" | "lifted":
                self.halted = what == "halted"
            case "acknowledged":
                self.acknowledged.add(int(about[0]))
            case "row":
                self.row = Head(int(about[0]), about[1])
            case "identity":
                self.identity = about[0]
            case _:
                raise ValueError(mark)


@dataclass(frozen=True, slots=True)
class Found:
    """What one cut did: claims that are not kept, and damage, each in words."""

    lost: tuple[str, ...] = ()
    corrupt: str = ""


def hold_against(left: Mapping[str, bytes], claims: Claims, folder: Path, chance: random.Random) -> Found:
    """Start on what the cut left, in an empty folder, and ask for everything that was claimed."""
    for name, content in left.items():
        if not name.endswith("-shm"):
            (folder / name).write_bytes(content)
    if chance.random() < 1 / 2:  # mapped, never synced: there may be anything in it
        (folder / f"{JOURNAL}-shm").write_bytes(chance.randbytes(32_768))
    try:
        journal = Journal(folder / JOURNAL)
    except JournalError as error:
        return Found(corrupt=str(error))
    try:
        return _started(journal, claims, folder, sound=_integrity(journal))
    except JournalError as error:
        return Found(corrupt=str(error))
    finally:
        journal.close()


def _integrity(journal: Journal) -> str:
    return str(journal._conn.execute("PRAGMA integrity_check").fetchone()[0])


def _started(journal: Journal, claims: Claims, folder: Path, *, sound: str) -> Found:
    if sound != "ok":
        return Found(corrupt=sound)
    rows = _rows(journal, claims)
    clock = VirtualClock(START)
    known = (folder / FILE).exists()
    engine = Engine(config(), clock, journal, SpareJournal(folder / SPARE), lambda _: ScriptedTerminal(clock), (),
                    instance=Instance(id=identity(folder), data=folder), stops=following(folder, clock))  # fmt: skip
    engine.start()
    lost = [*_requests(journal, claims), *_halt(engine, claims), *_alerts(engine, claims), *rows]
    if claims.identity and not (known and engine.shared.instance.id == claims.identity):
        lost.append("identity")
    whole = _integrity(journal) == "ok" and (bool(rows) or journal.damage() is None)
    return Found(lost=tuple(lost), corrupt="" if whole else "damaged by the start")


def _rows(journal: Journal, claims: Claims) -> list[str]:
    """Held before the start adds its own rows: the chain is whole and goes at least as far as was told."""
    if damage := journal.damage():
        return [str(damage)]
    if claims.row == Head():
        return []
    found = journal._conn.execute("SELECT hash FROM event WHERE number = ?", (claims.row.number,)).fetchone()
    return [] if found and found[0].hex() == claims.row.hash else [f"audit row {claims.row.number}"]


def _requests(journal: Journal, claims: Claims) -> list[str]:
    rows = journal._conn.execute("SELECT number, state, filled FROM request").fetchall()
    there = {number: (State(state), round(filled, 6)) for number, state, filled in rows}
    lost = [f"intent {number}" for number in claims.intents if number not in there]
    for number, said in claims.outcomes.items():
        found = there.get(number)
        if found and found != said and (said[0] in CONCLUDED or found[0] is State.SENT):
            lost.append(f"outcome {number}: said {said}, found {found}")
    given = max((number for number in claims.intents if number < FIRST), default=0)
    if (journal.load("number:request", int) or 0) < given:
        lost.append(f"number {given} would be given again")
    return lost


def _halt(engine: Engine, claims: Claims) -> list[str]:
    halted = engine.guards[NAME].halting.halt is not None
    if claims.halted is None or halted is claims.halted:
        return []
    return ["halt"] if claims.halted else ["a halt that was lifted is back"]


def _alerts(engine: Engine, claims: Claims) -> list[str]:
    seen = {view.number for view in engine.shared.alerts.views() if view.acknowledged_ms is not None}
    return [f"acknowledgement {number}" for number in claims.acknowledged - seen]
