"""The positions table: lots to the step, prices to the digits, arrows beside colours."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt
from PySide6.QtGui import QColor, QFontMetrics, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QFrame, QHeaderView, QStackedLayout, QTableView, QWidget

from monitors.kinds import Side
from monitors.model import Position
from monitors.ports import AccountFrame, Link
from ui import text, theme
from ui.panels.account import is_past, remark
from ui.panels.card import Card, Label

HEADS = ("Symbol", "Side", "Lots", "Open", "Now", "S/L", "Swap", "P/L", "State")
LEFT = {0, 1, 8}
Index = QModelIndex | QPersistentModelIndex
BOLD = {0, 1, 2, 4, 7}
PADDING_PX, LEAST_PX, LEAST_HIGH_PX = 18, 40, 176
ROW_PX = 27


@dataclass(frozen=True, slots=True, kw_only=True)
class Cells:
    """One row as it is painted: texts, and for each a colour."""

    texts: tuple[str, ...]
    colours: tuple[str, ...]


def cells(position: Position, view: AccountFrame) -> Cells:
    """One position's row; what a blind account cannot know is a dash."""
    c, past = theme.colours(), is_past(view)
    digits = view.price_digits.get(position.symbol, 5)
    money = view.account.digits if view.account else 2
    way = c.curve if position.side is Side.BUY else c.loss
    texts = (
        position.symbol,
        text.side(position.side),
        text.number(position.lots, view.volume_digits.get(position.symbol, 2)),
        text.price(position.open, digits),
        text.DASH if past else text.price(position.price, digits),
        text.price(position.stop, digits),
        text.signed(position.swap, money),
        text.DASH if past else text.signed(position.profit, money),
        view.position_states.get(position.identifier, "last known" if past else "open"),
    )
    shades = (c.text, way, c.text, c.soft, c.text, c.soft, c.soft, c.gain(position.profit), c.soft)
    return Cells(texts=texts, colours=(c.faint,) * len(HEADS) if past else shades)


class PositionsModel(QAbstractTableModel):
    """The rows as cells; only what is told to have changed is painted again."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._rows: list[Cells] = []

    def show_rows(self, rows: list[Cells]) -> None:
        if len(rows) != len(self._rows):
            self.beginResetModel()
            self._rows = rows
            self.endResetModel()
            return
        before, self._rows = self._rows, rows
        for index, (old, new) in enumerate(zip(before, rows, strict=True)):
            if old != new:
                self.dataChanged.emit(self.index(index, 0), self.index(index, len(HEADS) - 1))

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return 0 if parent.isValid() else len(HEADS)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        row, column = self._rows[index.row()], index.column()
        if role == Qt.ItemDataRole.DisplayRole:
            return row.texts[column]
        if role == Qt.ItemDataRole.ForegroundRole:
            return QColor(row.colours[column])
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _aligned(column)
        if role == Qt.ItemDataRole.FontRole:
            return theme.font(12, theme.STRONG if column in BOLD else theme.MEDIUM)
        return None

    def headerData(self, section: int, way: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if way is not Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return HEADS[section]
        return _aligned(section) if role == Qt.ItemDataRole.TextAlignmentRole else None


class Table(QTableView):
    """Columns as wide as their longest text, what is left over shared; the last gives way where there is too little."""

    def __init__(self) -> None:
        super().__init__()
        self._needs = [LEAST_PX] * len(HEADS)

    def fit(self, rows: list[Cells]) -> None:
        """Make room for these rows; columns only grow while the number of rows stays, so that nothing jumps about."""
        needs = [_need(column, [row.texts[column] for row in rows]) for column in range(len(HEADS))]
        if self.model().rowCount() == len(rows):
            needs = [max(pair) for pair in zip(needs, self._needs, strict=True)]
        if needs != self._needs:
            self._needs = needs
            self._share()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._share()

    def _share(self) -> None:
        spare = self.viewport().width() - sum(self._needs)
        for column, need in enumerate(self._needs):
            self.setColumnWidth(column, need + max(0, spare) // len(HEADS))
        if spare < 0:
            self.setColumnWidth(len(HEADS) - 1, max(LEAST_PX, self._needs[-1] + spare))


class PositionsCard(Card):
    """The table under its count and the floating result; a sentence where there is nothing to list."""

    def __init__(self) -> None:
        super().__init__("Positions", caps=False, margins=(14, 9, 14, 8))
        self.setMinimumHeight(LEAST_HIGH_PX)
        c = theme.colours()
        self.number = Label("", 12, theme.MEDIUM, c.faint)
        self.head.insertWidget(1, self.number)
        self.remark.setFont(theme.font(12))
        self.floating = Label("", 12, theme.STRONG, c.text)
        self.head.addWidget(self.floating)
        self.model = PositionsModel(self)
        self.table = _table(self.model)
        self.empty = Label("No positions", 13, theme.MEDIUM, c.faint)
        self.empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        holder = QWidget()
        self._pages = QStackedLayout(holder)
        self._pages.setContentsMargins(0, 0, 0, 0)
        self._pages.addWidget(self.table)
        self._pages.addWidget(self.empty)
        self.body.addWidget(holder, 1)

    def show_account(self, view: AccountFrame, now_ms: int) -> None:
        c, past, account = theme.colours(), is_past(view), view.account
        self.number.say(str(len(view.positions)) if view.positions else "")
        rows = [cells(position, view) for position in view.positions]
        self.table.fit(rows)
        self.model.show_rows(rows)
        self._pages.setCurrentWidget(self.table if view.positions else self.empty)
        self.empty.say(_emptiness(view))
        total = sum(position.profit + position.swap for position in view.positions)
        pending = [text.count(len(view.orders), "pending order")] if view.orders else []
        if past:
            self.remark.say(remark(view, now_ms))
            self.floating.say("")
        else:
            self.remark.say(text.DOT.join([*pending, *(["Floating incl. swap"] if view.positions else [])]))
            shown = f"{text.signed(total, account.digits)} {account.currency}" if account and view.positions else ""
            self.floating.say(shown, c.gain(total))


def _emptiness(view: AccountFrame) -> str:
    if view.link is Link.WAITING:
        return "Waiting for the first reading"
    if view.account is None:
        return "Positions unknown"
    return "No positions when last seen" if is_past(view) else "No positions"


def _aligned(column: int) -> Qt.AlignmentFlag:
    side = Qt.AlignmentFlag.AlignLeft if column in LEFT else Qt.AlignmentFlag.AlignRight
    return side | Qt.AlignmentFlag.AlignVCenter


def _need(column: int, texts: list[str]) -> int:
    """Pixels for the longest text by letters; figures are of one width, so that is the widest of a column."""
    head = QFontMetrics(theme.font(11)).horizontalAdvance(HEADS[column])
    longest = max(texts, key=len, default="")
    wide = QFontMetrics(theme.font(12, theme.STRONG if column in BOLD else theme.MEDIUM)).horizontalAdvance(longest)
    return max(head, wide, LEAST_PX - PADDING_PX) + PADDING_PX


def _table(model: PositionsModel) -> Table:
    table = Table()
    table.setModel(model)
    table.setShowGrid(False)
    table.setFrameShape(QFrame.Shape.NoFrame)
    table.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
    table.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    table.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    table.setWordWrap(False)
    rows, columns = table.verticalHeader(), table.horizontalHeader()
    rows.hide()
    rows.setMinimumSectionSize(10)
    rows.setDefaultSectionSize(ROW_PX)
    columns.setFont(theme.font(11))
    columns.setHighlightSections(False)
    columns.setSectionsClickable(False)
    columns.setMinimumSectionSize(40)
    columns.setFixedHeight(24)
    columns.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
    return table
