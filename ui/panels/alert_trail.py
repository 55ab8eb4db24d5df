"""The small picture of an alert: its metric around the trip, the rule's levels, and the band beyond the threshold."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from monitors.trail import EMPTY, Trail
from ui import spoken, theme
from ui.alone import alone
from ui.charts.plot import Line
from ui.words import tr

BEFORE, LEAST_MS = 0.25, 60_000
"""How much of the picture lies before the trip, and how long it shows at least."""
LABEL_PX, CLOCK_PX = 44, 16
GAP_MS = 10_000
"""Longer without a point, nothing was judged meanwhile: a gap in the curve."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """What is drawn; times are UTC epoch ms, values in the metric's unit."""

    trail: Trail = EMPTY
    threshold: float | None = None
    when: str = "above"
    colour: str = ""
    levels: tuple[Line, ...] = ()
    tripped_ms: int = 0
    until_ms: int = 0
    clock: str = ""
    acted_ms: tuple[int, ...] = ()
    """When something was closed for it."""


class AlertTrail(QWidget):
    """Drawn whole at every frame: some hundred points at most."""

    def __init__(self) -> None:
        super().__init__()
        self.setFixedHeight(112)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.picture = Picture()

    def show_picture(self, picture: Picture) -> None:
        self.picture = picture
        levels = ", ".join(line.caption for line in picture.levels) or tr("none")
        said = tr("The metric around the trip at {time}, levels at {levels}", time=picture.clock, levels=levels)
        spoken.name(self, said)
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint(painter, QRectF(0, 2, self.width() - LABEL_PX, self.height() - CLOCK_PX - 2))
        painter.end()

    def _paint(self, painter: QPainter, box: QRectF) -> None:
        c, shown = theme.colours(), self.picture
        since, until = span(shown)
        inside = (shown.trail.time_ms >= since) & (shown.trail.time_ms <= until) & np.isfinite(shown.trail.value)
        times, values = shown.trail.time_ms[inside], shown.trail.value[inside]
        low, high = reach(values, [line.at for line in shown.levels])

        def x(ms: float) -> float:
            return box.left() + box.width() * (ms - since) / max(1, until - since)

        def y(value: float) -> float:
            return box.bottom() - box.height() * (value - low) / (high - low)

        if shown.threshold is not None:
            self._band(painter, box, y(shown.threshold))
        for line in shown.levels:
            self._level(painter, box, line, y(line.at))
        if len(times):
            painter.setPen(QPen(QColor(c.curve), 1.4))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            for part in np.split(np.arange(len(times)), np.flatnonzero(np.diff(times) > GAP_MS) + 1):
                painter.drawPolyline(QPolygonF([QPointF(x(times[i]), y(values[i])) for i in part]))
        else:
            painter.setPen(QColor(c.faint))
            painter.setFont(theme.font(11))
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter, tr("No record of this metric around the trip"))
        self._trip(painter, box, x(shown.tripped_ms))
        for ms in shown.acted_ms:
            if since <= ms <= until and len(times):
                self._mark(painter, QPointF(x(ms), y(float(np.interp(ms, times, values))) - 7))
        painter.setPen(QColor(c.line))
        painter.drawLine(QLineF(box.left(), box.bottom(), box.right(), box.bottom()))

    def _band(self, painter: QPainter, box: QRectF, y: float) -> None:
        """Where the metric is out of its limit."""
        shade = QColor(self.picture.colour)
        shade.setAlpha(34)
        y = min(max(y, box.top()), box.bottom())
        beyond = (y, box.bottom()) if self.picture.when == "below" else (box.top(), y)
        painter.fillRect(QRectF(box.left(), beyond[0], box.width(), beyond[1] - beyond[0]), shade)

    def _level(self, painter: QPainter, box: QRectF, line: Line, y: float) -> None:
        painter.setPen(QPen(QColor(line.colour), 1, Qt.PenStyle.DashLine))
        painter.drawLine(QLineF(box.left(), y, box.right(), y))
        painter.setPen(QColor(line.colour))
        painter.setFont(theme.font(10, theme.STRONG))
        painter.drawText(QRectF(box.right() + 4, y - 8, LABEL_PX - 4, 16), Qt.AlignmentFlag.AlignVCenter, line.caption)

    def _trip(self, painter: QPainter, box: QRectF, x: float) -> None:
        c, font = theme.colours(), theme.font(10, theme.STRONG)
        painter.setPen(QPen(QColor(c.high), 1))
        painter.drawLine(QLineF(x, box.top(), x, box.bottom()))
        wide = QFontMetricsF(font).horizontalAdvance(self.picture.clock) + 2
        left = min(max(x - wide / 2, 0.0), self.width() - wide)
        painter.setFont(font)
        painter.drawText(QRectF(left, box.bottom() + 2, wide, CLOCK_PX - 2), Qt.AlignmentFlag.AlignCenter,
                         self.picture.clock)  # fmt: skip

    def _mark(self, painter: QPainter, at: QPointF) -> None:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(theme.colours().high))
        painter.drawPolygon(QPolygonF([at + QPointF(-4, -6), at + QPointF(4, -6), at + QPointF(0, 1)]))


def span(picture: Picture) -> tuple[int, int]:
    """From when to when it reaches: the trip stands a quarter from the left."""
    after = max(picture.until_ms - picture.tripped_ms, LEAST_MS)
    return picture.tripped_ms - round(after * BEFORE / (1 - BEFORE)), picture.tripped_ms + after


def reach(values: np.ndarray, levels: Sequence[float]) -> tuple[float, float]:
    """The lowest and highest that it shows: every value, and the levels that are not far from them."""
    if not len(values):
        low, high = (min(levels), max(levels)) if levels else (0.0, 1.0)
    else:
        low, high = float(values.min()), float(values.max())
        room = max(high - low, abs(high) * 0.05)
        near = [at for at in levels if low - 2 * room <= at <= high + 2 * room]
        low, high = min([low, *near]), max([high, *near])
    pad = max((high - low) * 0.12, abs(high) * 1e-4, 1e-6)
    return low - pad, high + pad


if __name__ == "__main__":
    alone(
        AlertTrail,
        lambda widget, view, now_ms: widget.show_picture(
            Picture(
                trail=view.trails["Margin level"],
                threshold=150.0,
                when="below",
                colour=theme.colours().high,
                tripped_ms=now_ms - 1_800_000,
                until_ms=now_ms,
            )
        ),
    )
