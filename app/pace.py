"""How fast closes may follow each other: so many a second by rules, and below the gate's cap for one position."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from monitors.gate import SENDS_A_MINUTE, Sent
from monitors.ports import Clock
from monitors.zones import MINUTE_MS

MINUTE_S, SECOND_MS = 60.0, 1000
A_SECOND = 5
"""Sends a second by rules."""


@dataclass(frozen=True, slots=True)
class _Own:
    """What this process sent: request, positions, monotonic second, whether the caps count it."""

    number: int
    positions: tuple[int, ...]
    at_s: float
    capped: bool


class Pace:
    """Counts what one account sends.

    What a process before this one sent is known by the journal's times, what this one sent by the monotonic clock too:
    a send counts where either says that it was lately, so that no step of the clock forgets one.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._own: list[_Own] = []

    def count(self, number: int, positions: Iterable[int], *, capped: bool) -> None:
        """This request was sent now, for these."""
        now = self._clock.monotonic()
        self._own = [own for own in self._own if own.at_s > now - MINUTE_S]
        self._own.append(_Own(number, tuple(positions), now, capped))

    def ready(self, sent: Iterable[Sent]) -> bool:
        """Whether a rule may send now."""
        since, now = self._clock.utc_ms() - SECOND_MS, self._clock.monotonic()
        lately = {s.number for s in sent if s.at_ms > since} | {o.number for o in self._own if o.at_s > now - 1.0}
        return len(lately) < A_SECOND

    def often(self, position: int, sent: Iterable[Sent]) -> bool:
        """True where another send within the minute would reach the gate's cap: parts and retries wait instead."""
        since, now = self._clock.utc_ms() - MINUTE_MS, self._clock.monotonic()
        recorded = {s.number for s in sent if s.capped and s.of(position) and s.at_ms > since}
        own = (o for o in self._own if o.capped and position in o.positions and o.at_s > now - MINUTE_S)
        return len(recorded | {o.number for o in own}) >= SENDS_A_MINUTE
