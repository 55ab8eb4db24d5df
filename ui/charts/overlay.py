"""What lies over the curves: names, thresholds, last-value tags, the crosshair, a hatch where data is missing."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QFontMetricsF, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from ui import theme
from ui.alone import alone
from ui.charts import marks
from ui.charts.axes import RIGHT_PX
from ui.charts.plot import Chart, Line

LEFT_PX, DISC_PX = 8, 17
MOST_OF_PLOT = 0.67
"""Of a plot's width: a name that is wider hides more of the curve than it tells."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Notes:
    """One chart's texts at this moment: headings as (text, colour), and the last value or None."""

    heads: tuple[tuple[str, str], ...] = ()
    last: float | None = None
    tag: str = ""


class Overlay(QWidget):
    """A transparent sheet over the canvas; it maps through the charts' ranges when it paints."""

    def __init__(self, charts: list[Chart], parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._charts = charts
        self.notes: list[Notes] = [Notes() for _ in charts]
        self.gaps: list[tuple[float, float]] = []
        self.lost: tuple[float, float, str] | None = None
        self.crosshair: tuple[float, str, list[float | None]] | None = None
        self.trip: tuple[float, str] | None = None
        """When the alert tripped whose detail stands open, and that in words."""
        self.proposed: tuple[Chart, float, str] | None = None
        """Where a person drags a threshold to, and that in words."""
        self.marks: list[marks.Mark] = []
        """Where the program acted."""
        self.pointed: tuple[marks.Mark, list[str]] | None = None
        """The mark under the pointer, and what it says."""
        self.discs: list[tuple[float, float, str]] = []
        """Numbered moments on the first chart: UTC epoch seconds, the value there, the number."""
        self.message = ""
        self.captions: list[tuple[str, QRectF]] = []
        """The thresholds' names as they were painted last, and where."""

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self.message:
            painter.fillRect(self.rect(), QColor(theme.colours().card))
            painter.setPen(QColor(theme.colours().faint))
            painter.setFont(theme.font(13))
            painter.drawText(QRectF(self.rect()), Qt.AlignmentFlag.AlignCenter, self.message)
            painter.end()
            return
        self.captions.clear()
        self._paint_gaps(painter)
        marks.paint(painter, self.marks, self._charts, self.pointed[0] if self.pointed else None)
        for index, (chart, notes) in enumerate(zip(self._charts, self.notes, strict=True)):
            place = chart.box.sceneBoundingRect()
            if index:
                painter.setPen(QColor(theme.colours().line))
                painter.drawLine(QPointF(0, place.top()), QPointF(self.width(), place.top()))
            self._paint_chart(painter, chart, notes, place)
        self._paint_discs(painter)
        self._paint_trip(painter)
        self._paint_proposed(painter)
        self._paint_cursor(painter)
        self._paint_pointed(painter)
        painter.end()

    def _paint_chart(self, painter: QPainter, chart: Chart, notes: Notes, place: QRectF) -> None:
        taken = [self._paint_heads(painter, notes, place)]
        beyond: dict[bool, Line] = {}
        names: list[tuple[str, str, float]] = []
        for line in sorted(chart.lines, key=lambda one: chart.pixel(one.at)):
            y = chart.pixel(line.at)
            if place.top() < y < place.bottom():
                painter.setPen(QPen(QColor(line.colour), 1, Qt.PenStyle.DashLine))
                painter.drawLine(QLineF(place.left(), y, place.right(), y))
                names.append((line.caption, line.colour, y))
            elif y >= place.bottom():
                beyond.setdefault(True, line)
            else:
                beyond[False] = line
        if True in beyond:
            line = beyond[True]
            names.append((f"↓ {line.caption}", line.colour, place.bottom() - 1))
        for words, colour, y in names:  # after all lines, or a later one would go through an earlier name
            self._paint_caption(painter, words, colour, place, y, taken)
        if notes.last is not None:
            self._paint_tag(painter, chart, notes, place)

    def _paint_heads(self, painter: QPainter, notes: Notes, place: QRectF) -> QRectF:
        x, font = place.left() + LEFT_PX + 2, theme.font(12, theme.STRONG)
        painter.setFont(font)
        left = x
        for words, colour in notes.heads:
            painter.setPen(QColor(colour))
            wide = QFontMetricsF(font).horizontalAdvance(words)
            painter.drawText(QRectF(x, place.top() + 6, wide + 2, 16), Qt.AlignmentFlag.AlignVCenter, words)
            x += wide + 12
        return QRectF(left, place.top() + 6, x - left, 16)

    def _paint_caption(
        self, painter: QPainter, words: str, colour: str, place: QRectF, y: float, taken: list[QRectF]
    ) -> None:
        font = theme.font(10, theme.STRONG)
        wide = QFontMetricsF(font).horizontalAdvance(words) + 4
        box = QRectF(place.left() + LEFT_PX, y - 16, wide, 14)
        for other in (box, box.translated(0, 17)):
            if other.bottom() <= place.bottom() + 1 and not any(other.intersects(one) for one in taken):
                box = other
                break
        else:
            box.moveLeft(max((one.right() for one in taken if one.intersects(box)), default=box.left()) + 14)
        if (
            box.right() > place.right() or wide > MOST_OF_PLOT * place.width()
        ):  # a cut name says less than none; the line stands there all the same
            return
        taken.append(box)
        self.captions.append((words, box))
        painter.fillRect(box.adjusted(-3, 0, 2, 0), QColor(theme.colours().card))
        painter.setFont(font)
        painter.setPen(QColor(colour))
        painter.drawText(box, Qt.AlignmentFlag.AlignVCenter, words)

    def _paint_tag(self, painter: QPainter, chart: Chart, notes: Notes, place: QRectF) -> None:
        c = theme.colours()
        y = min(max(chart.pixel(notes.last or 0.0), place.top() + 10), place.bottom() - 10)
        box = QRectF(place.right() + 2, y - 9, RIGHT_PX - 4, 18)
        hollow = self.lost is not None
        painter.setPen(QPen(QColor(c.faint), 1.4) if hollow else Qt.PenStyle.NoPen)
        painter.setBrush(QColor(c.card if hollow else chart.colour))
        painter.drawRoundedRect(box, 4, 4)
        painter.setPen(QColor(c.soft if hollow else c.on_fill))
        painter.setFont(theme.font(11, theme.STRONG))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, notes.tag)

    def _paint_gaps(self, painter: QPainter) -> None:
        c, hatch = theme.colours(), QBrush(QColor(theme.colours().edge), Qt.BrushStyle.BDiagPattern)
        stretches = [*self.gaps, *([self.lost[:2]] if self.lost else [])]
        top, bottom = self._charts[0].box.sceneBoundingRect(), self._charts[-1].box.sceneBoundingRect()
        for start, end in stretches:
            left = max(self._charts[0].column(start), top.left())
            right = min(self._charts[0].column(end), top.right())
            if right - left >= 2:  # noqa: PLR2004 - a hatch narrower than two pixels cannot be seen
                painter.fillRect(QRectF(left, top.top(), right - left, bottom.bottom() - top.top()), hatch)
        if self.lost:
            x = self._charts[0].column(self.lost[0])
            if not top.left() <= x <= top.right():
                return
            painter.setPen(QPen(QColor(c.critical), 1.4))
            painter.drawLine(QLineF(x, top.top(), x, bottom.bottom()))
            self._flag(painter, self.lost[2], x, top.top() + 14, top, c.critical)

    def _flag(self, painter: QPainter, words: str, x: float, y: float, place: QRectF, colour: str) -> None:
        c, font = theme.colours(), theme.font(11, theme.STRONG)
        wide = QFontMetricsF(font).horizontalAdvance(words) + 16
        left = x - wide - 8 if x - wide - 8 > place.left() + 300 else x + 8
        box = QRectF(min(left, place.right() - wide), y - 10, wide, 20)
        painter.setPen(QPen(QColor(colour), 1))
        painter.setBrush(QColor(c.card))
        painter.drawRoundedRect(box, 4, 4)
        painter.setPen(QColor(c.text))
        painter.setFont(font)
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, words)

    def _paint_pointed(self, painter: QPainter) -> None:
        """A line through all charts at the mark, and its words beside it."""
        if self.pointed is None:
            return
        mark, told = self.pointed
        c, x, font = theme.colours(), self._charts[0].column(mark.time_s), theme.font(11, theme.STRONG)
        top, bottom = self._charts[0].box.sceneBoundingRect(), self._charts[-1].box.sceneBoundingRect()
        painter.setPen(QPen(QColor(c.high), 1, Qt.PenStyle.DotLine))
        painter.drawLine(QLineF(x, top.top(), x, bottom.bottom()))
        metrics = QFontMetricsF(font)
        wide = max(metrics.horizontalAdvance(line) for line in told) + 18
        high = metrics.lineSpacing() * len(told) + 10
        left = x - wide - 10 if x - wide - 10 >= top.left() else min(x + 10, max(0.0, self.width() - wide))
        box = QRectF(left, bottom.bottom() - high - 20, wide, high)
        painter.setPen(QPen(QColor(c.edge), 1))
        painter.setBrush(QColor(c.raised))
        painter.drawRoundedRect(box, 4, 4)
        painter.setPen(QColor(c.text))
        painter.setFont(font)
        painter.drawText(box.adjusted(9, 5, -9, -5), Qt.AlignmentFlag.AlignLeft, "\n".join(told))

    def _paint_discs(self, painter: QPainter) -> None:
        """What would lie on another disc stands above it."""
        c, taken = theme.colours(), list[QPointF]()
        painter.setFont(theme.font(10, theme.STRONG))
        for time_s, value, words in self.discs:
            at = QPointF(self._charts[0].column(time_s), self._charts[0].pixel(value))
            while any((at - one).manhattanLength() < DISC_PX for one in taken):
                at -= QPointF(0, DISC_PX)
            taken.append(at)
            box = QRectF(at.x() - DISC_PX / 2, at.y() - DISC_PX / 2, DISC_PX, DISC_PX)
            painter.setPen(QPen(QColor(c.card), 1.4))
            painter.setBrush(QColor(c.high))
            painter.drawEllipse(box)
            painter.setPen(QColor(c.on_fill))
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter, words)

    def _paint_proposed(self, painter: QPainter) -> None:
        if self.proposed is None:
            return
        chart, at, words = self.proposed
        c, place = theme.colours(), chart.box.sceneBoundingRect()
        y = min(max(chart.pixel(at), place.top()), place.bottom())
        painter.setPen(QPen(QColor(c.text), 1.6))
        painter.drawLine(QLineF(place.left(), y, place.right(), y))
        self._flag(
            painter, words, place.center().x(), min(max(y - 14, place.top() + 12), place.bottom() - 12), place, c.text
        )

    def _paint_trip(self, painter: QPainter) -> None:
        if self.trip is None:
            return
        c, x = theme.colours(), self._charts[0].column(self.trip[0])
        top, bottom = self._charts[0].box.sceneBoundingRect(), self._charts[-1].box.sceneBoundingRect()
        if not top.left() <= x <= top.right():
            return
        painter.setPen(QPen(QColor(c.high), 1, Qt.PenStyle.DashLine))
        painter.drawLine(QLineF(x, top.top(), x, bottom.bottom()))
        self._stamp(painter, self.trip[1], x, bottom.bottom() + 3, (c.high, c.on_fill))

    def _stamp(self, painter: QPainter, words: str, x: float, y: float, colours: tuple[str, str]) -> None:
        """A time under the charts, on a plate."""
        font = theme.font(11, theme.STRONG)
        wide = QFontMetricsF(font).horizontalAdvance(words) + 14
        box = QRectF(min(max(x - wide / 2, 0), self.width() - wide), y, wide, 18)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(colours[0]))
        painter.drawRoundedRect(box, 4, 4)
        painter.setPen(QColor(colours[1]))
        painter.setFont(font)
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, words)

    def _paint_cursor(self, painter: QPainter) -> None:
        if self.crosshair is None:
            return
        c, (time_s, words, values) = theme.colours(), self.crosshair
        top, bottom = self._charts[0].box.sceneBoundingRect(), self._charts[-1].box.sceneBoundingRect()
        x = self._charts[0].column(time_s)
        painter.setPen(QPen(QColor(c.soft), 1, Qt.PenStyle.DotLine))
        painter.drawLine(QLineF(x, top.top(), x, bottom.bottom()))
        for chart, value in zip(self._charts, values, strict=True):
            if value is not None:
                painter.setPen(QPen(QColor(c.card), 2))
                painter.setBrush(QColor(chart.colour))
                painter.drawEllipse(QPointF(x, chart.pixel(value)), 5, 5)
        self._stamp(painter, words, x, bottom.bottom() + 3, (c.track, c.text))


if __name__ == "__main__":
    alone(lambda parent: Overlay([], parent), lambda widget: setattr(widget, "message", "No readings yet"))
