"""The slope of equity and how much it moves, from a record that is thinned as it grows."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitors.model import NotApplicable, Unknown
from monitors.trend import MINUTES, SAMPLES, EquityRecord, slopes, theil_sen, volatility


def recorded(seconds: int, per_second: float = 0.0, start: float = 10_000.0) -> EquityRecord:
    """A record of equity on a line, once a second."""
    record = EquityRecord()
    for second in range(seconds + 1):
        record.note(1_000.0 + second, start + per_second * second)
    return record


def hourly(record: EquityRecord) -> list[object]:
    return [trend.per_hour for trend in slopes(record)]


def test_a_line_has_its_own_slope_over_every_window() -> None:
    found = slopes(recorded(4 * 3600, per_second=-0.5))
    assert [trend.minutes for trend in found] == list(MINUTES)
    assert hourly(recorded(4 * 3600, per_second=-0.5)) == pytest.approx([-1_800.0] * 3)


def test_a_slope_is_unknown_while_less_than_half_its_window_is_recorded() -> None:
    assert all(isinstance(slope, Unknown) for slope in hourly(EquityRecord()))
    short = slopes(recorded(149))
    assert short[0].per_hour == Unknown("2.5 minutes of equity are needed, 2.5 are recorded")
    five, thirty, hours = hourly(recorded(153, per_second=1.0))
    assert five == pytest.approx(3_600.0)
    assert isinstance(thirty, Unknown)
    assert isinstance(hours, Unknown)


def test_a_window_forgets_what_is_older_and_a_record_stays_small() -> None:
    record = recorded(4 * 3600, per_second=-0.5)
    for second in range(1, 301):
        record.note(1_000.0 + 4 * 3600 + second, 2_800.0 + 2.0 * second)
    assert hourly(record)[0] == pytest.approx(7_200.0)
    assert all(len(window.samples) <= SAMPLES + 1 for window in record.windows)


def test_after_a_long_gap_a_slope_is_unknown_again() -> None:
    record = recorded(600, per_second=1.0)
    record.note(1_000.0 + 7_200.0, 5_000.0)
    assert isinstance(hourly(record)[0], Unknown)


def test_a_slope_asked_for_before_is_computed_anew_with_the_next_sample() -> None:
    record = recorded(300)
    assert hourly(record)[0] == 0.0
    for second in range(301, 700):
        record.note(1_000.0 + second, 10_000.0 + second)
    assert hourly(record)[0] == pytest.approx(3_600.0)


@given(st.lists(st.floats(-1e6, 1e6), min_size=25, max_size=25), st.integers(0, 99))
def test_a_quarter_of_the_values_may_be_anything(wild: list[float], shift: int) -> None:
    time = np.arange(100.0)
    value = 2.0 * time
    value[np.random.default_rng(shift).permutation(100)[:25]] = wild
    assert theil_sen(time, value) == pytest.approx(2.0, abs=2.0)
    value = 2.0 * time
    value[shift] = wild[0]
    assert theil_sen(time, value) == pytest.approx(2.0)


def test_volatility_is_the_deviation_of_a_minute_and_a_jump_does_not_count() -> None:
    rng, record, equity = np.random.default_rng(7), EquityRecord(), 10_000.0
    for second, step in enumerate(rng.normal(0.0, 1.0, 1_800)):
        equity += step + (5_000.0 if second == 900 else 0.0)
        record.note(float(second), equity)
    assert volatility(record) == pytest.approx(np.sqrt(60), rel=0.25)


def test_volatility_is_unknown_at_first_and_not_applicable_where_equity_stands_still() -> None:
    assert isinstance(volatility(recorded(200, per_second=1.0)), Unknown)
    assert volatility(recorded(1_000)) == NotApplicable("equity does not move")


def test_a_quiet_book_that_moves_now_and_then_has_a_volatility() -> None:
    record = EquityRecord()
    for second in range(1_800):
        record.note(float(second), 10_000.0 + 5.0 * (second // 300))
    found = volatility(record)
    assert isinstance(found, float)
    assert 0.0 < found < 10.0
