"""The broker's clock: UTC to wall-clock epoch and back, daylight saving included."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np

NEW_YORK_CLOSE = "new-york-close"
_SLOT_MS = 900_000  # zones change only on a quarter of an hour of UTC

Stamps = np.ndarray[Any, np.dtype[np.int64]]


@lru_cache(maxsize=65_536)
def _offset_ms(zone: ZoneInfo, slot: int) -> int:
    there = datetime.fromtimestamp(slot * _SLOT_MS / 1000, UTC).astimezone(zone).utcoffset()
    return round(there.total_seconds() * 1000) if there else 0


class ServerZone:
    """A server clock by name: an IANA zone, or "new-york-close" (New York + 7 h, so that the day ends at 17:00 there).

    Broker epochs are wall-clock time written as if it were UTC, the way MetaTrader 5 stamps everything. An unknown
    name raises ValueError.
    """

    def __init__(self, name: str) -> None:
        self.name = name
        self._ahead_ms = 7 * 3_600_000 if name == NEW_YORK_CLOSE else 0
        try:
            self._zone = ZoneInfo("America/New_York" if self._ahead_ms else name)
        except (KeyError, ValueError, OSError) as fault:
            raise ValueError(f"{name!r} is neither an IANA zone nor {NEW_YORK_CLOSE!r}") from fault

    def offset_ms(self, utc_ms: int) -> int:
        """Broker clock minus UTC at that moment."""
        return _offset_ms(self._zone, utc_ms // _SLOT_MS) + self._ahead_ms

    def to_broker_ms(self, utc_ms: int) -> int:
        return utc_ms + self.offset_ms(utc_ms)

    def to_broker(self, utc_ms: Stamps) -> Stamps:
        """The same for an array."""
        slots, where = np.unique(utc_ms // _SLOT_MS, return_inverse=True)
        offsets = np.array([self.offset_ms(int(slot) * _SLOT_MS) for slot in slots], dtype=np.int64)
        return utc_ms + offsets[where] if len(slots) else utc_ms

    def to_utc_ms(self, broker_ms: int) -> int:
        """The first moment that this clock shows, or passes, `broker_ms`.

        An hour that comes twice in autumn gives its first pass; an hour that spring leaves out gives the change.
        """
        candidates = [broker_ms - self.offset_ms(broker_ms + shift) for shift in (-86_400_000, 86_400_000)]
        exact = [moment for moment in candidates if self.to_broker_ms(moment) == broker_ms]
        if exact:
            return min(exact)
        low, high = min(candidates) // _SLOT_MS, max(candidates) // _SLOT_MS + 1
        return next(slot * _SLOT_MS for slot in range(low, high + 1) if self.to_broker_ms(slot * _SLOT_MS) >= broker_ms)

    def next_midnight_ms(self, utc_ms: int) -> int:
        """The first moment after `utc_ms` at which a new broker day begins."""
        day = self.to_broker_ms(utc_ms) // 86_400_000
        return self.to_utc_ms((day + 1) * 86_400_000)
