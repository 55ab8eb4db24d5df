"""The newest times, their middle and their tail."""

from __future__ import annotations

import numpy as np
import pytest

from monitors.latency import Stopwatch, Took


def test_nothing_timed_is_unknown_and_not_nought() -> None:
    assert Stopwatch(10).view() is None


def test_the_first_time_is_all_there_is_to_tell() -> None:
    stopwatch = Stopwatch(10, every=5)
    stopwatch.note(0.0125)
    assert stopwatch.view() == Took(last_ms=12.5, p50_ms=12.5, p99_ms=12.5, count=1)


@pytest.mark.parametrize("count", [3, 10, 37])
def test_the_newest_are_counted_and_older_ones_are_gone(count: int) -> None:
    stopwatch, times = Stopwatch(10), [float(n * n) for n in range(count)]
    for ms in times:
        stopwatch.note(ms / 1_000)
    took, kept = stopwatch.view(), times[-10:]
    assert took is not None
    assert took.count == len(kept)
    assert took.last_ms == pytest.approx(times[-1])
    assert took.p50_ms == pytest.approx(np.percentile(kept, 50))
    assert took.p99_ms == pytest.approx(np.percentile(kept, 99))


def test_the_spread_is_computed_with_every_so_many_times_only() -> None:
    stopwatch = Stopwatch(100, every=10)
    for _ in range(20):
        stopwatch.note(0.001)
    before = stopwatch.view()
    for _ in range(9):
        stopwatch.note(0.002)
    assert stopwatch.view() is before
    stopwatch.note(0.002)
    assert stopwatch.view() != before
