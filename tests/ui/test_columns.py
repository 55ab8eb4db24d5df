"""What is cut away before drawing, and what must never be."""

from __future__ import annotations

import numpy as np
import pytest

from monitors.series import Series, SeriesView
from ui.charts.columns import BLOCKS, MOST_FILLED, Reducer, at, newest, runs

PIXELS = 700


def walk(rows: int) -> SeriesView:
    values = np.cumsum(np.random.default_rng(3).normal(0, 1, rows)) + 10_000
    return SeriesView(np.vstack((np.arange(rows, dtype=np.float64), values, values, values, values)))


def with_row(view: SeriesView, row: int, value: float) -> SeriesView:
    columns = view.columns.copy()
    columns[1:, row] = value
    return SeriesView(columns)


@pytest.mark.parametrize("rows", [50, 5_000, 200_000, 500_000])
def test_a_single_spike_is_drawn_however_far_out_the_view_is(rows: int) -> None:
    view = with_row(walk(rows), rows // 3, 99_999.0)
    seen = Reducer().visible(view, 0, rows, PIXELS)
    assert np.nanmax(seen.figures["equity"]) == 99_999.0
    assert len(seen.time_s) <= 4 * (PIXELS + 1)


@pytest.mark.parametrize("rows", [50, 5_000, 200_000, 500_000])
def test_times_never_run_back(rows: int) -> None:
    seen = Reducer().visible(walk(rows), 0, rows, PIXELS)
    assert (np.diff(seen.time_s) >= 0).all()


@pytest.mark.parametrize("rows", [1_000, 200_000, 500_000])
def test_a_gap_stays_a_gap(rows: int) -> None:
    columns = walk(rows).columns.copy()
    cut = rows // 2 + 7
    columns[1:, cut] = np.nan
    columns[0, cut + 1 :] += rows / 10
    seen = Reducer().visible(SeriesView(columns), 0, 1.1 * rows, PIXELS)
    assert len(seen.gaps()) == 1
    start, end = seen.gaps()[0]
    assert start == pytest.approx(cut - 1, abs=2 * rows / PIXELS)
    assert end == pytest.approx(cut + 1 + rows / 10, abs=2 * rows / PIXELS)


def test_a_figure_that_does_not_apply_is_no_gap_in_the_data() -> None:
    columns = walk(500).columns.copy()
    columns[4, 100:200] = np.nan
    assert Reducer().visible(SeriesView(columns), 0, 500, PIXELS).gaps() == []


@pytest.mark.parametrize("pixels", [PIXELS, 200])
def test_a_growing_series_is_reduced_as_if_it_were_seen_for_the_first_time(pixels: int) -> None:
    whole, reducer = walk(200_000), Reducer()
    for rows in (120_000, 120_000 + min(BLOCKS) // 2, 150_001, 200_000):
        view = SeriesView(whole.columns[:, :rows])
        grown, fresh = reducer.visible(view, 0, rows, pixels), Reducer().visible(view, 0, rows, pixels)
        assert np.array_equal(grown.time_s, fresh.time_s)
        assert np.array_equal(grown.figures["equity"], fresh.figures["equity"], equal_nan=True)


def test_a_series_that_let_go_of_its_older_half_is_reduced_anew() -> None:
    series, reducer = Series(capacity=100_000), Reducer()
    for row in range(99_999):
        series.append(row, row, row, row, row)
    reducer.visible(series.view(), 0, 99_999, 100)
    for row in range(99_999, 100_010):
        series.append(row, row, row, row, row)
    seen = reducer.visible(series.view(), 0, 100_010, 100)
    assert seen.figures["equity"].max() == 100_009
    assert seen.time_s[0] == series.view().column("time_s")[0]


def test_another_series_of_the_same_length_is_reduced_anew() -> None:
    first, reducer = walk(100_000), Reducer()
    other = first.columns.copy()
    other[0] += 5.0
    other[1:] += 1_000.0
    reducer.visible(first, 0, 100_000, 100)
    assert reducer.visible(SeriesView(other), 0, 100_005, 100).figures["equity"].min() == other[1].min()


def test_a_zoomed_view_holds_the_rows_themselves_and_one_beyond_each_edge() -> None:
    seen = Reducer().visible(walk(10_000), 100.0, 110.0, PIXELS)
    assert seen.time_s.tolist() == list(range(99, 112))


def test_the_filled_area_has_few_points_and_one_piece_for_each_stretch() -> None:
    view = with_row(with_row(walk(5_000), 1_000, np.nan), 3_000, np.nan)
    pieces = runs(view.column("time_s"), view.column("equity"))
    assert [float(x[0]) for x, _ in pieces] == [0, 1_001, 3_001]
    assert sum(len(x) for x, _ in pieces) <= MOST_FILLED + 2 * len(pieces)


def test_no_reading_at_all_fills_nothing() -> None:
    assert runs(np.arange(3.0), np.full(3, np.nan)) == []


def test_the_row_under_the_pointer_is_the_newest_not_after_it() -> None:
    view = walk(100)
    assert (at(view, 41.9), at(view, -1.0), at(view, 1e9)) == (41, None, 99)
    assert newest(with_row(view, 99, np.nan)) == 98
