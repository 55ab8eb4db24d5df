"""The QApplication as this program wants it: style, palette, font, and garbage collected in the GUI thread only."""

from __future__ import annotations

import gc
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol, runtime_checkable

from PySide6.QtCore import QCoreApplication, QObject, QTimer
from PySide6.QtGui import QFontDatabase
from PySide6.QtWidgets import QApplication

from ui import theme
from ui.focus_ring import Focus

FONTS = Path(__file__).resolve().parent.parent / "assets" / "fonts"
COLLECT_MS = 1_000


class Collector(QObject):
    """Collects garbage on a timer of the GUI thread; a collection in a worker thread may delete Qt objects there."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        gc.disable()
        self._timer = QTimer(self)
        self._timer.setInterval(COLLECT_MS)
        self._timer.timeout.connect(self._collect)
        self._timer.start()
        self._beats = 0

    def _collect(self) -> None:
        self._beats += 1
        young, middle, _ = gc.get_threshold()
        counts = gc.get_count()
        if self._beats % 60 == 0:
            gc.collect()
        elif counts[1] > middle:
            gc.collect(1)
        elif counts[0] > young:
            gc.collect(0)


@runtime_checkable
class Relooks(Protocol):
    """A widget that keeps colours of its own between two redraws."""

    def relook(self) -> None:
        """Take the chosen look's."""


def wear(tokens: theme.Tokens) -> None:
    """Another look for everything that stands and that comes; what is drawn from a frame is to be drawn again."""
    theme.choose(tokens)
    application = QApplication.instance()
    if isinstance(application, QApplication):
        _dress(application)
        for widget in application.allWidgets():
            if isinstance(widget, Relooks):
                widget.relook()


def _dress(application: QApplication) -> None:
    application.setPalette(theme.palette())
    application.setStyleSheet(theme.style_sheet())


def prepare(argv: Sequence[str], *, offscreen: bool = False) -> QApplication:
    """The one QApplication, made if there is none; `offscreen` needs no display and must come before the first."""
    if offscreen:
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
    there = QCoreApplication.instance()
    application = there if isinstance(there, QApplication) else QApplication(list(argv))
    application.setApplicationName("Plimsoll")
    application.setStyle("Fusion")
    for file in sorted(FONTS.glob("*.otf")):
        QFontDatabase.addApplicationFont(str(file))
    application.setFont(theme.font())
    _dress(application)
    if application.findChild(Collector) is None:
        Collector(application)
        Focus(application)
    return application
