"""Correlation of log returns, pair by pair."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitors.correlation import FEWEST, correlations
from monitors.model import Bars, Floats
from monitors.zones import DAY_MS
from tests.builders import NOW_MS

STEP_MS = 15 * 60_000
UNTIL_MS = NOW_MS
RANDOM = np.random.default_rng(7)
NOISE = RANDOM.normal(0, 1e-3, 200)


def bars(returns: Floats, *, skip: tuple[int, ...] = (), start: float = 1.1, last_ms: int = UNTIL_MS) -> Bars:
    """M15 bars whose closes follow these log returns and end at `last_ms`; those at `skip` are left out."""
    closes = start * np.exp(np.concatenate(([0.0], np.cumsum(returns))))
    times = last_ms - STEP_MS * np.arange(len(closes), 0, -1)
    closes, times = np.delete(closes, skip), np.delete(times, skip)
    return Bars(time_ms=times, open=closes, high=closes, low=closes, close=closes, spread=np.zeros_like(closes))


def between(one: Bars, other: Bars, days: float = 5.0) -> float:
    return float(correlations({"A": one, "B": other}, minutes=15, days=days, until_ms=UNTIL_MS).matrix[0, 1])


def test_the_same_returns_move_together_and_their_mirror_moves_against() -> None:
    assert between(bars(NOISE), bars(NOISE, start=2_000.0)) == pytest.approx(1.0)
    assert between(bars(NOISE), bars(-NOISE)) == pytest.approx(-1.0)


def test_it_is_pearsons_correlation_of_log_returns() -> None:
    other = 0.5 * NOISE + RANDOM.normal(0, 1e-3, 200)
    assert between(bars(NOISE), bars(other)) == pytest.approx(np.corrcoef(NOISE, other)[0, 1])


def test_a_bar_that_one_symbol_lacks_costs_both_its_returns_and_no_more() -> None:
    other = 0.5 * NOISE + RANDOM.normal(0, 1e-3, 200)
    kept = np.delete(np.arange(200), [49, 50])
    assert between(bars(NOISE), bars(other, skip=(50,))) == pytest.approx(np.corrcoef(NOISE[kept], other[kept])[0, 1])


def test_no_return_leads_over_a_gap() -> None:
    jump = NOISE.copy()
    jump[50] = jump[51] = 0.5
    together = between(bars(jump, skip=(51,)), bars(-jump, skip=(51,)))
    assert together == pytest.approx(-1.0)
    calm = np.delete(NOISE, [50, 51])
    other = np.where(np.isin(np.arange(200), [50, 51]), 0.5, RANDOM.normal(0, 1e-3, 200))
    expected = np.corrcoef(calm, np.delete(other, [50, 51]))[0, 1]
    assert between(bars(jump, skip=(51,)), bars(other, skip=(51,))) == pytest.approx(expected)


def test_bars_older_than_the_days_asked_for_or_yet_to_come_do_not_count() -> None:
    long = RANDOM.normal(0, 1e-3, 600)
    found = correlations(
        {"A": bars(long), "B": bars(long, last_ms=UNTIL_MS + STEP_MS)}, minutes=15, days=5.0, until_ms=UNTIL_MS
    )
    within = 5 * DAY_MS // STEP_MS
    assert found.bars == {"A": within - 1, "B": within - 1}


@pytest.mark.parametrize(("count", "known"), [(FEWEST - 1, False), (FEWEST, True)])
def test_too_few_shared_returns_are_no_correlation(count: int, known: bool) -> None:
    assert np.isfinite(between(bars(NOISE[:count]), bars(NOISE[:count]))) == known


def test_a_price_that_never_moved_or_is_none_correlates_with_nothing() -> None:
    assert np.isnan(between(bars(NOISE), bars(np.zeros(200))))
    assert np.isnan(between(bars(NOISE), bars(np.full(200, np.nan))))


def test_a_steady_drift_is_no_movement_though_rounding_makes_it_look_like_some() -> None:
    for drift in np.linspace(1e-5, 1e-3, 50):
        assert np.isnan(between(bars(np.full(200, drift)), bars(NOISE)))


@pytest.mark.parametrize("broken", [float("nan"), 0.0, -1.0])
def test_a_close_that_is_no_price_costs_its_two_returns_and_no_more(broken: float) -> None:
    other = 0.5 * NOISE + RANDOM.normal(0, 1e-3, 200)
    spoilt = bars(other)
    spoilt.close[50] = broken
    kept = np.delete(np.arange(200), [49, 50])
    assert between(bars(NOISE), spoilt) == pytest.approx(np.corrcoef(NOISE[kept], other[kept])[0, 1])


def test_without_bars_there_is_nothing_and_with_one_symbol_only_itself() -> None:
    assert correlations({}, minutes=15, days=5.0, until_ms=UNTIL_MS).matrix.shape == (0, 0)
    alone = correlations({"A": bars(NOISE)}, minutes=15, days=5.0, until_ms=UNTIL_MS)
    assert alone.matrix.tolist() == [[1.0]]
    assert alone.bars == {"A": 200}


@given(st.integers(2, 5), st.integers(0, 2**32 - 1))
def test_a_matrix_is_symmetric_with_ones_on_its_diagonal_and_nothing_beyond_one(count: int, seed: int) -> None:
    random = np.random.default_rng(seed)
    held = {f"S{n}": bars(random.normal(0, 1e-3, 60), skip=tuple(random.choice(60, 3))) for n in range(count)}
    matrix = correlations(held, minutes=15, days=5.0, until_ms=UNTIL_MS).matrix
    assert matrix == pytest.approx(matrix.T, nan_ok=True)
    assert np.diag(matrix).tolist() == [1.0] * count
    assert np.nanmax(np.abs(matrix)) <= 1.0
