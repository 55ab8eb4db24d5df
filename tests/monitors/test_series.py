"""The record that a window reads while it grows."""

from __future__ import annotations

import numpy as np
import pytest

from monitors.series import COLUMNS, Series


def filled(rows: int, capacity: int = 1_000_000) -> Series:
    series = Series(capacity)
    for n in range(rows):
        series.append(float(n), 10.0 * n, 20.0 * n, 0.5, np.nan)
    return series


def test_rows_come_back_by_column() -> None:
    view = filled(3).view()
    assert len(view) == 3
    assert view.column("time_s").tolist() == [0.0, 1.0, 2.0]
    assert view.column("equity").tolist() == [0.0, 10.0, 20.0]
    assert view.column("balance").tolist() == [0.0, 20.0, 40.0]
    assert view.column("drawdown_pct").tolist() == [0.5] * 3
    assert np.isnan(view.column("margin_level_pct")).all()
    assert view.columns.shape == (len(COLUMNS), 3)


def test_a_view_stays_as_it_was_while_the_series_grows_past_its_buffer() -> None:
    series = filled(4_096)
    early = series.view()
    kept = early.column("equity").copy()
    for n in range(4_096, 20_000):
        series.append(float(n), 10.0 * n, 0.0, 0.0, 0.0)
    assert early.column("equity").tolist() == kept.tolist()
    assert series.view().column("time_s").tolist() == [float(n) for n in range(20_000)]


def test_a_full_series_lets_its_older_half_go_and_keeps_order() -> None:
    series = filled(10, capacity=10)
    early = series.view()
    series.append(10.0, 0.0, 0.0, 0.0, 0.0)
    assert series.view().column("time_s").tolist() == [5.0, 6.0, 7.0, 8.0, 9.0, 10.0]
    assert early.column("time_s").tolist() == [float(n) for n in range(10)]
    for n in range(11, 1_000):
        series.append(float(n), 0.0, 0.0, 0.0, 0.0)
    times = series.view().column("time_s")
    assert len(times) <= 10
    assert times.tolist() == [float(n) for n in range(1_000 - len(times), 1_000)]


def test_a_view_cannot_be_written_to() -> None:
    view = filled(2).view()
    with pytest.raises(ValueError, match="read-only"):
        view.column("equity")[0] = 1.0


def test_the_series_can_be_added_to_after_it_was_viewed() -> None:
    series = filled(2)
    series.view()
    series.append(2.0, 1.0, 1.0, 1.0, 1.0)
    assert len(series.view()) == 3


def test_a_gap_is_marked_once_and_never_at_the_start() -> None:
    series = Series()
    series.gap(0.0)
    assert len(series.view()) == 0
    series.append(1.0, 5.0, 5.0, 0.0, 0.0)
    series.gap(2.0)
    series.gap(3.0)
    series.append(4.0, 6.0, 6.0, 0.0, 0.0)
    assert series.view().column("time_s").tolist() == [1.0, 2.0, 4.0]
    assert np.isnan(series.view().column("equity")).tolist() == [False, True, False]
