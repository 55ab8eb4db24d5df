"""The charts' scene: one under the other over a common time axis, with room for the values and the times."""

from __future__ import annotations

from collections.abc import Sequence

import pyqtgraph as pg
from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent

from ui import spoken, theme
from ui.charts.axes import BOTTOM_PX, RIGHT_PX
from ui.charts.plot import Chart
from ui.words import tr

ARROWS = {Qt.Key.Key_Left: -0.1, Qt.Key.Key_Right: 0.1}


class Canvas(pg.GraphicsLayoutWidget):  # type: ignore[misc]  # pyqtgraph ships no types
    """Tells when the pointer leaves, when its size changes and when the arrow keys move it."""

    left = Signal()
    resized = Signal(QSize)
    moved = Signal(float)
    """By so much of what is seen a person moves it with the arrow keys."""

    def __init__(self, charts: Sequence[Chart], shares: Sequence[int]) -> None:
        """`shares` of the height, from the topmost chart down."""
        super().__init__()
        self.setViewportUpdateMode(self.ViewportUpdateMode.FullViewportUpdate)  # a draw changes all of it
        self.setBackground(theme.colours().card)
        self.ci.setContentsMargins(0, 0, 0, 0)
        self.ci.layout.setContentsMargins(0, 0, RIGHT_PX, BOTTOM_PX)
        self.ci.layout.setSpacing(0)
        for row, (chart, share) in enumerate(zip(charts, shares, strict=True)):
            self.addItem(chart.box, row=row, col=0)
            self.ci.layout.setRowStretchFactor(row, share)
        for part in (self, self.viewport()):
            spoken.name(part, tr("Charts"))

    def settle(self) -> None:
        """Bring the boxes to their ranges now: left to the paint, that would change the scene and paint it twice."""
        self.scene().prepareForPaint()

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self.left.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in ARROWS:
            self.moved.emit(ARROWS[Qt.Key(event.key())])
        else:
            event.ignore()

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        super().resizeEvent(event)
        self.resized.emit(self.size())
