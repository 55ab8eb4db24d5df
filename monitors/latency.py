"""How long something took lately: the newest times in a ring, and what most of them kept within."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, slots=True, kw_only=True)
class Took:
    """Milliseconds of the latest, and within which half and 99 of 100 of the newest `count` came."""

    last_ms: float
    p50_ms: float
    p99_ms: float
    count: int


class Stopwatch:
    """Takes times into one buffer that never grows; what it hands out is made anew at most every `every` times."""

    def __init__(self, size: int, every: int = 1) -> None:
        self._times, self._count, self._every = np.zeros(size), 0, every
        self._took: Took | None = None

    def note(self, seconds: float) -> None:
        """One more, by the monotonic clock."""
        self._times[self._count % len(self._times)] = 1_000 * seconds
        self._count += 1
        if self._count % self._every == 0 or self._count <= self._every:
            self._took = None

    def view(self) -> Took | None:
        """The newest; None where nothing was timed yet."""
        if self._took is None and self._count:
            known = self._times[: min(self._count, len(self._times))]
            half, most = np.percentile(known, (50, 99))
            last = float(self._times[(self._count - 1) % len(self._times)])
            self._took = Took(last_ms=last, p50_ms=float(half), p99_ms=float(most), count=len(known))
        return self._took
