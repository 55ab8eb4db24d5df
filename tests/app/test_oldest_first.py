"""What a halt undoes where the oldest goes first, and a target that a partial fill has left out of reach."""

from __future__ import annotations

from dataclasses import replace

from app import halts, targets
from app.memory import Memory, Target
from monitors.gate import HaltKind
from tests.builders import NOW_MS, account, instrument, position, reading, snapshot

FIFO = replace(account(), fifo_close=True)
OLD, SECOND = position(1, opened_ms=1), position(2, opened_ms=2)


def test_undoing_takes_what_was_added_from_the_oldest_and_then_nothing_more() -> None:
    halt = halts.begin(HaltKind.RULE, "test", NOW_MS, snapshot(OLD, SECOND))
    added = position(3, lots=0.5, opened_ms=3)
    wishes, _ = halts.undo_wishes(halt, replace(snapshot(OLD, SECOND, added), account=FIFO))
    assert [(w.position, w.target) for w in wishes] == [(1, 50)]
    undone = replace(snapshot(position(1, lots=0.5, opened_ms=1), SECOND, added), account=FIFO)
    assert halts.undo_wishes(halt, undone)[0] == []
    gone = replace(snapshot(SECOND, added, position(4, lots=0.5, opened_ms=4)), account=FIFO)
    assert halts.undo_wishes(halt, gone)[0] == [], "two lots were held, two are held"


def test_a_target_closer_than_the_smallest_request_is_reached_as_far_as_it_can_be() -> None:
    coarse = {"EURUSD": instrument(volume_min=0.1)}
    memory = Memory(targets={1: Target(steps=85), 2: Target(steps=0)})
    left = position(1, lots=0.9), position(2, lots=0.05)
    assert targets.prune(memory, reading(snapshot(*left, instruments=coarse)), set())
    assert set(memory.targets) == {2}, "the whole of a small position can always be closed"
