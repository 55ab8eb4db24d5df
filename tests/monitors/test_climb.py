"""The deepest fall through the ticks of a beat: what it began from, its trough, and where it was regained."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitors.climb import Fall, Top
from monitors.history import History, fold
from monitors.path import EMPTY
from tests.builders import DAY_MS, NOW_MS, WEEK_MS, history
from tests.monitors.beats import beat

FIRST = Top(money=100.0, unit=100.0, at_ms=0)
EQUITIES = st.lists(st.integers(50, 150).map(float), min_size=1, max_size=40)


def through(values: list[float], cuts: list[int]) -> Top:
    """After these equities, a millisecond apart from 1 on, read in beats that end at the cuts."""
    top, n = FIRST, len(values)
    for first, last in pairwise(sorted({0, n, *(cut for cut in cuts if cut < n)})):
        top = top.after(np.arange(first + 1, last + 1), np.array(values[first:last]))
    return top


def one_by_one(values: list[float]) -> Top:
    """The same, each value looked at for itself."""
    peak, peak_ms, deepest, pct, fall = 100.0, 0, 0.0, 0.0, None
    for ms, value in enumerate(values, 1):
        if value >= peak:
            if fall and fall.regained_ms is None:
                fall = Fall(start_ms=fall.start_ms, trough_ms=fall.trough_ms, regained_ms=ms)
            peak, peak_ms = value, ms
        if peak - value > deepest:
            deepest, fall = peak - value, Fall(start_ms=peak_ms, trough_ms=ms)
        pct = max(pct, 100 * (peak - value) / peak)
    return Top(money=peak, unit=peak, at_ms=peak_ms, deepest=deepest, deepest_pct=pct, fall=fall)


@given(EQUITIES, st.lists(st.integers(1, 39), max_size=6))
def test_a_fall_is_the_same_however_its_ticks_come_in_beats(values: list[float], cuts: list[int]) -> None:
    assert through(values, cuts) == one_by_one(values)


def test_a_fall_begins_at_the_last_moment_at_its_peak_and_ends_at_the_first_one_back() -> None:
    top = through([120.0, 120.0, 90.0, 80.0, 110.0, 120.0, 125.0], [])
    assert top.fall == Fall(start_ms=2, trough_ms=4, regained_ms=6)
    assert (top.deepest, top.at_ms) == (40.0, 7)
    assert top.deepest_pct == pytest.approx(100 / 3)


def test_a_smaller_fall_later_leaves_the_deepest_as_it_was() -> None:
    assert through([60.0, 100.0, 80.0], [1, 2]).fall == Fall(start_ms=0, trough_ms=1, regained_ms=2)


def test_the_deepest_in_money_and_in_percent_may_be_two_falls() -> None:
    top = through([50.0, 1_000.0, 900.0], [])
    assert (top.deepest, top.deepest_pct) == (100.0, 50.0)
    assert top.fall == Fall(start_ms=2, trough_ms=3)


def periods(after: History) -> list[tuple[float, float, Fall | None]]:
    return [(p.deepest, p.deepest_pct, p.fall) for p in (after.day, after.week, after)]


def test_day_week_and_all_time_each_have_their_own_deepest() -> None:
    before = beat(history(), 9_000.0, (NOW_MS - 20, 9_000.0), now_ms=NOW_MS)
    reset = DAY_MS + 86_400_000
    after = fold(before, path=EMPTY, equity=8_900.0, balance=10_000.0, now_ms=reset + 100, day_ms=reset,
                 week_ms=WEEK_MS)  # fmt: skip
    assert after.day.deepest == 100.0
    assert after.day.fall == Fall(start_ms=reset, trough_ms=reset + 100)
    assert after.week.deepest == after.deepest == 1_100.0
    assert after.week.fall == after.fall == Fall(start_ms=DAY_MS, trough_ms=reset + 100)


@given(
    st.lists(st.floats(5_000.0, 15_000.0), min_size=1, max_size=8),
    st.lists(st.floats(-0.4, 1.0), max_size=3),
)
def test_a_flow_changes_no_drawdown_not_the_deepest_neither_in_money_nor_in_percent(
    equities: list[float], shares: list[float]
) -> None:
    """Money moves between two beats at an unmoved market: every figure of the drawdowns stays as it was."""
    still = history()
    for n, equity in enumerate(equities):
        still = beat(still, equity, now_ms=NOW_MS + n)
    moved = still
    for n, share in enumerate(shares):
        flow, now = moved.equity * share, NOW_MS + 100 + n
        moved = fold(moved, path=EMPTY, equity=moved.equity + flow, balance=moved.balance + flow, now_ms=now,
                     day_ms=DAY_MS, week_ms=WEEK_MS, flows=((now, flow),))  # fmt: skip
    for a, b in zip(periods(still), periods(moved), strict=True):
        assert a[:2] == pytest.approx(b[:2], abs=1e-5)
        assert a[2] == b[2] or (a[2] and b[2] and a[2].regained_ms is None and b[2].trough_ms == a[2].trough_ms)
    assert moved.peak.depth(moved.equity) == pytest.approx(still.peak.depth(still.equity), abs=1e-5)
    assert moved.peak.depth_pct(moved.equity) == pytest.approx(still.peak.depth_pct(still.equity), abs=1e-7)
    for high, was in ((moved.closed_high, still.closed_high), (moved.eod_high, still.eod_high)):
        assert high.money - moved.equity == pytest.approx(was.money - still.equity, abs=1e-5)


@given(EQUITIES)
def test_no_drawdown_is_ever_negative(values: list[float]) -> None:
    after = history()
    for n, value in enumerate(values):
        after = beat(after, value - 60.0, now_ms=NOW_MS + n)
        assert min(after.deepest, after.deepest_pct, after.day.deepest, after.week.deepest) >= 0.0
        assert after.peak.depth(after.equity) >= 0.0
