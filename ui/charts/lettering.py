"""What stands on each chart whatever the moment: headings, thresholds with their names, the last value, the axes."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPen

from ui import theme
from ui.charts import axes
from ui.charts.notes import Notes
from ui.charts.plot import Chart, Line, Scale
from ui.charts.sheet import Sheet, metrics

LEFT_PX, AXIS_PX = 8, 6
MOST_OF_PLOT = 0.67
"""Of a plot's width: a name that is wider hides more of the curve than it tells."""


def paint_chart(
    sheet: Sheet, chart: Chart, scale: Scale, notes: Notes, captions: list[tuple[str, QRectF]], *, lost: bool
) -> None:
    """All of one chart but its times; the names that were written are added to `captions`. `lost`: nothing comes."""
    place = scale.place
    taken = [_heads(sheet, notes, place)]
    below: Line | None = None
    names: list[tuple[str, str, float]] = []
    for line in sorted(chart.lines, key=lambda one: scale.pixel(one.at)):
        y = scale.pixel(line.at)
        if place.top() < y < place.bottom():
            sheet.painter.setPen(QPen(QColor(line.colour), 1, Qt.PenStyle.DashLine))
            sheet.painter.drawLine(QLineF(place.left(), y, place.right(), y))
            names.append((line.caption, line.colour, y))
        elif y >= place.bottom():
            below = below or line
    if below is not None:
        names.append((f"↓ {below.caption}", below.colour, place.bottom() - 1))
    for words, colour, y in names:  # after all lines, or a later one would go through an earlier name
        box = _free(words, place, y, taken)
        if box is not None:
            taken.append(box)
            captions.append((words, box))
            sheet.painter.fillRect(box.adjusted(-3, 0, 2, 0), QColor(theme.colours().card))
            sheet.write(words, box, 10, colour)
    _values(sheet, chart, scale, notes.last)
    if notes.last is not None:
        _tag(sheet, chart.colour, scale, notes, lost=lost)


def paint_times(sheet: Sheet, offset_s: int, covered: Sequence[QRectF]) -> None:
    """Under the lowest chart, in broker time; none that a plate would cover a part of."""
    c, scale = theme.colours(), sheet.scales[-1]
    _edge(sheet, QPointF(scale.place.left(), sheet.bottom), QPointF(scale.place.right(), sheet.bottom))
    for at, words in axes.times(scale.left_s, scale.right_s, scale.place.width(), offset_s):
        x, wide = scale.column(at), metrics(10, theme.MEDIUM).horizontalAdvance(words) + 2
        box = QRectF(sheet.left(x, wide), sheet.bottom + AXIS_PX, wide, 14)
        if not any(box.intersects(plate) for plate in covered):
            sheet.write(words, box, 10, c.faint, theme.MEDIUM, Qt.AlignmentFlag.AlignCenter)


def _heads(sheet: Sheet, notes: Notes, place: QRectF) -> QRectF:
    left = x = place.left() + LEFT_PX + 2
    for words, colour in notes.heads:
        wide = metrics(12).horizontalAdvance(words)
        sheet.write(words, QRectF(x, place.top() + 6, wide + 2, 16), 12, colour)
        x += wide + 12
    return QRectF(left, place.top() + 6, x - left, 16)


def _free(words: str, place: QRectF, y: float, taken: Sequence[QRectF]) -> QRectF | None:
    """Where a threshold's name can stand near its line without hiding another; None where it would be cut.

    A cut name says less than none, and the line stands there all the same.
    """
    wide = metrics(10).horizontalAdvance(words) + 4
    box = QRectF(place.left() + LEFT_PX, y - 16, wide, 14)
    for other in (box, box.translated(0, 17)):
        if other.bottom() <= place.bottom() + 1 and not any(other.intersects(one) for one in taken):
            box = other
            break
    else:
        box.moveLeft(max((one.right() for one in taken if one.intersects(box)), default=box.left()) + 14)
    return box if box.right() <= place.right() and wide <= MOST_OF_PLOT * place.width() else None


def _values(sheet: Sheet, chart: Chart, scale: Scale, tag: float | None) -> None:
    c, place = theme.colours(), scale.place
    _edge(sheet, place.topRight(), place.bottomRight())
    for at, words in axes.values(scale.low, scale.high, place.height(), chart.words, tag):
        box = QRectF(place.right() + AXIS_PX, scale.pixel(at) - 8, axes.RIGHT_PX - AXIS_PX, 16)
        sheet.write(words, box, 10, c.faint, theme.MEDIUM)


def _edge(sheet: Sheet, start: QPointF, end: QPointF) -> None:
    sheet.painter.setPen(QColor(theme.colours().line))
    sheet.painter.drawLine(start, end)


def _tag(sheet: Sheet, colour: str, scale: Scale, notes: Notes, *, lost: bool) -> None:
    c, place = theme.colours(), scale.place
    y = min(max(scale.pixel(notes.last or 0.0), place.top() + 10), place.bottom() - 10)
    box = QRectF(place.right() + 2, y - 9, axes.RIGHT_PX - 4, 18)
    sheet.plate(box, c.card if lost else colour, c.faint if lost else "", 1.4)
    sheet.write(notes.tag, box, 11, c.soft if lost else c.on_fill, way=Qt.AlignmentFlag.AlignCenter)
