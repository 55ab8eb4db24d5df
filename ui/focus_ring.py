"""The ring around whatever the keys go to, in every look, and the scrolling that brings it into sight."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QApplication, QScrollArea, QWidget
from shiboken6 import isValid

from ui import theme

OUTER_PX, INNER_PX, RADIUS = 2, 1, 4


class Ring(QWidget):
    """Lies over the widget that it marks, scrolls and is hidden with it, and is deaf to the mouse."""

    def __init__(self, marked: QWidget) -> None:
        super().__init__(marked)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        marked.installEventFilter(self)
        self.setGeometry(marked.rect())
        self.show()
        self.raise_()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize and isinstance(watched, QWidget):
            self.setGeometry(watched.rect())
        return False

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Two lines, one of which can be seen on any ground: on a card the outer one, on the stop's plate the inner."""
        c, painter = theme.colours(), QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for inset, wide, colour in (
            (OUTER_PX / 2, OUTER_PX, c.curve),
            (OUTER_PX + INNER_PX / 2, INNER_PX, c.window),
        ):
            painter.setPen(QPen(QColor(colour), wide))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(inset, inset, -inset, -inset), RADIUS, RADIUS)
        painter.end()


class Focus(QObject):
    """Puts the ring where the focus goes; a window as a whole wears none."""

    def __init__(self, application: QApplication) -> None:
        super().__init__(application)
        self._ring: Ring | None = None
        application.focusChanged.connect(self._moved)

    def _moved(self, _old: QWidget | None, new: QWidget | None) -> None:
        if self._ring is not None and isValid(self._ring):
            self._ring.hide()
            self._ring.deleteLater()
        self._ring = None
        if new is None or new.isWindow():
            return
        self._ring = Ring(new)
        above = new.parentWidget()
        while above is not None:
            if isinstance(above, QScrollArea):
                above.ensureWidgetVisible(new, 4, 4)
            above = above.parentWidget()
