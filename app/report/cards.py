"""The cards of a report on paper: a frame, a title, and in it a picture, a table and remarks."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen

from app.report.grid import LIGHT, TONES, Grid, tall
from app.report.ink import drawing, font
from app.report.sheet import Figure, Section
from app.report.words import lined
from ui import theme

GAP, SIDE, OVER, TITLE, NOTE = 10.0, 14.0, 10.0, 20.0, 6.0
RADIUS = 8.0


class Card:
    """One section laid out in a width; `high` is what it needs."""

    def __init__(self, section: Section, width: float) -> None:
        self.section, self.width = section, width
        inner = width - 2 * SIDE
        self._picture = drawing(section.picture) if section.picture else None
        size = self._picture.viewBoxF() if self._picture else QRectF()
        self._drawn = inner * size.height() / size.width() + 8 if size.width() else 0.0
        self._grid = Grid(section.table, inner) if section.table else None
        metrics = QFontMetricsF(font(12))
        self._notes = [tall(metrics, note, inner) for note in section.notes]
        self._fixed = 2 * OVER + TITLE + self._drawn + sum(high + NOTE for high in self._notes)
        self.high = self._fixed + (self._grid.high() + NOTE if self._grid else 0)

    def fitting(self, room: float) -> int:
        """How many rows of the table fit a card of that height."""
        return self._grid.fitting(room - self._fixed - NOTE) if self._grid else 0

    def paint(self, painter: QPainter, left: float, top: float, high: float) -> None:
        """The frame as high as it is told, the rest at its top."""
        painter.setPen(QPen(QColor(LIGHT.line), 1))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(QRectF(left, top, self.width, high), RADIUS, RADIUS)
        inner, at = self.width - 2 * SIDE, top + OVER
        title = QRectF(left + SIDE, at, inner, TITLE)
        line(painter, title, self.section.title, LIGHT.text, 13, weight=theme.STRONG)
        beside = QFontMetricsF(font(13, theme.STRONG)).horizontalAdvance(lined(self.section.title)) + 10
        line(painter, title.adjusted(beside, 0, 0, 0), self.section.beside, LIGHT.soft, 11)
        at += TITLE
        if self._picture is not None:
            self._picture.render(painter, QRectF(left + SIDE, at + 8, inner, self._drawn - 8))
            at += self._drawn
        if self._grid is not None:
            self._grid.paint(painter, left + SIDE, at + NOTE)
            at += self._grid.high() + NOTE
        for note, high_of in zip(self.section.notes, self._notes, strict=True):
            painter.setFont(font(12))
            painter.setPen(QColor(LIGHT.faint))
            painter.drawText(QRectF(left + SIDE, at + NOTE, inner, high_of), int(Qt.TextFlag.TextWordWrap), lined(note))
            at += high_of + NOTE


def figures_strip(painter: QPainter, figures: Sequence[Figure], place: QRectF) -> None:
    """The figures beside each other in one frame."""
    painter.setPen(QPen(QColor(LIGHT.line), 1))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRoundedRect(place, RADIUS, RADIUS)
    wide = place.width() / len(figures)
    for number, figure in enumerate(figures):
        left = place.left() + wide * number
        if number:
            painter.fillRect(QRectF(left, place.top() + 8, 1, place.height() - 16), QColor(LIGHT.line))
        box = QRectF(left + SIDE, place.top() + 7, wide - 2 * SIDE + 8, 16)
        line(painter, box, figure.name, LIGHT.text, 12)
        line(painter, box.adjusted(0, 16, 0, 22), figure.value, TONES[figure.tone], 16, weight=theme.STRONG)
        line(painter, box.adjusted(0, 37, 0, 37), figure.beside, LIGHT.soft, 11)


def line(
    painter: QPainter, place: QRectF, words: str, colour: str, px: int, *, right: bool = False,
    weight: QFont.Weight = theme.MEDIUM,
) -> None:  # fmt: skip
    """One line of text, cut with an ellipsis where it is too long."""
    own = font(px, weight)
    painter.setFont(own)
    painter.setPen(QColor(colour))
    way = Qt.AlignmentFlag.AlignRight if right else Qt.AlignmentFlag.AlignLeft
    shown = QFontMetricsF(own).elidedText(lined(words), Qt.TextElideMode.ElideRight, place.width())
    painter.drawText(place, int(way | Qt.AlignmentFlag.AlignVCenter), shown)
