"""What the app's tests share."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.app.stand import Make, Stand


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
