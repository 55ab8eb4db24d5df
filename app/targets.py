"""Where positions are to end: the deepest target of each is in force, those of other levels stand behind it.

A level that a person loosens away takes its own targets with it and no other level's.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace

from app.memory import Memory, Target, trip_key
from monitors.lots import closable
from monitors.reading import Reading
from monitors.settings import Rule


def line(target: Target) -> list[Target]:
    """The target in force and those behind it, deepest first."""
    return [target, *target.behind]


def put(memory: Memory, position: int, target: Target) -> None:
    """Take over a target; of one level's, and of two alike, the deeper and the earlier stays."""
    known = memory.targets.get(position)
    _set(memory, position, [*(line(known) if known else ()), target])


def keep(memory: Memory, wanted: Callable[[int, Target], bool]) -> bool:
    """Forget every target, of a position by its identifier, that is not wanted; True where one was."""
    before = dict(memory.targets)
    for position, target in before.items():
        _set(memory, position, [t for t in line(target) if wanted(position, t)])
    return memory.targets != before


def drop(memory: Memory) -> None:
    """Forget every target; the plans are then only shown."""
    memory.targets.clear()
    memory.cancels.clear()
    for trip in memory.trips.values():
        if trip.episode and trip.episode.plans:
            trip.episode.shown = True


def retain(memory: Memory, rules: Iterable[Rule]) -> None:
    """Forget the targets of levels that these rules do not have."""
    levels = {"", *(trip_key(rule.name, level.at) for rule in rules for level in rule.levels)}
    keep(memory, lambda _, target: target.level in levels)


def rename(memory: Memory, name: Callable[[str], str]) -> None:
    """The levels of all targets under their new names."""
    for position, target in tuple(memory.targets.items()):
        _set(memory, position, [replace(t, level=name(t.level)) if t.level else t for t in line(target)])


def prune(memory: Memory, reading: Reading, busy: set[int]) -> bool:
    """Forget targets that are reached, or whose position is gone, once nothing is under way for them.

    Where a partial fill has left less to close than the broker accepts, the target is as near as it gets.
    """
    if not memory.targets:
        return False
    specs, held = reading.snapshot.instruments, {p.identifier: p for p in reading.snapshot.positions}

    def open_(position: int, target: Target) -> bool:
        if position in busy:
            return True
        found = held.get(position)
        return found is not None and bool(closable(specs[found.symbol], found.steps, target.steps))

    return keep(memory, open_)


def levels(memory: Memory) -> set[str]:
    """The keys of the levels that have targets."""
    return {one.level for target in memory.targets.values() for one in line(target)}


def outstanding(memory: Memory) -> set[int]:
    """Episodes with targets that are not reached."""
    return {t.episode for target in memory.targets.values() for t in line(target) if t.episode is not None}


def _set(memory: Memory, position: int, wanted: list[Target]) -> None:
    deepest_first, seen = list[Target](), set[str]()
    for target in sorted(wanted, key=lambda t: t.steps):
        if target.level not in seen:
            seen.add(target.level)
            deepest_first.append(replace(target, behind=[]))
    if deepest_first:
        memory.targets[position] = replace(deepest_first[0], behind=deepest_first[1:])
    else:
        memory.targets.pop(position, None)
