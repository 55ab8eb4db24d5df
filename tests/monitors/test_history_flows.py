"""Money that moves is neither a peak nor a loss, whenever within a beat it was booked."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitors.anchors import Anchor
from monitors.history import History, fold
from monitors.path import EMPTY
from tests.builders import DAY_MS, NOW_MS, WEEK_MS, history
from tests.monitors.beats import DAY, beat, path


@pytest.mark.parametrize(
    "flow", [-4_500.0, -9.0, 0.01, 9_000.0], ids=["half out", "a little out", "a cent in", "doubled"]
)
def test_a_flow_moves_no_drawdown_in_money_or_in_percent(flow: float) -> None:
    under = beat(history(), 9_000.0)
    moved = under.moved(flow)
    equity = 9_000.0 + flow
    assert moved.equity == equity
    anchors = [moved.peak, moved.day.balance, moved.day.equity, moved.day.peak, moved.week.balance, moved.week.peak]
    for anchor in anchors:
        assert anchor is not None
        assert anchor.depth(equity) == pytest.approx(1_000.0)
        assert anchor.depth_pct(equity) == pytest.approx(10.0)
    assert (moved.deepest, moved.deepest_pct) == (under.deepest, under.deepest_pct)
    assert moved.day.realized == under.day.realized


def test_ten_percent_lost_of_what_is_left_after_a_withdrawal_is_ten_percent_more() -> None:
    moved = beat(history(), 9_000.0).moved(-4_500.0)
    assert moved.peak.depth_pct(4_050.0) == pytest.approx(19.0)
    assert moved.peak.depth(4_050.0) == pytest.approx(1_450.0)


def test_a_flow_that_leaves_nothing_or_finds_nothing_moves_both_figures_by_its_amount() -> None:
    anchor = Anchor.at(10_000.0)
    assert anchor.moved(-9_000.0, 9_000.0) == Anchor(money=1_000.0, unit=1_000.0)
    assert anchor.moved(5_000.0, -100.0) == Anchor(money=15_000.0, unit=15_000.0)


@given(st.floats(100.0, 1e6), st.floats(100.0, 1e6), st.lists(st.floats(-0.5, 2.0), max_size=6))
def test_any_run_of_flows_leaves_both_drawdowns_where_they_were(
    peak: float, equity: float, shares: list[float]
) -> None:
    anchor = Anchor.at(peak).raised(equity)
    depth, pct = anchor.depth(equity), anchor.depth_pct(equity)
    for share in shares:
        flow = equity * share
        anchor, equity = anchor.moved(flow, equity), equity + flow
    assert anchor.depth(equity) == pytest.approx(depth, abs=1e-6 * (peak + abs(equity)))
    assert anchor.depth_pct(equity) == pytest.approx(pct, abs=1e-6)


def flowed(before: History, *rows: tuple[int, float], flows: tuple[tuple[int, float], ...], equity: float) -> History:
    """A beat of 100 ms in which money moved."""
    balance = 10_000.0 + sum(amount for _, amount in flows)
    return fold(before, path=path(*rows), equity=equity, balance=balance, now_ms=NOW_MS, day_ms=DAY_MS, week_ms=WEEK_MS,
                flows=flows)  # fmt: skip


def test_money_that_moves_between_two_ticks_is_neither_a_peak_nor_a_loss() -> None:
    """The path is anchored at its end, so what lies before the flow shows by its amount too high or too low."""
    before = history(seen_ms=NOW_MS - 100)
    out = flowed(
        before, (NOW_MS - 80, 5_600.0), (NOW_MS - 20, 5_700.0), flows=((NOW_MS - 50, -4_300.0),), equity=5_600.0
    )
    assert out.peak.money == 5_700.0
    assert out.deepest == 100.0
    assert out.peak.depth(5_600.0) == 100.0
    into = flowed(
        before, (NOW_MS - 80, 14_900.0), (NOW_MS - 20, 14_700.0), flows=((NOW_MS - 50, 5_000.0),), equity=14_700.0
    )
    assert into.peak.money == 15_000.0
    assert into.deepest == 300.0
    assert into.day.balance.depth(14_700.0) == 300.0


def test_flows_of_one_beat_take_effect_one_after_another_in_order_of_time() -> None:
    before = history(equity=9_000.0, seen_ms=NOW_MS - 100)
    flows = ((NOW_MS - 10, -4_500.0), (NOW_MS - 90, 9_000.0))
    after = flowed(before, (NOW_MS - 50, 13_200.0), flows=flows, equity=13_500.0)
    assert after.peak.depth(13_500.0) == pytest.approx(1_000.0)
    assert after.peak.depth_pct(13_500.0) == pytest.approx(100 - 100 * 13_500 / (20_000 * 13_200 / 17_700))
    assert after.deepest == 1_300.0
    assert after.deepest_pct == pytest.approx(11.5)


def test_a_flow_booked_before_what_was_seen_or_after_now_still_counts() -> None:
    for at in (NOW_MS - 86_400_000, NOW_MS + 86_400_000):
        after = flowed(history(seen_ms=NOW_MS - 100), (NOW_MS - 50, 15_000.0), flows=((at, 5_000.0),), equity=15_000.0)
        assert after.peak == Anchor.at(15_000.0)
        assert after.deepest == 0.0


def test_a_flow_belongs_to_its_side_of_a_reset() -> None:
    reset = DAY_MS + DAY
    for at in (reset - 20, reset + 20):
        after = fold(history(seen_ms=reset - 100), path=EMPTY, equity=15_000.0, balance=15_000.0, now_ms=reset + 100,
                     day_ms=reset, week_ms=WEEK_MS, flows=((at, 5_000.0),))  # fmt: skip
        assert after.day.start_ms == reset
        assert after.day.balance == Anchor.at(15_000.0)
        assert after.day.equity == Anchor.at(15_000.0)
        assert after.deepest == 0.0
