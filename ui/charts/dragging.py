"""A threshold dragged to another place: a proposal, which the page of settings shows and a person saves or not."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, QPointF, Qt, Signal
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QWidget

from ui.charts.overlay import Overlay
from ui.charts.plot import Chart, Line

NEAR_PX = 4.0


class Dragging(QObject):
    """Filters the canvas's mouse: what begins on a threshold is no panning."""

    proposed = Signal(str, float, float)
    """The rule, the level as it is and as it is wanted, both in the metric's unit."""

    def __init__(self, canvas: QWidget, charts: Sequence[Chart], overlay: Overlay) -> None:
        super().__init__(canvas)
        self._canvas, self._charts, self._overlay = canvas, charts, overlay
        self._held: tuple[Chart, Line] | None = None
        self._from = 0.0
        canvas.setMouseTracking(True)
        canvas.installEventFilter(self)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        return isinstance(event, QMouseEvent) and self._moused(event)

    def cancel(self) -> bool:
        """Let go of what is held and propose nothing; False where nothing is held."""
        held = self._held is not None
        self._let_go()
        return held

    def _moused(self, event: QMouseEvent) -> bool:
        place = event.position()
        if event.type() == QEvent.Type.MouseButtonPress and event.button() == Qt.MouseButton.LeftButton:
            self._held, self._from = self._under(place), place.y()
            return self._held is not None
        if event.type() == QEvent.Type.MouseMove and self._held:
            self._follow(*self._held, place)
            return True
        if event.type() == QEvent.Type.MouseMove:
            self._canvas.setCursor(Qt.CursorShape.SizeVerCursor if self._under(place) else Qt.CursorShape.ArrowCursor)
        if event.type() == QEvent.Type.MouseButtonRelease and self._held:
            chart, line = self._held
            self._let_go()
            if abs(place.y() - self._from) >= NEAR_PX:
                self.proposed.emit(line.rule, line.sign * line.at, self._level(chart, line, place))
            return True
        return False

    def _under(self, place: QPointF) -> tuple[Chart, Line] | None:
        """The threshold that can be dragged from there; the nearest where several lie together."""
        for chart in self._charts:
            scale = chart.scale()
            lines = [line for line in chart.lines if line.rule] if scale.place.contains(place) else []
            near = min(lines, key=lambda line: abs(scale.pixel(line.at) - place.y()), default=None)
            if near is not None and abs(scale.pixel(near.at) - place.y()) <= NEAR_PX:
                return chart, near
        return None

    def _follow(self, chart: Chart, line: Line, place: QPointF) -> None:
        wanted = self._level(chart, line, place)
        self._overlay.proposed = chart, line.sign * wanted, f"{line.rule}: {wanted:g}"
        self._overlay.update()

    def _level(self, chart: Chart, line: Line, place: QPointF) -> float:
        """In the metric's unit, as fine as the pixels are."""
        found = line.sign * float(chart.box.mapSceneToView(place).y())
        low, high = chart.box.viewRange()[1]
        step = (high - low) / max(1.0, chart.box.height())
        places = next((digits for digits in range(4) if 10.0**-digits <= step * 2), 4)
        return round(found, places)

    def _let_go(self) -> None:
        self._held, self._overlay.proposed = None, None
        self._overlay.update()
