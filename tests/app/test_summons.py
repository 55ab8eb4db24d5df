"""When the guard calls a stop process: a latched stop, a silent terminal, one at a time."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, datetime

import pytest

from app.stopping.flattening import Launched
from app.stopping.summons import AGAIN_S, SILENT_S, Summons
from bridge.simulator.clock import VirtualClock


class Called:
    """Counts what is started; each is a process that waits until it is ended."""

    def __init__(self) -> None:
        self.started: list[subprocess.Popen[bytes]] = []
        self.trouble = False

    def launch(self) -> Launched:
        if self.trouble:
            raise OSError(13, "Permission denied")
        self.started.append(subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE))
        return Launched(self.started[-1], "", None)


@pytest.fixture
def clock() -> VirtualClock:
    return VirtualClock(datetime(2026, 3, 2, tzinfo=UTC))


def test_one_is_called_after_two_seconds_of_silence_and_no_second_while_it_works(clock: VirtualClock) -> None:
    called, said = Called(), list[str]()
    summons = Summons(called.launch, clock, said.append)
    summons.watch(SILENT_S - 0.1)
    assert called.started == []
    for _ in range(3):
        summons.watch(SILENT_S)
        clock.advance_to(clock.utc_ms() + round(AGAIN_S * 1000))
    assert (len(called.started), len(said)) == (1, 1)
    summons.dismiss()
    assert called.started[0].returncode is not None
    _closed(called)


def test_one_that_ended_is_followed_by_another_only_after_a_pause(clock: VirtualClock) -> None:
    called = Called()
    summons = Summons(called.launch, clock, print)
    summons.watch(SILENT_S)
    called.started[0].communicate(b"\n")
    summons.watch(SILENT_S)
    assert len(called.started) == 1
    clock.advance_to(clock.utc_ms() + round(AGAIN_S * 1000))
    summons.watch(SILENT_S)
    assert len(called.started) == 2
    summons.dismiss()
    _closed(called)


def test_one_that_cannot_be_started_is_said(clock: VirtualClock) -> None:
    called, said = Called(), list[str]()
    called.trouble = True
    Summons(called.launch, clock, said.append).watch(SILENT_S)
    assert said == ["the stop process cannot be started (Permission denied): act in MT5"]


def test_where_no_other_process_reaches_the_account_none_is_called(clock: VirtualClock) -> None:
    summons = Summons(None, clock, print)
    summons.watch(SILENT_S)
    summons.dismiss()


def _closed(called: Called) -> None:
    for process in called.started:
        assert process.stdin
        process.stdin.close()
