"""The page that watches: margin gauge, account and limits, charts over positions, the stop over the alerts."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QHBoxLayout

from monitors.ports import AccountFrame, Command, Frame
from ui import theme
from ui.charts.card import ChartsCard
from ui.pages.page import Page, column
from ui.panels.account import AccountCard
from ui.panels.alerts import AlertsCard
from ui.panels.automation import AutomationCard
from ui.panels.gauge import GaugeCard
from ui.panels.limits import LimitsCard
from ui.panels.positions import PositionsCard
from ui.panels.stop import StopPlate

LEFT_PX, RIGHT_PX, GAUGE_PX = 236, 318, 202
WIDE_FROM_PX, WIDE_LEFT_PX, WIDE_RIGHT_PX, WIDE_GAUGE_PX = 1_600, 284, 360, 250


class MonitorPage(Page):
    """Three columns; the one page that holds the plate and the list of alerts."""

    def __init__(self, send: Callable[[Command], None], acknowledge: Callable[[int], None]) -> None:
        super().__init__()
        self.gauge, self.account, self.limits = GaugeCard(), AccountCard(), LimitsCard()
        self.automation = AutomationCard()
        self.charts, self.positions = ChartsCard(), PositionsCard()
        self.stop, self.alerts = StopPlate(send), AlertsCard(acknowledge)
        columns = QHBoxLayout(self)
        columns.setContentsMargins(theme.GAP, theme.GAP, theme.GAP, theme.GAP)
        columns.setSpacing(theme.GAP)
        cards = (self.gauge, 0), (self.account, 0), (self.limits, 1), (self.automation, 0)
        self.left = column(*cards, gap=theme.GAP)
        self.right = column((self.stop, 0), (self.alerts, 1), gap=theme.GAP)
        columns.addWidget(self.left)
        columns.addWidget(column((self.charts, 3), (self.positions, 1), gap=theme.GAP), 1)
        columns.addWidget(self.right)

    def show_frame(self, frame: Frame, view: AccountFrame) -> None:
        self.gauge.show_account(view, frame.at_ms)
        self.account.show_account(view, frame.at_ms)
        self.limits.show_account(view, frame.at_ms)
        self.automation.show_account(view)
        self.charts.show_account(view, frame.at_ms)
        self.positions.show_account(view, frame.at_ms)
        self.alerts.show_frame(frame, view.name)

    def fit_width(self, width: int) -> None:
        wide = width >= WIDE_FROM_PX
        self.left.setFixedWidth(WIDE_LEFT_PX if wide else LEFT_PX)
        self.right.setFixedWidth(WIDE_RIGHT_PX if wide else RIGHT_PX)
        self.gauge.setFixedHeight(WIDE_GAUGE_PX if wide else GAUGE_PX)
