"""The world's time: a virtual clock that moves when told to, or a wall clock that may run faster."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from typing import Protocol

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def epoch_ms(moment: datetime) -> int:
    """Whole milliseconds since the epoch; `moment` must carry a zone."""
    return round((moment - EPOCH) / timedelta(milliseconds=1))


class Clock(Protocol):
    """Time as the world has it: UTC for the record, monotonic seconds for durations, both at the world's speed."""

    def utc(self) -> datetime: ...
    def utc_ms(self) -> int: ...
    def monotonic(self) -> float: ...
    def wait_until(self, utc_ms: int) -> None:
        """Return at that moment: a virtual clock jumps, a wall clock sleeps. The past returns at once."""


class VirtualClock:
    """Stands still until it is moved; never goes back."""

    def __init__(self, start: datetime) -> None:
        self._start_ms = self._now_ms = epoch_ms(start)

    def utc(self) -> datetime:
        return EPOCH + timedelta(milliseconds=self._now_ms)

    def utc_ms(self) -> int:
        return self._now_ms

    def monotonic(self) -> float:
        return (self._now_ms - self._start_ms) / 1000

    def advance_to(self, moment: datetime | int) -> None:
        """Move to `moment` (a datetime, or UTC epoch milliseconds); a moment already past moves nothing."""
        to_ms = moment if isinstance(moment, int) else epoch_ms(moment)
        self._now_ms = max(self._now_ms, to_ms)

    def wait_until(self, utc_ms: int) -> None:
        self.advance_to(utc_ms)


class WallClock:
    """Runs by itself from `start` (default: now) at `speed` seconds of the world a second of ours."""

    def __init__(self, start: datetime | None = None, speed: float = 1.0) -> None:
        if not 0 < speed < float("inf"):
            raise ValueError(f"speed {speed}: must be above 0")
        self._speed = speed
        self._origin = time.monotonic()
        self._start_ms = time.time_ns() // 1_000_000 if start is None else epoch_ms(start)

    def utc(self) -> datetime:
        return EPOCH + timedelta(milliseconds=self.utc_ms())

    def utc_ms(self) -> int:
        return self._start_ms + int(self.monotonic() * 1000)

    def monotonic(self) -> float:
        return (time.monotonic() - self._origin) * self._speed

    def wait_until(self, utc_ms: int) -> None:
        while (left_ms := utc_ms - self.utc_ms()) > 0:
            time.sleep(max(left_ms / 1000 / self._speed, 0.0005))
