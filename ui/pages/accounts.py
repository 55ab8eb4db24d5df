"""The page of all accounts: sums by currency over a grid of cards, those that need a person first."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QVBoxLayout, QWidget

from monitors.overview import in_order, seen, sums, waiting_by_account
from monitors.ports import AccountFrame, AlertView, Frame
from ui import theme
from ui.pages.page import Page
from ui.panels.account_tile import AccountTile
from ui.panels.card import Label, button
from ui.panels.currency_card import CurrencyCard
from ui.panels.panel import scrolled
from ui.panels.tile_grid import TileGrid
from ui.words import tr

SUM_PX, TILE_PX = 112, 290
Takes = Callable[[AccountFrame, tuple[AlertView, ...]], bool]
"""Whether an account is among these, by itself and by its alerts that wait for a person."""
FILTERS: dict[str, Takes] = {
    "All": lambda _view, _alerts: True,
    "Need you": lambda _view, waiting: bool(waiting),
    "Armed": lambda view, _: view.mode == "armed" and not view.halt,
    "Halted": lambda view, _: view.halt is not None,
    "Observe": lambda view, _: view.mode == "observe",
    "Not connected": lambda view, _: not seen(view),
}

NAMES = {
    "All": tr("All"),
    "Need you": tr("Need you"),
    "Armed": tr("Armed"),
    "Halted": tr("Halted"),
    "Observe": tr("Observe"),
    "Not connected": tr("Not connected"),
}


class AccountsPage(Page):
    """A click on a card shows that account on the first page."""

    def __init__(self) -> None:
        super().__init__()
        self._frame: Frame | None = None
        self.sums: list[CurrencyCard] = []
        self.filter = "All"
        self._sums, bar, whole = QHBoxLayout(), QHBoxLayout(), QVBoxLayout(self)
        self._sums.setSpacing(theme.GAP)
        whole.setContentsMargins(theme.GAP, theme.GAP, theme.GAP, theme.GAP)
        whole.setSpacing(theme.GAP)
        group = QButtonGroup(self)
        self.filters = {name: button(NAMES[name], "range", 12) for name in FILTERS}
        for name, one in self.filters.items():
            one.setCheckable(True)
            one.clicked.connect(lambda _=False, name=name: self._choose(name))
            group.addButton(one)
            bar.addWidget(one)
        self.filters["All"].setChecked(True)
        bar.addStretch(1)
        bar.addWidget(Label(tr("Alerts first, then the least room"), 11, theme.MEDIUM, theme.colours().faint))
        self.grid = TileGrid()
        self.grid.wanted.connect(self.account_wanted)
        self.area = scrolled(self.grid)
        self.empty = Label(tr("No account is among these"), 12, theme.MEDIUM, theme.colours().faint)
        top = QWidget()
        top.setFixedHeight(SUM_PX)
        top.setLayout(self._sums)
        self._sums.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(top)
        whole.addLayout(bar)
        whole.addWidget(self.empty)
        whole.addWidget(self.area, 1)

    @property
    def tiles(self) -> list[AccountTile]:
        """The cards that are there: those of accounts in sight."""
        return self.grid.tiles

    def show_frame(self, frame: Frame, view: AccountFrame) -> None:  # noqa: ARG002 -- all accounts, not the chosen one
        self._frame, waiting = frame, waiting_by_account(frame.alerts)
        self._show_sums(frame)
        for name, one in self.filters.items():
            one.setText(f"{NAMES[name]} {sum(FILTERS[name](a, waiting.get(a.name, ())) for a in frame.accounts)}")
        takes = FILTERS[self.filter]
        chosen = [a for a in in_order(frame.accounts, frame.alerts) if takes(a, waiting.get(a.name, ()))]
        self.empty.setVisible(not chosen)
        self.grid.show_accounts(chosen, waiting, frame.at_ms)

    def fit_width(self, width: int) -> None:
        self.grid.fit_columns(max(1, (width - theme.GAP) // (TILE_PX + theme.GAP)))

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
