"""What the stream's tests share."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import keyring
import pytest
from keyring.backends import fail

from tests.app.stream.parts import Served, served


@pytest.fixture
def stream(tmp_path: Path) -> Iterator[Served]:
    yield from served(tmp_path)


@pytest.fixture(autouse=True)
def no_keyring() -> Iterator[None]:
    """Whatever keyring another test of this process has put in its place, here is none."""
    before = keyring.get_keyring()
    keyring.set_keyring(fail.Keyring())  # type: ignore[no-untyped-call]
    yield
    keyring.set_keyring(before)
