"""The worker's loop: beats until it is stopped, obeys commands at once, and leaves nobody waiting."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import CancelledError
from contextlib import contextmanager
from pathlib import Path

import pytest

from app.engine import Engine
from app.loop import Loop
from app.mailbox import Mailbox
from bridge.clock import SystemClock
from monitors.ports import Acknowledge, Clock, EmergencyStop, Reset
from tests.app.scripted import plain
from tests.app.stand import Stand


class Started:
    """A loop in a thread of its own, with the engine of a stand in it."""

    def __init__(self, folder: Path, poll_ms: int = 10) -> None:
        self.folder = folder
        self.mailbox = Mailbox()
        self.born, self.thread_of_engine = threading.Event(), 0
        self.stand: Stand | None = None
        self.loop = Loop(self._build, poll_ms, self.clock(), self.mailbox)
        self.thread = threading.Thread(target=self.loop.run)

    def clock(self) -> Clock:
        return SystemClock()

    def _build(self) -> Engine:
        self.thread_of_engine = threading.get_ident()
        self.stand = Stand(self.folder)
        self.stand.terminal.hold(plain(1, 1.0))
        self.stand.kill()
        engine = self.stand.start()
        self.born.set()
        return engine


@contextmanager
def running(folder: Path, poll_ms: int = 10) -> Iterator[Started]:
    started = Started(folder, poll_ms)
    started.thread.start()
    started.born.wait(10)
    try:
        yield started
    finally:
        started.loop.stop()
        started.thread.join(10)


def test_the_engine_is_born_in_the_loops_thread_and_its_frames_arrive(tmp_path: Path) -> None:
    with running(tmp_path) as started:
        assert started.loop.post(Acknowledge(1)).result(10) is False
        assert started.thread_of_engine == started.thread.ident
    newest = started.mailbox.newest()
    assert newest is not None
    assert newest.accounts[0].name == "main"


def test_a_stop_ends_the_thread_and_lets_terminal_and_journal_go(tmp_path: Path) -> None:
    with running(tmp_path) as started:
        pass
    assert not started.thread.is_alive()
    assert started.stand is not None
    assert started.stand.terminal.hung_up


def test_a_command_does_not_wait_for_the_next_poll(tmp_path: Path) -> None:
    with running(tmp_path, poll_ms=60_000) as started:
        assert started.loop.post(EmergencyStop()).result(10) is True
        assert started.loop.post(Reset("main")).result(10) is True
        assert started.loop.post(Reset("main")).result(10) is False


def test_a_command_that_fails_is_told_to_who_asked_and_the_loop_goes_on(tmp_path: Path) -> None:
    with running(tmp_path, poll_ms=60_000) as started:
        with pytest.raises(TypeError):
            started.loop.post(Acknowledge([])).result(10)  # type: ignore[arg-type]
        assert started.loop.post(EmergencyStop()).result(10) is True


def test_a_command_after_the_end_is_cancelled_and_keeps_nobody_waiting(tmp_path: Path) -> None:
    with running(tmp_path) as started:
        pass
    with pytest.raises(CancelledError):
        started.loop.post(EmergencyStop()).result(10)


def test_an_engine_that_cannot_be_built_is_raised_and_its_commands_cancelled() -> None:
    def fail() -> Engine:
        raise OSError("no disk")

    loop = Loop(fail, 10, SystemClock(), Mailbox())
    waiting = loop.post(EmergencyStop())
    with pytest.raises(OSError, match="no disk"):
        loop.run()
    assert waiting.cancelled()


def test_a_loop_stopped_before_it_ran_beats_not_once(tmp_path: Path) -> None:
    started = Started(tmp_path)
    started.loop.stop()
    started.loop.run()
    assert started.mailbox.newest() is None
