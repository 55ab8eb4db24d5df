"""Where a day and a week begin, on a broker's clock or on any IANA zone's, summer time included."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from monitors.settings import DaySettings
from monitors.zones import DAY_MS, MINUTE_MS, Zone, zone

EPOCH = date(1970, 1, 1).toordinal()
THURSDAY = 3
"""The weekday of 1 January 1970, Monday being 0."""


@dataclass(frozen=True, slots=True)
class Calendar:
    """Day and week boundaries of one account."""

    settings: DaySettings
    broker_zone: str

    @property
    def zone(self) -> Zone:
        """The clock that the resets follow."""
        return zone(self.broker_zone if self.settings.zone == "server" else self.settings.zone)

    def day_start_ms(self, utc_ms: int) -> int:
        """The latest daily reset at or before the instant, UTC epoch milliseconds."""
        return _day_span(self, utc_ms // MINUTE_MS)[0]

    def next_day_ms(self, utc_ms: int) -> int:
        """The first daily reset after the instant."""
        return _day_span(self, utc_ms // MINUTE_MS)[1]

    def resets(self, after_ms: int, until_ms: int) -> tuple[int, ...]:
        """Every daily reset with after < time <= until; of a longer time than a year only those of its last year."""
        found, at_ms = [], max(after_ms, until_ms - 366 * DAY_MS)
        while (at_ms := self.next_day_ms(at_ms)) <= until_ms:
            found.append(at_ms)
        return tuple(found)

    def week_start_ms(self, utc_ms: int) -> int:
        """The latest weekly reset at or before the instant: the daily reset of the day the week starts on."""
        day = self.zone.to_wall_ms(self.day_start_ms(utc_ms)) // DAY_MS
        back = (day + THURSDAY - self.settings.week_starts) % 7
        return self.reset_ms(day - back)

    def month_start_ms(self, utc_ms: int) -> int:
        """The latest monthly reset at or before the instant: the daily reset of the month's first day."""
        day = self.zone.to_wall_ms(self.day_start_ms(utc_ms)) // DAY_MS
        return self.reset_ms(day - date.fromordinal(EPOCH + day).day + 1)

    def reset_ms(self, day: int) -> int:
        """The reset of the clock's day of that number, days since 1970, as a UTC instant."""
        return self.zone.to_utc_ms(day * DAY_MS + self.settings.reset_minute * MINUTE_MS)


@lru_cache(maxsize=4096)
def _day_span(calendar: Calendar, utc_minute: int) -> tuple[int, int]:
    """The resets around an instant; every reset falls on a whole minute, so a minute has one answer."""
    instant = utc_minute * MINUTE_MS
    today = calendar.zone.to_wall_ms(instant) // DAY_MS
    resets = [calendar.reset_ms(today + n) for n in (-1, 0, 1, 2)]
    latest = max(reset for reset in resets if reset <= instant)
    return latest, min(reset for reset in resets if reset > instant)
