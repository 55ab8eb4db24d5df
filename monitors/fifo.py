"""Accounts that close a symbol's oldest position first: what is wanted of the younger is taken from the oldest."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from monitors.kinds import Side
from monitors.lots import target_after
from monitors.model import Position, Snapshot

if TYPE_CHECKING:
    from monitors.gate import Wish

Legs = dict[tuple[str, Side], int]
"""Steps by symbol and side."""


def age(position: Position) -> tuple[int, int]:
    """What sorts the oldest first."""
    return position.opened_ms, position.identifier


def older(position: Position, snapshot: Snapshot) -> Position | None:
    """The oldest position of the same symbol and side where it is another one and the account demands it first."""
    if not snapshot.account.fifo_close:
        return None
    alike = [p for p in snapshot.positions if (p.symbol, p.side) == (position.symbol, position.side)]
    oldest = min(alike, key=age, default=position)
    return oldest if age(oldest) < age(position) else None


def wanted(targets: Mapping[int, int], snapshot: Snapshot) -> Legs:
    """How many steps the targets take off each symbol's longs and shorts."""
    found: Legs = {}
    for p in snapshot.positions:
        closing = p.steps - targets.get(p.identifier, p.steps)
        if closing > 0:
            found[p.symbol, p.side] = found.get((p.symbol, p.side), 0) + closing
    return found


def oldest_first(closing: Legs, snapshot: Snapshot) -> dict[int, int]:
    """Targets that take those steps from the oldest positions of each symbol and side.

    The last one is cut as any reduction is: rounded up to what the broker accepts.
    """
    left, targets = dict(closing), {}
    for p in sorted(snapshot.positions, key=age):
        steps = left.get((p.symbol, p.side), 0)
        if steps > 0:
            targets[p.identifier] = target_after(snapshot.instruments[p.symbol], p.steps, steps)
            left[p.symbol, p.side] = steps - (p.steps - targets[p.identifier])
    return targets


def in_turn(wishes: Sequence[Wish], snapshot: Snapshot) -> list[Wish]:
    """Of several wishes for one symbol only that for its oldest position, where the account demands that order."""
    if not snapshot.account.fifo_close:
        return list(wishes)
    held = {p.identifier: p for p in snapshot.positions}
    first: dict[str, Position] = {}
    for p in sorted((held[w.position] for w in wishes if w.position in held), key=age):
        first.setdefault(p.symbol, p)
    return [w for w in wishes if w.position not in held or first[held[w.position].symbol] is held[w.position]]
