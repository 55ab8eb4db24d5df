"""Where a day and a week begin, on a broker's clock or on any IANA zone's, summer time included."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from monitors.settings import DaySettings

NEW_YORK_CLOSE = "new-york-close"
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Zone:
    """A wall clock: an IANA zone, shifted by a fixed time ("new-york-close" is New York plus seven hours)."""

    info: ZoneInfo
    shift: timedelta = timedelta(0)

    def wall(self, utc_ms: int) -> datetime:
        """The naive wall-clock reading at a UTC instant."""
        utc = _EPOCH + timedelta(milliseconds=utc_ms)
        return utc.astimezone(self.info).replace(tzinfo=None) + self.shift

    def utc_ms(self, wall: datetime) -> int:
        """The UTC instant of a naive wall reading: a skipped one from before the skip, a doubled one the first time."""
        return (((wall - self.shift).replace(tzinfo=self.info)) - _EPOCH) // timedelta(milliseconds=1)

    def offset_s(self, utc_ms: int) -> int:
        """Wall clock minus UTC at a UTC instant, in seconds."""
        wall = self.wall(utc_ms).replace(tzinfo=UTC)
        return round((wall - _EPOCH) / timedelta(seconds=1) - utc_ms / 1000)


@lru_cache(maxsize=64)
def zone(name: str) -> Zone:
    """The zone of that name; ZoneInfoNotFoundError (a KeyError) or ValueError where there is none."""
    if name == NEW_YORK_CLOSE:
        return Zone(ZoneInfo("America/New_York"), timedelta(hours=7))
    return Zone(ZoneInfo(name))


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
        return _day_span(self, utc_ms // 60_000)[0]

    def next_day_ms(self, utc_ms: int) -> int:
        """The first daily reset after the instant."""
        return _day_span(self, utc_ms // 60_000)[1]

    def week_start_ms(self, utc_ms: int) -> int:
        """The latest weekly reset at or before the instant: the daily reset of the day the week starts on."""
        clock = self.zone
        start = clock.wall(self.day_start_ms(utc_ms))
        back = (start.weekday() - self.settings.week_starts) % 7
        return clock.utc_ms(self._reset_on(start - timedelta(days=back)))

    def _reset_on(self, wall: datetime) -> datetime:
        midnight = wall.replace(hour=0, minute=0, second=0, microsecond=0)
        return midnight + timedelta(minutes=self.settings.reset_minute)


@lru_cache(maxsize=4096)
def _day_span(calendar: Calendar, utc_minute: int) -> tuple[int, int]:
    """The resets around an instant; every reset falls on a whole minute, so a minute has one answer."""
    clock, instant = calendar.zone, utc_minute * 60_000
    today = calendar._reset_on(clock.wall(instant))  # noqa: SLF001 -- the cached half of the same class
    resets = [clock.utc_ms(today + timedelta(days=n)) for n in (-1, 0, 1, 2)]
    latest = max(reset for reset in resets if reset <= instant)
    return latest, min(reset for reset in resets if reset > instant)
