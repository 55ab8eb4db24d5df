"""The page of the first start ends in order, looks beside the window, and starts what a person chose."""

from __future__ import annotations

import argparse
import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from app.commands import DONE, FAILED, guarded
from app.config import load
from app.config.first_config import first_config
from app.config.sources import usual_file
from app.window.first_run import look, offer
from tests.first_run import FOUND, PATHS
from ui import application
from ui.first_run import FirstRun

LATE_MS = 3_000


@pytest.fixture(scope="module")
def qapp() -> QApplication:
    return application.prepare(["plimsoll"], offscreen=True)


def never(_config: str) -> int:
    raise AssertionError("nothing was started")


@pytest.mark.skipif(sys.platform == "win32", reason="Windows ends a process without asking it")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM], ids=lambda number: number.name)
def test_a_signal_ends_the_first_page_as_closing_it_does(qapp: QApplication, number: int) -> None:
    late: list[bool] = []
    timer, limit = QTimer(qapp), QTimer(qapp)
    for one, wait_ms, then in (
        (timer, 50, lambda: os.kill(os.getpid(), number)),
        (limit, LATE_MS, lambda: late.append(True)),
    ):
        one.setSingleShot(True)
        one.timeout.connect(then)
        one.start(wait_ms)
    limit.timeout.connect(qapp.exit)
    code = guarded(lambda _: offer(None, never, lambda _: FOUND), argparse.Namespace(endless=True))
    limit.stop()
    assert (code, late) == (DONE, [])


def noting(started: list[str]) -> Callable[[str], int]:
    """Starts nothing, and keeps what was to be started."""

    def start(config: str) -> int:
        started.append(config)
        return DONE

    return start


def chosen(qapp: QApplication, path: Path | None, start: Callable[[str], int]) -> int:
    """The page as a person leaves it who starts as soon as something was found."""
    timer = QTimer(qapp)

    def press() -> None:
        pages = [
            one
            for one in qapp.topLevelWidgets()
            if isinstance(one, FirstRun) and one.isVisible() and one.begin.isEnabled()
        ]
        for page in pages:
            timer.stop()
            page.begin.click()

    timer.timeout.connect(press)
    timer.start(10)
    return offer(path, start, lambda _: FOUND)


def test_starting_writes_a_config_that_observes_the_ticked_terminals(
    qapp: QApplication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    started: list[str] = []
    assert chosen(qapp, None, noting(started)) == DONE
    assert started == [str(usual_file())]
    config = load(usual_file(), {})
    assert not config.armed
    assert [terminal.path for terminal in config.terminals] == list(PATHS)
    assert [terminal.name for terminal in config.terminals] == ["FTMO MetaTrader 5", "IC Markets MT5"]
    assert len(config.rules) == 7
    assert chosen(qapp, None, never) == FAILED, "what somebody wrote there meanwhile is not written over"


def test_with_a_config_that_one_is_started(qapp: QApplication, tmp_path: Path) -> None:
    started: list[str] = []
    assert chosen(qapp, tmp_path / "mine.toml", noting(started)) == DONE
    assert started == [str(tmp_path / "mine.toml")]


def test_terminals_of_one_name_get_names_of_their_own(tmp_path: Path) -> None:
    place = tmp_path / "new" / "config.toml"
    first_config(place, [("MT5", r"C:\MT5\terminal64.exe"), ("MT5", r"D:\Mara's\MT5\terminal64.exe")])
    found = load(place, {}).terminals
    assert [one.name for one in found] == ["MT5", "MT5 2"]
    assert found[1].path == r"D:\Mara's\MT5\terminal64.exe"
    assert "# what you call it; rules and commands use this name" in place.read_text("utf-8")


def test_a_look_finds_what_doctor_does(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PLIMSOLL_APP__DATA_DIR", str(tmp_path))
    found = look(None)
    titles = [one.title for one in found.findings]
    assert {"Config", "Data folder", "Terminal"} <= set(titles)
    assert found.saved == str(usual_file())
    if sys.platform != "win32":
        assert found.cannot.startswith("no MetaTrader 5 here")
        assert next(one for one in found.findings if one.title == "Terminal").remedy
