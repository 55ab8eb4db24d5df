"""Diversify: held against trying every combination of volumes on small books."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitors.metrics import value
from monitors.model import Rates
from monitors.projection import after
from monitors.reading import Reading
from monitors.responses.diversify import Diversify, capped
from tests.builders import instrument, position, quote, reading, rule, situation, snapshot

NAMES = ("AAAUSD", "BBBUSD", "CCCUSD", "DDDUSD")
RULE = rule("exposure.symbol_pct", "above")


def holding(*steps: int) -> Reading:
    """One position a symbol, all at the same price."""
    held = tuple(position(n, NAMES[n], lots=count / 100) for n, count in enumerate(steps))
    return reading(snapshot(*held, quotes=dict.fromkeys(NAMES, quote(1.0))))


def smallest(steps: tuple[int, ...], pct: float) -> int | None:
    """The fewest steps closed that leave something and no share above `pct`."""
    fits = [
        sum(steps) - sum(left)
        for left in product(*[range(count + 1) for count in steps])
        if sum(left) and 100 * max(left) <= pct * sum(left) * (1 + 1e-9)
    ]
    return min(fits, default=None)


@given(
    st.lists(st.integers(1, 7), min_size=1, max_size=4).map(tuple),
    st.sampled_from([30.0, 40.0, 50.0, 60.0, 75.0, 90.0]),
)
def test_it_closes_as_little_as_any_combination_of_volumes_or_nothing(steps: tuple[int, ...], pct: float) -> None:
    seen, best = holding(*steps), smallest(steps, pct)
    plan = Diversify(symbol_pct=pct).plan(situation(seen, RULE))
    if best is None:
        assert plan.targets == {}
        assert plan.note == f"{pct:g} % is out of reach with the symbols held; nothing is closed"
        return
    assert plan.note == ""
    assert sum(steps[n] - target for n, target in plan.targets.items()) == best
    found = value(after(seen, plan.targets), RULE)
    assert isinstance(found, float)
    assert found <= pct + 1e-6


@pytest.mark.parametrize(
    ("steps", "pct", "targets"),
    [
        ((60, 30, 30), 40.0, {0: 40}),
        ((50, 50, 10), 45.0, {0: 45, 1: 45}),
        ((10, 10), 50.0, {}),
        ((30, 10), 50.0, {0: 10}),
        ((30, 20, 10), 100 / 3, {0: 10, 1: 10}),
        ((61, 30, 30), 40.0, {0: 40}),
    ],
)
def test_diversifying_by_example(steps: tuple[int, ...], pct: float, targets: dict[int, int]) -> None:
    assert Diversify(symbol_pct=pct).plan(situation(holding(*steps), RULE)).targets == targets


def test_one_symbol_is_always_all_of_it() -> None:
    plan = Diversify(symbol_pct=50.0).plan(situation(holding(10), RULE))
    assert plan.targets == {}
    assert plan.note


def test_steps_too_coarse_for_the_share_close_nothing_and_not_everything() -> None:
    held = (position(1, "AAAUSD", lots=0.01), position(2, "BBBUSD", lots=0.09))
    seen = reading(snapshot(*held, quotes={"AAAUSD": quote(1.0), "BBBUSD": quote(1.7)}))
    plan = Diversify(symbol_pct=60.0).plan(situation(seen, RULE))
    assert plan.targets == {}
    assert plan.note == "60 % is out of reach with the symbols held; nothing is closed"


def test_a_filter_that_keeps_the_share_out_of_reach_closes_nothing() -> None:
    plan = Diversify(symbol_pct=50.0).plan(
        situation(holding(30, 10), rule("exposure.symbol_pct", "above", symbols=("BBB*",)))
    )
    assert plan.targets == {}
    assert plan.note


def test_within_a_symbol_the_order_says_which_position_goes_first() -> None:
    held = (
        position(1, "AAAUSD", lots=0.2, profit=-5.0, opened_ms=1),
        position(2, "AAAUSD", lots=0.2, profit=-9.0, opened_ms=2),
        position(3, "BBBUSD", lots=0.3),
    )
    seen = reading(snapshot(*held, quotes=dict.fromkeys(NAMES, quote(1.0))))
    assert Diversify(symbol_pct=50.0).plan(situation(seen, RULE)).targets == {2: 10}
    assert Diversify(symbol_pct=50.0, order="oldest").plan(situation(seen, RULE)).targets == {1: 10}


def test_crumbs_below_the_minimum_are_closed() -> None:
    held = (position(1, "AAAUSD", lots=0.5), position(2, "BBBUSD", lots=0.2), position(3, "CCCUSD", lots=0.2))
    coarse = {"AAAUSD": instrument("AAAUSD", volume_min=0.45)}
    seen = reading(snapshot(*held, quotes=dict.fromkeys(NAMES, quote(1.0)), instruments=coarse))
    assert Diversify(symbol_pct=50.0).plan(situation(seen, RULE)).targets == {1: 0}
    plan = Diversify(symbol_pct=45.0).plan(situation(seen, RULE))
    assert plan.targets == {}
    assert plan.note


def test_an_unknown_rate_plans_nothing() -> None:
    nan = float("nan")
    held = (position(1, "AAAUSD"), position(2, "BBBUSD"))
    rates = {"AAAUSD": Rates(margin_buy=1.0, margin_sell=1.0, profit=nan, loss=nan)}
    plan = Diversify(symbol_pct=60.0).plan(situation(reading(snapshot(*held, rates=rates)), RULE))
    assert plan.targets == {}
    assert plan.note == "exposure is not known, so nothing can be planned"
    assert Diversify(symbol_pct=60.0).plan(situation(reading(), RULE)).targets == {}


@given(st.lists(st.floats(1.0, 1e6), min_size=2, max_size=8), st.floats(0.1, 0.95))
def test_capped_exposures_are_under_the_cap_and_none_above_its_own(gross: list[float], cap: float) -> None:
    if len(gross) * cap < 1:
        return
    before = np.array(gross)
    found = capped(before, cap)
    assert (found <= before * (1 + 1e-12)).all()
    assert found.max() <= cap * found.sum() * (1 + 1e-6)
    assert before.tolist() == gross


@given(st.lists(st.floats(1.0, 1e6), min_size=3, max_size=8), st.floats(0.4, 0.95))
def test_capped_exposures_are_the_largest_there_are(gross: list[float], cap: float) -> None:
    """Raising any one that was lowered puts it over the cap."""
    before = np.array(gross)
    found = capped(before, cap)
    for i in np.flatnonzero(found < before * (1 - 1e-9)):
        more = found.copy()
        more[i] *= 1.001
        assert more[i] > cap * more.sum()


@pytest.mark.parametrize(("pct", "fault"), [(0.0, True), (100.0, True), (-5.0, True), (0.1, False), (99.9, False)])
def test_a_share_lies_between_nought_and_a_hundred(pct: float, fault: bool) -> None:
    assert [key for key, _ in Diversify(symbol_pct=pct).faults(RULE)] == (["symbol_pct"] if fault else [])
    assert "order" in [key for key, _ in Diversify(symbol_pct=pct, order="at random").faults(RULE)]


def test_a_symbol_that_the_rule_may_not_touch_puts_its_share_out_of_reach() -> None:
    only_small = rule("exposure.symbol_pct", "above", symbols=("BBBUSD", "CCCUSD"))
    plan = Diversify(symbol_pct=40.0).plan(situation(holding(80, 10, 10), only_small))
    assert plan.targets == {}
    assert "out of reach" in plan.note


def test_nothing_held_has_nothing_to_cap() -> None:
    assert capped(np.empty(0), 0.4).tolist() == []
