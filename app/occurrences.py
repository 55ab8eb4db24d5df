"""What happened around each alert that still stands in the list: its own events, and what was done about it."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Mapping

from app.events import Event, epoch_ms
from monitors.ports import AlertView, Happening

KEPT = 40
"""Events of one occurrence; of longer ones the first is kept and the newest."""
OF_AN_EPISODE = ("plan", "intent")


class Occurrences:
    """A sink of events; forgets what is about alerts that are listed no more."""

    def __init__(self, alerts: Callable[[], Iterable[AlertView]]) -> None:
        self._alerts = alerts
        self._first: dict[int, Happening] = {}
        self._later: dict[int, deque[Happening]] = {}
        self._episodes: dict[int, int] = {}
        """Episode to its alert."""
        self._requests: dict[int, int] = {}
        """Request to the alert of its episode."""

    def hear(self, told: Event) -> None:
        """An event, in the order in which they were told."""
        name = told["event"]
        if name == "alert":
            self._alert(told)
        elif name == "outcome":
            self._add(self._requests.get(told["request"]), told)
        elif name in OF_AN_EPISODE:
            number = self._episodes.get(told["episode"])
            if name == "intent" and number is not None:
                self._requests[told["request"]] = number
            self._add(number, told)

    def view(self) -> Mapping[int, tuple[Happening, ...]]:
        """By alert number, oldest first; of those alone that are listed."""
        listed = {alert.number for alert in self._alerts()}
        for number in [n for n in self._first if n not in listed]:
            self._forget(number)
        return {number: (first, *self._later[number]) for number, first in self._first.items()}

    def _alert(self, told: Event) -> None:
        number = told["alert"]
        if told["episode"] is not None:
            self._episodes[told["episode"]] = number
        if told["state"] == "raised":
            self._first[number], self._later[number] = _happening(told), deque(maxlen=KEPT - 1)
        else:
            self._add(number, told)

    def _add(self, number: int | None, told: Event) -> None:
        if number in self._later:
            self._later[number].append(_happening(told))

    def _forget(self, number: int) -> None:
        del self._first[number], self._later[number]
        self._episodes = {e: n for e, n in self._episodes.items() if n != number}
        self._requests = {r: n for r, n in self._requests.items() if n != number}


def _happening(told: Event) -> Happening:
    return Happening(at_ms=epoch_ms(told["at"]), event=told["event"], facts=told)
