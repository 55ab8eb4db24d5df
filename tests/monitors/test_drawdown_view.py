"""The drawdowns as the window shows them: lines, recovery factor and size factor."""

from __future__ import annotations

from dataclasses import replace

import pytest

from monitors.climb import Fall
from monitors.drawdown import MISSED
from monitors.drawdown_view import DrawdownLine, DrawdownView, Trend, drawdowns
from monitors.history import History
from monitors.model import NotApplicable, Unknown
from monitors.settings import SizingSettings
from tests.builders import DAY_MS, NOW_MS, history, reading, snapshot
from tests.monitors.beats import beat


def view(past: History, equity: float, **changes: object) -> DrawdownView:
    seen = reading(snapshot(balance=equity), history=past, **changes)
    return drawdowns(seen, SizingSettings(), (Trend(minutes=5, per_hour=1.0),))


def fallen() -> History:
    """From 10,400 to 9,400 and back to 9,900."""
    up = beat(history(), 10_400.0, now_ms=NOW_MS - 60_000, balance=10_400.0, booked=400.0)
    down = beat(up, 9_400.0, now_ms=NOW_MS - 30_000, balance=9_900.0, booked=-500.0)
    return beat(down, 9_900.0, now_ms=NOW_MS, balance=9_900.0)


def test_a_line_tells_depth_now_and_the_deepest_with_its_dates() -> None:
    seen = view(fallen(), 9_900.0)
    assert [line.name for line in seen.lines] == ["Day", "Week", "All time"]
    for line in seen.lines:
        assert (line.depth, line.deepest) == (500.0, 1_000.0)
        assert line.depth_pct == pytest.approx(100 * 500 / 10_400)
        assert line.deepest_pct == pytest.approx(100 * 1_000 / 10_400)
        assert (line.start_ms, line.trough_ms, line.end_ms) == (NOW_MS - 60_000, NOW_MS - 30_000, None)
        assert (line.length_s, line.recovered_pct) == (60.0, 50.0)
        assert not line.reconstructed
    assert seen.trends == (Trend(minutes=5, per_hour=1.0),)


def test_a_regained_fall_ends_where_it_was_regained() -> None:
    line = view(beat(fallen(), 10_500.0, now_ms=NOW_MS + 5_000, balance=10_500.0, booked=600.0), 10_500.0).lines[2]
    assert (line.depth, line.deepest, line.end_ms, line.length_s) == (0.0, 1_000.0, NOW_MS + 5_000, 65.0)
    assert line.recovered_pct == 100.0


def test_the_recovery_factor_is_realised_profit_over_the_deepest_and_a_deposit_is_no_profit() -> None:
    past = replace(fallen(), balance=12_000.0)
    assert view(past, 12_000.0).recovery_factor == 2.0
    assert view(replace(past.moved(500.0), balance=12_500.0), 12_500.0).recovery_factor == 2.0
    assert view(history(), 10_000.0).recovery_factor == NotApplicable("nothing fell")


def test_the_size_factor_stands_at_the_drawdown_from_the_all_time_high() -> None:
    assert view(history(), 9_750.0).size_factor == pytest.approx(0.75)
    assert view(history(), 8_000.0).size_factor == 0.0


def line_of(past: History) -> DrawdownLine:
    return view(past, 9_900.0).lines[0]


def test_a_missed_reset_is_unknown_in_every_figure_of_its_line() -> None:
    past = history()
    line = line_of(replace(past, day=replace(past.day, peak=None, equity=None)))
    figures = (line.depth, line.depth_pct, line.deepest, line.deepest_pct, line.length_s, line.recovered_pct)
    assert figures == (Unknown(MISSED),) * 6


def test_what_was_never_seen_to_begin_has_no_length() -> None:
    past = history()
    fall = Fall(start_ms=None, trough_ms=DAY_MS)
    assert isinstance(line_of(replace(past, day=replace(past.day, deepest=5.0, fall=fall))).length_s, Unknown)
    assert isinstance(line_of(replace(past, day=replace(past.day, deepest=5.0))).length_s, Unknown)
    assert line_of(past).length_s == NotApplicable("nothing fell")


def test_a_rebuilt_period_says_so() -> None:
    past = history()
    assert line_of(replace(past, day=replace(past.day, reconstructed=True))).reconstructed


def test_an_unexplained_balance_leaves_every_figure_unknown() -> None:
    seen = view(fallen(), 9_900.0, unexplained="why")
    for line in seen.lines:
        assert {line.depth, line.depth_pct, line.deepest, line.deepest_pct, line.length_s, line.recovered_pct} == {
            Unknown("why")
        }
    assert seen.recovery_factor == seen.size_factor == Unknown("why")
