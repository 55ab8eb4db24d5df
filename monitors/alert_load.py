"""How many alerts a person is given, and how long they wait (after EEMUA 191: ten new in ten minutes are a flood)."""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from collections import deque
from dataclasses import dataclass
from statistics import median

from monitors.zones import DAY_MS, HOUR_MS, MINUTE_MS

TEN_MINUTES_MS = 10 * MINUTE_MS
FLOOD = 10
"""More new ones within ten minutes are shown as one."""
HOURS = 24


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertLoad:
    """Of the last day; `peaks` are the most within ten minutes that began in each hour, oldest hour first."""

    peaks: tuple[int, ...] = (0,) * HOURS
    last_hour: int = 0
    last_ten: int = 0
    median_ack_s: float | None = None
    """From raised to acknowledged; None where nothing was acknowledged."""

    @property
    def flood(self) -> bool:
        """Whether more are new than a person can read."""
        return self.last_ten > FLOOD


class LoadMeter:
    """Counts what is raised and acknowledged; times in UTC epoch milliseconds, of one clock that may be set."""

    def __init__(self) -> None:
        self._raised: list[int] = []
        """Moments, rising."""
        self._acks: deque[tuple[int, float]] = deque()
        """When one was acknowledged, and after how many seconds."""

    def raised(self, at_ms: int) -> None:
        """One more is new."""
        insort(self._raised, at_ms)

    def acknowledged(self, at_ms: int, raised_ms: int) -> None:
        """A person has seen one; a clock set back meanwhile makes nobody faster than at once."""
        self._acks.append((at_ms, max(0.0, (at_ms - raised_ms) / 1000)))

    def load(self, now_ms: int) -> AlertLoad:
        """As it is now; what is older than a day is forgotten, what lies ahead of a clock set back counts as now."""
        del self._raised[: bisect_right(self._raised, now_ms - DAY_MS)]
        while self._acks and self._acks[0][0] <= now_ms - DAY_MS:
            self._acks.popleft()
        begin = now_ms - DAY_MS
        peaks = [0] * HOURS
        for first, at_ms in enumerate(self._raised):
            hour = min((at_ms - begin) // HOUR_MS, HOURS - 1)
            within = bisect_left(self._raised, at_ms + TEN_MINUTES_MS) - first
            peaks[hour] = max(peaks[hour], within)
        return AlertLoad(
            peaks=tuple(peaks),
            last_hour=self._since(now_ms - HOUR_MS),
            last_ten=self._since(now_ms - TEN_MINUTES_MS),
            median_ack_s=median(took for _, took in self._acks) if self._acks else None,
        )

    def _since(self, at_ms: int) -> int:
        return len(self._raised) - bisect_right(self._raised, at_ms)
