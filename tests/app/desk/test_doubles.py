"""What came twice and what did not come, by machine and run."""

from __future__ import annotations

import random

import pytest

from app.desk.doubles import Came, Doubles


@pytest.mark.parametrize("seed", range(20))
def test_every_number_is_taken_once_in_whatever_order_it_comes(seed: int) -> None:
    dice, came = random.Random(seed), Came()  # noqa: S311 -- an order, no secret
    numbers = [*range(1, 61), *(dice.randint(1, 60) for _ in range(40))]
    dice.shuffle(numbers)
    taken = [number for number in numbers if came.take(number)]
    assert sorted(taken) == list(range(1, 61))
    assert came.missing == 0
    assert len(came._first) == 1


def test_what_lies_between_two_that_came_is_missing_until_it_comes() -> None:
    came = Came()
    assert [came.take(number) for number in (5, 9, 7)] == [True, True, True]
    assert came.missing == 2
    assert came.take(6)
    assert came.missing == 1
    assert came.take(8)
    assert came.missing == 0


def test_runs_and_machines_number_for_themselves() -> None:
    doubles = Doubles()
    assert doubles.take("pc-1", "a", 1)
    assert doubles.take("pc-1", "b", 1)
    assert doubles.take("pc-2", "a", 1)
    assert not doubles.take("pc-1", "a", 1)


def test_the_run_that_was_not_heard_of_for_longest_is_forgotten() -> None:
    doubles = Doubles(runs=2)
    for run in ("a", "b", "a", "c"):
        doubles.take("pc-1", run, len(doubles._runs) + 10)
    assert list(doubles._runs) == [("pc-1", "a"), ("pc-1", "c")]
