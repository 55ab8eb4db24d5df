"""A metric's last hour, a point a second: what an alert's small picture is drawn from."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from monitors.model import Floats, Ints

KEPT = 3_600
STEP_MS = 1_000


@dataclass(frozen=True, slots=True)
class Trail:
    """Two arrays of one length, oldest first: UTC epoch ms and the metric in its unit, NaN where it was unknown."""

    time_ms: Ints
    value: Floats


EMPTY = Trail(np.empty(0, dtype=np.int64), np.empty(0))


class TrailRecord:
    """Grows by a point a second; what was handed out before never changes."""

    def __init__(self) -> None:
        self._begin()

    def _begin(self) -> None:
        self._time_ms = np.empty(2 * KEPT, dtype=np.int64)
        self._value = np.empty(2 * KEPT)
        self._length = 0

    def append(self, now_ms: int, value: float) -> None:
        """The metric now, unless the last point is of this very second; time that runs back begins a new trail."""
        last_ms = int(self._time_ms[self._length - 1]) if self._length else now_ms - STEP_MS
        if now_ms < last_ms:
            self._begin()
        elif now_ms - last_ms < STEP_MS:
            return
        if self._length == len(self._time_ms):
            self._time_ms, self._value = (np.concatenate([a[-KEPT:], np.empty(KEPT, a.dtype)])
                                          for a in (self._time_ms, self._value))  # fmt: skip
            self._length = KEPT
        self._time_ms[self._length], self._value[self._length] = now_ms, value
        self._length += 1

    def view(self) -> Trail:
        """The last hour at most."""
        since = max(0, self._length - KEPT)
        return Trail(self._time_ms[since : self._length], self._value[since : self._length])
