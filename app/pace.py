"""How fast closes may follow each other: so many a second by rules, and below the gate's cap for one position."""

from __future__ import annotations

from collections.abc import Iterable

from monitors.gate import SENDS_A_MINUTE, Sent
from monitors.ports import Clock
from monitors.zones import MINUTE_MS

MINUTE_S, SECOND_MS = 60.0, 1000
A_SECOND = 5
"""Sends a second by rules."""


class Pace:
    """Counts what one account sends."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._sends_s: list[float] = []
        self._capped_s: list[tuple[float, int]] = []
        """Monotonic second and position of what the caps count: a clock that is set back forgets none of it."""

    def count(self, positions: Iterable[int], *, capped: bool) -> None:
        """One was sent now, for these."""
        now = self._clock.monotonic()
        self._sends_s.append(now)
        self._capped_s = [(s, p) for s, p in self._capped_s if s > now - MINUTE_S]
        if capped:
            self._capped_s.extend((now, position) for position in positions)

    def ready(self, sent: Iterable[Sent]) -> bool:
        """Whether a rule may send now; what a process before this one sent counts by the journal."""
        since, now = self._clock.utc_ms() - SECOND_MS, self._clock.monotonic()
        self._sends_s = [s for s in self._sends_s if s > now - 1.0]
        return max(len(self._sends_s), sum(s.at_ms > since for s in sent)) < A_SECOND

    def often(self, position: int, sent: Iterable[Sent]) -> bool:
        """True where another send within the minute would reach the gate's cap: parts and retries wait instead."""
        since, now = self._clock.utc_ms() - MINUTE_MS, self._clock.monotonic()
        recorded = sum(s.capped and s.of(position) and s.at_ms > since for s in sent)
        counted = sum(p == position and s > now - MINUTE_S for s, p in self._capped_s)
        return max(recorded, counted) >= SENDS_A_MINUTE
