"""Wall clocks: an IANA zone's, or a broker's that moves on another place's dates; UTC to wall time and back."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

import numpy as np

from monitors.model import Ints

NEW_YORK_CLOSE, GMT_2_AUSTRALIA = "new-york-close", "gmt+2-australia"
MINUTE_MS, HOUR_MS, DAY_MS = 60_000, 3_600_000, 86_400_000
SLOT_MS = 900_000
"""Zones change only on a quarter of an hour of UTC."""
STEADY_MS = 7 * DAY_MS
"""No zone changes there and back within so short a time."""
SHIFTED = {NEW_YORK_CLOSE: ("America/New_York", 7 * HOUR_MS), GMT_2_AUSTRALIA: ("Australia/Sydney", -8 * HOUR_MS)}
"""Brokers' clocks that no IANA zone is: the place whose dates they change on, and how far they run ahead of it."""


class Zone:
    """A clock by name: an IANA zone, or a broker's that is none.

    "new-york-close" is New York + 7 h, so that the day ends at 17:00 there; "gmt+2-australia" is UTC+2, and UTC+3 while
    Sydney has summer.

    A wall reading is an epoch number that shows the clock's time as if it were UTC, the way MetaTrader 5 stamps
    everything. ValueError where there is no such zone.
    """

    def __init__(self, name: str) -> None:
        self.name = name
        place, self._ahead_ms = SHIFTED.get(name, (name, 0))
        try:
            self._info = ZoneInfo(place)
        except (KeyError, ValueError, OSError) as error:
            raise ValueError(f"{name!r} is neither an IANA zone nor one of {', '.join(SHIFTED)}") from error

    def offset_ms(self, utc_ms: int) -> int:
        """Wall clock minus UTC at that moment."""
        return _offset_ms(self._info, utc_ms // SLOT_MS) + self._ahead_ms

    def to_wall_ms(self, utc_ms: int) -> int:
        """The wall reading at a UTC instant."""
        return utc_ms + self.offset_ms(utc_ms)

    def to_wall(self, utc_ms: Ints) -> Ints:
        """The same for many; length n."""
        if not len(utc_ms):
            return utc_ms
        first, last = int(utc_ms.min()), int(utc_ms.max())
        offset = self.offset_ms(first)
        if last - first < STEADY_MS and offset == self.offset_ms(last):
            return utc_ms + offset
        slots, where = np.unique(utc_ms // SLOT_MS, return_inverse=True)
        offsets = np.array([self.offset_ms(int(slot) * SLOT_MS) for slot in slots], dtype=np.int64)
        return utc_ms + offsets[where]

    def to_utc_ms(self, wall_ms: int) -> int:
        """The first moment at which this clock shows, or passes, a wall reading.

        An hour that comes twice in autumn gives its first pass; an hour that spring leaves out gives the change.
        """
        slot = wall_ms // SLOT_MS
        began, skipped = _slot_began(self, slot)
        return began if skipped else began + wall_ms - slot * SLOT_MS

    def to_utc(self, wall_ms: Ints) -> Ints:
        """The same for many, in order of time; length n."""
        if not len(wall_ms):
            return wall_ms
        first, last = int(wall_ms[0]), int(wall_ms[-1])
        offset = first - self.to_utc_ms(first)
        if last - first < STEADY_MS and offset == last - self.to_utc_ms(last):
            return wall_ms - offset
        return np.array([self.to_utc_ms(int(ms)) for ms in wall_ms], dtype=np.int64)

    def next_midnight_ms(self, utc_ms: int) -> int:
        """The first moment after `utc_ms` at which a new day begins on this clock."""
        return self.to_utc_ms((self.to_wall_ms(utc_ms) // DAY_MS + 1) * DAY_MS)


@lru_cache(maxsize=64)
def zone(name: str) -> Zone:
    """The zone of that name; every caller is given the same one."""
    return Zone(name)


@lru_cache(maxsize=65_536)
def _offset_ms(info: ZoneInfo, slot: int) -> int:
    there = datetime.fromtimestamp(slot * SLOT_MS / 1000, UTC).astimezone(info).utcoffset()
    return round(there.total_seconds() * 1000) if there else 0


@lru_cache(maxsize=65_536)
def _slot_began(clock: Zone, slot: int) -> tuple[int, bool]:
    """When a quarter of an hour of the wall clock began, in UTC; and whether the clock left it out."""
    wall_ms = slot * SLOT_MS
    candidates = [wall_ms - clock.offset_ms(wall_ms + shift) for shift in (-DAY_MS, DAY_MS)]
    exact = [moment for moment in candidates if clock.to_wall_ms(moment) == wall_ms]
    if exact:
        return min(exact), False
    low, high = min(candidates) // SLOT_MS, max(candidates) // SLOT_MS + 1
    passed = (s * SLOT_MS for s in range(low, high + 1) if clock.to_wall_ms(s * SLOT_MS) >= wall_ms)
    return next(passed), True
