"""Seeds in every run of the tests: some hundreds, and all that ever broke a promise."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.simulation.draw import draw
from tests.simulation.failed_seeds import FAILED
from tests.simulation.many import Sum, played
from tests.simulation.run import play

SEEDS, SHARDS = 300, 12
LEAST_ORDERING = 0.6


def found(seeds: list[int]) -> Sum:
    total = Sum()
    for seed in seeds:
        total.add(played(seed))
    return total


@pytest.mark.timeout(600)
@pytest.mark.parametrize("shard", range(SHARDS))
def test_every_promise_holds_in_every_seed(shard: int) -> None:
    total = found(list(range(shard, SEEDS, SHARDS)))

    assert {seed: [str(b) for b in done.breaches[:1]] for seed, done in total.broken.items()} == {}
    assert total.ordering >= LEAST_ORDERING * total.seeds * 0.8, (
        "a shard is small; all of them together are asked below"
    )


@pytest.mark.timeout(600)
@pytest.mark.parametrize("seed", FAILED)
def test_what_a_seed_once_found_stays_mended(seed: int) -> None:
    assert [str(breach) for breach in played(seed).breaches] == [], FAILED[seed]


@pytest.mark.timeout(300)
def test_the_same_seed_is_the_same_trace_in_two_processes_with_different_hash_seeds() -> None:
    root = Path(__file__).resolve().parents[2]
    code = "from tests.simulation.many import played\nprint([played(seed).digest for seed in (1, 2, 5)])"
    told = [
        subprocess.run([sys.executable, "-c", code], cwd=root, env=os.environ | {"PYTHONHASHSEED": hashing}, check=True,
                       capture_output=True, text=True).stdout
        for hashing in ("1", "4711")
    ]  # fmt: skip

    assert told[0] == told[1]
    assert told[0] == f"{[played(seed).digest for seed in (1, 2, 5)]}\n"


def test_a_story_says_everything_that_happens_in_it() -> None:
    story = draw(4)

    assert sum("  quote  " in line for line in story.lines()) == sum(h.kind == "quote" for h in story.happenings)
    assert play(story).digest == play(draw(4)).digest
