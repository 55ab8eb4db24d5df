"""What every surface of the emergency stop has in common: it acts on the press, once, and only while it can."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QWidget


class Strike(QWidget):
    """`struck` comes with the press itself, not with the release."""

    struck = Signal()

    def __init__(self, wide: int, high: int) -> None:
        super().__init__()
        self.setFixedSize(wide, high)
        self.setAccessibleName("Emergency stop")
        self.live = False

    def enliven(self, *, live: bool) -> None:
        """Whether pressing it does anything; drawn anew."""
        self.live = live
        self.setCursor(Qt.CursorShape.PointingHandCursor if live else Qt.CursorShape.ForbiddenCursor)
        self.update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if self.live:
            self.struck.emit()
        event.accept()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """A double click is one press and then this: not a second stop."""
        event.accept()
