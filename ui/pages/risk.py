"""The page of limits: drawdowns, distance to every rule, margin, and calculations on them."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from monitors.ports import AccountFrame, Frame
from ui import theme
from ui.pages.page import Page
from ui.panels.distances import DistancesCard
from ui.panels.falls import FallsCard
from ui.panels.margin import MarginCard
from ui.panels.releases import ReleasesCard
from ui.panels.rolls import RollStrip
from ui.panels.sizing import SizingCard
from ui.panels.unattended import UnattendedStrip
from ui.panels.underwater import UnderwaterCard
from ui.panels.what_if import WhatIfCard

MARGIN_PX, ASK_PX = 310, 300


class RiskPage(Page):
    """Three rows under what a dead machine would leave, and the warning of a reset if there is one."""

    least_high = 656

    def __init__(self) -> None:
        super().__init__()
        self.rolls, self.unattended = RollStrip(), UnattendedStrip(self.asked.emit)
        self.falls, self.underwater = FallsCard(), UnderwaterCard()
        self.distances, self.margin = DistancesCard(), MarginCard()
        self.releases, self.what_if, self.sizing = ReleasesCard(), WhatIfCard(), SizingCard()
        self.margin.setFixedWidth(MARGIN_PX)
        self.what_if.setFixedWidth(ASK_PX)
        self.sizing.setFixedWidth(MARGIN_PX)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(theme.GAP, theme.GAP, theme.GAP, theme.GAP)
        whole.setSpacing(theme.GAP)
        whole.addWidget(self.rolls)
        whole.addWidget(self.unattended)
        whole.addLayout(_row((self.falls, 1), (self.underwater, 1)), 20)
        whole.addLayout(_row((self.distances, 1), (self.margin, 0)), 22)
        whole.addLayout(_row((self.releases, 1), (self.what_if, 0), (self.sizing, 0)), 20)

    def show_frame(self, frame: Frame, view: AccountFrame) -> None:
        self.rolls.show_account(view, frame.at_ms)
        self.unattended.show_account(view, frame.at_ms)
        self.falls.show_account(view, frame.at_ms)
        self.underwater.show_account(view, frame.at_ms)
        self.distances.show_account(view, frame.at_ms)
        self.margin.show_account(view, frame.at_ms)
        self.releases.show_account(view, frame.at_ms)
        self.what_if.show_account(view, frame.at_ms)
        self.sizing.show_account(view, frame.at_ms)


def _row(*cards: tuple[QWidget, int]) -> QHBoxLayout:
    line = QHBoxLayout()
    line.setSpacing(theme.GAP)
    for card, stretch in cards:
        line.addWidget(card, stretch)
    return line


PAGE = RiskPage
