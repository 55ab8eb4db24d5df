"""The sheet over the curves at one paint: where each chart stands, and the plates that words are put on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from PySide6.QtCore import QLineF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen

from ui import theme
from ui.charts.plot import Scale

ROUND_PX = 4
BESIDE_PX = 300
"""A flag stands left of its moment where so much of the chart is left of it."""


@lru_cache(maxsize=16)
def metrics(px: int, weight: QFont.Weight = theme.STRONG) -> QFontMetricsF:
    """Of the theme's type; made once, since every caption asks at every paint."""
    return QFontMetricsF(theme.font(px, weight))


@dataclass(frozen=True, slots=True)
class Sheet:
    """A painter, the charts' scales from the topmost down, and how wide the whole is."""

    painter: QPainter
    scales: Sequence[Scale]
    wide: float

    @property
    def top(self) -> QRectF:
        """The topmost chart's place."""
        return self.scales[0].place

    @property
    def bottom(self) -> float:
        """Where the lowest chart ends."""
        return self.scales[-1].place.bottom()

    def column(self, time_s: float) -> float:
        """Of a moment (UTC epoch seconds), the same in all of them."""
        return self.scales[0].column(time_s)

    def seen(self, x: float) -> bool:
        """Whether that column lies on the charts."""
        return self.top.left() <= x <= self.top.right()

    def left(self, x: float, wide: float) -> float:
        """Where words that are so wide begin, to stand in the middle of a column and yet be whole."""
        return min(max(x - wide / 2, 0.0), self.wide - wide)

    def upright(self, x: float, colour: str, wide: float, style: Qt.PenStyle = Qt.PenStyle.SolidLine) -> None:
        """A line through all charts."""
        self.painter.setPen(QPen(QColor(colour), wide, style))
        self.painter.drawLine(QLineF(x, self.top.top(), x, self.bottom))

    def write(self, words: str, box: QRectF, px: int, colour: str, weight: QFont.Weight = theme.STRONG,
              way: Qt.AlignmentFlag = Qt.AlignmentFlag.AlignVCenter) -> None:  # fmt: skip
        """Words in a box; left and in the middle of its height unless told."""
        self.painter.setFont(theme.font(px, weight))
        self.painter.setPen(QColor(colour))
        self.painter.drawText(box, way, words)

    def plate(self, box: QRectF, fill: str, edge: str = "", edge_px: float = 1) -> None:
        """Rounded; without an edge unless one is named."""
        self.painter.setPen(QPen(QColor(edge), edge_px) if edge else Qt.PenStyle.NoPen)
        self.painter.setBrush(QColor(fill))
        self.painter.drawRoundedRect(box, ROUND_PX, ROUND_PX)

    def flag(self, words: str, x: float, y: float, place: QRectF, colour: str) -> None:
        """Words beside a line at `x`, on a plate that stays within `place`."""
        c = theme.colours()
        wide = metrics(11).horizontalAdvance(words) + 16
        left = x - wide - 8 if x - wide - 8 > place.left() + BESIDE_PX else x + 8
        box = QRectF(min(left, place.right() - wide), y - 10, wide, 20)
        self.plate(box, c.card, colour)
        self.write(words, box, 11, c.text, way=Qt.AlignmentFlag.AlignCenter)

    def stamped(self, words: str, x: float) -> QRectF:
        """The plate of such a time."""
        wide = metrics(11).horizontalAdvance(words) + 14
        return QRectF(self.left(x, wide), self.bottom + 3, wide, 18)

    def stamp(self, words: str, x: float, fill: str, ink: str) -> None:
        """A time on a plate under the charts."""
        box = self.stamped(words, x)
        self.plate(box, fill)
        self.write(words, box, 11, ink, way=Qt.AlignmentFlag.AlignCenter)
