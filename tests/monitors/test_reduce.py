"""Reduce: a share of what the episode began with, or just enough; in every order."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitors.kinds import Side
from monitors.metrics import METRICS, value
from monitors.model import Rates
from monitors.projection import after
from monitors.responses.ranking import ORDERS, ranked
from monitors.responses.reduce import Reduce
from tests.builders import instrument, level, position, quote, reading, rule, situation, snapshot

NAN = float("nan")

# Identifier 1 to 4: each is the first in another order, and none ties with another in any.
FOUR = (
    position(1, "EURUSD", lots=1.0, profit=-900.0, opened_ms=4_000),
    position(2, "XAUUSD", lots=3.0, profit=-100.0, opened_ms=3_000),
    position(3, "USDJPY", Side.SELL, lots=4.0, profit=50.0, opened_ms=1_000),
    position(4, "GBPUSD", lots=2.0, profit=10.0, swap=-300.0, opened_ms=5_000),
)
BROKERS = {"XAUUSD": Rates(margin_buy=9_000.0, margin_sell=9_000.0)}


@pytest.mark.parametrize(
    ("order", "expected"),
    [
        ("largest_loss", [1, 4, 2, 3]),
        ("largest_margin", [2, 3, 4, 1]),
        ("largest_exposure", [2, 3, 4, 1]),
        ("oldest", [3, 2, 1, 4]),
        ("newest", [4, 1, 2, 3]),
        ("least_cost", [3, 2, 4, 1]),
    ],
)
def test_positions_are_ranked_by_the_order(order: str, expected: list[int]) -> None:
    seen = reading(snapshot(*FOUR, rates=BROKERS))
    assert [seen.snapshot.positions[i].identifier for i in ranked(seen, rule(), order)] == expected


def test_margin_and_exposure_are_two_orders() -> None:
    seen = reading(snapshot(*FOUR, rates={"USDJPY": Rates(margin_buy=9_999.0, margin_sell=9_999.0, profit=1 / 150)}))
    assert seen.snapshot.positions[ranked(seen, rule(), "largest_margin")[0]].identifier == 3
    assert seen.snapshot.positions[ranked(seen, rule(), "largest_exposure")[0]].identifier == 2


@pytest.mark.parametrize("order", ORDERS)
def test_ties_go_to_the_lower_identifier(order: str) -> None:
    held = tuple(position(n, opened_ms=1_000) for n in (5, 2, 9))
    seen = reading(snapshot(*held))
    assert [held[i].identifier for i in ranked(seen, rule(), order)] == [2, 5, 9]


def test_only_what_the_rule_selects_is_ranked() -> None:
    seen = reading(snapshot(*FOUR, rates=BROKERS))
    assert ranked(seen, rule(symbols=("EUR*", "GBP*")), "largest_loss") == [0, 3]


# ------------------------------------------------------------------------------------------------ percent


@pytest.mark.parametrize(
    ("lots", "percent", "left"),
    [
        (1.0, 50.0, 50),
        (0.03, 50.0, 1),
        (0.01, 50.0, 0),
        (0.02, 50.0, 1),
        (1.0, 100.0, 0),
        (0.07, 30.0, 4),
        (1.0, 0.1, 99),
    ],
)
def test_a_percentage_is_rounded_up_to_whole_steps(lots: float, percent: float, left: int) -> None:
    plan = Reduce(percent=percent).plan(situation(reading(snapshot(position(lots=lots)))))
    assert plan.targets == {1: left}
    assert plan.note == ""


def test_a_percentage_is_of_what_the_episode_began_with_so_that_repeating_it_changes_nothing() -> None:
    seen = reading(snapshot(position(lots=0.7)))
    assert Reduce(percent=50.0).plan(situation(seen, began={1: 100})).targets == {1: 50}
    done = reading(snapshot(position(lots=0.5)))
    assert Reduce(percent=50.0).plan(situation(done, began={1: 100})).targets == {}
    less = reading(snapshot(position(lots=0.2)))
    assert Reduce(percent=50.0).plan(situation(less, began={1: 100})).targets == {}


def test_a_position_opened_since_has_no_percentage() -> None:
    seen = reading(snapshot(position(1), position(2)))
    assert Reduce(percent=50.0).plan(situation(seen, began={1: 100})).targets == {1: 50}


def test_at_most_so_many_positions_are_touched() -> None:
    seen = reading(snapshot(*FOUR, rates=BROKERS))
    for most, touched in ((1, {1}), (2, {1, 4}), (9, {1, 2, 3, 4})):
        assert set(Reduce(percent=50.0, max_positions=most).plan(situation(seen)).targets) == touched


def test_a_crumb_is_not_left() -> None:
    seen = reading(snapshot(position(lots=0.1), instruments={"EURUSD": instrument(volume_min=0.06)}))
    assert Reduce(percent=50.0).plan(situation(seen)).targets == {1: 0}


@given(st.lists(st.tuples(st.integers(1, 300), st.integers(0, 300)), min_size=1, max_size=6), st.floats(0.5, 100.0))
def test_a_plan_reduces_to_a_target_and_holds_still_once_it_is_reached(
    pairs: list[tuple[int, int]], percent: float
) -> None:
    began = {n: count + more for n, (count, more) in enumerate(pairs)}
    held = tuple(position(n, lots=count / 100) for n, (count, _) in enumerate(pairs))
    plan = Reduce(percent=percent).plan(situation(reading(snapshot(*held)), began=began))
    assert all(0 <= target < held[n].steps for n, target in plan.targets.items())
    for n, first in began.items():
        closed = first - plan.targets.get(n, held[n].steps)
        assert closed >= first * percent / 100 - 1e-6
    left = tuple(p for p in (replace(p, steps=plan.targets.get(p.identifier, p.steps)) for p in held) if p.steps)
    left = tuple(replace(p, lots=p.steps / 100) for p in left)
    again = Reduce(percent=percent).plan(situation(reading(snapshot(*left)), began=began))
    assert again.targets == {}


# ------------------------------------------------------------------------------------------------ until


@pytest.mark.parametrize("order", ORDERS)
def test_until_closes_just_enough_in_every_order(order: str) -> None:
    seen = reading(snapshot(*FOUR, balance=60_000.0, rates=BROKERS))
    by = rule("margin.level_pct", "below", level(200.0))
    plan = Reduce(until=200.0, order=order).plan(situation(seen, by))
    found = value(after(seen, plan.targets), by)
    assert isinstance(found, float)
    assert found >= 200.0
    queue = [seen.snapshot.positions[i].identifier for i in ranked(seen, by, order)]
    assert list(plan.targets) == queue[: len(plan.targets)]
    *whole, last = plan.targets
    assert all(plan.targets[n] == 0 for n in whole)
    short = value(after(seen, {**plan.targets, last: plan.targets[last] + 1}), by)
    assert isinstance(short, float)
    assert short < 200.0


def test_until_by_hand() -> None:
    """Equity 1,500 over margin 1,100 is 136 %; 150 % needs 1,000 of margin, 0.90 lots are 990, 0.91 are 1,001."""
    seen = reading(snapshot(position(profit=-500.0), balance=2_000.0))
    by = rule("margin.level_pct", "below", level(140.0))
    assert Reduce(until=150.0).plan(situation(seen, by)).targets == {1: 90}


def test_until_knows_no_beginning() -> None:
    seen = reading(snapshot(position(profit=-500.0), balance=2_000.0))
    by = rule("margin.level_pct", "below", level(140.0))
    assert Reduce(until=150.0).plan(situation(seen, by, began={})).targets == {1: 90}


def test_what_is_back_already_closes_nothing() -> None:
    by = rule("margin.level_pct", "below", level(140.0))
    assert Reduce(until=150.0).plan(situation(reading(snapshot(position())), by)).targets == {}


def test_a_level_far_out_of_reach_but_for_nothing_held_closes_everything() -> None:
    """Without margin the level does not apply any more, which ends the trip."""
    seen = reading(snapshot(position(1, profit=-9_999.0), position(2, "GBPUSD")))
    plan = Reduce(until=150.0).plan(situation(seen, rule("margin.level_pct", "below", level(120.0))))
    assert plan.targets == {1: 0, 2: 0}


def test_out_of_reach_is_cut_as_far_as_allowed_and_said() -> None:
    seen = reading(snapshot(position(1), position(2, "GBPUSD")))
    by = rule("margin.used", "above", level(2_000.0), symbols=("EUR*",))
    plan = Reduce(until=1_000.0).plan(situation(seen, by))
    assert plan.targets == {1: 0}
    assert plan.note == "1000 is out of reach; closing as much as helps"
    few = Reduce(until=100.0, max_positions=1, order="oldest").plan(
        situation(seen, rule("margin.used", "above", level(2_000.0)))
    )
    assert few.targets == {1: 0}
    assert few.note


@pytest.mark.parametrize(("metric", "until"), [("exposure.symbol_pct", 40.0), ("exposure.hhi", 0.4)])
def test_a_share_that_so_few_symbols_cannot_reach_closes_nothing(metric: str, until: float) -> None:
    for held in ((position(1),), (position(1), position(2, "GBPUSD", lots=0.2))):
        plan = Reduce(until=until).plan(situation(reading(snapshot(*held)), rule(metric, "above", level(until))))
        assert plan.targets == {}
        assert "out of reach with the symbols held; nothing is closed" in plan.note


def test_a_share_in_reach_is_brought_back() -> None:
    held = tuple(
        position(n, name, lots=lots)
        for n, (name, lots) in enumerate([("AAAUSD", 6.0), ("BBBUSD", 3.0), ("CCCUSD", 3.0)])
    )
    seen = reading(snapshot(*held, quotes=dict.fromkeys(("AAAUSD", "BBBUSD", "CCCUSD"), quote(1.0))))
    plan = Reduce(until=40.0).plan(situation(seen, rule("exposure.symbol_pct", "above", level(45.0))))
    assert plan.targets == {0: 400}


def test_total_and_open_risk_are_brought_back() -> None:
    seen = reading(snapshot(position(stop=1.09)))
    total = Reduce(until=55_000.0).plan(situation(seen, rule("exposure.total", "above", level(60_000.0))))
    assert total.targets == {1: 50}
    risk = Reduce(until=2.5).plan(situation(seen, rule("risk.open_pct", "above", level(5.0))))
    assert risk.targets == {1: 25}


def test_float_noise_closes_no_step_too_many() -> None:
    """0.07 + 0.03 lots of stops 100 points away are exactly 10 in money, and so exactly 0.1 %."""
    seen = reading(snapshot(position(1, lots=0.07, stop=1.099), position(2, lots=0.06, stop=1.099)))
    plan = Reduce(until=0.1, order="newest").plan(situation(seen, rule("risk.open_pct", "above", level(0.12))))
    assert plan.targets == {2: 3}


def test_what_cannot_be_computed_is_not_planned() -> None:
    seen = reading(
        snapshot(position(), rates={"EURUSD": Rates(margin_buy=NAN, margin_sell=NAN, profit=NAN, loss=NAN)}, margin=1.0)
    )
    plan = Reduce(until=10.0).plan(situation(seen, rule("exposure.total", "above", level(20.0))))
    assert plan.targets == {}
    assert plan.note == "exposure.total cannot be projected, so nothing can be planned"


def test_margin_that_cannot_be_projected_is_not_taken_for_none() -> None:
    bare = {"GBPUSD": Rates(margin_buy=NAN, margin_sell=NAN)}
    seen = reading(snapshot(position(1), position(2, "GBPUSD"), margin=9_000.0, rates=bare))
    plan = Reduce(until=150.0).plan(situation(seen, rule("margin.level_pct", "below", level(120.0)), began={}))
    assert plan.note == "150 is out of reach; closing as much as helps"
    assert plan.targets in ({}, {1: 0, 2: 0})


# ------------------------------------------------------------------------------------------------ the config's faults


def keys(response: Reduce, metric: str = "margin.level_pct", when: str = "below", at: float = 120.0) -> list[str]:
    return [key for key, _ in response.faults(rule(metric, when, level(at, response)))]


@pytest.mark.parametrize("percent", [0.0, -1.0, 100.01])
def test_a_percentage_lies_between_nought_and_a_hundred(percent: float) -> None:
    assert keys(Reduce(percent=percent)) == ["percent"]


def test_a_sane_reduction_has_no_fault() -> None:
    assert keys(Reduce(percent=100.0)) == []
    assert keys(Reduce(until=150.0, order="oldest", max_positions=1)) == []
    assert keys(Reduce(until=120.0)) == []
    assert keys(Reduce(percent=50.0), "pnl.today") == []


def test_percent_and_until_exclude_each_other_and_one_is_needed() -> None:
    assert keys(Reduce()) == ["percent"]
    assert keys(Reduce(percent=50.0, until=150.0)) == ["percent"]


def test_an_order_and_a_count_must_make_sense() -> None:
    assert keys(Reduce(percent=50.0, order="at random")) == ["order"]
    assert keys(Reduce(percent=50.0, max_positions=0)) == ["max_positions"]


@pytest.mark.parametrize("metric", [name for name, metric in METRICS.items() if not metric.closable])
def test_until_is_refused_where_closing_brings_nothing_back(metric: str) -> None:
    assert keys(Reduce(until=200.0), metric) == ["until"]


def test_until_on_the_tripped_side_is_refused() -> None:
    assert keys(Reduce(until=110.0)) == ["until"]
    assert keys(Reduce(until=6.0), "risk.open_pct", "above", 5.0) == ["until"]
    assert keys(Reduce(until=4.0), "risk.open_pct", "above", 5.0) == []


def test_sentences_say_which_and_how_much() -> None:
    assert Reduce(percent=50.0).sentence() == "close 50 % of each position"
    assert Reduce(until=150.0, order="oldest", max_positions=2).sentence() == (
        "close as little as brings it back to 150 of at most 2 positions, the oldest first"
    )


def test_where_equity_is_gone_and_no_single_close_helps_everything_goes() -> None:
    """Of a negative equity a smaller margin makes the level only lower."""
    lost = reading(snapshot(position(1, profit=-12_000.0), position(2, profit=-500.0)))
    plan = Reduce(until=150.0).plan(situation(lost))
    assert plan.targets == {1: 0, 2: 0}
    assert plan.note == "equity is gone, so every single close looks worse: closing all"
