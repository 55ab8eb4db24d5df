"""How many alerts were raised lately and how long a person took, counted from what is told."""

from __future__ import annotations

from app.events import Event, epoch_ms
from monitors.alert_load import AlertLoad, LoadMeter
from monitors.ports import Clock

AGAIN_S = 1.0
"""Counted anew when something was told, and as time goes by once a second."""


class AlertCounts:
    """A sink of events."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._meter = LoadMeter()
        self._waiting: dict[int, int] = {}
        """Number of an alert that was not acknowledged yet to when it was raised."""
        self._load = AlertLoad()
        self._due_s = 0.0

    def hear(self, told: Event) -> None:
        """An event, in the order in which they were told."""
        if told["event"] != "alert":
            return
        number, at_ms = told["alert"], epoch_ms(told["at"])
        if told["state"] == "raised":
            self._meter.raised(at_ms)
            self._waiting[number] = at_ms
        elif told["state"] == "acknowledged" and number in self._waiting:
            self._meter.acknowledged(at_ms, self._waiting.pop(number))
        else:
            return
        self._due_s = 0.0

    def view(self) -> AlertLoad:
        """As it is now."""
        now_s = self._clock.monotonic()
        if now_s >= self._due_s:
            self._load, self._due_s = self._meter.load(self._clock.utc_ms()), now_s + AGAIN_S
        return self._load
