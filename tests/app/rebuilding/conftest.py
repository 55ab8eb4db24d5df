"""A stand that watches day and peak, with one position held."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.app.rebuilding.absence import RULES, Make
from tests.app.scripted import plain
from tests.app.stand import Stand


@pytest.fixture
def make(tmp_path: Path) -> Iterator[Make]:
    made: list[Stand] = []

    def build(name: str) -> Stand:
        folder = tmp_path / name
        folder.mkdir()
        made.append(Stand(folder, *RULES))
        made[-1].terminal.hold(plain(1))
        return made[-1]

    yield build
    for stand in made:
        stand.kill()
