"""A box to tick or one of several to choose, with a name beside it."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QAbstractButton

from ui import theme
from ui.alone import alone

BOX_PX, HIGH_PX, INSET_PX = 17, 24, 4
"""The inset is room for the ring of the focus, which would lie over box and name."""
WORDS_PX = INSET_PX + BOX_PX + 9


class Tick(QAbstractButton):
    """Round where only one of several can be chosen; greyed while it is locked."""

    def __init__(self, name: str, *, round_one: bool = False) -> None:
        super().__init__()
        self.setText(name)
        self.setCheckable(True)
        self.setAutoExclusive(round_one)
        self.setFont(theme.font(13, theme.STRONG))
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setFixedHeight(HIGH_PX)
        self._round = round_one

    def sizeHint(self) -> QSize:
        return QSize(WORDS_PX + QFontMetrics(self.font()).horizontalAdvance(self.text()) + INSET_PX + 2, HIGH_PX)

    def paintEvent(self, _event: QPaintEvent) -> None:
        c, painter = theme.colours(), QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(INSET_PX, (self.height() - BOX_PX) / 2, BOX_PX, BOX_PX).adjusted(0.5, 0.5, -0.5, -0.5)
        on, able = self.isChecked(), self.isEnabled()
        edge = c.curve if on or self.hasFocus() else c.faint if able else c.edge
        painter.setPen(QPen(QColor(edge), 1.4))
        painter.setBrush(QColor(c.curve if on and not self._round else c.card))
        if self._round:
            painter.drawEllipse(box)
        else:
            painter.drawRoundedRect(box, 4, 4)
        if on and self._round:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(c.curve))
            painter.drawEllipse(box.center(), 4.2, 4.2)
        elif on:
            painter.setPen(QPen(QColor(c.on_fill), 2))
            middle = box.center()
            painter.drawPolyline(QPolygonF([middle + QPointF(x, y) for x, y in ((-4, 0), (-1, 3), (4, -4))]))
        painter.setFont(self.font())
        painter.setPen(QColor(c.text if able else c.soft))
        words = QRectF(WORDS_PX, 0, self.width() - WORDS_PX, self.height())
        painter.drawText(words, Qt.AlignmentFlag.AlignVCenter, self.text())
        painter.end()


if __name__ == "__main__":
    alone(Tick)
