"""Halts of one account: begun on disk first, undoing what is opened meanwhile, lifted by a person or by time."""

from __future__ import annotations

from app.memory import Halt
from monitors.fifo import Legs, oldest_first
from monitors.gate import HaltKind, Source, Wish
from monitors.lots import closable
from monitors.model import Position, Snapshot
from monitors.zones import MINUTE_MS

UNDOS = 3


def end_of(until: str, now_ms: int, next_day_ms: int) -> int | None:
    """When a halt ends by itself: None for "reset", the next reset for "day", else so many minutes from now."""
    if until == "reset":
        return None
    return next_day_ms if until == "day" else now_ms + round(float(until) * MINUTE_MS)


def prolongs(halt: Halt, end_ms: int | None) -> bool:
    """Whether a rule's halt until then lasts longer than the one in force: None, until a person, is longest."""
    if halt.kind is not HaltKind.RULE or halt.until_ms is None:
        return False
    return end_ms is None or end_ms > halt.until_ms


def net_steps(snapshot: Snapshot) -> dict[str, int]:
    """Net steps held by symbol, long positive."""
    net: dict[str, int] = {}
    for position in snapshot.positions:
        net[position.symbol] = net.get(position.symbol, 0) + position.side.sign * position.steps
    return net


def begin(kind: HaltKind, reason: str, now_ms: int, snapshot: Snapshot | None, *, until_ms: int | None = None,
          by_person: bool = False) -> Halt:  # fmt: skip
    """A halt from now on; what is held is learnt now, or from the first reading where nothing can be seen."""
    halt = Halt(kind=kind, reason=reason, since_ms=now_ms, until_ms=until_ms, by_person=by_person, taken=False)
    if snapshot is not None:
        adopt(halt, snapshot)
    return halt


def adopt(halt: Halt, snapshot: Snapshot) -> None:
    """Take what is held now as what was held when the halt began."""
    halt.baseline = {p.identifier: p.steps for p in snapshot.positions}
    halt.sides = {p.identifier: (p.symbol, p.side) for p in snapshot.positions}
    halt.taken = True


def stop_wishes(halt: Halt, snapshot: Snapshot) -> list[Wish]:
    """An emergency stop wants nothing left of what was held; the largest positions go first."""
    return [
        Wish(position=p.identifier, target=0, source=Source.STOP, uncapped=True, by_person=halt.by_person)
        for p in sorted(snapshot.positions, key=lambda p: (-p.lots, p.identifier))
        if p.identifier in halt.baseline or not halt.taken
    ]


def undo_wishes(halt: Halt, snapshot: Snapshot) -> tuple[list[Wish], list[int]]:
    """What was opened while halted, back to what was held; and the EAs that opened once too often.

    Under a rule's halt a new position that lowers the net of its symbol is a hedge and is left, and on netting the
    volume of the halt is kept. After three undos of one EA (its magic number; 0 is a person and has no limit) only an
    alarm is raised.
    """
    wishes: list[Wish] = []
    stubborn, net = [], net_steps(snapshot)
    stopped = halt.kind is HaltKind.STOP
    for position in snapshot.positions:
        held = halt.baseline.get(position.identifier, 0)
        if (stopped and held) or position.steps <= held or not (stopped or _raises(position, held, net)):
            continue
        magic = position.magic
        if position.identifier not in halt.undoing:
            if magic and halt.undone.get(magic, 0) >= UNDOS:
                if magic not in halt.alarmed:
                    halt.alarmed.add(magic)
                    stubborn.append(magic)
                continue
            halt.undoing.add(position.identifier)
            halt.undone[magic] = halt.undone.get(magic, 0) + 1
        target = max(held, snapshot.instruments[position.symbol].min_steps) if held else 0  # no broker leaves a crumb
        if closable(snapshot.instruments[position.symbol], position.steps, target):
            wishes.append(
                Wish(position=position.identifier, target=target, source=Source.UNDO, by_person=halt.by_person)
            )
    if snapshot.account.fifo_close and halt.sides and not stopped:
        wishes = _from_the_oldest(wishes, halt, snapshot)
    return wishes, stubborn


def _from_the_oldest(wishes: list[Wish], halt: Halt, snapshot: Snapshot) -> list[Wish]:
    """The same undoing, oldest first: each side of a symbol that something was added to, back to its former volume."""
    held = {p.identifier: p for p in snapshot.positions}
    before: Legs = {}
    for position, leg in halt.sides.items():
        before[leg] = before.get(leg, 0) + halt.baseline.get(position, 0)
    raised: Legs = {}
    for wish in wishes:
        key = held[wish.position].symbol, held[wish.position].side
        raised[key] = sum(p.steps for p in snapshot.positions if (p.symbol, p.side) == key) - before.get(key, 0)
    return [
        Wish(position=p, target=steps, source=Source.UNDO, by_person=halt.by_person)
        for p, steps in oldest_first(raised, snapshot).items()
    ]


def _raises(position: Position, held: int, net: dict[str, int]) -> bool:
    """True where the symbol's net would be smaller without what was added to this position."""
    now = net[position.symbol]
    return abs(now) > abs(now - position.side.sign * (position.steps - held))
