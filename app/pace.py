"""How fast closes may follow each other: so many a second by rules, and below the gate's cap for one position."""

from __future__ import annotations

from collections.abc import Iterable

from monitors.gate import SENDS_A_MINUTE, Sent
from monitors.ports import Clock
from monitors.zones import MINUTE_MS

A_SECOND = 5
"""Sends a second by rules."""


class Pace:
    """Counts what one account sends."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._sends_s: list[float] = []

    def count(self) -> None:
        """One was sent now."""
        self._sends_s.append(self._clock.monotonic())

    @property
    def ready(self) -> bool:
        """Whether a rule may send now."""
        now = self._clock.monotonic()
        self._sends_s = [s for s in self._sends_s if s > now - 1.0]
        return len(self._sends_s) < A_SECOND

    def often(self, position: int, sent: Iterable[Sent]) -> bool:
        """True where another send within the minute would reach the gate's cap: parts and retries wait instead."""
        since = self._clock.utc_ms() - MINUTE_MS
        return sum(s.capped and s.position == position and s.at_ms > since for s in sent) >= SENDS_A_MINUTE
