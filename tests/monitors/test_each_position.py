"""The figures by which each position is judged by itself: what they are, and when there are none."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitors.excursions import Excursion
from monitors.kinds import Side
from monitors.measures import worst
from monitors.metrics import METRICS, value, values
from monitors.model import NotApplicable, Position, Quote, Unknown, Value
from monitors.multiples import NO_LOSING_SIDE, NO_STOP_SEEN, NOT_FOLLOWED, NOT_IN_PROFIT
from monitors.projection import after
from monitors.reading import Reading
from monitors.settings import Rule
from tests.builders import NOW_MS, instrument, level, position, quote, reading, rule, snapshot

EACH = [name for name, metric in METRICS.items() if metric.each]
NAN = math.nan
WAY = Excursion(best=300.0, worst=-100.0, best_points=300.0, worst_points=-100.0, stop=1.098)


def held(*positions: Position, **more: Any) -> Reading:
    """A reading of EURUSD at 1.10100 / 1.10110, one lot worth a dollar a point."""
    return reading(snapshot(*positions, quotes={"EURUSD": quote(1.101, 1.1011)}), **more)


def long(identifier: int = 1, **more: Any) -> Position:
    """Bought at 1.10000 with a stop 200 points below, now 100 points in profit."""
    return position(identifier, **{"open": 1.1, "stop": 1.098, "profit": 100.0, **more})


def of(name: str, seen: Reading, by: Rule | None = None) -> Mapping[int, Value]:
    found = values(seen, by or rule(name, "below", level(0.0)))
    assert found is not None
    return found


def one(name: str, seen: Reading) -> Value:
    (found,) = of(name, seen).values()
    return found


def test_profit_is_the_terminals_own_with_swap() -> None:
    seen = held(long(1, profit=100.0, swap=-2.345), long(2, profit=-50.0))
    assert of("position.profit", seen) == {1: 97.66, 2: -50.0}


def test_r_is_the_price_distance_over_the_first_stops() -> None:
    """A stop that was moved since changes nothing; a short is closed at the ask."""
    ways = {1: WAY, 2: replace(WAY, stop=1.103)}
    seen = held(long(1, stop=1.1005), long(2, side=Side.SELL), excursions=ways)
    assert of("position.r", seen) == {1: 0.5, 2: pytest.approx(-1.1 / 3, abs=1e-6)}


def test_the_worst_excursion_is_in_r_and_never_positive() -> None:
    assert one("position.mae_r", held(long(), excursions={1: WAY})) == -0.5
    assert one("position.mae_r", held(long(), excursions={1: replace(WAY, worst_points=20.0)})) == 0.0


def test_a_present_price_beyond_the_worst_seen_is_the_worst() -> None:
    assert one("position.mae_r", held(long(open=1.1015), excursions={1: replace(WAY, worst_points=-10.0)})) == (
        pytest.approx(-1 / 7, abs=1e-6)
    )


def test_what_was_given_back_is_told_of_the_best_and_passes_a_hundred_in_a_loss() -> None:
    assert one("position.given_back_pct", held(long(), excursions={1: WAY})) == pytest.approx(66.666667)
    lost = held(long(open=1.1020), excursions={1: WAY})
    assert one("position.given_back_pct", lost) == pytest.approx(133.333333)


def test_a_partial_close_gives_nothing_back() -> None:
    way = {1: replace(WAY, best=100.0, best_points=100.0)}
    for lots, profit in ((1.0, 100.0), (0.1, 10.0)):
        assert one("position.given_back_pct", held(long(lots=lots, profit=profit), excursions=way)) == 0.0


def test_the_time_without_a_stop_counts_from_when_it_was_seen_without() -> None:
    way = {1: Excursion(unprotected_ms=NOW_MS - 90_500)}
    assert one("position.unprotected_s", held(long(stop=0.0), excursions=way)) == 90.5
    later = {1: Excursion(unprotected_ms=NOW_MS + 1)}
    assert one("position.unprotected_s", held(long(stop=0.0), excursions=later)) == 0.0


@pytest.mark.parametrize("clock", [None, NOW_MS - 1000])
def test_with_a_stop_there_is_no_time_without_one(clock: int | None) -> None:
    found = one("position.unprotected_s", held(long(), excursions={1: Excursion(unprotected_ms=clock)}))
    assert found == NotApplicable("it has a stop")


@pytest.mark.parametrize("name", ["position.r", "position.mae_r"])
@pytest.mark.parametrize(
    ("ways", "reason"),
    [
        ({}, NOT_FOLLOWED),
        ({1: replace(WAY, stop=0.0)}, NO_STOP_SEEN),
        ({1: replace(WAY, stop=1.1)}, NO_LOSING_SIDE),
        ({1: replace(WAY, stop=1.2)}, NO_LOSING_SIDE),
        ({1: replace(WAY, stop=NAN)}, NOT_FOLLOWED),
    ],
)
def test_without_a_first_stop_on_the_losing_side_there_is_no_r(
    name: str, ways: Mapping[int, Excursion], reason: Unknown
) -> None:
    assert one(name, held(long(), excursions=ways)) == reason


def test_a_worst_excursion_that_is_no_number_is_unknown() -> None:
    assert one("position.mae_r", held(long(), excursions={1: replace(WAY, worst_points=NAN)})) == NOT_FOLLOWED
    flat = replace(held(long()).snapshot, instruments={"EURUSD": instrument(point=0.0)})
    assert one("position.mae_r", reading(flat, excursions={1: WAY})) == NOT_FOLLOWED


@pytest.mark.parametrize(
    ("ways", "found"),
    [
        ({}, NOT_FOLLOWED),
        ({1: replace(WAY, best_points=NAN)}, NOT_FOLLOWED),
        ({1: replace(WAY, best_points=50.0)}, 0.0),
    ],
    ids=["missing", "NaN", "contradictory"],
)
def test_what_was_given_back_needs_the_best(ways: Mapping[int, Excursion], found: Value) -> None:
    """A best that lies below the present profit is not the best."""
    assert one("position.given_back_pct", held(long(), excursions=ways)) == found


def test_before_a_position_was_in_profit_it_has_given_nothing_back() -> None:
    way = {1: replace(WAY, best_points=0.0)}
    assert one("position.given_back_pct", held(long(open=1.102), excursions=way)) == NOT_IN_PROFIT


@pytest.mark.parametrize("ways", [{}, {1: Excursion()}], ids=["missing", "contradictory"])
def test_a_position_without_a_stop_and_without_a_clock_is_unknown(ways: Mapping[int, Excursion]) -> None:
    assert isinstance(one("position.unprotected_s", held(long(stop=0.0), excursions=ways)), Unknown)
    clock = {1: Excursion(unprotected_ms=NOW_MS - 1000)}
    assert isinstance(one("position.unprotected_s", held(long(stop=NAN), excursions=clock)), Unknown)


def test_a_profit_that_is_no_number_is_unknown() -> None:
    assert isinstance(one("position.profit", held(long(profit=NAN))), Unknown)
    assert isinstance(one("position.profit", held(long(swap=math.inf))), Unknown)


@pytest.mark.parametrize("name", EACH)
def test_only_what_the_rule_selects_is_judged(name: str) -> None:
    seen = held(long(1, magic=7), long(2), position(3, "GBPUSD", magic=7), excursions=dict.fromkeys((1, 2, 3), WAY))
    assert set(of(name, seen)) == {1, 2, 3}
    assert set(of(name, seen, rule(name, magics=(7,)))) == {1, 3}
    assert set(of(name, seen, rule(name, magics=(7,), symbols=("EUR*",)))) == {1}
    assert set(of(name, seen, rule(name, position=2))) == {2}


@pytest.mark.parametrize("name", [name for name in METRICS if name not in EACH])
def test_a_rule_on_the_account_judges_no_position_by_itself(name: str) -> None:
    assert values(held(long()), rule(name)) is None


def test_the_accounts_figure_is_that_of_the_position_nearest_to_tripping() -> None:
    seen = held(long(1, profit=-10.0), long(2, profit=30.0))
    assert value(seen, rule("position.profit", "below")) == -10.0
    assert value(seen, rule("position.profit", "above")) == 30.0
    assert value(seen, rule("position.profit", "above", position=1)) == -10.0
    assert isinstance(value(held(), rule("position.profit")), NotApplicable)
    assert isinstance(value(seen, rule("position.profit", position=9)), NotApplicable)


def test_an_unknown_position_does_not_hide_behind_good_ones_nor_hides_bad_ones() -> None:
    by = rule("position.r", "below", level(-1.0))
    blind = Unknown("no stop")
    assert worst({1: 0.5, 2: blind}, by) == Unknown("position 2: no stop")
    assert worst({1: blind, 2: -1.5, 3: blind}, by) == -1.5
    assert worst({1: blind, 2: 0.5, 3: blind}, by) == Unknown("position 1 and 1 more: no stop")
    assert worst({1: NotApplicable("x"), 2: 0.5}, by) == 0.5
    assert worst({1: NotApplicable("x")}, by) == NotApplicable("x")


def test_a_projection_closes_profit_in_proportion_and_a_closed_position_has_none() -> None:
    seen = held(long(1, profit=-300.0, swap=-10.0), long(2, profit=5.0))
    assert of("position.profit", after(seen, {1: 50})) == {1: -155.0, 2: 5.0}
    assert of("position.profit", after(seen, {1: 0})) == {2: 5.0}


prices = st.floats(0.5, 2.0) | st.just(NAN)
points = st.integers(-100_000, 100_000).map(float) | st.just(NAN)
ways = st.builds(
    Excursion, best=prices, worst=prices, best_points=points, worst_points=points, stop=prices | st.just(0.0),
    unprotected_ms=st.none() | st.integers(0, 2 * NOW_MS),
)  # fmt: skip


@given(
    name=st.sampled_from([*EACH, "risk.missing_stops", "risk.reward_min", "risk.open_pct", "spread.points"]),
    kept=st.lists(st.tuples(st.sampled_from(list(Side)), prices, prices, prices, prices, st.none() | ways), max_size=4),
    bid=st.floats(0.5, 2.0) | st.sampled_from([NAN, 0.0]),
    when=st.sampled_from(["above", "below"]),
)
def test_whatever_is_missing_a_figure_is_a_number_or_says_why_not(
    name: str, kept: list[tuple[Side, float, float, float, float, Excursion | None]], bid: float, when: str
) -> None:
    positions = [
        position(n, side=side, open=opened, stop=stop, target=target, profit=profit)
        for n, (side, opened, stop, target, profit, _) in enumerate(kept, 1)
    ]
    seen = reading(
        snapshot(*positions, quotes={"EURUSD": Quote(time_ms=NOW_MS, bid=bid, ask=bid + 0.0001)}),
        excursions={n: way for n, (*_, way) in enumerate(kept, 1) if way},
    )
    found = value(seen, rule(name, when, level(0.5)))
    assert isinstance(found, Unknown | NotApplicable) or math.isfinite(found)
    for each in (values(seen, rule(name)) or {}).values():
        assert isinstance(each, Unknown | NotApplicable) or math.isfinite(each)
