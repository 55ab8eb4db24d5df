"""Positions without a stop, the least reward that is planned, and the widest spread."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import pytest

from monitors.excursions import Excursion
from monitors.kinds import Side
from monitors.metrics import value
from monitors.model import NotApplicable, Position, Quote, Unknown
from monitors.projection import after
from monitors.responses.reduce import Reduce
from tests.builders import instrument, level, position, quote, reading, rule, situation, snapshot

NAN = math.nan
MISSING, REWARD, SPREAD = "risk.missing_stops", "risk.reward_min", "spread.points"


def planned(identifier: int, reward: float, risk: float = 0.01, side: Side = Side.BUY, **more: Any) -> Position:
    """A position of EURUSD opened at 1.1 that may win `reward` and lose `risk` in price."""
    sign = side.sign
    return position(
        identifier, side=side, **{"open": 1.1, "stop": 1.1 - sign * risk, "target": 1.1 + sign * reward, **more}
    )


def test_positions_without_a_stop_are_counted_where_the_rule_selects_them() -> None:
    seen = reading(snapshot(position(1), position(2, magic=7), planned(3, 0.02), position(4, "GBPUSD")))
    assert value(seen, rule(MISSING)) == 3.0
    assert value(seen, rule(MISSING, symbols=("EUR*",))) == 2.0
    assert value(seen, rule(MISSING, magics=(7,))) == 1.0
    assert value(reading(), rule(MISSING)) == 0.0


def test_a_stop_that_is_no_number_leaves_the_count_unknown() -> None:
    seen = reading(snapshot(position(1), position(2, stop=NAN)))
    assert isinstance(value(seen, rule(MISSING)), Unknown)
    assert value(seen, rule(MISSING, position=1)) == 1.0


def test_closing_the_positions_without_a_stop_brings_their_number_back() -> None:
    seen = reading(
        snapshot(position(1, profit=-5.0), planned(2, 0.02, profit=-50.0), position(3, "GBPUSD", profit=1.0))
    )
    plan = Reduce(until=1.0).plan(situation(seen, rule(MISSING, "above", level(2.0))))
    assert dict(plan.targets) == {1: 0}


def test_the_least_planned_reward_is_by_side_and_of_those_that_have_both() -> None:
    seen = reading(
        snapshot(planned(1, 0.02), planned(2, 0.015, side=Side.SELL), planned(3, 0.001, target=0.0), position(4))
    )
    assert value(seen, rule(REWARD)) == pytest.approx(1.5)
    assert value(seen, rule(REWARD, position=1)) == pytest.approx(2.0)
    assert value(seen, rule(REWARD, position=3)) == NotApplicable("no position has both a stop and a target")
    assert isinstance(value(reading(), rule(REWARD)), NotApplicable)


def test_a_stop_past_the_opening_is_measured_by_the_first_one_seen() -> None:
    moved = planned(1, 0.02, stop=1.105)
    seen = reading(snapshot(moved), excursions={1: Excursion(stop=1.09)})
    assert value(seen, rule(REWARD)) == pytest.approx(2.0)
    assert isinstance(value(reading(snapshot(moved)), rule(REWARD)), NotApplicable)


@pytest.mark.parametrize("side", list(Side))
def test_a_stop_that_was_taken_away_leaves_no_plan(side: Side) -> None:
    seen = reading(
        snapshot(planned(1, 0.02, side=side, stop=0.0)), excursions={1: Excursion(stop=1.1 - side.sign * 0.01)}
    )
    assert isinstance(value(seen, rule(REWARD)), NotApplicable)


def test_closing_the_position_with_the_least_reward_raises_the_least() -> None:
    seen = reading(snapshot(planned(1, 0.005, profit=-5.0), planned(2, 0.02, profit=-50.0)))
    plan = Reduce(until=1.5).plan(situation(seen, rule(REWARD, "below", level(1.0))))
    assert dict(plan.targets) == {1: 0}
    assert value(after(seen, plan.targets), rule(REWARD)) == pytest.approx(2.0)


@pytest.mark.parametrize("broken", [{"stop": NAN}, {"target": NAN}, {"open": NAN}])
def test_a_price_that_is_no_number_leaves_the_least_reward_unknown(broken: dict[str, Any]) -> None:
    seen = reading(snapshot(planned(1, 0.02), planned(2, 0.001, **broken)))
    assert isinstance(value(seen, rule(REWARD)), Unknown)


def test_the_spread_is_the_widest_in_points_of_what_the_rule_selects() -> None:
    seen = reading(snapshot(position(1, "EURUSD"), position(2, "USDJPY"), position(3, "XAUUSD", magic=7)))
    assert value(seen, rule(SPREAD)) == 50.0
    assert value(seen, rule(SPREAD, symbols=("EURUSD", "USDJPY"))) == 10.0
    assert value(seen, rule(SPREAD, magics=(7,))) == 50.0
    assert isinstance(value(seen, rule(SPREAD, symbols=("GBP*",))), NotApplicable)


@pytest.mark.parametrize(
    ("bid", "ask"), [(NAN, 1.1), (1.1, NAN), (0.0, 1.1), (1.2, 1.1), (math.inf, math.inf), (-1.0, 1.0)]
)
def test_a_broken_quote_leaves_the_spread_unknown(bid: float, ask: float) -> None:
    seen = snapshot(position(1), position(2, "GBPUSD"), quotes={"EURUSD": Quote(time_ms=0, bid=bid, ask=ask)})
    assert isinstance(value(reading(seen), rule(SPREAD)), Unknown)
    assert value(reading(seen), rule(SPREAD, symbols=("GBPUSD",))) == 20.0


def test_a_missing_quote_or_specification_leaves_the_spread_unknown() -> None:
    seen = snapshot(position(1), quotes={"EURUSD": quote(1.1, 1.1001)})
    assert isinstance(value(reading(replace(seen, quotes={})), rule(SPREAD)), Unknown)
    assert isinstance(value(reading(replace(seen, instruments={})), rule(SPREAD)), Unknown)
    for point in (0.0, NAN):
        broken = replace(seen, instruments={"EURUSD": instrument(point=point)})
        assert isinstance(value(reading(broken), rule(SPREAD)), Unknown)
