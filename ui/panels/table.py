"""A table of texts and drawn cells: columns as wide as their longest text, only what has changed painted again."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import cast

from PySide6.QtCore import QObject, QPoint, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QContextMenuEvent, QFontMetrics, QPainter, QResizeEvent, QShowEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
)

from ui import spoken, theme
from ui.alone import alone
from ui.panels.card import title_around
from ui.panels.cells import LEAST_PX, Cells, Column, Fact, Index, TableModel

PADDING_PX, HEAD_PADDING_PX, ROW_PX, HEAD_PX = 18, 22, 27, 24
ASIDE_PX = 8
CHOSEN = QStyle.StateFlag.State_Selected | QStyle.StateFlag.State_HasFocus


class Plain(QStyledItemDelegate):
    """Paints a text as the style would, which asks the model eight times a cell; a chosen row is left to it."""

    def __init__(self, parent: QObject, model: TableModel, column: Column) -> None:
        super().__init__(parent)
        self._model, self._bold = model, column.bold
        self._font, self._way = column.font, column.way

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        row, column = self._model.row(index.row()), index.column()
        room = option.rect.adjusted(ASIDE_PX, 0, -ASIDE_PX, 0)
        words = row.texts[column]
        if option.state & CHOSEN or _wide(words, bold=self._bold) > room.width():
            super().paint(painter, option, index)
            return
        painter.setPen(QColor(theme.colours().line))
        painter.drawLine(option.rect.bottomLeft(), option.rect.bottomRight())
        painter.setFont(self._font)
        painter.setPen(QColor(theme.now(row.colours[column])))
        painter.drawText(room, self._way, words)


class Drawn(QStyledItemDelegate):
    """Paints the cells of a column by that column's painter."""

    def __init__(self, parent: QObject, model: TableModel) -> None:
        super().__init__(parent)
        self._model = model

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        super().paint(painter, option, index)
        draws = self._model.columns[index.column()].draws
        found = dict(self._model.row(index.row()).values).get(index.column())
        if draws is not None and found is not None:
            painter.save()
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            draws(painter, QRectF(option.rect).adjusted(6, 0, -6, 0), found)
            painter.restore()


class Table(QTableView):
    """What room is left over is shared; the last column gives way where there is too little."""

    menu_wanted = Signal(int, QPoint)
    """The row that is asked about, and where on the screen; of a table that can be chosen from."""

    def __init__(self, columns: Sequence[Column], *, row_px: int = ROW_PX, choosable: bool = False) -> None:
        """`choosable`: arrows choose a row once the table has the focus, and a right click or the menu key asks."""
        super().__init__()
        self._choosable = choosable
        self.source = TableModel(columns, self)
        self._needs = [column.least for column in columns]
        self.setModel(self.source)
        for place, column in enumerate(columns):
            kind = Plain(self, self.source, column) if column.draws is None else Drawn(self, self.source)
            self.setItemDelegateForColumn(place, kind)
        self.setShowGrid(False)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        one, none = QAbstractItemView.SelectionMode.SingleSelection, QAbstractItemView.SelectionMode.NoSelection
        self.setSelectionMode(one if choosable else none)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setTabKeyNavigation(False)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setWordWrap(False)
        rows, heads = self.verticalHeader(), self.horizontalHeader()
        rows.hide()
        rows.setMinimumSectionSize(10)
        rows.setDefaultSectionSize(row_px)
        heads.setFont(theme.font(11))
        heads.setHighlightSections(False)
        heads.setSectionsClickable(False)
        heads.setMinimumSectionSize(LEAST_PX)
        heads.setFixedHeight(HEAD_PX)
        heads.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.verticalScrollBar().valueChanged.connect(self._fit)

    def show_rows(self, rows: Sequence[Cells]) -> None:
        """Show rows that are written already."""
        self.show_facts(rows, lambda row: row)

    def show_facts(self, facts: Sequence[Fact], write: Callable[[Fact], Cells]) -> None:
        """Show a row a fact; only those that are seen are written, so that many cost no more than a few."""
        if len(self.source.facts) != len(facts):
            self._needs = [column.least for column in self.source.columns]
        self.source.replace(facts, cast("Callable[[object], Cells]", write), self._seen(len(facts)))
        self._fit()

    def _seen(self, count: int) -> range:
        """The rows that are in sight."""
        first = max(0, self.rowAt(0))
        return range(
            first, min(count, first + self.viewport().height() // self.verticalHeader().defaultSectionSize() + 2)
        )

    def _fit(self) -> None:
        """Make room for the rows in sight, and for the last, which sums; columns only grow while the count stays."""
        count = len(self.source.facts)
        rows = [self.source.row(place) for place in sorted({*self._seen(count), *range(max(0, count - 1), count)})]
        needs = [
            max(before, _need(column, [row.texts[place] for row in rows]))
            for place, (column, before) in enumerate(zip(self.source.columns, self._needs, strict=True))
        ]
        if needs != self._needs:
            self._needs = needs
            self._share()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        spoken.name(self, title_around(self))

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        by_key = event.reason() is QContextMenuEvent.Reason.Keyboard
        place = self.currentIndex() if by_key else self.indexAt(event.pos())
        if not self._choosable or not place.isValid():
            return
        below = self.viewport().mapToGlobal(self.visualRect(place).bottomLeft())
        self.menu_wanted.emit(place.row(), below if by_key else event.globalPos())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()
        self._share()

    def _share(self) -> None:
        columns, room = self.source.columns, self.viewport().width()
        shown = list(range(len(columns)))
        for place in sorted((n for n in shown if columns[n].yields), key=lambda n: -columns[n].yields):
            if sum(self._needs[n] for n in shown) > room:
                shown.remove(place)
        spare = room - sum(self._needs[n] for n in shown)
        unit = max(0, spare) / max(1, sum(columns[n].share for n in shown))
        for place, need in enumerate(self._needs):
            self.setColumnHidden(place, place not in shown)
            self.setColumnWidth(place, need + int(unit * columns[place].share))
        if spare < 0:
            self.setColumnWidth(len(columns) - 1, max(LEAST_PX, self._needs[-1] + spare))


def _need(column: Column, texts: list[str]) -> int:
    """Pixels for the widest text: of words each is measured, of figures, whose digits are of one width, the longest."""
    head = QFontMetrics(theme.font(11)).horizontalAdvance(column.head)
    candidates = set(texts) if column.left else {max(texts, key=len, default="")}
    wide = max((_wide(words, bold=column.bold) for words in candidates), default=0)
    return max(head + HEAD_PADDING_PX if head else 0, wide + PADDING_PX, column.least)


@lru_cache(maxsize=4_096)
def _wide(words: str, *, bold: bool) -> int:
    return QFontMetrics(theme.font(12, theme.STRONG if bold else theme.MEDIUM)).horizontalAdvance(words)


if __name__ == "__main__":
    alone(
        lambda: Table((Column(head="Symbol", left=True), Column(head="P/L"))),
        lambda widget: widget.show_rows(
            [Cells(texts=("EURUSD", "+12.50"), colours=(theme.colours().text, theme.colours().profit))]
        ),
    )
