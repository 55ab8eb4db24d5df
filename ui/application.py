"""The QApplication as this program wants it: style, palette, font."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol, runtime_checkable

from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QFontDatabase
from PySide6.QtWidgets import QApplication

from ui import theme
from ui.collector import Collector
from ui.focus_ring import Focus

FONTS = Path(__file__).resolve().parent.parent / "assets" / "fonts"


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
