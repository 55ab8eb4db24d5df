"""The two buttons of the emergency stop: the one that acts on press, and the one that must be held."""

from __future__ import annotations

import math

from PySide6.QtCore import QElapsedTimer, QPointF, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QHideEvent, QPainter, QPaintEvent, QPen, QRadialGradient
from PySide6.QtWidgets import QPushButton

from ui import motion, theme
from ui.alone import alone
from ui.panels.strike import Strike
from ui.words import tr

HOLD_MS, STEP_MS = 2_000, 40


class StopButton(Strike):
    """The red button."""

    def __init__(self) -> None:
        super().__init__(112, 112)
        self.latched = False

    def show_state(self, *, live: bool, latched: bool) -> None:
        if (live, latched) != (self.live, self.latched):
            self.latched = latched
            self.enliven(live=live)

    def paintEvent(self, _event: QPaintEvent) -> None:
        c, painter, centre = theme.colours(), QPainter(self), QPointF(56, 56)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self.live:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(c.on_plate))
            painter.drawEllipse(centre, 52, 52)
            shine = QRadialGradient(QPointF(44, 38), 62)
            shine.setColorAt(0, QColor(c.stop_light))
            shine.setColorAt(0.45, QColor(c.stop))
            shine.setColorAt(1, QColor(c.stop_dark))
            painter.setBrush(shine)
            painter.drawEllipse(centre, 47, 47)
            if self.latched:
                painter.setPen(QPen(QColor(c.on_stop), 3))
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.drawEllipse(centre, 38, 38)
        else:
            painter.setPen(QPen(QColor(c.edge), 2))
            painter.drawEllipse(centre, 50, 50)
            painter.setPen(QPen(QColor(c.faint), 1.4))
            painter.drawEllipse(centre, 43, 43)
            painter.setPen(QPen(QColor(c.soft), 2.4))
            painter.drawLine(QPointF(86, 26), QPointF(74, 38))
            painter.drawLine(QPointF(38, 74), QPointF(26, 86))
        painter.setPen(QColor(c.on_stop if self.live else c.faint))
        painter.setFont(theme.font(18, theme.BOLD))
        painter.drawText(QRectF(0, 0, 112, 112), Qt.AlignmentFlag.AlignCenter, tr("STOP"))
        painter.end()


class HoldButton(QPushButton):
    """Emits `held` after two seconds of being pressed without a break; letting go earlier does nothing.

    How much of it is left fills the button, or is counted in whole seconds where nothing may move.
    """

    held = Signal()

    def __init__(self, words: str) -> None:
        super().__init__(words)
        self.setFont(theme.font(12, theme.STRONG))
        self.setFixedHeight(32)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.note = ""
        """What follows from it, in small letters under its words."""
        self._since, self._timer = QElapsedTimer(), QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setInterval(STEP_MS)
        self._timer.timeout.connect(self._step)
        self.pressed.connect(self._begin)
        self.released.connect(self._let_go)

    def sizeHint(self) -> QSize:
        return QSize(self.fontMetrics().horizontalAdvance(self.text()) + 28, 32)

    def say(self, note: str) -> None:
        """Under its words, what follows from them; empty where there is nothing to say."""
        if note != self.note:
            self.note = note
            self.setFixedHeight(40 if note else 32)
            self.update()

    def _begin(self) -> None:
        self._since.start()
        self._timer.start()

    def _step(self) -> None:
        if self._since.elapsed() >= HOLD_MS:
            self._timer.stop()
            self.held.emit()
        self.update()

    def _let_go(self) -> None:
        self._timer.stop()
        self.update()

    def _words(self) -> str:
        if not motion.still() or not self._timer.isActive():
            return self.text()
        return tr("Hold on: {seconds}\u202fs", seconds=math.ceil(max(0, HOLD_MS - self._since.elapsed()) / 1000))

    def hideEvent(self, event: QHideEvent) -> None:
        self._timer.stop()
        super().hideEvent(event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        c, painter, box = theme.colours(), QPainter(self), QRectF(self.rect())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(c.curve), 2) if self.hasFocus() else Qt.PenStyle.NoPen)
        painter.setBrush(QColor(c.on_plate))
        painter.drawRoundedRect(box.adjusted(1, 1, -1, -1), 5, 5)
        if self._timer.isActive():
            share = 1.0 if motion.still() else min(1.0, self._since.elapsed() / HOLD_MS)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(c.stop))
            painter.drawRoundedRect(QRectF(1, 1, (box.width() - 2) * share, box.height() - 2), 5, 5)
        painter.setPen(QColor(c.plate))
        painter.setFont(self.font())
        upper = box.adjusted(0, 4, 0, -18) if self.note else box
        painter.drawText(upper, Qt.AlignmentFlag.AlignCenter, self._words())
        painter.setFont(theme.font(10, theme.STRONG))
        painter.drawText(box.adjusted(0, 20, 0, -4), Qt.AlignmentFlag.AlignCenter, self.note)
        painter.end()


if __name__ == "__main__":
    alone(StopButton, lambda widget: widget.show_state(live=True, latched=False))
