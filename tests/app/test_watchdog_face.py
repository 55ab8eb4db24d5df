"""The window with a real worker behind it that gets stuck, dies, or does not take a stop; and how it ends then."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app import worker
from app.config import from_table
from app.loop import Loop
from app.mailbox import Mailbox
from app.main import Program, World
from app.window.controller import LATE_MS, Controller
from app.window.face import Face
from app.worker import Worker
from bridge.clock import SystemClock
from bridge.simulator.clock import VirtualClock
from monitors.model import Snapshot
from monitors.ports import Acknowledge, Command, EmergencyStop, Reset
from tests.app.scripted import START, ScriptedTerminal, plain
from ui import application
from ui.kept import Kept

SOON_S = 20.0
TABLE = {"app": {"mode": "armed", "poll_ms": 50},
         "terminal": [{"name": "main", "backend": "simulator", "login": 1001, "server": "Demo"}]}  # fmt: skip


@pytest.fixture(scope="module")
def qapp() -> QApplication:
    return application.prepare(["plimsoll"], offscreen=True)


@pytest.fixture(autouse=True)
def no_player(monkeypatch: pytest.MonkeyPatch) -> None:
    """No sound in a test: none of the players is on the path."""
    monkeypatch.setenv("PATH", "")


class Clinging(ScriptedTerminal):
    """A terminal whose looks return only while it is let go."""

    def __init__(self, clock: VirtualClock) -> None:
        super().__init__(clock)
        self.free, self.stuck = threading.Event(), threading.Event()
        self.free.set()

    def look(self, deals_since_ms: int) -> Snapshot:
        if not self.free.is_set():
            self.stuck.set()
            self.free.wait()
        return super().look(deals_since_ms)


class Stage:
    """A window on a terminal that may cling; `stopped` has what went to the stop process."""

    def __init__(self, folder: Path) -> None:
        clock = VirtualClock(START)
        self.terminal = Clinging(clock)
        self.terminal.hold(plain(1, 1.0))
        self.stopped: list[str | None] = []
        config = from_table(TABLE, source="test")
        self.program = Program(config, lambda: World(clock, lambda _: self.terminal), folder, print)
        self.face = Face(self.program, self._stop, kept=Kept(folder / "window.ini"))
        self.window = self.face.window

    def _stop(self, account: str | None, heard: Callable[[str], None]) -> None:
        self.stopped.append(account)
        heard("main: latched by the stop process")

    def close(self) -> None:
        self.face.close()
        self.face.deleteLater()
        QCoreApplication.sendPostedEvents(None, 52)
        QCoreApplication.processEvents()

    def cling(self) -> None:
        self.terminal.free.clear()
        assert self.terminal.stuck.wait(SOON_S)


@pytest.fixture
def stage(qapp: QApplication, qtbot: QtBot, tmp_path: Path) -> Iterator[Stage]:
    made = Stage(tmp_path)
    made.face.show()
    try:
        qtbot.waitUntil(lambda: made.window.header.link.text() == "MT5 connected", timeout=20_000)
        yield made
    finally:
        made.terminal.free.set()
        made.close()


def test_a_worker_stuck_in_a_call_is_said_while_the_window_paints_on(stage: Stage, qtbot: QtBot) -> None:
    stage.cling()
    qtbot.waitUntil(stage.window.stalled.isVisible, timeout=20_000)
    turns, _ = stage.face.turn()
    qtbot.waitUntil(lambda: stage.face.turn()[0] >= turns + 3, timeout=20_000)
    assert stage.window.header.link.text() == "Not watching"
    stage.terminal.free.set()
    qtbot.waitUntil(lambda: not stage.window.stalled.isVisible(), timeout=20_000)
    assert stage.window.header.link.text() == "MT5 connected"


def test_a_stop_that_a_stuck_worker_does_not_take_goes_to_the_stop_process(stage: Stage, qtbot: QtBot) -> None:
    stage.cling()
    stage.window.stop.strike()
    qtbot.waitUntil(lambda: stage.stopped == ["main"], timeout=20_000)
    assert stage.window.notice.isVisible()
    assert stage.window.notice.sentence.full == "main: latched by the stop process"
    stage.terminal.free.set()
    qtbot.waitUntil(stage.window.banner.isVisible, timeout=20_000)
    assert stage.stopped == ["main"]


def test_a_stop_that_the_worker_takes_needs_no_other_process(stage: Stage, qtbot: QtBot) -> None:
    stage.window.stop.strike()
    qtbot.waitUntil(stage.window.banner.isVisible, timeout=20_000)
    qtbot.wait(2 * LATE_MS)
    assert stage.stopped == []
    assert not stage.window.notice.isVisible()


def test_a_worker_that_dies_keeps_the_window_up_which_says_why(stage: Stage, qtbot: QtBot) -> None:
    stage.face._worker.failed.emit(OSError("no disk"))
    qtbot.waitUntil(stage.window.stalled.isVisible, timeout=20_000)
    assert "The worker has ended (OSError: no disk)" in stage.window.stalled.sentence.full
    assert stage.face.failures


class Stuck:
    """A loop whose one call returns only when it is let go."""

    def __init__(self) -> None:
        self.free, self.began = threading.Event(), threading.Event()

    def build(self) -> None:
        self.began.set()
        self.free.wait()
        raise OSError("let go")


def test_a_worker_stuck_in_a_call_cannot_hold_the_end_up(qapp: QApplication) -> None:
    stuck = Stuck()
    thread = Worker(Loop(stuck.build, 10, SystemClock(), Mailbox()))  # type: ignore[arg-type]  # never gives an engine
    thread.start()
    assert stuck.began.wait(SOON_S)
    assert not thread.finish(0.1)
    stuck.free.set()
    assert thread.finish(SOON_S)
    assert worker.LONGEST_S <= 3.0


class Desk:
    """A controller before a worker that a test answers for."""

    def __init__(self, *, stops_apart: bool = True) -> None:
        self.posted: list[Future[bool]] = []
        self.stopped: list[str | None] = []
        self.said: list[tuple[str, str]] = []
        self.controller = Controller(self._post, self._stop if stops_apart else None)
        self.controller.said.connect(lambda headline, sentence: self.said.append((headline, sentence)))

    def _post(self, _: Command) -> Future[bool]:
        self.posted.append(Future())
        return self.posted[-1]

    def _stop(self, account: str | None, _: Callable[[str], None]) -> None:
        self.stopped.append(account)


@pytest.fixture
def desk(qapp: QApplication) -> Desk:
    return Desk()


def test_what_a_command_raises_is_said(desk: Desk) -> None:
    desk.controller.send(Reset("main"))
    desk.posted[0].set_exception(sqlite3.OperationalError("database is locked"))
    assert desk.said == [("NOT DONE", "Reset of main: OperationalError: database is locked")]


def test_a_command_to_a_worker_that_has_ended_is_said(desk: Desk) -> None:
    desk.controller.send(Acknowledge(7))
    desk.posted[0].cancel()
    desk.posted[0].set_running_or_notify_cancel()
    assert desk.said == [("NOT DONE", "Acknowledging alert 7: the worker has ended")]


def test_a_reset_that_came_to_nothing_is_said_and_an_acknowledgement_is_not(desk: Desk) -> None:
    for command in (Reset(), Acknowledge(1)):
        desk.controller.send(command)
        desk.posted[-1].set_result(False)
    assert desk.said == [("NOT DONE", "Reset of all accounts: the worker could not do it")]


@pytest.mark.parametrize("fails", ["raises", "says no", "has ended"])
def test_a_stop_that_fails_goes_to_the_stop_process_once(desk: Desk, qtbot: QtBot, fails: str) -> None:
    desk.controller.send(EmergencyStop("main"))
    if fails == "raises":
        desk.posted[0].set_exception(OSError("no disk"))
    elif fails == "says no":
        desk.posted[0].set_result(False)
    else:
        desk.posted[0].cancel()
    assert desk.stopped == ["main"]
    qtbot.wait(2 * LATE_MS)
    assert desk.stopped == ["main"]


def test_a_late_answer_takes_nothing_back_and_starts_nothing_again(desk: Desk, qtbot: QtBot) -> None:
    desk.controller.send(EmergencyStop(None))
    qtbot.waitUntil(lambda: desk.stopped == [None])
    desk.posted[0].set_exception(OSError("no disk"))
    QCoreApplication.processEvents()
    assert desk.stopped == [None]
    assert [headline for headline, _ in desk.said] == ["EMERGENCY STOP"]


def test_where_no_process_reaches_the_terminal_a_person_is_sent_there(qapp: QApplication) -> None:
    desk = Desk(stops_apart=False)
    desk.controller.send(EmergencyStop("main"))
    desk.posted[0].set_exception(OSError("no disk"))
    assert desk.said == [("NOT DONE", "Emergency stop: act in MT5: OSError: no disk")]
