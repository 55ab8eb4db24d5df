"""Least cost: what each close costs by what it brings to its rule; the legs of a hedge together."""

from __future__ import annotations

import pytest

from monitors.kinds import Side
from monitors.model import Rates
from monitors.projection import after
from monitors.releases import hedged_pairs
from monitors.responses.ranking import ranked
from monitors.responses.reduce import Reduce
from tests.builders import level, position, quote, reading, rule, situation, snapshot

NAN = float("nan")


def test_least_cost_asks_what_each_close_brings_to_its_rule() -> None:
    """Losses of 300 and 100 on lots of 2 and 1: by margin 4.2 and 11 a unit of loss; by the stops 2.5 and 1.5."""
    held = (
        position(1, "GBPUSD", lots=2.0, profit=-300.0, stop=1.24625),
        position(2, "EURUSD", lots=1.0, profit=-100.0, stop=1.0985),
    )
    flat = {"GBPUSD": quote(1.25), "EURUSD": quote(1.1)}
    seen = reading(snapshot(*held, quotes=flat))
    assert ranked(seen, rule("margin.used", "above"), "least_cost") == [1, 0]
    assert ranked(seen, rule("risk.open_pct", "above"), "least_cost") == [0, 1]
    assert ranked(seen, rule("exposure.total", "above"), "least_cost") == [1, 0]


def test_the_spread_is_part_of_the_cost() -> None:
    wide = {"GBPUSD": quote(1.25, 1.26), "EURUSD": quote(1.1, 1.1001)}
    seen = reading(snapshot(position(1, "GBPUSD"), position(2, "EURUSD"), quotes=wide))
    assert ranked(seen, rule("margin.used", "above"), "least_cost") == [1, 0]


def test_a_gain_is_no_cost_and_no_rebate_either() -> None:
    wide = {"GBPUSD": quote(1.25, 1.26), "EURUSD": quote(1.1, 1.1001)}
    seen = reading(snapshot(position(1, "GBPUSD", profit=5_000.0), position(2, "EURUSD", profit=1.0), quotes=wide))
    assert ranked(seen, rule("margin.used", "above"), "least_cost") == [1, 0]


def test_what_brings_nothing_or_has_no_rate_goes_last_at_least_cost() -> None:
    bare = {"XAUUSD": Rates(margin_buy=NAN, margin_sell=NAN)}
    held = (position(1, "XAUUSD"), position(2, "EURUSD", profit=-900.0))
    assert ranked(reading(snapshot(*held, rates=bare, margin=1_100.0)), rule(), "least_cost") == [1, 0]


def test_at_least_cost_the_legs_of_a_hedge_go_together_and_first() -> None:
    held = (
        position(1, "GBPUSD", profit=500.0),
        position(2, lots=1.0, profit=-400.0),
        position(3, side=Side.SELL, lots=0.6, profit=100.0),
        position(4, side=Side.SELL, lots=0.4, profit=100.0),
    )
    seen = reading(snapshot(*held))
    assert [held[i].identifier for i in ranked(seen, rule(), "least_cost")] == [4, 2, 3, 1]


def test_until_at_least_cost_closes_both_legs_of_a_hedge_where_one_alone_frees_nothing() -> None:
    held = (position(1, lots=1.0, profit=-400.0), position(2, side=Side.SELL, lots=1.0, profit=100.0))
    seen = reading(snapshot(*held, position(3, "GBPUSD", profit=-5_000.0)))
    by = rule("margin.used", "above", level(2_000.0))
    plan = Reduce(until=1_800.0, order="least_cost").plan(situation(seen, by))
    assert plan.targets == {1: 50, 2: 50}
    assert after(seen, plan.targets).snapshot.account.margin == pytest.approx(1_800.0)


def test_one_leg_that_the_rule_does_not_select_keeps_its_hedge() -> None:
    held = (position(1, lots=1.0, profit=-400.0), position(2, side=Side.SELL, lots=1.0, magic=7), position(3, "GBPUSD"))
    seen = reading(snapshot(*held))
    by = rule("margin.used", "above", level(2_000.0), magics=(0,))
    assert Reduce(until=1_800.0, order="least_cost").plan(situation(seen, by)).targets == {3: 56}


def test_a_leg_that_meets_two_smaller_ones_makes_a_pair_with_each() -> None:
    legs = [position(1, lots=1.0), position(2, side=Side.SELL, lots=0.4), position(3, side=Side.SELL, lots=0.6)]
    assert hedged_pairs(reading(snapshot(*legs)).book, [0, 1, 2]) == [(0, 1), (0, 2)]
