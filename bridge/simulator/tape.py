"""One symbol's ticks in memory: growing, bounded, served by time."""

from __future__ import annotations

from typing import Any

import numpy as np

from bridge.simulator.backend import TICKS, Rows
from monitors.model import Ints
from monitors.zones import Zone

FLAG_BID, FLAG_ASK = 2, 4
COPY_TRADE = 2
KEPT = 20_000
"""Some hours of a lively symbol, 0.5 MB: a demo that runs for weeks does not grow beyond it."""

Floats = np.ndarray[Any, np.dtype[np.float64]]


class Tape:
    """The newest `kept` ticks in UTC milliseconds, oldest first; older ones are dropped by halves."""

    def __init__(self, zone: Zone, kept: int = KEPT) -> None:
        self._zone = zone
        self._kept = kept
        self._times = np.empty(1024, dtype=np.int64)
        self._prices = np.empty((1024, 2), dtype=np.float64)
        self._size = 0
        self.dropped = 0

    def __len__(self) -> int:
        return self._size

    def append(self, utc_ms: int, bid: float, ask: float) -> None:
        self._make_room(1)
        self._times[self._size] = utc_ms
        self._prices[self._size] = bid, ask
        self._size += 1

    def extend(self, utc_ms: Ints, bids: Floats, asks: Floats) -> None:
        """Append many at once; times must not go back."""
        many = min(len(utc_ms), self._kept)
        if not many:
            return
        self.dropped += len(utc_ms) - many
        self._make_room(many)
        new = slice(self._size, self._size + many)
        self._times[new] = utc_ms[-many:]
        self._prices[new, 0] = bids[-many:]
        self._prices[new, 1] = asks[-many:]
        self._size += many

    def since(self, index: int) -> tuple[Ints, Floats, Floats]:
        """Broker milliseconds, bids and asks from the `index`-th tick ever seen, as far as still kept."""
        part = slice(max(index - self.dropped, 0), self._size)
        return self._zone.to_wall(self._times[part]), self._prices[part, 0], self._prices[part, 1]

    def from_time(self, since_s: int, count: int, flags: int) -> Rows:
        """At most `count` ticks from broker second `since_s` on, oldest first."""
        first = self._index_of(since_s * 1000)
        return self._rows(first, min(first + max(count, 0), self._size), flags)

    def between(self, since_s: int, until_s: int, flags: int) -> Rows:
        """The ticks of broker seconds `since_s` to `until_s`, the last moment included."""
        return self._rows(self._index_of(since_s * 1000), self._index_of(until_s * 1000 + 1), flags)

    def _index_of(self, broker_ms: int) -> int:
        return int(np.searchsorted(self._times[: self._size], self._zone.to_utc_ms(broker_ms)))

    def _rows(self, first: int, end: int, flags: int) -> Rows:
        """No symbol here has a last price, so COPY_TICKS_TRADE finds none."""
        if flags == COPY_TRADE or end <= first:
            return np.empty(0, dtype=TICKS)
        rows = np.zeros(end - first, dtype=TICKS)
        rows["time_msc"] = self._zone.to_wall(self._times[first:end])
        rows["time"] = rows["time_msc"] // 1000
        rows["bid"] = self._prices[first:end, 0]
        rows["ask"] = self._prices[first:end, 1]
        before = self._prices[max(first - 1, 0) : end - 1]
        changed = self._prices[first:end][-len(before) :] != before if len(before) else np.empty((0, 2), dtype=bool)
        told = changed[:, 0] * np.uint32(FLAG_BID) + changed[:, 1] * np.uint32(FLAG_ASK)
        rows["flags"] = FLAG_BID | FLAG_ASK
        rows["flags"][len(rows) - len(told) :] = np.where(told == 0, FLAG_BID | FLAG_ASK, told)
        return rows

    def _make_room(self, many: int) -> None:
        if self._size + many > self._kept:
            keep = min(self._kept // 2, self._kept - many, self._size)
            gone = self._size - keep
            self._times[:keep] = self._times[gone : self._size].copy()
            self._prices[:keep] = self._prices[gone : self._size].copy()
            self._size, self.dropped = keep, self.dropped + gone
        if self._size + many > len(self._times):
            wanted = min(max(2 * len(self._times), self._size + many), max(self._kept, self._size + many))
            self._times = np.resize(self._times, wanted)
            self._prices = np.resize(self._prices, (wanted, 2))
