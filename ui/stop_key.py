"""Ctrl+Shift+X from any focus and under any dialog."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent

KEYS = "Ctrl+Shift+X"
HELD = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier


class StopKey(QObject):
    """Filters the whole application: a shortcut would be deaf while a modal dialog is open."""

    def __init__(self, act: Callable[[], None], parent: QObject) -> None:
        super().__init__(parent)
        self._act = act
        application = QCoreApplication.instance()
        if application is not None:
            application.installEventFilter(self)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        if event.type() != QEvent.Type.KeyPress or not isinstance(event, QKeyEvent):
            return False
        if event.key() != Qt.Key.Key_X or event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier != HELD:
            return False
        if not event.isAutoRepeat():
            self._act()
        return True
