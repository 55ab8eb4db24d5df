"""Whether the machine slept, or its clock was set, between two beats: then what was sampled before is thrown away."""

from __future__ import annotations

from collections.abc import Callable

from monitors.ports import Clock

STEP_S = 5.0
"""How far UTC may run from the monotonic clock between two beats: Linux does not count a sleep as time, UTC does."""
STANDSTILL_S = 660.0
"""Windows counts it: a beat that comes so late, whatever kept it, follows on nothing."""


class Waking:
    """Watched once a beat; `forget` is everything that takes one beat for the next after another."""

    def __init__(self, clock: Clock, *forget: Callable[[], None]) -> None:
        self._clock = clock
        self._forget = forget
        self._last: tuple[float, float] | None = None

    def watch(self) -> bool:
        """True where the last beat was before a sleep, a standstill or a step of the clock."""
        utc_s, now_s = self._clock.utc_ms() / 1000, self._clock.monotonic()
        last, self._last = self._last, (utc_s, now_s)
        if last is None:
            return False
        passed_s = now_s - last[1]
        broken = passed_s > STANDSTILL_S or abs(utc_s - last[0] - passed_s) > STEP_S
        for forget in self._forget if broken else ():
            forget()
        return broken
