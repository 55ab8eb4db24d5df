"""The page of what is held: six figures, currencies, symbols and correlations, positions by score, and plans."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout

from monitors.ports import AccountFrame, Frame
from ui import theme
from ui.pages.page import Page
from ui.panels.figures import FigureStrip
from ui.panels.heat import HeatCard
from ui.panels.legs import LegsCard
from ui.panels.plan import PlanCard
from ui.panels.ranking import RankingCard
from ui.panels.shares import SharesCard

CARDS_PX, RANKING_PX, PLAN_PX = 236, 169, 212


class ExposurePage(Page):
    """Cards of fixed height over and under the positions, which take what is left and scroll."""

    def __init__(self) -> None:
        super().__init__()
        self.figures, self.legs, self.shares, self.heat = FigureStrip(), LegsCard(), SharesCard(), HeatCard()
        self.ranking, self.plan = RankingCard(), PlanCard()
        cards = QHBoxLayout()
        cards.setSpacing(theme.GAP)
        for card in (self.legs, self.shares, self.heat):
            card.setMinimumHeight(180)
            cards.addWidget(card, 1)
        self.plan.setMinimumHeight(150)
        self.ranking.setMinimumHeight(RANKING_PX)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(theme.GAP, theme.GAP, theme.GAP, theme.GAP)
        whole.setSpacing(theme.GAP)
        whole.addWidget(self.figures)
        whole.addLayout(cards, CARDS_PX)
        whole.addWidget(self.ranking, RANKING_PX)
        whole.addWidget(self.plan, PLAN_PX)

    def show_frame(self, frame: Frame, view: AccountFrame) -> None:
        self.figures.show_account(view)
        for card in (self.legs, self.shares, self.heat, self.ranking, self.plan):
            card.show_account(view, frame.at_ms)

    def point_at(self, rule: str, at: float | None, /) -> None:
        self.plan.list.choose(rule, at)


PAGE = ExposurePage
