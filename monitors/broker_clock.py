"""Which clock a broker keeps, judged by when its trading weeks end and begin: every week of it, against New York's."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from monitors.days import THURSDAY
from monitors.model import Ints
from monitors.zones import DAY_MS, GMT_2_AUSTRALIA, HOUR_MS, NEW_YORK_CLOSE, zone

NEW_YORK = "America/New_York"
SHUTS_HOUR = 17
"""Currencies stop on Friday and start on Sunday at this hour in New York."""
RULES = (NEW_YORK_CLOSE, "Europe/Athens", "Europe/Berlin", "Europe/London", NEW_YORK, GMT_2_AUSTRALIA,
         "Australia/Sydney")  # fmt: skip
"""Clocks with a summer time, the likelier first."""
FIXED = {hours: f"Etc/GMT{-hours:+d}" if hours else "UTC" for hours in range(-12, 15)}
"""Clocks that never change, by hours ahead of UTC; the names in Etc count the other way."""
CANDIDATES = RULES + tuple(FIXED[hours] for hours in sorted(FIXED, key=abs))

LEAST_SHARE = 0.5
"""Of the weeks, what a clock must explain to be one at all; real histories end early on one Friday in six."""
REGULAR_SHARE, REGULAR_LEAD, LEAD = 0.9, 1, 3
"""A clock is beaten by so many weeks more: one where the winner explains nearly all, else three."""
LEAD_RATIO = 4
"""And the winner's weeks alone must be this many times the loser's alone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Weekends:
    """When trading stopped and started again, on the broker's wall, and when it was due to, in UTC; arrays of ms.

    The wall's times are whole hours: the end of the last hour traded, the start of the first.
    """

    stopped: Ints
    started: Ints
    due_stop: Ints
    due_start: Ints

    def __len__(self) -> int:
        return len(self.stopped)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Fit:
    """A clock, the weekends that it explains by their stop, and those that it explains by their start alone."""

    zone: str
    hits: NDArray[np.bool_]
    starts: NDArray[np.bool_]

    @property
    def count(self) -> int:
        return int(np.count_nonzero(self.hits))

    def beats(self, other: Fit) -> bool:
        """Whether the weekends that only one of the two explains leave no doubt."""
        ahead = int(np.count_nonzero(self.hits & ~other.hits))
        behind = int(np.count_nonzero(other.hits & ~self.hits))
        lead = REGULAR_LEAD if self.count >= REGULAR_SHARE * len(self.hits) else LEAD
        return ahead >= lead and ahead >= LEAD_RATIO * behind


def weekends(bars_ms: Ints) -> Weekends:
    """The weekends between bars of an hour or less, given their starts on the broker's wall, oldest first.

    A weekend is a pause of a day or more in which the wall shows midnight before a Sunday, which it does with every
    clock from UTC-12 to UTC+14.
    """
    last, first = bars_ms[:-1], bars_ms[1:]
    sunday = (first // DAY_MS + THURSDAY + 1) // 7 * 7 - THURSDAY - 1
    found = (first - last > DAY_MS) & (last < sunday * DAY_MS)
    new_york = zone(NEW_YORK)
    shut = [int(day) * DAY_MS + SHUTS_HOUR * HOUR_MS for day in sunday[found]]
    return Weekends(
        stopped=last[found] // HOUR_MS * HOUR_MS + HOUR_MS,
        started=first[found] // HOUR_MS * HOUR_MS,
        due_stop=np.array([new_york.to_utc_ms(ms - 2 * DAY_MS) for ms in shut], dtype=np.int64),
        due_start=np.array([new_york.to_utc_ms(ms) for ms in shut], dtype=np.int64),
    )


def fit(name: str, seen: Weekends) -> Fit:
    """What one clock explains: trading stopped on the hour it was due, and did not start before it was due.

    A later start says nothing: metals begin an hour later, and many a history has no Sunday bars. Started on the hour
    and stopped no later than due is the weaker sign, for the same reason.
    """
    clock = zone(name)
    stop, start = clock.to_wall(seen.due_stop), clock.to_wall(seen.due_start)
    return Fit(
        zone=name,
        hits=(seen.stopped == stop) & (seen.started >= start),
        starts=(seen.stopped <= stop) & (seen.started == start),
    )


def standing(seen: Weekends) -> tuple[Fit, ...]:
    """The clock that explains most weekends and those that may be the broker's as well; empty where none explains half.

    Those are the ones it does not beat, the likelier first where they explain as many. And where trading starts later
    than its due, as if the broker left out an hour on Sundays, the broker may leave out an hour on Fridays instead.
    """
    fits = [fit(name, seen) for name in CANDIDATES]
    best, *others = sorted(fits, key=lambda found: -found.count)
    least = LEAST_SHARE * len(seen)
    if not len(seen) or best.count < least:
        return ()
    close = [other for other in others if other.count and not best.beats(other)]
    if np.count_nonzero(best.starts) < least:
        starts = sorted(others, key=lambda found: -np.count_nonzero(found.starts))
        close += [other for other in starts if other not in close and np.count_nonzero(other.starts) >= least]
    return (best, *close)


def shut(utc_ms: int) -> bool:
    """Whether currencies rest at that moment: from Friday to Sunday, 17:00 in New York."""
    wall = zone(NEW_YORK).to_wall_ms(utc_ms) - SHUTS_HOUR * HOUR_MS
    weekday = (wall // DAY_MS + THURSDAY) % 7
    return weekday in (4, 5)
