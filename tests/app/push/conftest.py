"""A virtual clock, and a sender in the place of Apprise's process that answers as it is told."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import pytest

from app.push.sender import Answered, Asked
from bridge.simulator.clock import VirtualClock
from tests.app.push.vault import BACKEND
from tests.app.scripted import START

TAKEN = Answered(ok=True, said="taken by JSON")
REFUSED = Answered(ok=False, said="error=503.")


@dataclass
class Post:
    """What was sent, and what is answered from now on."""

    answer: Answered = TAKEN
    sent: list[Asked] = field(default_factory=list)

    def send(self, asked: Asked) -> Answered:
        self.sent.append(asked)
        return self.answer

    def rest(self) -> None:
        """There is no process."""


@pytest.fixture
def clock() -> VirtualClock:
    return VirtualClock(START)


@pytest.fixture
def post() -> Post:
    return Post()


@pytest.fixture
def vault(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The keyring of this test and of the processes that it starts."""
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", BACKEND)
    monkeypatch.setenv("VAULT", str(tmp_path / "vault.json"))
    return tmp_path / "vault.json"
