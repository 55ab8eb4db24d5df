"""A position's score: five parts, each by its own line, and a total only of what is known."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitors.excursions import Excursion
from monitors.kinds import Side
from monitors.model import NotApplicable, Unknown, Value
from monitors.multiples import NO_PLAN, NO_STOP_SEEN, NOT_FOLLOWED, NOT_IN_PROFIT, Multiples
from monitors.score import NO_HABIT, PARTS, TOO_FEW, Score, scores
from tests.builders import position, quote, reading, snapshot

NAN = math.nan
WAY = Excursion(best_points=200.0, worst_points=-50.0, stop=1.099, under_ms=60_000)
"""Of a position bought at 1.10000 with a stop 100 points below: 2 R for it, half an R against it."""


def scored(points: float = 100.0, way: Excursion | None = WAY, usual_ms: float = 60_000.0, **more: Any) -> Score:
    """One position that is now so many points in profit."""
    held = position(1, **{"open": 1.1, "stop": 1.099, "target": 1.102, **more})
    seen = snapshot(held, quotes={"EURUSD": quote(1.1 + points / 100_000)})
    (found,) = scores(Multiples(reading(seen, excursions={1: way} if way else {})), np.array([usual_ms]))
    return found


def part(name: str, found: Score) -> Value:
    return dict(found.parts)[name]


def test_the_parts_are_named_and_the_total_is_their_mean() -> None:
    found = scored()
    assert tuple(name for name, _ in found.parts) == PARTS
    values = [value for _, value in found.parts if isinstance(value, float)]
    assert values == pytest.approx([75.0, 50.0, 50.0, 50.0, 75.0])
    assert found.total == pytest.approx(60.0)


@pytest.mark.parametrize(
    ("points", "score"), [(-300.0, 0.0), (-100.0, 0.0), (0.0, 50.0), (200.0, 100.0), (900.0, 100.0)]
)
def test_a_full_loss_is_nought_and_twice_the_risk_a_hundred(points: float, score: float) -> None:
    assert part("R now", scored(points)) == pytest.approx(score, abs=1e-9)


@pytest.mark.parametrize(("points", "score"), [(-50.0, 0.0), (0.0, 0.0), (50.0, 25.0), (200.0, 100.0), (400.0, 100.0)])
def test_what_is_kept_of_the_best_counts_from_nought(points: float, score: float) -> None:
    assert part("Kept of its best", scored(points)) == pytest.approx(score)


@pytest.mark.parametrize(("worst", "score"), [(0.0, 100.0), (-25.0, 75.0), (-100.0, 0.0), (-150.0, 0.0)])
def test_the_worst_excursion_counts_against_the_first_stop(worst: float, score: float) -> None:
    found = scored(way=replace(WAY, worst_points=worst))
    assert part("Against its stop", found) == pytest.approx(score, abs=1e-9)


@pytest.mark.parametrize(
    ("under_ms", "usual_ms", "score"),
    [(0, 60_000.0, 100.0), (60_000, 60_000.0, 50.0), (999_000, 60_000.0, 0.0), (0, 0.0, 100.0), (1, 0.0, 0.0)],
)
def test_time_under_water_counts_against_the_usual(under_ms: int, usual_ms: float, score: float) -> None:
    found = scored(way=replace(WAY, under_ms=under_ms), usual_ms=usual_ms)
    assert part("Time under water", found) == pytest.approx(score)


@pytest.mark.parametrize(("target", "score"), [(1.1005, 25.0), (1.101, 50.0), (1.103, 100.0), (1.2, 100.0)])
def test_the_planned_reward_counts_up_to_three_to_one(target: float, score: float) -> None:
    assert part("Planned reward", scored(target=target)) == pytest.approx(score)


def test_a_part_that_is_not_known_says_why_and_leaves_the_mean_to_the_others() -> None:
    found = scored(-20.0, replace(WAY, stop=0.0, best_points=0.0), stop=0.0)
    assert [value for _, value in found.parts] == [
        NO_STOP_SEEN, NOT_IN_PROFIT, NO_STOP_SEEN, pytest.approx(50.0), NO_PLAN,
    ]  # fmt: skip
    assert found.total == TOO_FEW


def test_two_known_parts_make_a_total_and_one_makes_none() -> None:
    assert scored(way=replace(WAY, stop=0.0), stop=0.0).total == pytest.approx(50.0)
    assert scored(way=replace(WAY, stop=0.0), stop=0.0, usual_ms=NAN).total == TOO_FEW


def test_without_its_way_or_its_strategys_habit_time_is_not_compared() -> None:
    assert part("Time under water", scored(usual_ms=NAN)) == NO_HABIT
    assert part("Time under water", scored(way=None)) == NOT_FOLLOWED
    assert part("R now", scored(way=None)) == NOT_FOLLOWED


numbers = st.integers(-500, 500).map(float) | st.just(NAN)


ways = st.builds(Excursion, best_points=numbers, worst_points=numbers, stop=st.sampled_from([0.0, 1.099, 1.101, NAN]),
                 under_ms=st.integers(0, 10**6))  # fmt: skip


@given(
    points=numbers, way=ways, usual=st.sampled_from([NAN, 0.0, 1e4]), stop=st.sampled_from([0.0, 1.099, 1.101, NAN]),
    target=st.sampled_from([0.0, 1.102, 1.09, NAN]), side=st.sampled_from(list(Side)),
)  # fmt: skip
def test_every_part_and_the_total_lie_between_nought_and_a_hundred_or_say_why_not(
    points: float, way: Excursion, usual: float, stop: float, target: float, side: Side
) -> None:
    found = scored(points, way, usual, stop=stop, target=target, side=side)
    for value in (found.total, *(value for _, value in found.parts)):
        assert isinstance(value, Unknown | NotApplicable) or 0.0 <= value <= 100.0
