"""Reduce risk: each position down to what its stop may cost."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitors.kinds import Side
from monitors.responses.base import Plan
from monitors.responses.reduce_risk import ReduceRisk
from tests.builders import instrument, position, reading, rule, situation, snapshot

RULE = rule("risk.open_pct", "above")


def plan_of(*held: object, pct: float = 1.0, **changes: object) -> Plan:
    seen = reading(snapshot(*held, **changes))  # type: ignore[arg-type]
    return ReduceRisk(risk_pct=pct).plan(situation(seen, RULE))


@pytest.mark.parametrize(
    ("side", "stop", "left"),
    [
        (Side.BUY, 1.0900, 10),
        (Side.BUY, 1.0970, 33),
        (Side.SELL, 1.1101, 10),
        (Side.SELL, 1.1131, 7),
        (Side.BUY, 0.1, 0),
    ],
    ids=["100 pips", "30 pips, rounded down", "short", "short, rounded down", "not even a step"],
)
def test_volume_is_cut_until_its_stop_costs_one_percent_of_equity(side: Side, stop: float, left: int) -> None:
    assert plan_of(position(side=side, stop=stop)).targets == {1: left}


@pytest.mark.parametrize(
    ("side", "stop"), [(Side.BUY, 1.0990), (Side.BUY, 1.2), (Side.SELL, 1.0), (Side.SELL, 1.1011)],
    ids=["exactly one percent", "in profit", "short in profit", "short, exactly"],
)  # fmt: skip
def test_what_costs_no_more_stays(side: Side, stop: float) -> None:
    assert plan_of(position(side=side, stop=stop)) == Plan()


@pytest.mark.parametrize(("side", "opened", "stop"), [(Side.BUY, 1.05, 1.06), (Side.SELL, 1.15, 1.14)])
def test_a_winner_whose_stop_keeps_a_profit_is_not_cut(side: Side, opened: float, stop: float) -> None:
    """400 pips to the stop would be 40 percent of equity, and yet nothing is lost there."""
    assert plan_of(position(side=side, open=opened, stop=stop)) == Plan()


@pytest.mark.parametrize("balance", [-5_000.0, -5_100.0])
def test_a_winner_whose_stop_keeps_a_profit_stays_where_equity_is_gone(balance: float) -> None:
    held = position(open=1.05, stop=1.06, profit=5_000.0)
    assert plan_of(held, balance=balance) == Plan()


def test_a_position_without_a_stop_is_left_alone_and_named() -> None:
    plan = plan_of(position(4), position(5, stop=1.09), position(6))
    assert plan.targets == {5: 10}
    assert plan.note == "without a stop, left alone: 4, 6"


def test_only_what_the_rule_selects_is_cut_or_named() -> None:
    seen = reading(snapshot(position(1), position(2, stop=1.09), position(3, "GBPUSD", stop=1.24)))
    plan = ReduceRisk(risk_pct=1.0).plan(situation(seen, replace(RULE, symbols=("GBP*",))))
    assert plan.targets == {3: 10}
    assert plan.note == ""


def test_the_loss_is_converted_into_account_currency() -> None:
    """0.87 from a bid of 0.88: 1,000 pounds a lot, 1,250.20 dollars; 100 dollars are 0.0799 lots."""
    assert plan_of(position(symbol="EURGBP", stop=0.87)).targets == {1: 7}


def test_less_than_the_minimum_is_closed() -> None:
    assert plan_of(position(stop=1.09), instruments={"EURUSD": instrument(volume_min=0.2)}).targets == {1: 0}


def test_equity_decides_and_without_any_all_with_a_stop_goes() -> None:
    assert plan_of(position(stop=1.09, profit=-5_000.0)).targets == {1: 5}
    assert plan_of(position(stop=1.09, profit=-10_000.0)).targets == {1: 0}


@given(st.integers(1, 500), st.integers(1, 1_000), st.floats(0.1, 20.0))
def test_what_is_left_costs_no_more_and_one_step_more_would(steps: int, pips: int, pct: float) -> None:
    held = position(lots=steps / 100, stop=1.1 - pips / 10_000)
    target = plan_of(held, pct=pct).targets.get(1, steps)
    assert 0 <= target <= steps
    cost, allowed = pips / 10_000 * 1_000, 10_000 * pct / 100
    assert target * cost <= allowed + 0.01
    if target < steps:
        assert (target + 1) * cost > allowed - 0.01


@pytest.mark.parametrize(("pct", "fault"), [(0.0, True), (-1.0, True), (100.1, True), (100.0, False), (0.01, False)])
def test_a_risk_lies_above_nought_and_at_most_at_a_hundred(pct: float, fault: bool) -> None:
    assert [key for key, _ in ReduceRisk(risk_pct=pct).faults(RULE)] == (["risk_pct"] if fault else [])
