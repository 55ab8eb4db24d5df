"""What a table shows: its columns, each row's cells, and which of them are others than before."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QPainter

from ui import spoken, text, theme

LEAST_PX = 40
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

    @property
    def way(self) -> Qt.AlignmentFlag:
        """Where its cells stand in their room."""
        side = Qt.AlignmentFlag.AlignLeft if self.left else Qt.AlignmentFlag.AlignRight
        if self.draws is not None:
            side = Qt.AlignmentFlag.AlignHCenter
        return side | Qt.AlignmentFlag.AlignVCenter

    @property
    def font(self) -> QFont:
        """What its texts are written in."""
        return theme.font(12, theme.STRONG if self.bold else theme.MEDIUM)


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
            return self.columns[column].way
        if role == Qt.ItemDataRole.FontRole:
            return self.columns[column].font
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
        return self.columns[section].way if role == Qt.ItemDataRole.TextAlignmentRole else None


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
