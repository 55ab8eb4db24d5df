"""The way to the genuine terminal: one that runs, only that one, never started, never handed a login."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from bridge.attach import Attachment, attach, session
from bridge.clock import SystemClock
from bridge.metatrader import CLOSING_S, CONNECT_MS, Door, running
from bridge.port import TerminalError
from bridge.processes import Running
from bridge.simulator.clock import VirtualClock
from tests.bridge.recorder import Recorder
from tests.bridge.standin.installation import installed, package, program

ONE = Running(path=r"C:\One\terminal64.exe", pid=11)
TWO = Running(path=r"D:\Two\terminal64.exe", pid=12)
HIDDEN = Running(path="", pid=13)


class Package:
    """As much of the package as a door touches."""

    def __init__(self, folder: str = r"C:\One") -> None:
        self.given: list[tuple[Any, ...]] = []
        self.info: Any = SimpleNamespace(path=folder, data_path=r"C:\Data\A1")
        self.error = 1, "Success"
        self.there = True
        self.down = 0

    def initialize(self, *args: Any, **kwargs: Any) -> bool:
        self.given.append((*args, kwargs))
        return self.there

    def terminal_info(self) -> Any:
        return self.info

    def last_error(self) -> tuple[int, str]:
        return self.error

    def shutdown(self) -> bool:
        self.down += 1
        return True


class Machine:
    """The terminals that run."""

    def __init__(self, *there: Running) -> None:
        self.there = there

    def __call__(self, names: tuple[str, ...]) -> tuple[Running, ...]:
        return self.there if "terminal64.exe" in names else ()


def door(package: Package, *there: Running, path: str = "") -> tuple[Door, Machine, VirtualClock]:
    machine, clock = Machine(*there), VirtualClock(datetime(2026, 3, 2, tzinfo=UTC))
    return Door(package, path, clock, machine), machine, clock


@pytest.fixture
def standin() -> Iterator[None]:
    with package():
        yield


@pytest.mark.skipif(sys.platform == "win32", reason="the package is there")
def test_without_the_package_it_says_where_there_is_one() -> None:
    with pytest.raises(TerminalError, match="runs on Windows only") as caught:
        attach(Attachment(name="main", backend="mt5"))
    assert "demo" in caught.value.remedy


def test_the_terminal_that_runs_is_called_by_its_path_and_nothing_else_is_said() -> None:
    package = Package()
    way, *_ = door(package, ONE)
    assert way.connect()
    assert package.given == [(ONE.path, {"timeout": CONNECT_MS})]


def test_where_none_runs_none_is_started() -> None:
    package = Package()
    way, *_ = door(package)
    for attempt in (way.ready, way.connect):
        with pytest.raises(TerminalError, match="no terminal found") as caught:
            attempt()
        assert "Plimsoll never starts it" in caught.value.remedy
    assert package.given == []


def test_of_several_none_is_chosen_and_all_are_named() -> None:
    with pytest.raises(TerminalError) as caught:
        running("", Machine(TWO, ONE))
    assert caught.value.reason == f"2 terminals run: {ONE.path}, {TWO.path}"
    assert "path" in caught.value.remedy


def test_of_several_the_one_of_the_path_is_taken_whatever_its_case() -> None:
    assert running("d:/two/Terminal64.exe".replace("T", "t"), Machine(ONE, TWO)) == TWO


def test_one_program_that_runs_twice_is_one_terminal() -> None:
    assert running("", Machine(ONE, Running(path=ONE.path.upper(), pid=14))).path.casefold() == ONE.path.casefold()


def test_a_terminal_of_another_path_is_not_taken(tmp_path: Path) -> None:
    path = tmp_path / "terminal64.exe"
    path.touch()
    with pytest.raises(TerminalError) as caught:
        running(str(path), Machine(ONE, TWO))
    assert caught.value.reason == f"the terminal is closed: {path}"
    assert "never starts it" in caught.value.remedy


def test_a_path_without_a_program_is_said_to_be_wrong(tmp_path: Path) -> None:
    with pytest.raises(TerminalError, match="there is no program"):
        running(str(tmp_path / "terminal64.exe"), Machine(ONE))


@pytest.mark.parametrize("path", ["", __file__])
def test_a_terminal_that_runs_with_more_rights_is_named_as_the_reason(path: str) -> None:
    with pytest.raises(TerminalError, match="not where it can be seen") as caught:
        running(path, lambda _: (HIDDEN,))
    assert "administrator" in caught.value.remedy


def test_another_terminal_behind_the_pipe_is_let_go_at_once() -> None:
    package = Package(folder=r"D:\Two")
    way, *_ = door(package, ONE)
    with pytest.raises(TerminalError, match="another terminal answers"):
        way.connect()
    assert package.down == 1


def test_the_same_program_on_other_data_is_another_terminal() -> None:
    package = Package()
    way, *_ = door(package, ONE)
    assert way.connect()
    package.info = SimpleNamespace(path=r"c:\ONE", data_path=r"C:\Data\B2")
    with pytest.raises(TerminalError, match="another terminal answers"):
        way.connect()


def test_a_terminal_that_does_not_say_where_it_is_is_not_trusted() -> None:
    package = Package()
    package.info = None
    with pytest.raises(TerminalError, match="does not say where it is"):
        door(package, ONE)[0].connect()


def test_a_terminal_that_is_not_ready_yet_is_asked_again_later() -> None:
    package = Package()
    package.there = False
    way, *_ = door(package, ONE)
    assert not way.connect()
    package.there = True
    assert way.connect()


def test_a_terminal_that_hung_up_is_left_alone_for_some_seconds_since_it_may_be_closing() -> None:
    package = Package()
    way, _, clock = door(package, ONE)
    assert way.connect()
    package.error = -10001, "IPC send failed"
    with pytest.raises(TerminalError, match="may be closing"):
        way.connect()
    assert len(package.given) == 1
    clock.advance_to(clock.utc_ms() + round(CLOSING_S * 1000))
    assert way.connect()


def test_a_second_loss_is_waited_for_as_the_first_was() -> None:
    package = Package()
    way, _, clock = door(package, ONE)
    for losses in range(2):
        package.error = 1, "Success"
        assert way.connect(), losses
        package.error = -10001, "IPC send failed"
        with pytest.raises(TerminalError, match="may be closing"):
            way.connect()
        clock.advance_to(clock.utc_ms() + round(CLOSING_S * 1000))
    assert way.connect()
    assert len(package.given) == 3


def test_a_terminal_that_was_started_again_is_not_waited_for() -> None:
    package = Package()
    way, machine, _ = door(package, ONE)
    assert way.connect()
    package.error = -10001, "IPC send failed"
    machine.there = (Running(path=ONE.path, pid=99),)
    assert way.connect()


def test_a_line_that_we_hung_up_ourselves_is_opened_again_at_once() -> None:
    package = Package()
    way, *_ = door(package, ONE)
    assert way.connect()
    assert way.connect()


def test_a_session_reads_the_terminal_that_runs(tmp_path: Path, standin: None) -> None:
    with installed(tmp_path) as path:
        terminal = session(
            Attachment(name="main", backend="mt5", path=str(path), clock="new-york-close"), SystemClock()
        )
        assert terminal.look(0).account.login == 51023381
        terminal.hang_up()


def test_a_terminal_that_its_user_closed_is_not_started_by_the_next_look(tmp_path: Path, standin: None) -> None:
    attached = attach(Attachment(name="main", backend="mt5", path=str(tmp_path / "terminal64.exe")))
    recorded = Recorder(attached.module)
    with program(tmp_path) as path:
        pass
    terminal = session(Attachment(name="main", backend="mt5", path=str(path), clock="UTC"), SystemClock())
    for _ in range(2):
        with pytest.raises(TerminalError, match="the terminal is closed"):
            terminal.look(0)
    assert recorded.calls == []
    assert not (tmp_path / "started").exists()


def test_attaching_anew_finds_the_same_package(standin: None) -> None:
    attached = attach(Attachment(name="main", backend="mt5"))
    assert attached.module is importlib.import_module("MetaTrader5")
