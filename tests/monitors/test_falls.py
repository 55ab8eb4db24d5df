"""Drawdowns of whole records against empyrical, quantstats, ffn, backtesting.py and R's published tables.

Where the libraries disagree, a test says which one is followed and why.
"""

from __future__ import annotations

import csv
import gzip
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitors.falls import BLOCK, Drawdown, Figures, figures, underwater_pct
from monitors.model import Floats, Ints

CURVES = ("backtesting_goog_smacross", "bacon_portfolio", "edhec_convertible_arbitrage", "ffn_aapl", "ffn_c",
          "managers_ham1", "managers_ham2", "managers_ham5", "managers_sp500tr", "managers_us_3m_tr")  # fmt: skip
DAY = timedelta(days=1)
Curve = tuple[Ints, Floats, dict[str, Any]]


def oracle(shared: Path, name: str) -> Curve:
    """Times, equity and what others computed from it."""
    folder = shared / "data" / "equity_oracles"
    with gzip.open(folder / f"{name}.csv.gz", "rt") as file:
        rows = [(moment(row["time"]), float(row["equity"])) for row in csv.DictReader(file)]
    times = np.array([round(t.timestamp() * 1000) for t, _ in rows], dtype=np.int64)
    return times, np.array([e for _, e in rows]), json.loads((folder / f"{name}.expected.json").read_text())


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def at(ms: int) -> datetime:
    return datetime.fromtimestamp(ms / 1000, UTC)


def found(times: Ints, equity: Floats, most: int = 10) -> Figures:
    seen = figures(times, equity, most)
    assert seen is not None
    return seen


def next_after(times: Ints, ms: int | None) -> datetime:
    """The row after that one: the first under water after a peak."""
    assert ms is not None
    return at(int(times[np.searchsorted(times, ms, side="right")]))


def row_before(times: Ints, ms: int | None) -> datetime:
    return at(int(times[-1] if ms is None else times[np.searchsorted(times, ms) - 1]))


@pytest.mark.parametrize("name", CURVES)
def test_the_maximum_drawdown_is_that_of_empyrical_quantstats_ffn_and_r(shared: Path, name: str) -> None:
    times, equity, expected = oracle(shared, name)
    seen, others = found(times, equity), expected["oracles"]
    for library in ("empyrical.max_drawdown", "ffn.calc_max_drawdown", "quantstats.max_drawdown"):
        assert seen.relative_pct == pytest.approx(-100 * others[library], abs=1e-9)
    published = expected.get("published_by_R_PerformanceAnalytics", {}).get("max_drawdown")
    if published is not None:
        assert seen.relative_pct / 100 == pytest.approx(published, abs=5e-5)


@pytest.mark.parametrize("name", CURVES)
def test_maximal_relative_and_absolute_are_metatraders(shared: Path, name: str) -> None:
    times, equity, expected = oracle(shared, name)
    seen, terms = found(times, equity), expected["oracles"]["mt5_style"]
    assert seen.absolute == pytest.approx(terms["absolute"])
    assert (seen.maximal, seen.maximal_pct) == pytest.approx(
        (terms["maximal_money"], terms["maximal_pct_at_that_peak"])
    )
    assert (seen.relative_pct, seen.relative) == pytest.approx((terms["relative_pct"], terms["relative_money"]))
    if terms["recovery_factor_net_over_maximal"] is None:
        assert seen.recovery_factor is None
    else:
        assert seen.recovery_factor == pytest.approx(terms["recovery_factor_net_over_maximal"])


@pytest.mark.parametrize("name", CURVES)
def test_every_fall_of_the_libraries_tables_is_found_with_its_trough(shared: Path, name: str) -> None:
    """The trough is quantstats'; it is the same in every row, the first where two values are equally low."""
    times, equity, expected = oracle(shared, name)
    seen = found(times, equity).deepest
    rows = expected["oracles"]["quantstats.drawdown_details_top10"]
    assert len(seen) == len(rows)
    for ours, row in zip(seen, rows, strict=True):
        assert ours.pct == pytest.approx(-row["max drawdown"], abs=1e-9)
        assert at(ours.trough_ms) == moment(row["valley"])


@pytest.mark.parametrize("name", CURVES)
def test_a_fall_starts_at_its_peak_and_the_libraries_start_it_one_row_later(shared: Path, name: str) -> None:
    """We follow backtesting.py; ffn, quantstats and R name the first row under water.

    At the resolution of ticks a fall begins where the peak is left, and from peak to peak is what a trader waits.
    """
    times, equity, expected = oracle(shared, name)
    others = expected["oracles"]
    for library in ("ffn.drawdown_details_top10", "quantstats.drawdown_details_top10"):
        for ours, row in zip(found(times, equity).deepest, others.get(library, []), strict=True):
            assert next_after(times, ours.start_ms) == moment(row["start"])


@pytest.mark.parametrize("name", CURVES)
def test_a_fall_ends_where_it_is_regained_as_in_ffn_and_r_and_not_on_the_last_row_under_water(
    shared: Path, name: str
) -> None:
    """We follow ffn and R: until the peak is back the fall is not over; quantstats ends it a row earlier.

    An open fall has no end here; ffn and quantstats give the last row.
    """
    times, equity, expected = oracle(shared, name)
    seen, others = found(times, equity).deepest, expected["oracles"]
    for ours, row in zip(seen, others.get("ffn.drawdown_details_top10", []), strict=True):
        assert (at(ours.end_ms) if ours.end_ms else at(int(times[-1]))) == moment(row["end"])
    for ours, row in zip(seen, others["quantstats.drawdown_details_top10"], strict=True):
        assert row_before(times, ours.end_ms) == moment(row["end"])


@pytest.mark.parametrize("name", CURVES)
def test_a_length_runs_from_peak_to_peak(shared: Path, name: str) -> None:
    """Ours does; ffn counts from the first row under water, quantstats days inclusive to the last one."""
    times, equity, expected = oracle(shared, name)
    seen, others = found(times, equity).deepest, expected["oracles"]
    for ours, row in zip(seen, others.get("ffn.drawdown_details_top10", []), strict=True):
        late = next_after(times, ours.start_ms) - at(ours.start_ms)
        assert timedelta(milliseconds=ours.length_ms) - late == row["length_days"] * DAY
    for ours, row in zip(seen, others["quantstats.drawdown_details_top10"], strict=True):
        under = row_before(times, ours.end_ms) - next_after(times, ours.start_ms)
        assert under + DAY == row["days"] * DAY


def test_the_longest_fall_is_backtesting_pys(shared: Path) -> None:
    times, equity, expected = oracle(shared, "backtesting_goog_smacross")
    longest = max(d.length_ms for d in found(times, equity, most=1_000).deepest)
    reported = expected["reported_by_backtesting.py"]
    assert f"{timedelta(milliseconds=longest).days} days 00:00:00" == reported["Max. Drawdown Duration"]
    assert found(times, equity).relative_pct == pytest.approx(-reported["Max. Drawdown [%]"])


@pytest.mark.parametrize("name", ["edhec_convertible_arbitrage", "managers_sp500tr"])
def test_rs_published_tables(shared: Path, name: str) -> None:
    """R's length counts rows from the first under water to the one regained, both included: our rows from peak on."""
    times, equity, expected = oracle(shared, name)
    table = expected["published_by_R_PerformanceAnalytics"]["table.Drawdowns"]
    for ours, row in zip(found(times, equity, most=len(table)).deepest, table, strict=True):
        assert ours.end_ms is not None
        assert next_after(times, ours.start_ms) == moment(row["from"])
        assert at(ours.trough_ms) == moment(row["trough"])
        assert at(ours.end_ms) == moment(row["to"])
        assert ours.pct / 100 == pytest.approx(-float(row["depth"]), abs=5e-5)
        start, trough, end = np.searchsorted(times, (ours.start_ms, ours.trough_ms, ours.end_ms))
        assert [str(n) for n in (end - start, trough - start, end - trough)] == [
            row["length"], row["to_trough"], row["recovery"]
        ]  # fmt: skip


def test_the_recovery_factor_divides_net_profit_and_not_quantstats_sum_of_returns(shared: Path) -> None:
    """We follow MetaTrader: money by money; quantstats divides the sum of simple returns by the drawdown in percent."""
    times, equity, expected = oracle(shared, "bacon_portfolio")
    factor, others = found(times, equity).recovery_factor, expected["oracles"]
    assert factor == pytest.approx((equity[-1] - equity[0]) / 19.278018896634876)
    returns = np.diff(equity) / equity[:-1]
    assert returns.sum() / -others["empyrical.max_drawdown"] == pytest.approx(others["quantstats.recovery_factor"])
    assert factor != pytest.approx(others["quantstats.recovery_factor"], rel=0.1)


@pytest.mark.parametrize("name", ["ffn_aapl", "ffn_c"])
def test_ffns_published_figure_of_ten_rows(shared: Path, name: str) -> None:
    times, equity, expected = oracle(shared, name)
    published = expected["published_in_ffn_tests"]["first_10_rows_max_drawdown"]
    assert found(times[:10], equity[:10]).relative_pct / 100 == pytest.approx(-published, abs=5e-4)


def test_empyricals_vectors_count_from_the_starting_capital(shared: Path) -> None:
    """A loss in the first period falls from what it began with: the record holds the capital before the first."""
    cases = json.loads((shared / "data" / "equity_oracles" / "empyrical_vectors.json").read_text())["cases"]
    assert len(cases) == 5
    for case in cases:
        returns = np.array([0.0 if r is None else r for r in case["returns_pct"]]) / 100
        equity = np.concatenate(([1.0], np.cumprod(1 + returns)))
        seen = found(np.arange(len(equity)), equity)
        assert seen.relative_pct / 100 == pytest.approx(-case["expected_max_drawdown"], abs=1e-12)


def slowly(equity: list[float]) -> list[tuple[int, int, int | None, float]]:
    """Every fall, one value after another: start, trough, end, depth; times are indices."""
    rows: list[tuple[int, int, int | None, float]] = []
    peak, start, fall = equity[0], 0, None
    for n, value in enumerate(equity):
        if value >= peak:
            if fall:
                rows.append((fall[0], fall[1], n, peak - fall[2]))
            peak, start, fall = value, n, None
        elif fall is None or value < fall[2]:
            fall = (start, n, value)
    return [*rows, (fall[0], fall[1], None, peak - fall[2])] if fall else rows


@given(st.lists(st.integers(1, 12).map(float), min_size=1, max_size=20), st.sampled_from((1, BLOCK // 3, BLOCK // 7)))
def test_falls_are_the_same_however_long_they_last(equity: list[float], stay: int) -> None:
    """Equity stays at every value for so many rows, so that falls lie across the blocks of the pass."""
    values = np.repeat(np.array(equity), stay)
    seen = found(np.arange(len(values)), values, most=100)
    rows = [(d.start_ms, d.trough_ms, d.end_ms, d.depth) for d in seen.deepest]
    last = stay - 1
    assert sorted(rows, key=lambda row: row[0]) == [
        (start * stay + last, trough * stay, None if end is None else end * stay, depth)
        for start, trough, end, depth in slowly(equity)
    ]
    assert seen.count == len(rows)
    peak, curve = np.maximum.accumulate(values), underwater_pct(values)
    assert np.allclose(curve, 100 * (peak - values) / peak)
    assert curve.min() >= 0.0


def test_a_record_without_numbers_has_no_figures_and_gaps_are_passed_over() -> None:
    assert figures(np.arange(0), np.empty(0)) is None
    assert figures(np.arange(2), np.array([np.nan, np.inf])) is None
    seen = found(np.arange(5), np.array([np.nan, 100.0, -np.inf, 90.0, np.nan]))
    assert seen.deepest == (Drawdown(start_ms=1, trough_ms=3, end_ms=None, depth=10.0, pct=10.0, length_ms=2),)


def test_from_nothing_there_is_no_percent() -> None:
    seen = found(np.arange(3), np.array([0.0, -10.0, 5.0]))
    assert (seen.maximal, seen.maximal_pct, seen.absolute) == (10.0, 0.0, 10.0)
    assert list(underwater_pct(np.array([0.0, -10.0]))) == [0.0, 0.0]


def test_of_many_falls_only_the_deepest_are_listed() -> None:
    equity = np.array([100.0, 99.0, 100.0, 97.0, 100.0, 98.0, 100.0, 97.0])
    assert [(d.pct, d.start_ms) for d in found(np.arange(8), equity, most=2).deepest] == [(3.0, 2), (3.0, 6)]
