"""A person types openings and highs of an account: into its history, onto the disk, and told."""

from __future__ import annotations

import sqlite3

from app.events import event
from app.guard import Guard
from monitors.openings import fit, typed
from monitors.ports import Opening


def take(opening: Opening, guard: Guard) -> bool:
    """False where nothing was remembered yet or they are no amounts; sqlite3.Error, and nothing taken, off the disk."""
    memory = guard.keeper.memory
    before, typed_before = memory.history, memory.typed
    if before is None or not fit(opening):
        return False
    memory.history = typed(before, opening)
    if memory.unseen is not None:
        memory.typed = memory.typed | opening.typed.keys()
    try:
        guard.keeper.write()
    except sqlite3.Error:
        memory.history, memory.typed = before, typed_before
        raise
    guard.first_sight.answered(memory)
    clock, name = guard.shared.clock, guard.settings.name
    guard.shared.tell(event(clock.utc_ms(), "opening", name, **opening.typed))
    return True
