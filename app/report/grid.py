"""A table of a report laid out on paper: as wide as its place, each row as high as its longest cell."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter

from app.report.ink import font, severity_mark
from app.report.sheet import Cell, Table
from app.report.style import COLOURS
from app.report.words import lined
from ui import theme

LIGHT = theme.LIGHT
TONES = {"": LIGHT.text, "gain": LIGHT.profit, "loss": LIGHT.loss, "late": LIGHT.high, "soft": LIGHT.soft,
         "buy": LIGHT.curve, "sell": LIGHT.loss}  # fmt: skip
ROW_LINE = "#E6EBF0"
PAD, AROUND, LEAST = 8.0, 5.0, 24.0
MARK_PX, MARK_GAP, BAR_PX, PIP_PX, PIP_STEP = 16.0, 4.0, 92.0, 20.0, 24.0


class Grid:
    """Rows `first` to `until` of it can be painted by themselves, under the same heads."""

    def __init__(self, table: Table, width: float) -> None:
        self.table, self.width = table, width
        self.wide = self._shared(width)
        self.headed = any(column.head for column in table.columns)
        self.heights = [self._high(row) for row in table.rows]

    def __len__(self) -> int:
        return len(self.table.rows)

    def high(self, first: int = 0, until: int | None = None) -> float:
        """With the heads; pixels of the sheet."""
        return self.headed * LEAST + sum(self.heights[first:until])

    def fitting(self, room: float, first: int = 0) -> int:
        """Up to which row the rows from `first` on have room."""
        until = first
        while until < len(self) and self.high(first, until + 1) <= room:
            until += 1
        return until

    def paint(self, painter: QPainter, left: float, top: float, first: int = 0, until: int | None = None) -> None:
        """Heads and rows."""
        if self.headed:
            painter.setFont(font(11))
            painter.setPen(QColor(LIGHT.soft))
            x = left
            for column, wide in zip(self.table.columns, self.wide, strict=True):
                way = Qt.AlignmentFlag.AlignRight if column.right else Qt.AlignmentFlag.AlignLeft
                box = QRectF(x + PAD, top, wide - 2 * PAD, LEAST)
                painter.drawText(box, int(way | Qt.AlignmentFlag.AlignVCenter), lined(column.head))
                x += wide
            top += LEAST
            self._rule(painter, left, top)
        for row, high in list(zip(self.table.rows, self.heights, strict=True))[first:until]:
            self._row(painter, row, QRectF(left, top, self.width, high), sums=self._sums(row))
            top += high
            self._rule(painter, left, top)

    def _rule(self, painter: QPainter, left: float, at: float) -> None:
        painter.fillRect(QRectF(left, at - 0.5, self.width, 1), QColor(ROW_LINE))

    def _row(self, painter: QPainter, row: Sequence[Cell], place: QRectF, *, sums: bool) -> None:
        x, column = place.left(), 0
        for cell in row:
            wide = sum(self.wide[column : column + cell.span])
            right = self.table.columns[column].right and cell.span == 1
            box = QRectF(x + PAD, place.top(), wide - 2 * PAD, place.height())
            paint_cell(painter, cell, box, right=right, bold=cell.bold or sums)
            x, column = x + wide, column + cell.span

    def _sums(self, row: Sequence[Cell]) -> bool:
        return self.table.sums and row is self.table.rows[-1]

    def _shared(self, width: float) -> list[float]:
        """Each column as wide as its longest cell; what grows takes what is left, or gives way where that is little."""
        needs = [QFontMetricsF(font(11)).horizontalAdvance(column.head) for column in self.table.columns]
        for row in self.table.rows:
            column = 0
            for cell in row:
                if cell.span == 1:
                    needs[column] = max(needs[column], need(cell, bold=cell.bold or self._sums(row)))
                column += cell.span
        needs = [need + 2 * PAD + 1 for need in needs]
        growing = [n for n, column in enumerate(self.table.columns) if column.grows] or list(range(len(needs)))
        spare = width - sum(needs)
        whole = sum(needs[n] for n in growing)
        for n in growing:
            needs[n] += spare / len(growing) if spare > 0 else spare * needs[n] / whole
        return needs

    def _high(self, row: Sequence[Cell]) -> float:
        high, column = LEAST, 0
        for cell in row:
            wide = sum(self.wide[column : column + cell.span]) - 2 * PAD
            metrics = QFontMetricsF(_font(bold=cell.bold or self._sums(row)))
            high, column = max(high, tall(metrics, cell.words, wide) + 2 * AROUND), column + cell.span
        return high


def need(cell: Cell, *, bold: bool) -> float:
    """How wide a cell would be in one line."""
    if cell.pips:
        return PIP_STEP * cell.pips
    if cell.share is not None:
        return BAR_PX
    words = QFontMetricsF(_font(bold=bold)).horizontalAdvance(lined(cell.words))
    return words + (MARK_PX + MARK_GAP * bool(cell.words) if cell.severity else 0)


def paint_cell(painter: QPainter, cell: Cell, box: QRectF, *, right: bool, bold: bool) -> None:
    """Words, a mark before them, a bar or pips; in the light theme's colours."""
    middle = box.center().y()
    painter.setPen(Qt.PenStyle.NoPen)
    if cell.pips:
        painter.setBrush(QColor(COLOURS.get(cell.severity, COLOURS["low"])))
        for place in range(cell.pips):
            painter.drawRoundedRect(QRectF(box.left() + PIP_STEP * place, middle - 4.5, PIP_PX, 9), 3, 3)
        return
    if cell.share is not None:
        painter.setBrush(QColor(LIGHT.track))
        painter.drawRoundedRect(QRectF(box.left(), middle - 3, BAR_PX, 6), 3, 3)
        painter.setBrush(QColor("#CC6F00" if cell.tone == "late" else LIGHT.balance))
        painter.drawRoundedRect(QRectF(box.left(), middle - 3, max(6.0, BAR_PX * cell.share), 6), 3, 3)
        return
    if cell.severity:
        severity_mark(cell.severity).render(painter, QRectF(box.left(), middle - MARK_PX / 2, MARK_PX, MARK_PX))
        box = box.adjusted(MARK_PX + MARK_GAP, 0, 0, 0)
    painter.setFont(_font(bold=bold))
    painter.setPen(QColor(TONES[cell.tone]))
    way = Qt.AlignmentFlag.AlignRight if right else Qt.AlignmentFlag.AlignLeft
    breaks = breaking(QFontMetricsF(_font(bold=bold)), cell.words, box.width())
    painter.drawText(box, int(way | Qt.AlignmentFlag.AlignVCenter) | breaks, lined(cell.words))


def breaking(metrics: QFontMetricsF, words: str, wide: float) -> int:
    """Qt's flag for breaking lines: between words, inside one only where it is longer than a line."""
    longest = max((metrics.horizontalAdvance(word) for word in lined(words).split(" ")), default=0.0)
    return int(Qt.TextFlag.TextWordWrap if longest <= wide else Qt.TextFlag.TextWrapAnywhere)


def tall(metrics: QFontMetricsF, words: str, wide: float) -> float:
    """How high words are in lines of that width."""
    flags = breaking(metrics, words, wide)
    return metrics.boundingRect(QRectF(0, 0, wide, 10_000), flags, lined(words)).height()


def _font(*, bold: bool) -> QFont:
    return font(12, theme.STRONG if bold else theme.MEDIUM)
