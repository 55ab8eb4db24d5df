"""A split gives a position another volume without a trade: what was decided in the old steps is decided anew."""

from __future__ import annotations

from app.memory import Memory
from monitors.kinds import DealReason
from monitors.model import Snapshot


def account_for(memory: Memory, snapshot: Snapshot) -> bool:
    """Take the volumes after a split for those before it, once a split; True where something changed.

    A target in steps of before would close another share than the plan said. It is forgotten, and the level plans again
    from fresh data if it still trips; what an episode or a halt found held counts as it is now.
    """
    fresh = [d for d in snapshot.deals if d.reason == DealReason.SPLIT and d.ticket > memory.split]
    if not fresh:
        return False
    memory.split = max(d.ticket for d in fresh)
    held = {p.identifier: p.steps for p in snapshot.positions}
    for position in {d.position for d in fresh} & held.keys():
        memory.targets.pop(position, None)
        began = [trip.episode.began for trip in memory.trips.values() if trip.episode]
        for found in (*began, memory.halt.baseline if memory.halt else {}):
            if position in found:
                found[position] = held[position]
    return True
