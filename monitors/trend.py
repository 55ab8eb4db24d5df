"""Where equity tends: its robust slope over the last minutes, and how much it moves about meanwhile."""

from __future__ import annotations

from functools import lru_cache
from itertools import pairwise

import numpy as np

from monitors.drawdown_view import Trend
from monitors.model import Floats, Ints, NotApplicable, Unknown, Value

MINUTES = (5, 30, 240)
SAMPLES = 120
"""Of each window, evenly apart: 7,140 pairs, a tenth of a millisecond."""
STILL = 20
"""Fewer changes than this say nothing about how much equity moves."""
NORMAL = 1.4826
"""Standard deviation of a normal distribution over its median absolute deviation."""


class _Window:
    """The last minutes of equity, thinned to SAMPLES; the slope is computed once for each new sample."""

    def __init__(self, minutes: int) -> None:
        self.minutes = minutes
        self._seconds = minutes * 60.0
        self._samples: list[tuple[float, float]] = []
        self._slope: Value = Unknown("nothing is recorded yet")
        self._stale = False

    def note(self, now_s: float, equity: float) -> None:
        kept = self._samples
        if kept and now_s - kept[-1][0] < self._seconds / SAMPLES:
            return
        kept.append((now_s, equity))
        while kept[0][0] < now_s - self._seconds:
            kept.pop(0)
        self._stale = True

    @property
    def samples(self) -> list[tuple[float, float]]:
        """Seconds and equity, oldest first, at most SAMPLES + 1."""
        return self._samples

    @property
    def slope(self) -> Value:
        """Account currency an hour."""
        if self._stale:
            self._slope, self._stale = self._found(), False
        return self._slope

    def _found(self) -> Value:
        span = self._samples[-1][0] - self._samples[0][0]
        if span < self._seconds / 2:
            return Unknown(f"{self.minutes / 2:g} minutes of equity are needed, {span / 60:.1f} are recorded")
        time, equity = np.array(self._samples).T
        return 3600 * theil_sen(time, equity)


class EquityRecord:
    """The last hours of one account's equity without flows, thinned for each window as it grows; bounded."""

    def __init__(self) -> None:
        self._windows = tuple(_Window(minutes) for minutes in MINUTES)

    def note(self, now_s: float, equity: float) -> None:
        """Equity less all flows so far, at that many monotonic seconds; as often as once a second or more."""
        for window in self._windows:
            window.note(now_s, equity)

    @property
    def windows(self) -> tuple[_Window, ...]:
        """In the order of MINUTES."""
        return self._windows


def slopes(record: EquityRecord) -> tuple[Trend, ...]:
    """The slope over each of MINUTES; unknown while the record is shorter than half of them (RULES: drawdown)."""
    return tuple(Trend(minutes=window.minutes, per_hour=window.slope) for window in record.windows)


def volatility(record: EquityRecord) -> Value:
    """Standard deviation of equity over one minute, account currency; it grows with the square root of time.

    Robust: from the median absolute change of the last 30 minutes, each over the root of the time it took, so that a
    single jump does not count; where equity stands still more often than it moves, from the root of the mean square.
    Not applicable where it does not move at all.
    """
    samples = record.windows[1].samples
    if len(samples) <= STILL:
        return Unknown("equity is not recorded for long enough yet")
    changes = [(b[1] - a[1]) / np.sqrt((b[0] - a[0]) / 60) for a, b in pairwise(samples)]
    found = NORMAL * float(np.median(np.abs(changes))) or float(np.sqrt(np.mean(np.square(changes))))
    return found if found > 0 else NotApplicable("equity does not move")


def theil_sen(time: Floats, value: Floats) -> float:
    """The median of the slopes of all pairs, length n of at least 2, times rising.

    Source: P. K. Sen, Estimates of the regression coefficient based on Kendall's tau (1968). Up to 29 % of the
    values may be anything.
    """
    first, second = _pairs(len(time))
    return float(np.median((value[second] - value[first]) / (time[second] - time[first])))


@lru_cache(maxsize=SAMPLES + 2)
def _pairs(n: int) -> tuple[Ints, Ints]:
    first, second = np.triu_indices(n, 1)
    return first, second
