"""A table of texts and drawn cells: columns as wide as their longest text, only what has changed painted again."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeVar, cast

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, QPoint, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QContextMenuEvent, QFont, QFontMetrics, QPainter, QResizeEvent, QShowEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
)

from ui import spoken, text, theme
from ui.alone import alone
from ui.panels.card import title_around

PADDING_PX, HEAD_PADDING_PX, LEAST_PX, ROW_PX, HEAD_PX = 18, 22, 40, 27, 24
ASIDE_PX = 8
CHOSEN = QStyle.StateFlag.State_Selected | QStyle.StateFlag.State_HasFocus
Index = QModelIndex | QPersistentModelIndex
Fact = TypeVar("Fact")
Painter = Callable[[QPainter, QRectF, object], None]
"""Draws a cell's value into its room."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A head and how its cells stand; `draws` a picture of at least `least` pixels instead of a text."""

    head: str
    left: bool = False
    bold: bool = False
    draws: Painter | None = None
    least: int = LEAST_PX
    share: int = 1
    """Of the room that is left over."""
    tip: str = ""
    yields: int = 0
    """Where there is too little room the column that yields most is hidden first; 0 stays."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cells:
    """One row as it is painted: texts, and for each a colour; `tips` by column; `values` of drawn columns."""

    texts: tuple[str, ...]
    colours: tuple[str, ...]
    tips: tuple[tuple[int, str], ...] = ()
    values: tuple[tuple[int, object], ...] = ()

    def tip(self, column: int) -> str:
        """The tooltip of a cell; empty where it has none."""
        return next((words for place, words in self.tips if place == column), "")


class TableModel(QAbstractTableModel):
    """The rows as cells; only what is told to have changed is painted again."""

    def __init__(self, columns: Sequence[Column], parent: QObject) -> None:
        super().__init__(parent)
        self.columns = tuple(columns)
        self.facts: Sequence[object] = ()
        self._write: Callable[[object], Cells] | None = None
        self._written: dict[int, Cells] = {}

    def row(self, place: int) -> Cells:
        """One row, written when it is first asked for."""
        if place not in self._written and self._write is not None:
            self._written[place] = self._write(self.facts[place])
        return self._written[place]

    @property
    def rows(self) -> list[Cells]:
        """Every row."""
        return [self.row(place) for place in range(len(self.facts))]

    def replace(self, facts: Sequence[object], write: Callable[[object], Cells], seen: range) -> None:
        """Show other facts; where their number stays, the view keeps its place and repaints what changed of `seen`."""
        same, before = len(facts) == len(self.facts), self._written
        if not same:
            self.beginResetModel()
        self.facts, self._write, self._written = facts, write, {}
        if not same:
            self.endResetModel()
            return
        changed: dict[int, list[int]] = {}
        for place in seen:
            for column in _others(before.get(place), self.row(place), len(self.columns)):
                changed.setdefault(column, []).append(place)
        for column, places in changed.items():
            self.dataChanged.emit(self.index(places[0], column), self.index(places[-1], column))

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return 0 if parent.isValid() else len(self.facts)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return 0 if parent.isValid() else len(self.columns)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        row, column = self.row(index.row()), index.column()
        if role == Qt.ItemDataRole.DisplayRole:
            return row.texts[column]
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return spoken.spoken(row.texts[column] or str(dict(row.values).get(column, "")))
        if role == Qt.ItemDataRole.AccessibleDescriptionRole:
            return row.tip(column) or None
        if role == Qt.ItemDataRole.ForegroundRole:
            return QColor(theme.now(row.colours[column]))
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _aligned(self.columns[column])
        if role == Qt.ItemDataRole.FontRole:
            return _font(self.columns[column])
        if role == Qt.ItemDataRole.ToolTipRole:
            return text.plain_tip(row.tip(column)) or None
        return None

    def headerData(self, section: int, way: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if way is not Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return self.columns[section].head
        if role == Qt.ItemDataRole.ToolTipRole:
            return text.plain_tip(self.columns[section].tip) or None
        return _aligned(self.columns[section]) if role == Qt.ItemDataRole.TextAlignmentRole else None


class Plain(QStyledItemDelegate):
    """Paints a text as the style would, which asks the model eight times a cell; a chosen row is left to it."""

    def __init__(self, parent: QObject, model: TableModel, column: Column) -> None:
        super().__init__(parent)
        self._model, self._bold = model, column.bold
        self._font, self._way = _font(column), _aligned(column)

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


def _aligned(column: Column) -> Qt.AlignmentFlag:
    side = Qt.AlignmentFlag.AlignLeft if column.left else Qt.AlignmentFlag.AlignRight
    if column.draws is not None:
        side = Qt.AlignmentFlag.AlignHCenter
    return side | Qt.AlignmentFlag.AlignVCenter


def _others(before: Cells | None, now: Cells, columns: int) -> list[int]:
    """The columns in which a row looks other than before."""
    if before is None:
        return list(range(columns))
    were, are = dict(before.values), dict(now.values)
    return [
        n
        for n in range(columns)
        if (before.texts[n], before.colours[n]) != (now.texts[n], now.colours[n]) or were.get(n) != are.get(n)
    ]


def _font(column: Column) -> QFont:
    return theme.font(12, theme.STRONG if column.bold else theme.MEDIUM)


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
