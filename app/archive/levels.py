"""The levels of the equity record: every beat for a day, then fewer points for longer, lows and highs kept."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from monitors.model import Ints
from monitors.zones import DAY_MS, HOUR_MS, MINUTE_MS

COLUMNS = ("time_ms", "last", "below", "above", "balance")
"""Of a block, in this order: how far the low lies below the last value and the high above it are never negative."""
SECOND_MS = 1_000
FOR_GOOD = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Level:
    """One point every `step_ms` (0: every beat), in blocks of `block_ms` aligned to UTC, kept for `kept_ms`."""

    number: int
    step_ms: int
    block_ms: int
    kept_ms: int | None


LEVELS = (
    Level(number=0, step_ms=0, block_ms=MINUTE_MS, kept_ms=DAY_MS),
    Level(number=1, step_ms=SECOND_MS, block_ms=HOUR_MS, kept_ms=7 * DAY_MS),
    Level(number=2, step_ms=10 * SECOND_MS, block_ms=4 * HOUR_MS, kept_ms=62 * DAY_MS),
    Level(number=3, step_ms=MINUTE_MS, block_ms=DAY_MS, kept_ms=FOR_GOOD),
    Level(number=4, step_ms=10 * MINUTE_MS, block_ms=8 * DAY_MS, kept_ms=FOR_GOOD),
    Level(number=5, step_ms=HOUR_MS, block_ms=32 * DAY_MS, kept_ms=FOR_GOOD),
)
"""Finest first. A second's level ends after a week so that a month of a busy account fits the room it may take."""


def thinned(points: Ints, step_ms: int) -> Ints:
    """One point a step that has any: its time is the step's start; low and high are those of all its points.

    `points` has shape (5, n) in the order of COLUMNS, sorted by time.
    """
    if step_ms == 0 or points.shape[1] == 0:
        return points
    time, last, below, above, balance = points
    steps = time // step_ms
    starts = np.flatnonzero(np.diff(steps, prepend=steps[0] - 1))
    ends = np.append(starts[1:], len(time)) - 1
    low, high = np.minimum.reduceat(last - below, starts), np.maximum.reduceat(last + above, starts)
    closing = last[ends]
    return np.stack([steps[starts] * step_ms, closing, closing - low, high - closing, balance[ends]])
