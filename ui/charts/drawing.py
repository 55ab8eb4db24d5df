"""What a chart draws in its own units: the tinted area and the curves, one item of the scene for all of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QLinearGradient, QPainter, QPainterPath, QPen, QPolygonF
from PySide6.QtWidgets import QGraphicsObject, QStyleOptionGraphicsItem, QWidget

from monitors.model import Floats
from ui.charts.columns import runs

DENSE, FAINT = 86, 10
"""How far the area hides what is behind it, of 255: at its far end and at its base."""


class Curve(NamedTuple):
    """Values at times (UTC epoch seconds), NaN where the line breaks."""

    time_s: Floats
    values: Floats
    colour: str
    style: Qt.PenStyle = Qt.PenStyle.SolidLine


class Area(NamedTuple):
    """The tint between a curve and a base, one polygon for each stretch without a gap."""

    curve: Curve
    base: float


class Drawing(QGraphicsObject):
    """Filled anew at every draw. Cosmetic pens one pixel wide: a wider one costs ten times the paint."""

    def __init__(self, box: pg.ViewBox) -> None:
        super().__init__()
        self._box = box
        self._paths: list[tuple[QPen, QPainterPath]] = []
        self._shapes: list[QPolygonF] = []
        self._shade = QLinearGradient()

    def show_curves(self, curves: Sequence[Curve], area: Area | None) -> None:
        """The later curve lies over the earlier; the box already has the range that these are seen in."""
        self.prepareGeometryChange()
        self._paths = [
            (pg.mkPen(one.colour, width=1, style=one.style), pg.arrayToQPath(one.time_s, one.values, connect="finite"))
            for one in curves
        ]
        self._shapes = []
        if area is not None:
            self._shade = self._shaded(area)
            base = [area.base]
            self._shapes = [
                pg.functions.arrayToQPolygonF(np.concatenate((x[:1], x, x[-1:])), np.concatenate((base, y, base)))
                for x, y in runs(area.curve.time_s, area.curve.values)
            ]
        self.update()

    def _shaded(self, area: Area) -> QLinearGradient:
        low, high = self._box.viewRange()[1]
        far = high if abs(high - area.base) > abs(low - area.base) else low
        shade = QLinearGradient(QPointF(0, far), QPointF(0, area.base))
        for place, alpha in ((0, DENSE), (1, FAINT)):
            colour = QColor(area.curve.colour)
            colour.setAlpha(alpha)
            shade.setColorAt(place, colour)
        return shade

    def boundingRect(self) -> QRectF:
        return QRectF(self._box.viewRect())

    def paint(self, painter: QPainter, _option: QStyleOptionGraphicsItem, _widget: QWidget | None = None) -> None:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._shade)
        for shape in self._shapes:
            painter.drawPolygon(shape)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for pen, path in self._paths:
            painter.setPen(pen)
            painter.drawPath(path)
