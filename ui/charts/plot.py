"""One chart: its curves, its filled area, its vertical range and the threshold lines that belong to it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QLinearGradient, QPainter, QPolygonF
from PySide6.QtWidgets import QStyleOptionGraphicsItem, QWidget

from monitors.model import Floats
from ui import theme
from ui.charts.axes import TimeAxis, ValueAxis, dress
from ui.charts.columns import Visible, runs

TITLE_PX, FOOT_PX = 30, 10
"""Room over a curve for its title, and under it for the marks of what was done."""
NEAR = 4.0
"""A line farther from the curve than this many of the curve's spans does not stretch the range."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A threshold as it is drawn: where, what it is called, its colour; `rule` where it can be dragged.

    That is where the axis is the metric's own, `sign` times it.
    """

    at: float
    caption: str
    colour: str
    rule: str = ""
    sign: int = 1


class Area(pg.GraphicsObject):  # type: ignore[misc]  # pyqtgraph ships no types
    """The tinted area between a curve and a base, one polygon for each stretch without a gap."""

    def __init__(self, colour: str, box: pg.ViewBox) -> None:
        super().__init__()
        self._box, self.colour, self._base = box, colour, 0.0
        self._shapes: list[QPolygonF] = []
        self.setZValue(-10)

    def show_runs(self, stretches: list[tuple[Floats, Floats]], base: float) -> None:
        self.prepareGeometryChange()
        self._base = base
        self._shapes = [
            pg.functions.arrayToQPolygonF(np.concatenate((x[:1], x, x[-1:])), np.concatenate(([base], y, [base])))
            for x, y in stretches
        ]
        self.update()

    def boundingRect(self) -> QRectF:
        return QRectF(self._box.viewRect())

    def paint(self, painter: QPainter, _option: QStyleOptionGraphicsItem, _widget: QWidget | None = None) -> None:
        low, high = self._box.viewRange()[1]
        far = high if abs(high - self._base) > abs(low - self._base) else low
        shade = QLinearGradient(QPointF(0, far), QPointF(0, self._base))
        near_curve, near_base = QColor(self.colour), QColor(self.colour)
        near_curve.setAlpha(86)
        near_base.setAlpha(10)
        shade.setColorAt(0, near_curve)
        shade.setColorAt(1, near_base)
        painter.setPen(pg.mkPen(None))
        painter.setBrush(shade)
        for shape in self._shapes:
            painter.drawPolygon(shape)


class Chart:
    """A plot with one main curve, drawn from `Visible`; made once, filled again at every paint."""

    def __init__(
        self, *, title: str, figure: str, colour: str, words: Callable[[float, int], str], negate: bool = False
    ) -> None:
        self.title, self.figure, self.colour, self.words, self.negate = title, figure, colour, words, negate
        self.time = TimeAxis()
        self.values = ValueAxis(words)
        self.item = pg.PlotItem(axisItems={"bottom": self.time, "right": self.values}, enableMenu=False)
        self.box = self.item.getViewBox()
        self.item.hideAxis("left")
        self.item.hideButtons()
        self.box.setMouseEnabled(x=True, y=False)
        self.box.disableAutoRange()
        self.box.setDefaultPadding(0)
        self.lines: tuple[Line, ...] = ()
        self.area: Area | None = None
        self._others: dict[str, tuple[pg.PlotCurveItem, str]] = {}
        """Each with its colour."""
        self._curve = self._add_curve(colour, 2)

    def add_curve(self, figure: str, colour: str, style: Qt.PenStyle = Qt.PenStyle.SolidLine) -> None:
        """A quiet curve of another figure under the main one."""
        self._others[figure] = self._add_curve(colour, 1, style), colour

    def add_area(self, colour: str) -> None:
        """Tint below the curve, down to the chart's edge, or from zero where the curve is negative."""
        self.area = Area(colour, self.box)
        self.item.addItem(self.area, ignoreBounds=True)

    def draw(self, seen: Visible) -> None:
        """Put the visible rows on the chart and fit the vertical range to them and to the lines near them."""
        values = self._signed(seen.figures[self.figure])
        self._curve.setData(seen.time_s, values, connect="finite", skipFiniteCheck=False)
        pool = [values]
        finite = np.flatnonzero(np.isfinite(values))
        self.values.keep_clear(float(values[finite[-1]]) if len(finite) else None)
        for figure, (curve, _) in self._others.items():
            curve.setData(seen.time_s, seen.figures[figure], connect="finite", skipFiniteCheck=False)
            pool.append(seen.figures[figure])
        low, high = self._fit(np.concatenate(pool))
        self.box.setYRange(low, high, padding=0)
        if self.area is not None:
            self.area.show_runs(runs(seen.time_s, values), 0.0 if self.negate else low)

    def relook(self) -> None:
        """Curves, area and axes in another look."""
        self.colour = theme.now(self.colour)
        self._curve.setPen(pg.mkPen(self.colour, width=1))
        for figure, (curve, colour) in tuple(self._others.items()):
            self._others[figure] = curve, theme.now(colour)
            curve.setPen(pg.mkPen(theme.now(colour), width=1, style=curve.opts["pen"].style()))
        if self.area is not None:
            self.area.colour = self.colour
            self.area.update()
        for axis in (self.time, self.values):
            dress(axis)

    def pixel(self, value: float) -> float:
        """Where a value stands, in the canvas's pixels from the top; may lie outside the chart."""
        low, high = self.box.viewRange()[1]
        place = self.box.sceneBoundingRect()
        return float(place.bottom() - (value - low) / max(high - low, 1e-12) * place.height())

    def column(self, time_s: float) -> float:
        """Where a time stands, in the canvas's pixels from the left."""
        low, high = self.box.viewRange()[0]
        place = self.box.sceneBoundingRect()
        return float(place.left() + (time_s - low) / max(high - low, 1e-12) * place.width())

    def shown(self, value: float) -> float:
        """A stored figure as this chart draws it: a drawdown hangs below zero."""
        return -value if self.negate else value

    def _signed(self, values: Floats) -> Floats:
        return -values if self.negate else values

    def _add_curve(self, colour: str, z: int, style: Qt.PenStyle = Qt.PenStyle.SolidLine) -> pg.PlotCurveItem:
        curve = pg.PlotCurveItem(pen=pg.mkPen(colour, width=1, style=style), antialias=True)
        curve.setZValue(z)
        self.item.addItem(curve, ignoreBounds=True)
        return curve

    def _fit(self, values: Floats) -> tuple[float, float]:
        finite = values[np.isfinite(values)]
        if not len(finite):
            return (-1.0, 0.2) if self.negate else (0.0, 1.0)
        low, high = float(finite.min()), float(finite.max())
        if self.negate:
            high = 0.0
        span = max(high - low, abs(high) * 0.0004, 0.1 if self.negate else 1e-6)
        middle = (high + low) / 2
        near = [line.at for line in self.lines if abs(line.at - middle) <= (NEAR + 0.5) * span]
        low, high = min([low, *near]), max([high, *near])
        span = max(high - low, span)
        height = max(self.box.height(), 2.0 * (TITLE_PX + FOOT_PX))
        pixel = span / (height - TITLE_PX - FOOT_PX)
        return low - max(span * 0.10, FOOT_PX * pixel), high + TITLE_PX * pixel
