"""Many seeds on all cores, and what they add up to."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Iterable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field

from tests.simulation.draw import draw
from tests.simulation.run import Played, play

CHUNK = 10


@dataclass(slots=True)
class Sum:
    """What a number of seeds came to."""

    seeds: int = 0
    ordering: int = 0
    """Seeds that sent at least one order."""
    sends: int = 0
    beats: int = 0
    faults: Counter[str] = field(default_factory=Counter)
    broken: dict[int, Played] = field(default_factory=dict)

    def add(self, played: Played) -> None:
        self.seeds += 1
        self.ordering += played.sends > 0
        self.sends += played.sends
        self.beats += played.beats
        self.faults.update(played.faults)
        if played.breaches:
            self.broken[played.seed] = played

    @property
    def violations(self) -> int:
        """Every broken promise of every seed, each promise of a seed once."""
        return sum(len({breach.promise for breach in played.breaches}) for played in self.broken.values())


def played(seed: int) -> Played:
    """One seed from its number alone."""
    return play(draw(seed))


def run(seeds: Iterable[int], jobs: int | None, heard: Callable[[Sum], None]) -> Sum:
    """All of them; `heard` is told as they come in. One job runs in this process."""
    total = Sum()
    jobs = jobs or os.cpu_count() or 1
    if jobs == 1:
        for one in map(played, seeds):
            total.add(one)
            heard(total)
        return total
    with ProcessPoolExecutor(jobs) as pool:
        for one in pool.map(played, seeds, chunksize=CHUNK):
            total.add(one)
            heard(total)
    return total
