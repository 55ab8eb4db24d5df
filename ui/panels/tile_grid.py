"""The cards of all accounts under each other, of which only those in sight and a row beyond are there at all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Signal
from PySide6.QtGui import QMoveEvent, QResizeEvent
from PySide6.QtWidgets import QWidget

from monitors.ports import AccountFrame, AlertView
from ui import theme
from ui.alone import alone
from ui.panels.account_tile import HIGH, AccountTile

ROW_PX = HIGH + theme.GAP
BEYOND = 1
"""Rows kept above and below what is in sight, so that the keys reach them."""


class TileGrid(QWidget):
    """Inside a scroll area. A card keeps its account while it is scrolled and is filled again once it is out of it."""

    wanted = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.tiles: list[AccountTile] = []
        self.columns = 4
        self._views: Sequence[AccountFrame] = ()
        self._waiting: Mapping[str, tuple[AlertView, ...]] = {}
        self._now_ms = 0

    def show_accounts(self, views: Sequence[AccountFrame], waiting: Mapping[str, tuple[AlertView, ...]],
                      now_ms: int) -> None:  # fmt: skip
        """`waiting`: by account the alerts that wait for a person."""
        self._views, self._waiting, self._now_ms = views, waiting, now_ms
        self._fill()

    def in_order(self) -> list[AccountTile]:
        """The cards that are there, row by row: Tab goes through them so."""
        return sorted((tile for tile in self.tiles if not tile.isHidden()), key=lambda tile: (tile.y(), tile.x()))

    def relook(self) -> None:
        """Cards of another look in the place of these."""
        for tile in self.tiles:
            tile.hide()
            tile.deleteLater()
        self.tiles.clear()
        self._fill()

    def fit_columns(self, columns: int) -> None:
        """So many cards beside each other."""
        if columns != self.columns:
            self.columns = columns
            self._fill()

    def moveEvent(self, event: QMoveEvent) -> None:
        super().moveEvent(event)
        self._fill()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fill()

    def _fill(self) -> None:
        """Put the cards where the accounts in sight are, and show these on them."""
        self.setMinimumHeight(ROW_PX * -(-len(self._views) // self.columns))
        first, last = self._in_sight()
        places = range(first * self.columns, min(last * self.columns, len(self._views)))
        while len(self.tiles) < len(places):
            tile = AccountTile()
            tile.setParent(self)
            tile.wanted.connect(self.wanted)
            self.tiles.append(tile)
        used = set()
        wide = (self.width() - theme.GAP * (self.columns - 1)) // self.columns
        for place in places:
            used.add(number := place % len(self.tiles))
            tile, view = self.tiles[number], self._views[place]
            row, column = divmod(place, self.columns)
            tile.setGeometry(column * (wide + theme.GAP), row * ROW_PX, wide, HIGH)
            tile.show_account(view, self._waiting.get(view.name, ()), self._now_ms)
            tile.show()
        for number, tile in enumerate(self.tiles):
            if number not in used:
                tile.hide()

    def _in_sight(self) -> tuple[int, int]:
        """The first row, and the one after the last."""
        parent = self.parentWidget()
        high = parent.height() if parent else self.height()
        first = max(0, -self.y() // ROW_PX - BEYOND)
        return first, (high - self.y()) // ROW_PX + 1 + BEYOND


if __name__ == "__main__":
    alone(TileGrid, lambda widget, view, now_ms: widget.show_accounts((view,), {}, now_ms))
