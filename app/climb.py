"""When an alert that nobody has seen is due to be told again: waits by the monotonic clock, over restarts by UTC."""

from __future__ import annotations

from collections.abc import Iterable

from monitors.ports import AlertView, Clock, Severity
from monitors.settings import AlertSettings

SETTLE_S = 10.0
"""After a start nothing climbs for so long: what the run before raised may clear with the first readings."""


class Climb:
    """Knows since when each alert waits; which are due is asked once a beat."""

    def __init__(self, clock: Clock, known: Iterable[AlertView]) -> None:
        """`known` are the alerts of the run before: the time that the program was off counts as waiting."""
        self._clock = clock
        now_s, now_ms = clock.monotonic(), clock.utc_ms()
        self._since_s = {a.number: now_s - max(0.0, (now_ms - (a.climbed_ms or a.raised_ms)) / 1000)
                         for a in known if waits(a)}  # fmt: skip
        self._settled_s = now_s + SETTLE_S if self._since_s else now_s

    def begin(self, number: int) -> None:
        """That alert waits from now on."""
        self._since_s[number] = self._clock.monotonic()

    def due(self, alerts: Iterable[AlertView], settings: AlertSettings) -> list[int]:
        """The numbers of those that waited `escalate_s` since they were raised or told again; 0 switches it off."""
        now_s = self._clock.monotonic()
        waiting = {a.number: a.stage for a in alerts if waits(a)}
        self._since_s = {number: self._since_s.get(number, now_s) for number in waiting}
        if not settings.escalate_s or now_s < self._settled_s:
            return []
        return [number for number, stage in waiting.items() if stage < settings.escalate_times
                and now_s - self._since_s[number] >= settings.escalate_s]  # fmt: skip


def waits(alert: AlertView) -> bool:
    """Critical or extreme, active, and nobody has acknowledged it."""
    return alert.active and alert.acknowledged_ms is None and alert.severity.rank >= Severity.CRITICAL.rank
