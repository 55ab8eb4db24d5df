"""The page of all accounts: sums by currency over a grid of cards, those that need a person first."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QButtonGroup, QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from monitors.overview import calling, in_order, seen, sums
from monitors.ports import AccountFrame, AlertView, Frame
from ui import theme
from ui.pages.page import Page
from ui.panels.account_tile import AccountTile
from ui.panels.card import Label, button
from ui.panels.currency_card import CurrencyCard
from ui.panels.panel import scrolled

SUM_PX, TILE_PX = 112, 290
Takes = Callable[[AccountFrame, tuple[AlertView, ...]], bool]
FILTERS: dict[str, Takes] = {
    "All": lambda _view, _alerts: True,
    "Need you": lambda view, alerts: bool(calling(alerts, view.name)),
    "Armed": lambda view, _: view.mode == "armed" and not view.halt,
    "Halted": lambda view, _: view.halt is not None,
    "Observe": lambda view, _: view.mode == "observe",
    "Not connected": lambda view, _: not seen(view),
}


class AccountsPage(Page):
    """Cards are kept and filled again; a click on one shows that account on the first page."""

    def __init__(self) -> None:
        super().__init__()
        self._frame: Frame | None = None
        self.sums: list[CurrencyCard] = []
        self.tiles: list[AccountTile] = []
        self.filter = "All"
        self._columns = 0
        self._sums, bar, whole = QHBoxLayout(), QHBoxLayout(), QVBoxLayout(self)
        self._sums.setSpacing(theme.GAP)
        whole.setContentsMargins(theme.GAP, theme.GAP, theme.GAP, theme.GAP)
        whole.setSpacing(theme.GAP)
        group = QButtonGroup(self)
        self.filters = {name: button(name, "range", 12) for name in FILTERS}
        for name, one in self.filters.items():
            one.setCheckable(True)
            one.clicked.connect(lambda _=False, name=name: self._choose(name))
            group.addButton(one)
            bar.addWidget(one)
        self.filters["All"].setChecked(True)
        bar.addStretch(1)
        bar.addWidget(Label("Alerts first, then the least room", 11, theme.MEDIUM, theme.colours().faint))
        inside = QWidget()
        self._grid = QGridLayout(inside)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(theme.GAP)
        self.empty = Label("No account is among these", 12, theme.MEDIUM, theme.colours().faint)
        top = QWidget()
        top.setFixedHeight(SUM_PX)
        top.setLayout(self._sums)
        self._sums.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(top)
        whole.addLayout(bar)
        whole.addWidget(self.empty)
        whole.addWidget(scrolled(inside), 1)

    def show_frame(self, frame: Frame, view: AccountFrame) -> None:  # noqa: ARG002 -- all accounts, not the chosen one
        self._frame = frame
        self._show_sums(frame)
        for name, one in self.filters.items():
            one.setText(f"{name} {sum(FILTERS[name](account, frame.alerts) for account in frame.accounts)}")
        chosen = [a for a in in_order(frame.accounts, frame.alerts) if FILTERS[self.filter](a, frame.alerts)]
        self.empty.setVisible(not chosen)
        while len(self.tiles) < len(chosen):
            self.tiles.append(AccountTile())
            self.tiles[-1].wanted.connect(self.account_wanted)
            self._columns = 0
        self._arrange()
        for tile in self.tiles[len(chosen) :]:
            tile.hide()
        for tile, account in zip(self.tiles, chosen, strict=False):
            tile.show_account(account, frame)
            tile.show()

    def fit_width(self, width: int) -> None:
        columns = max(1, (width - theme.GAP) // (TILE_PX + theme.GAP))
        if columns != self._wanted:
            self._wanted, self._columns = columns, 0
            self._arrange()

    _wanted = 4

    def _arrange(self) -> None:
        """Put the tiles into the grid anew where their number or that of the columns is another."""
        if self._columns == self._wanted:
            return
        self._columns = self._wanted
        for tile in self.tiles:
            self._grid.removeWidget(tile)
        for place, tile in enumerate(self.tiles):
            self._grid.addWidget(tile, place // self._columns, place % self._columns)
        for column in range(self._grid.columnCount()):
            self._grid.setColumnStretch(column, 1 if column < self._columns else 0)
        for row in range(self._grid.rowCount()):
            self._grid.setRowStretch(row, 0)
        self._grid.setRowStretch(len(self.tiles) // self._columns + 1, 1)

    def _show_sums(self, frame: Frame) -> None:
        found = sums(frame.accounts)
        while len(self.sums) < len(found):
            self.sums.append(CurrencyCard())
            self._sums.addWidget(self.sums[-1], 1)
        for card in self.sums[len(found) :]:
            card.hide()
        for card, one in zip(self.sums, found, strict=False):
            card.show_sum(one)
            card.show()

    def _choose(self, name: str) -> None:
        self.filter = name
        if self._frame is not None and self._frame.accounts:
            self.show_frame(self._frame, self._frame.accounts[0])


PAGE = AccountsPage
