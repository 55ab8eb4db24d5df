"""What every surface of the emergency stop has in common: it acts on the press, once, and only while it can."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QAbstractButton, QWidget

from ui.words import tr


class Strike(QAbstractButton):
    """`struck` comes with the press itself, not with the release; of the keys Enter strikes.

    Space does not: it goes on to acknowledge, and nobody who acknowledges may stop by it.
    """

    struck = Signal()

    def __init__(self, wide: int, high: int) -> None:
        super().__init__()
        self.setFixedSize(wide, high)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAccessibleName(tr("Emergency stop"))
        self.live = False
        self.clicked.connect(self._strike)  # by a screen reader: mouse and keys never get so far

    def enliven(self, *, live: bool) -> None:
        """Whether pressing it does anything; drawn anew."""
        self.live = live
        self.setCursor(Qt.CursorShape.PointingHandCursor if live else Qt.CursorShape.ForbiddenCursor)
        self.update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._strike()
        event.accept()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        event.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() not in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            QWidget.keyPressEvent(self, event)
        elif not event.isAutoRepeat():
            self._strike()

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        QWidget.keyReleaseEvent(self, event)

    def _strike(self) -> None:
        if self.live:
            self.struck.emit()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """A double click is one press and then this: not a second stop."""
        event.accept()
