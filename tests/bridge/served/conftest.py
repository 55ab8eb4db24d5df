"""Served terminals: one for the tests that only read, a fresh one where something is done to it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from bridge.simulator.launch import launched

QUIET = """
[scenario]
server_zone = "Europe/Athens"
[account]
login = 1001
balance = 10000.0
stop_out_pct = 50
[[symbol]]
name = "EURUSD"
base = "EUR"
profit = "USD"
bid = 1.10000
ask = 1.10010
[[symbol]]
name = "BLANK"
base = "EUR"
profit = "USD"
bid = nan
ask = nan
[[position]]
id = 1
symbol = "EURUSD"
side = "buy"
volume = 0.30
open = 1.10000
"""
"""One account, one position, and prices that move only when told to."""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Where the terminals of these tests say that they answer."""
    return tmp_path / "simulator.json"


@pytest.fixture
def quiet(tmp_path: Path, file: Path) -> Iterator[Path]:
    """A terminal with one account on which nothing happens by itself, ready to be rehearsed with."""
    scenario = tmp_path / "quiet.toml"
    scenario.write_text(QUIET)
    with launched(file, scenario=scenario, rehearse=True):
        yield file


@pytest.fixture(scope="package")
def standing(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A terminal as `quiet`, one for all tests that change nothing."""
    folder = tmp_path_factory.mktemp("standing")
    (folder / "quiet.toml").write_text(QUIET)
    with launched(folder / "simulator.json", scenario=folder / "quiet.toml", rehearse=True):
        yield folder / "simulator.json"


@pytest.fixture
def story(file: Path) -> Iterator[Path]:
    """The three accounts of the story."""
    with launched(file, rehearse=True):
        yield file
