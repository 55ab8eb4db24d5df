"""What the app's tests share."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from app.instance.single import Instance
from tests.app.stand import Make, Program, Stand


@pytest.fixture
def make(tmp_path: Path) -> Iterator[Make]:
    """A stand that is closed after the test."""
    made: list[Stand] = []

    def build(*rules: dict[str, Any], **more: Any) -> Stand:
        made.append(Stand(tmp_path, *rules, **more))
        return made[-1]

    yield build
    for stand in made:
        stand.engine.close()


@pytest.fixture
def program(tmp_path: Path) -> Iterator[Program]:
    """Another program of that instance on the same account, its rules those given."""
    made: list[Stand] = []

    def build(instance: Instance, *rules: dict[str, Any], **more: Any) -> Stand:
        folder = tmp_path / f"{len(made)}"
        folder.mkdir()
        beside = made[0] if made else None
        made.append(Stand(folder, *rules, instance=instance, beside=beside, **more))
        return made[-1]

    yield build
    for stand in made:
        stand.engine.close()
