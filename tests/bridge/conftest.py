"""Lanes to scripted hosts, and supervisors of a served terminal."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from bridge.children import python
from bridge.lane import Lane
from bridge.simulator.clock import VirtualClock
from bridge.simulator.launch import launched
from tests.bridge.lanes import (
    ATTACHMENT,
    DEADLINE_S,
    START,
    Make,
)
from tests.bridge.served.conftest import QUIET
from tests.bridge.watched import (
    Watched,
    follows,
)


@pytest.fixture
def clock() -> VirtualClock:
    return VirtualClock(START)


@pytest.fixture
def log(tmp_path: Path) -> Path:
    return tmp_path / "log"


@pytest.fixture
def make(clock: VirtualClock, log: Path) -> Iterator[Make]:
    """A lane to a child that does these steps at every start; its time stands still unless it is moved."""
    made: list[Lane] = []

    def build(*steps: str) -> Lane:
        command = (*python("tests.bridge.scripted_host"), str(log), *steps)
        made.append(Lane(ATTACHMENT, clock, DEADLINE_S, command))
        return made[-1]

    yield build
    for lane in made:
        lane.close()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "simulator.json"


@pytest.fixture
def scenario(tmp_path: Path) -> Path:
    made = tmp_path / "quiet.toml"
    made.write_text(QUIET)
    return made


@pytest.fixture
def quiet(file: Path, scenario: Path) -> Iterator[Path]:
    """A served terminal with one position, on which nothing happens by itself."""
    with launched(file, scenario=scenario, rehearse=True):
        yield file


@pytest.fixture
def supervisor(quiet: Path) -> Iterator[Watched]:
    """Followed: the ticks of what is held come from here on."""
    made = Watched.of(quiet)
    try:
        made.seen(enough=follows)
        yield made
    finally:
        made.hang_up()
