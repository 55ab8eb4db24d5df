"""What lies over the curves: names, thresholds, axes, last-value tags, the crosshair, a hatch where data is missing."""

from __future__ import annotations

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from ui import theme
from ui.alone import alone
from ui.charts import lettering, marks, moments
from ui.charts.notes import Notes
from ui.charts.plot import Chart
from ui.charts.sheet import Sheet


class Overlay(QWidget):
    """A transparent sheet over the canvas; it maps through the charts' ranges when it paints."""

    def __init__(self, charts: list[Chart], parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._charts = charts
        self.offset_s = 0
        """Of the broker's clock, east of UTC."""
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
        try:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            sheet = Sheet(painter, [chart.scale() for chart in self._charts], self.width())
            if self.message:
                c = theme.colours()
                painter.fillRect(self.rect(), QColor(c.card))
                sheet.write(self.message, QRectF(self.rect()), 13, c.faint, theme.MEDIUM, Qt.AlignmentFlag.AlignCenter)
            else:
                self._paint(sheet)
        finally:
            painter.end()  # Qt does not survive a painter that an exception left open

    def _paint(self, sheet: Sheet) -> None:
        moments.paint_gaps(sheet, self.gaps, self.lost)
        marks.paint(sheet.painter, self.marks, sheet.scales, self.pointed[0] if self.pointed else None)
        self.captions.clear()
        for chart, scale, notes in zip(self._charts, sheet.scales, self.notes, strict=True):
            if scale is not sheet.scales[0]:
                sheet.painter.setPen(QColor(theme.colours().line))
                sheet.painter.drawLine(QPointF(0, scale.place.top()), QPointF(self.width(), scale.place.top()))
            lettering.paint_chart(sheet, chart, scale, notes, self.captions, lost=self.lost is not None)
        stamps = [sheet.stamped(one[1], sheet.column(one[0])) for one in (self.trip, self.crosshair) if one]
        lettering.paint_times(sheet, self.offset_s, stamps)
        moments.paint_discs(sheet, self.discs)
        moments.paint_trip(sheet, self.trip)
        self._paint_proposed(sheet)
        moments.paint_cursor(sheet, self._charts, self.crosshair)
        moments.paint_pointed(sheet, self.pointed)

    def _paint_proposed(self, sheet: Sheet) -> None:
        if self.proposed is None:
            return
        chart, at, words = self.proposed
        c, scale = theme.colours(), sheet.scales[self._charts.index(chart)]
        place = scale.place
        y = min(max(scale.pixel(at), place.top()), place.bottom())
        sheet.painter.setPen(QPen(QColor(c.text), 1.6))
        sheet.painter.drawLine(QLineF(place.left(), y, place.right(), y))
        above = min(max(y - 14, place.top() + 12), place.bottom() - 12)
        sheet.flag(words, place.center().x(), above, place, c.text)


if __name__ == "__main__":
    alone(lambda parent: Overlay([], parent), lambda widget: setattr(widget, "message", "No readings yet"))
