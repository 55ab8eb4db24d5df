"""Several symbols' ticks in one row: each desk has its own place in sources that all of them share."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping
from typing import Protocol

import numpy as np

from bridge.simulator.tape import Floats
from bridge.simulator.ticks import Ticks
from monitors.model import Ints

_NEVER = 2**62


class Source(Protocol):
    """One symbol's ticks, in order of time; more may be made when asked for."""

    @property
    def utc_ms(self) -> Ints: ...
    @property
    def bids(self) -> Floats: ...
    @property
    def asks(self) -> Floats: ...
    @property
    def dropped(self) -> int: ...
    def ensure(self, end_ms: int) -> None: ...


class Recorded:
    """A tape from a file: all of it is there from the start."""

    def __init__(self, ticks: Ticks) -> None:
        self.utc_ms, self.bids, self.asks = ticks.utc_ms, ticks.bids, ticks.asks
        self.dropped = 0

    def ensure(self, end_ms: int) -> None:
        """Nothing more will come."""


class Playback:
    """A desk's place in the sources; `start_ms`: where it begins, with the newest quote of each symbol by then."""

    def __init__(self, sources: Mapping[str, Source], start_ms: int) -> None:
        self._sources = dict(sources)
        self._places: dict[str, int] = {}
        self._next: dict[str, int] = {}
        for name, source in self._sources.items():
            source.ensure(start_ms + 1)
            place = max(int(np.searchsorted(source.utc_ms, start_ms, side="right")) - 1, 0)
            self._places[name] = place + source.dropped
            self._next[name] = int(source.utc_ms[place]) if place < len(source.utc_ms) else _NEVER
        self._due = 0
        """Nothing is due before that, UTC ms; zero where a source may have to make its next tick first."""

    def until(self, end_ms: int) -> list[tuple[int, str, float, float]]:
        """Every tick not yet given before `end_ms`, merged by time; at one moment in the order of the symbols."""
        due: list[tuple[int, str, float, float]] = []
        if end_ms <= self._due:
            return due
        for name, source in self._sources.items():
            source.ensure(end_ms)
            first = self._places[name] - source.dropped
            if self._next[name] == _NEVER and first < len(source.utc_ms):
                self._next[name] = int(source.utc_ms[first])
            if self._next[name] >= end_ms:
                continue
            end = bisect_left(source.utc_ms, end_ms, lo=first)
            rows = slice(first, end)
            due += zip(
                source.utc_ms[rows].tolist(),
                [name] * (end - first),
                source.bids[rows].tolist(),
                source.asks[rows].tolist(),
                strict=True,
            )
            self._places[name] = end + source.dropped
            self._next[name] = int(source.utc_ms[end]) if end < len(source.utc_ms) else _NEVER
        ahead = self._next.values()
        self._due = 0 if _NEVER in ahead else min(ahead, default=0)
        due.sort(key=_moment)
        return due


def _moment(tick: tuple[int, str, float, float]) -> int:
    return tick[0]
