"""One chart: its curves, its filled area, its vertical range and the threshold lines that belong to it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QRectF, Qt

from monitors.model import Floats
from ui import theme
from ui.charts.columns import Visible
from ui.charts.drawing import Area, Curve, Drawing

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


class Scale(NamedTuple):
    """Where a chart stands in the canvas's pixels, and which times (UTC epoch seconds) and values it shows there."""

    place: QRectF
    left_s: float
    right_s: float
    low: float
    high: float

    def pixel(self, value: float) -> float:
        """From the top; may lie outside the chart."""
        share = (value - self.low) / max(self.high - self.low, 1e-12)
        return self.place.bottom() - share * self.place.height()

    def column(self, time_s: float) -> float:
        """From the left."""
        share = (time_s - self.left_s) / max(self.right_s - self.left_s, 1e-12)
        return self.place.left() + share * self.place.width()


class Chart:
    """A box with one main curve, drawn from `Visible`; made once, filled again at every draw."""

    def __init__(
        self, *, title: str, figure: str, colour: str, words: Callable[[float, int], str], negate: bool = False
    ) -> None:
        self.title, self.figure, self.colour, self.words, self.negate = title, figure, colour, words, negate
        self.box = pg.ViewBox(enableMenu=False, defaultPadding=0)
        self.box.setMouseEnabled(x=True, y=False)
        self.box.disableAutoRange()
        self.drawing = Drawing(self.box)
        self.box.addItem(self.drawing, ignoreBounds=True)
        self.lines: tuple[Line, ...] = ()
        self.drawn: dict[str, Curve] = {}
        """What is seen now, by figure."""
        self.tinted = False
        """Whether the area is filled below the curve: down to the edge, or from zero where the curve is negative."""
        self._others: dict[str, tuple[str, Qt.PenStyle]] = {}

    def add_curve(self, figure: str, colour: str, style: Qt.PenStyle = Qt.PenStyle.SolidLine) -> None:
        """A quiet curve of another figure under the main one."""
        self._others[figure] = colour, style

    def draw(self, seen: Visible, left_s: float, right_s: float) -> None:
        """Put the visible rows on the chart and fit the vertical range to them and to the lines near them."""
        values = -seen.figures[self.figure] if self.negate else seen.figures[self.figure]
        main = Curve(seen.time_s, values, self.colour)
        others = {figure: Curve(seen.time_s, seen.figures[figure], *look) for figure, look in self._others.items()}
        self.drawn = {**others, self.figure: main}
        low, high = self._fit(np.concatenate([curve.values for curve in self.drawn.values()]))
        self.box.setRange(xRange=(left_s, right_s), yRange=(low, high), padding=0, disableAutoRange=False)
        area = Area(main, 0.0 if self.negate else low) if self.tinted else None
        self.drawing.show_curves(tuple(self.drawn.values()), area)

    def relook(self) -> None:
        """The same in another look, from the next draw on."""
        self.colour = theme.now(self.colour)
        self._others = {figure: (theme.now(colour), style) for figure, (colour, style) in self._others.items()}

    def scale(self) -> Scale:
        """As it is now; asked for once where much is placed."""
        (left_s, right_s), (low, high) = self.box.viewRange()
        return Scale(self.box.sceneBoundingRect(), left_s, right_s, low, high)

    def shown(self, value: float) -> float:
        """A stored figure as this chart draws it: a drawdown hangs below zero."""
        return -value if self.negate else value

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
