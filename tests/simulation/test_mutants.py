"""A few planted bugs in every run of the tests, each caught; all of them by `python -m tests.simulation --mutants`."""

import pytest

from tests.simulation.draw import draw
from tests.simulation.mutants import MUTANTS
from tests.simulation.mutation import hunt, planted
from tests.simulation.run import play
from tests.simulation.shrink import breaks, shrunk

FEW = {"wrong side": 1, "intent after the send": 7, "a step more than planned": 4, "shown before it is on disk": 6}


@pytest.mark.timeout(300)
@pytest.mark.parametrize("name", FEW)
def test_a_planted_bug_is_caught_by_the_promise_that_it_breaks(name: str) -> None:
    assert hunt(name, most=60).promise == FEW[name]


@pytest.mark.timeout(300)
def test_a_failing_story_shrinks_to_one_that_still_fails() -> None:
    with planted(MUTANTS["wrong side"]):
        seed = next(s for s in range(20) if play(draw(s)).breaches)
        small = shrunk(draw(seed), 1, tries=60)

        assert breaks(small, 1)
        assert len(small.happenings) < len(draw(seed).happenings) / 2


def test_a_bug_is_gone_once_it_was_hunted() -> None:
    before = play(draw(3)).digest
    hunt("wrong side", most=1)

    assert play(draw(3)).digest == before


def test_there_are_enough_of_them() -> None:
    assert len(MUTANTS) >= 45
