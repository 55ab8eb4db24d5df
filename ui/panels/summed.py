"""A table of whole rows only; where its last one sums the others it stays in sight under them."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QWidget

from ui import theme
from ui.alone import alone
from ui.panels.cells import Cells, Column, Fact
from ui.panels.table import HEAD_PX, ROW_PX, Table


class _Sum(Table):
    """Its columns are as wide as those above it."""

    def _share(self) -> None:
        pass


class SummedTable(QWidget):
    """Two views of one list of rows: the one above scrolls by whole rows, the one under it shows the sum."""

    def __init__(self, columns: Sequence[Column], *, row_px: int = ROW_PX) -> None:
        super().__init__()
        self._row_px = row_px
        self.table, self.sum = Table(columns, row_px=row_px), _Sum(columns, row_px=row_px)
        for one in (self.table, self.sum):
            one.setParent(self)
        self.table.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerItem)
        self.sum.horizontalHeader().hide()
        self.sum.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.table.horizontalHeader().sectionResized.connect(self._follow)
        self.setMinimumHeight(HEAD_PX + 2 * row_px)

    def show_rows(self, rows: Sequence[Cells], *, summed: bool) -> None:
        """`summed`: the last of them is the sum."""
        self.table.show_rows(rows)
        for place in range(len(rows)):
            self.table.setRowHidden(place, summed and place == len(rows) - 1)
        self.sum.show_rows(rows[-1:] if summed else [])
        self.sum.setVisible(summed)
        self._lay_out()

    def show_facts(self, facts: Sequence[Fact], cells: Callable[[Fact], Cells]) -> None:
        """As a table does it, which asks for the rows in sight alone; there is no sum."""
        self.table.show_facts(facts, cells)
        self.sum.setVisible(False)
        self._lay_out()

    def in_order(self) -> tuple[QWidget, ...]:
        """Tab goes from the rows to their sum."""
        return self.table, self.sum

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._lay_out()

    def _lay_out(self) -> None:
        summed = self._row_px if self.sum.isVisibleTo(self) else 0
        shown = len(self.table.source.facts) - (1 if summed else 0)
        fit = max(1, min(shown, (self.height() - HEAD_PX - summed) // self._row_px))
        high = HEAD_PX + fit * self._row_px
        self.table.setGeometry(0, 0, self.width(), high)
        self.sum.setGeometry(0, high, self.width(), self._row_px)
        self._follow()

    def _follow(self) -> None:
        """The sum stands under the columns that it sums."""
        for place in range(len(self.table.source.columns)):
            self.sum.setColumnHidden(place, self.table.isColumnHidden(place))
            self.sum.setColumnWidth(place, self.table.columnWidth(place))


if __name__ == "__main__":
    alone(
        lambda: SummedTable((Column(head="Symbol", left=True), Column(head="P/L"))),
        lambda widget: widget.show_rows(
            [
                Cells(texts=(name, "+12.50"), colours=(theme.colours().text, theme.colours().profit))
                for name in ("EURUSD", "XAUUSD", "Both")
            ],
            summed=True,
        ),
    )
