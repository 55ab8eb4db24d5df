"""Fixtures of the window's tests: an application without a display, a mailbox, and windows that end with their test."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from monitors.ports import Command, Frame
from ui import application, theme
from ui.main_window import MainWindow

os.environ["QT_QPA_PLATFORM"] = "offscreen"


@pytest.fixture(scope="session")
def qapp() -> QApplication:
    return application.prepare(["plimsoll"], offscreen=True)


@pytest.fixture(autouse=True)
def one_look(qapp: QApplication) -> Iterator[None]:
    """Another look that a test has chosen is none of the next one's."""
    yield
    if theme.colours() != theme.DARK:
        application.wear(theme.tokens())


@dataclass(slots=True)
class Mailbox:
    """Holds the newest frame, as the worker's would, and counts how often it was asked."""

    frame: Frame | None = None
    asked: int = 0
    sent: list[Command] = field(default_factory=list)

    def newest(self) -> Frame | None:
        self.asked += 1
        return self.frame


@pytest.fixture
def mailbox() -> Mailbox:
    return Mailbox()


Opener = Callable[..., MainWindow]


@pytest.fixture
def opened(qtbot: QtBot, mailbox: Mailbox) -> Iterator[Opener]:
    """Opens a window on a frame at a size, shown and laid out."""
    windows: list[MainWindow] = []

    def opener(frame: Frame | None, width: int = 1_280, height: int = 800) -> MainWindow:
        mailbox.frame = frame
        window = MainWindow(mailbox, mailbox.sent.append)
        windows.append(window)
        window.resize(width, height)
        with qtbot.waitExposed(window):
            window.show()
        return window

    yield opener
    for window in windows:
        window.leave()
        window.deleteLater()
    QApplication.processEvents()
