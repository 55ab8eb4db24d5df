"""The drawn signs: the load-line mark and the severity shapes, whose form and letter say what their colour says."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QWidget

from monitors.ports import Severity
from ui import spoken, text, theme
from ui.words import tr

LETTERS = {Severity.LOW: "i", Severity.MEDIUM: "M", Severity.HIGH: "H", Severity.CRITICAL: "!", Severity.EXTREME: "!"}


def severity_shape(severity: Severity, box: QRectF) -> QPainterPath:
    """Diamond for critical and extreme, triangle for high, square for medium, circle for low."""
    path = QPainterPath()
    centre, half = box.center(), box.width() / 2
    if severity.rank >= Severity.CRITICAL.rank:
        points = [(0.0, -half), (half, 0.0), (0.0, half), (-half, 0.0)]
    elif severity is Severity.HIGH:
        points = [(0.0, -half), (half, half * 0.8), (-half, half * 0.8)]
    elif severity is Severity.MEDIUM:
        path.addRoundedRect(box.adjusted(1, 1, -1, -1), 3, 3)
        return path
    else:
        path.addEllipse(box.adjusted(0.5, 0.5, -0.5, -0.5))
        return path
    path.addPolygon(QPolygonF([QPointF(centre.x() + x, centre.y() + y) for x, y in points]))
    path.closeSubpath()
    return path


def paint_severity(painter: QPainter, severity: Severity, box: QRectF, *, filled: bool) -> None:
    """Filled: active and unacknowledged. Hollow: acknowledged or cleared."""
    c = theme.colours()
    colour = QColor(c.severity(severity))
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(colour, 1.4, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin))
    painter.setBrush(colour if filled else Qt.BrushStyle.NoBrush)
    painter.drawPath(severity_shape(severity, box))
    painter.setPen(QColor(c.on_fill) if filled else colour)
    painter.setFont(theme.font(10, theme.STRONG))
    painter.drawText(
        box.translated(0, 2.5 if severity is Severity.HIGH else 0), Qt.AlignmentFlag.AlignCenter, LETTERS[severity]
    )


class SeverityIcon(QWidget):
    """One severity sign, 20 px square."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFixedSize(20, 20)
        self._severity, self._filled = Severity.LOW, True
        spoken.name(self, text.severity_name(Severity.LOW))

    def show_severity(self, severity: Severity, *, filled: bool) -> None:
        if (severity, filled) != (self._severity, self._filled):
            self._severity, self._filled = severity, filled
            word = text.severity_name(severity)
            spoken.name(self, word if filled else tr("{severity}, seen or over", severity=word))
            self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        paint_severity(painter, self._severity, QRectF(1.5, 1.5, 17, 17), filled=self._filled)
        painter.end()


class Mark(QWidget):
    """The load-line mark: a ring with a line through it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFixedSize(34, 34)
        spoken.name(self, "Plimsoll")

    def sizeHint(self) -> QSize:
        return QSize(34, 34)

    def paintEvent(self, _event: QPaintEvent) -> None:
        c, painter = theme.colours(), QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(c.text), 2.2))
        painter.drawEllipse(QPointF(17, 17), 10.5, 10.5)
        painter.setPen(QPen(QColor(c.curve), 2.6, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
        painter.drawLine(QPointF(2, 17), QPointF(32, 17))
        painter.end()


def paint_dot(painter: QPainter, centre: QPointF, colour: str, *, filled: bool) -> None:
    """A state's dot; a ring where the state is only remembered."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(QColor(colour), 1.4))
    painter.setBrush(QColor(colour) if filled else Qt.BrushStyle.NoBrush)
    painter.drawEllipse(centre, 3.2, 3.2)
