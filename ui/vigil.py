"""Whether frames still come: the window's own watch over the worker, which rings until a person has answered."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from monitors.ports import Clock

LEAST_S, POLLS = 2.0, 10
START_S = 10.0
"""Until the first frame: terminals are found and warmed up."""
GAP_S = 2.0
"""Time in which nobody looked: the machine slept, or the window itself hung; it is not the worker's."""
AGAIN_S = 5.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Stall:
    """No frame for that many seconds; `why` where the worker said why before it ended."""

    seconds: float
    why: str
    answered: bool


class Vigil:
    """Looked at some times a second, with the number of the newest frame."""

    def __init__(self, clock: Clock, poll_ms: int, ring: Callable[[], None], *, stops_apart: bool = False) -> None:
        """`stops_apart`: a stop is carried out by a process of its own where the worker is stuck."""
        self.stops_apart = stops_apart
        self._clock = clock
        self._after_s = max(LEAST_S, POLLS * poll_ms / 1000)
        self._ring = ring
        self._number: int | None = None
        self._came_s = self._looked_s = clock.monotonic()
        self._rang_s: float | None = None
        self._answered = False
        self._why = ""

    def look(self, number: int | None) -> Stall | None:
        """The stall that there is, and a ring where one is due."""
        now_s = self._clock.monotonic()
        if now_s - self._looked_s > GAP_S:
            self._came_s += now_s - self._looked_s
        self._looked_s = now_s
        if number != self._number:
            self._number, self._came_s = number, now_s
            self._rang_s, self._answered = None, False
        seconds = now_s - self._came_s
        patience_s = self._after_s if number is not None else max(self._after_s, START_S)
        if seconds <= patience_s and not self._why:
            return None
        if not self._answered and (self._rang_s is None or now_s - self._rang_s >= AGAIN_S):
            self._rang_s = now_s
            self._ring()
        return Stall(seconds=seconds, why=self._why, answered=self._answered)

    def ended(self, why: str) -> None:
        """The worker has ended: there will be no frame any more."""
        self._why = why

    def answer(self) -> None:
        """A person has seen it; it rings no more until it happens again."""
        self._answered = True
