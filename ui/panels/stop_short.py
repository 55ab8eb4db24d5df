"""The emergency stop of the pages without the plate: in the header, acting on press, naming what it covers."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetrics,
    QLinearGradient,
    QPainter,
    QPaintEvent,
    QPen,
    QRadialGradient,
)

from ui import spoken, theme
from ui.alone import alone
from ui.panels.stop import Plate, plate
from ui.panels.strike import Strike
from ui.shown import Last, set_tip
from ui.words import tr

WIDE, HIGH, LEFT = 128, 44, 46


class StopShort(Strike):
    """What a press does is the plate's own."""

    def __init__(self) -> None:
        super().__init__(WIDE, HIGH)
        self.word, self.covers, self.now = tr("STOP"), "", False
        self._shown = Last()

    def show_plate(self, plate: Plate, covered: str) -> None:
        """Show what the plate shows; `covered` names the account or accounts that it reaches."""
        if not self._shown.differs(plate, covered):
            return
        word = plate.word if plate.halted and plate.live else tr("STOP")
        covers = covered if plate.now else tr("Use MT5")
        said = tr("Emergency stop, {word}, {covered}, {line}", word=plate.word, covered=covered, line=plate.line)
        spoken.name(self, said)
        head = tr("Emergency stop: {word}", word=plate.word)
        set_tip(self, f"{head}\n{covered}\n{plate.line}\nCtrl+Shift+X")
        if (word, covers, plate.now, plate.live) != (self.word, self.covers, self.now, self.live):
            self.word, self.covers, self.now = word, covers, plate.now
            self.enliven(live=plate.live)

    def paintEvent(self, _event: QPaintEvent) -> None:
        c, painter, box = theme.colours(), QPainter(self), QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        shade = QLinearGradient(box.topLeft(), box.bottomRight())
        shade.setColorAt(0, QColor(c.plate_light if self.now else c.track))
        shade.setColorAt(1, QColor(c.plate if self.now else c.track))
        painter.setBrush(shade)
        painter.setPen(QColor(c.plate if self.now else c.edge))
        painter.drawRoundedRect(box, theme.RADIUS, theme.RADIUS)
        self._paint_knob(painter, QPointF(23, HIGH / 2))
        painter.setPen(QColor(c.on_plate if self.now else c.text))
        self._words(painter, 5, theme.font(13, theme.BOLD), self.word)
        painter.setPen(QColor(c.on_plate if self.now else c.soft))
        self._words(painter, 22, theme.font(10, theme.STRONG), self.covers)
        painter.end()

    def _paint_knob(self, painter: QPainter, centre: QPointF) -> None:
        c = theme.colours()
        if not self.live:
            painter.setPen(QPen(QColor(c.soft), 1.6))
            painter.drawEllipse(centre, 15, 15)
            painter.drawLine(centre + QPointF(9, -9), centre + QPointF(-9, 9))
            return
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(c.on_plate))
        painter.drawEllipse(centre, 18, 18)
        shine = QRadialGradient(centre + QPointF(-4, -6), 21)
        shine.setColorAt(0, QColor(c.stop_light))
        shine.setColorAt(0.45, QColor(c.stop))
        shine.setColorAt(1, QColor(c.stop_dark))
        painter.setBrush(shine)
        painter.drawEllipse(centre, 16, 16)

    def _words(self, painter: QPainter, top: int, font: QFont, words: str) -> None:
        painter.setFont(font)
        room = WIDE - LEFT - 6
        shown = QFontMetrics(painter.font()).elidedText(words, Qt.TextElideMode.ElideRight, room)
        painter.drawText(QRectF(LEFT, top, room, 17), Qt.AlignmentFlag.AlignVCenter, shown)


if __name__ == "__main__":
    alone(StopShort, lambda widget, frame, name: widget.show_plate(plate(frame, name), name))
