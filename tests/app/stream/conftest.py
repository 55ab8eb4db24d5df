"""What the stream's tests share."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.app.stream.parts import Served, served


@pytest.fixture
def stream(tmp_path: Path) -> Iterator[Served]:
    yield from served(tmp_path)
