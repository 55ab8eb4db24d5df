"""Planted bugs: each is put into this process only, and must be caught by an oracle within so many seeds."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from tests.simulation.draw import draw
from tests.simulation.run import play

MOST_SEEDS = 1_000
Plant = Callable[["Bed"], None]


class Bed:
    """Where a bug is planted: attributes that are put back afterwards."""

    def __init__(self) -> None:
        self._kept: list[tuple[Any, str, Any]] = []

    def put(self, where: Any, name: str, new: Any) -> None:
        """Replace an attribute of a module or a class."""
        self._kept.append((where, name, where.__dict__[name]))
        setattr(where, name, new)

    def clear(self) -> None:
        """As it was."""
        while self._kept:
            where, name, old = self._kept.pop()
            setattr(where, name, old)


@dataclass(frozen=True, slots=True)
class Caught:
    """What became of a planted bug; promise 0: nothing noticed it."""

    name: str
    promise: int
    seeds: int
    text: str


@contextmanager
def planted(plant: Plant) -> Iterator[None]:
    """The bug is in the code for so long."""
    bed = Bed()
    try:
        plant(bed)
        yield
    finally:
        bed.clear()


def hunt(name: str, *, most: int = MOST_SEEDS) -> Caught:
    """Seed after seed until an oracle says something that it does not say without the bug.

    TypeError where what it says is that the plant itself broke.
    """
    from tests.simulation.mutants import MUTANTS  # noqa: PLC0415 -- a bug is planted only where it is hunted

    for seed in range(most):
        with planted(MUTANTS[name]):
            breaches = play(draw(seed)).breaches
        if breaches and not play(draw(seed)).breaches:
            if any("<locals>" in breach.text for breach in breaches):
                raise TypeError(f"the plant does not fit the code any more: {breaches[0].text}")
            return Caught(name, breaches[0].promise, seed + 1, breaches[0].text)
    return Caught(name, 0, most, "")


def report(names: list[str], jobs: int | None) -> int:
    """A table of all of them, or of those named; the exit code is 0 where each was caught."""
    from tests.simulation.mutants import MUTANTS  # noqa: PLC0415 -- as above

    chosen = names or list(MUTANTS)
    caught = 0
    with ProcessPoolExecutor(jobs or os.cpu_count()) as pool:
        for done in as_completed(pool.submit(hunt, name) for name in chosen):
            found = done.result()
            caught += found.promise > 0
            by = (
                f"promise {found.promise:2} after {found.seeds:3} seeds: {found.text}"
                if found.promise
                else "NOT CAUGHT"
            )
            print(f"{found.name:44} {by}", flush=True)
    print(f"{len(chosen)} mutants, {caught} caught")
    return 0 if caught == len(chosen) else 1
