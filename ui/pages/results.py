"""The page of results: all accounts together, then one account by symbol, strategy and timeframe."""

from __future__ import annotations

from PySide6.QtWidgets import QGridLayout, QVBoxLayout

from monitors.ports import AccountFrame, Frame
from ui import theme
from ui.pages.page import Page
from ui.panels.apart import ApartCard
from ui.panels.desk import DeskStrip
from ui.panels.statistics import StatisticsCard
from ui.panels.tallies import AccountsCard, TalliesCard
from ui.words import tr


class ResultsPage(Page):
    """The sums over a grid of tables; each scrolls inside its card."""

    def __init__(self) -> None:
        super().__init__()
        self.desk = DeskStrip()
        self.symbols = TalliesCard(tr("By symbol"), tr("Symbol"), lambda found: found.symbols,
                                   lambda held: {line.symbol: line.gross for line in held.symbols})  # fmt: skip
        self.strategies = TalliesCard(tr("By strategy"), tr("Strategy"), lambda found: found.strategies,
                                      lambda held: {line.name: line.gross for line in held.strategies})  # fmt: skip
        self.timeframes = TalliesCard(tr("By timeframe"), tr("Timeframe"), lambda found: found.timeframes)
        self.accounts = AccountsCard()
        self.statistics, self.apart = StatisticsCard(), ApartCard()
        grid = QGridLayout()
        grid.setSpacing(theme.GAP)
        grid.addWidget(self.symbols, 0, 0)
        grid.addWidget(self.strategies, 0, 1)
        grid.addWidget(self.timeframes, 1, 0)
        grid.addWidget(self.accounts, 1, 1)
        grid.addWidget(self.statistics, 2, 0)
        grid.addWidget(self.apart, 2, 1)
        for column in range(2):
            grid.setColumnStretch(column, 1)
        for row, stretch in enumerate((1, 1, 1)):
            grid.setRowStretch(row, stretch)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(theme.GAP, theme.GAP, theme.GAP, theme.GAP)
        whole.setSpacing(theme.GAP)
        whole.addWidget(self.desk)
        whole.addLayout(grid, 1)

    def show_frame(self, frame: Frame, view: AccountFrame) -> None:
        self.desk.show_frame(frame)
        self.accounts.show_frame(frame)
        self.symbols.show_account(view, frame.at_ms)
        self.strategies.show_account(view, frame.at_ms)
        self.timeframes.show_account(view, frame.at_ms)
        self.statistics.show_account(view, frame.at_ms)
        self.apart.show_account(view, frame.at_ms)


PAGE = ResultsPage
