"""The page of the first start ends in order."""

from __future__ import annotations

import argparse
import os
import signal
import sys

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from app.commands import DONE, guarded
from app.window.first_run import offer
from bridge.port import TerminalError
from ui import application

LATE_MS = 3_000


@pytest.fixture(scope="module")
def qapp() -> QApplication:
    return application.prepare(["plimsoll"], offscreen=True)


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
    code = guarded(lambda _: offer("", TerminalError("no terminal", "start it")), argparse.Namespace(endless=True))
    limit.stop()
    assert (code, late) == (DONE, [])
