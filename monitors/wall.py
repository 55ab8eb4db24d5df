"""Moments as the broker's clock on the wall shows them, and when its days begin."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from monitors.zones import MINUTE_MS, Zone

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Times:
    """Wall times of a broker's clock; UTC where its zone is not known."""

    def __init__(self, zone: str) -> None:
        try:
            self._zone = Zone(zone)
        except ValueError:
            self._zone = Zone("UTC")
        self.name = self._zone.name

    def wall(self, utc_ms: int) -> datetime:
        """The clock's reading, without a zone."""
        return (_EPOCH + timedelta(milliseconds=self._zone.to_wall_ms(utc_ms))).replace(tzinfo=None)

    def day(self, utc_ms: int) -> str:
        """The day that the clock shows, as 2026-03-02."""
        return f"{self.wall(utc_ms):%Y-%m-%d}"

    def midnight_ms(self, day: str, after: int = 0) -> int:
        """When a day begins, given as 2026-03-02, or the one so many days after it; UTC epoch ms."""
        wall = datetime.fromisoformat(day).replace(tzinfo=UTC) + timedelta(days=after)
        return self._zone.to_utc_ms((wall - _EPOCH) // timedelta(milliseconds=1))

    def offset_ms(self, utc_ms: int) -> int:
        """The clock's reading less UTC at that moment."""
        return self._zone.offset_ms(utc_ms)

    def offset(self, utc_ms: int) -> str:
        """UTC+2 and the like."""
        minutes = self.offset_ms(utc_ms) // MINUTE_MS
        hours, rest = divmod(abs(minutes), 60)
        minus = "\N{MINUS SIGN}"
        return f"UTC{minus if minutes < 0 else '+'}{hours}{f':{rest:02d}' if rest else ''}" if minutes else "UTC"
