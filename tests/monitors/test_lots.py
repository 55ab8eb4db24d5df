"""Whole steps: exact lots, reductions rounded up, no crumb left, nothing beyond what is held."""

from __future__ import annotations

import math
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitors.lots import closable, requests, target_after, target_at_most
from monitors.model import Instrument
from tests.builders import instrument

STEPS = (0.01, 0.001, 0.1, 1.0, 0.02, 0.05, 0.25, 5.0, 0.00001)


@st.composite
def specs(draw: st.DrawFn) -> Instrument:
    """Any step, a minimum of 1 to 30 steps, a maximum of at least twice that."""
    step = Fraction(str(draw(st.sampled_from(STEPS))))
    least = draw(st.integers(1, 30))
    most = draw(st.integers(2 * least, 5_000))
    return instrument(volume_step=float(step), volume_min=float(least * step), volume_max=float(most * step))


@given(specs(), st.integers(0, 1_000_000))
def test_steps_and_lots_turn_into_each_other_exactly(spec: Instrument, count: int) -> None:
    lots = spec.lots(count)
    assert spec.steps(lots) == count
    assert Fraction(str(lots)) == count * Fraction(str(spec.volume_step))


@given(specs(), st.integers(1, 10_000))
def test_lots_between_two_steps_are_refused(spec: Instrument, count: int) -> None:
    with pytest.raises(ValueError, match="no multiple of the step"):
        spec.steps((count + 0.5) * spec.volume_step)


@given(st.lists(st.integers(1, 10_000), max_size=20))
def test_adding_lots_through_steps_makes_no_noise(counts: list[int]) -> None:
    spec = instrument()
    assert spec.lots(sum(spec.steps(spec.lots(count)) for count in counts)) == round(sum(counts) / 100, 2)


@pytest.mark.parametrize(
    ("step", "least", "most", "expected"),
    [
        (0.01, 0.01, 100.0, (1, 10_000)),
        (0.1, 0.3, 0.7, (3, 7)),
        (0.01, 0.07, 0.29, (7, 29)),
        (0.01, 0.015, 0.999, (2, 99)),
        (1.0, 0.0, 0.0, (1, 1)),
    ],
)
def test_the_smallest_and_the_largest_in_steps(
    step: float, least: float, most: float, expected: tuple[int, int]
) -> None:
    spec = instrument(volume_step=step, volume_min=least, volume_max=most)
    assert (spec.min_steps, spec.max_steps) == expected


@given(specs(), st.integers(0, 100_000), st.floats(0, 200_000))
def test_a_reduction_closes_at_least_what_was_asked_and_never_more_than_is_held(
    spec: Instrument, held: int, closing: float
) -> None:
    left = target_after(spec, held, closing)
    assert 0 <= left <= held
    assert left == 0 or left >= spec.min_steps
    assert held - left >= min(held, closing) - 1e-6


@given(specs(), st.integers(0, 100_000), st.floats(0, 200_000))
def test_a_reduction_closes_less_than_a_step_too_much_unless_a_crumb_would_stay(
    spec: Instrument, held: int, closing: float
) -> None:
    left = target_after(spec, held, closing)
    wanted = max(math.ceil(closing), spec.min_steps)
    assert held - left < closing + 1 or held - left == wanted or held - wanted < spec.min_steps


@pytest.mark.parametrize(
    ("held", "closing", "left"),
    [
        (3, 1.5, 1),
        (100, 50.0, 50),
        (100, 50.0000000001, 50),
        (100, 50.000001, 49),
        (1, 0.5, 0),
        (5, 9.0, 0),
        (5, 0.0, 5),
    ],
    ids=[
        "0.03 by half closes 0.02",
        "half",
        "float noise",
        "a little over half",
        "a crumb",
        "more than held",
        "nothing",
    ],
)
def test_reductions_by_example(held: int, closing: float, left: int) -> None:
    assert target_after(instrument(), held, closing) == left


def test_a_remainder_below_the_minimum_is_closed_too() -> None:
    spec = instrument(volume_min=0.1)
    assert target_after(spec, 30, 20.0) == 10
    assert target_after(spec, 30, 21.0) == 0
    assert target_at_most(spec, 30, 10.9) == 10
    assert target_at_most(spec, 30, 9.9) == 0


@given(specs(), st.integers(0, 100_000), st.floats(-100, 200_000))
def test_what_may_stay_is_rounded_down(spec: Instrument, held: int, allowed: float) -> None:
    left = target_at_most(spec, held, allowed)
    assert 0 <= left <= held
    assert left == 0 or spec.min_steps <= left <= allowed + 1e-6
    if allowed >= held >= spec.min_steps:
        assert left == held
    if held > allowed >= spec.min_steps:
        assert left > allowed - 1


@pytest.mark.parametrize(("allowed", "left"), [(2.9999999999, 3), (2.99999, 2), (3.0, 3), (-1.0, 0), (99.0, 10)])
def test_what_may_stay_by_example(allowed: float, left: int) -> None:
    assert target_at_most(instrument(), 10, allowed) == left


@given(specs(), st.integers(1, 100_000))
def test_requests_add_up_and_each_is_one_that_the_broker_takes(spec: Instrument, closing: int) -> None:
    parts = requests(spec, closing)
    assert sum(parts) == closing
    assert all(0 < part <= spec.max_steps for part in parts)
    assert len(parts) == math.ceil(closing / spec.max_steps)
    if closing >= spec.min_steps:
        assert all(part >= spec.min_steps for part in parts)


def test_requests_by_example() -> None:
    spec = instrument(volume_min=0.05, volume_max=0.20)
    assert requests(spec, 20) == [20]
    assert requests(spec, 40) == [20, 20]
    assert requests(spec, 47) == [20, 20, 7]
    assert requests(spec, 42) == [20, 17, 5]
    assert requests(spec, 3) == [3]
    assert requests(spec, 0) == []


@pytest.mark.parametrize(
    ("least", "closing", "parts"),
    [
        (5, 41, [20, 16, 5]),
        (5, 25, [20, 5]),
        (5, 24, [19, 5]),
        (5, 21, [16, 5]),
        (5, 60, [20, 20, 20]),
        (5, 61, [20, 20, 16, 5]),
    ],
)
def test_a_last_part_too_small_for_an_order_borrows_from_the_one_before(
    least: int, closing: int, parts: list[int]
) -> None:
    spec = instrument(volume_min=least / 100, volume_max=0.2)
    assert requests(spec, closing) == parts


@pytest.mark.parametrize(("held", "target", "can"), [
    (20, 10, True), (20, 11, False), (20, 20, False), (20, 25, False), (9, 0, True), (1, 0, True), (0, 0, False),
])  # fmt: skip
def test_an_order_closes_the_least_volume_or_all_there_is(held: int, target: int, can: bool) -> None:
    assert closable(instrument(volume_min=0.1), held, target) is can
