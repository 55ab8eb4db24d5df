"""A simulated world's time over real durations, for the demo."""

from __future__ import annotations

import time

from monitors.ports import Clock


class WorldClock:
    """UTC of a simulated world that may run faster; durations are those of the person who watches."""

    def __init__(self, world: Clock) -> None:
        self._world = world

    def utc_ms(self) -> int:
        """See Clock."""
        return self._world.utc_ms()

    def monotonic(self) -> float:
        """See Clock."""
        return time.monotonic()
