"""What stands at a moment across the charts: gaps, the lost link, an alert's trip, the pointer, numbered discs."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QPen

from ui import theme
from ui.charts.marks import Mark
from ui.charts.plot import Chart
from ui.charts.sheet import Sheet, metrics

DISC_PX, SEEN_PX = 17, 2
"""A hatch narrower than that cannot be seen."""


def paint_gaps(sheet: Sheet, gaps: Sequence[tuple[float, float]], lost: tuple[float, float, str] | None) -> None:
    """Hatched where nothing came; since when nothing comes is a line with its words."""
    c, hatch = theme.colours(), QBrush(QColor(theme.colours().edge), Qt.BrushStyle.BDiagPattern)
    top = sheet.top
    for start, end in (*gaps, *([lost[:2]] if lost else [])):
        left, right = max(sheet.column(start), top.left()), min(sheet.column(end), top.right())
        if right - left >= SEEN_PX:
            sheet.painter.fillRect(QRectF(left, top.top(), right - left, sheet.bottom - top.top()), hatch)
    if lost and sheet.seen(x := sheet.column(lost[0])):
        sheet.upright(x, c.critical, 1.4)
        sheet.flag(lost[2], x, top.top() + 14, top, c.critical)


def paint_trip(sheet: Sheet, trip: tuple[float, str] | None) -> None:
    """When the alert tripped whose detail stands open."""
    c = theme.colours()
    if trip is not None and sheet.seen(x := sheet.column(trip[0])):
        sheet.upright(x, c.high, 1, Qt.PenStyle.DashLine)
        sheet.stamp(trip[1], x, c.high, c.on_fill)


def paint_cursor(
    sheet: Sheet, charts: Sequence[Chart], crosshair: tuple[float, str, list[float | None]] | None
) -> None:
    """The moment under the pointer, a dot on each curve."""
    if crosshair is None:
        return
    c, (time_s, words, values) = theme.colours(), crosshair
    x = sheet.column(time_s)
    sheet.upright(x, c.soft, 1, Qt.PenStyle.DotLine)
    for chart, scale, value in zip(charts, sheet.scales, values, strict=True):
        if value is not None:
            sheet.painter.setPen(QPen(QColor(c.card), 2))
            sheet.painter.setBrush(QColor(chart.colour))
            sheet.painter.drawEllipse(QPointF(x, scale.pixel(value)), 5, 5)
    sheet.stamp(words, x, c.track, c.text)


def paint_pointed(sheet: Sheet, pointed: tuple[Mark, list[str]] | None) -> None:
    """A line through all charts at the mark, and its words beside it."""
    if pointed is None:
        return
    c, (mark, told) = theme.colours(), pointed
    x = sheet.column(mark.time_s)
    sheet.upright(x, c.high, 1, Qt.PenStyle.DotLine)
    wide = max(metrics(11).horizontalAdvance(line) for line in told) + 18
    high = metrics(11).lineSpacing() * len(told) + 10
    beside = x - wide - 10 >= sheet.top.left()
    left = x - wide - 10 if beside else min(x + 10, max(0.0, sheet.wide - wide))
    box = QRectF(left, sheet.bottom - high - 20, wide, high)
    sheet.plate(box, c.raised, c.edge)
    sheet.write("\n".join(told), box.adjusted(9, 5, -9, -5), 11, c.text, way=Qt.AlignmentFlag.AlignLeft)


def paint_discs(sheet: Sheet, discs: Sequence[tuple[float, float, str]]) -> None:
    """On the topmost chart; what would lie on another disc stands above it."""
    c, taken = theme.colours(), list[QPointF]()
    for time_s, value, words in discs:
        at = QPointF(sheet.column(time_s), sheet.scales[0].pixel(value))
        while any((at - one).manhattanLength() < DISC_PX for one in taken):
            at -= QPointF(0, DISC_PX)
        taken.append(at)
        box = QRectF(at.x() - DISC_PX / 2, at.y() - DISC_PX / 2, DISC_PX, DISC_PX)
        sheet.painter.setPen(QPen(QColor(c.card), 1.4))
        sheet.painter.setBrush(QColor(c.high))
        sheet.painter.drawEllipse(box)
        sheet.write(words, box, 10, c.on_fill, way=Qt.AlignmentFlag.AlignCenter)
