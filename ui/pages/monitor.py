"""The page that watches: margin gauge, account and limits, charts over positions, the stop over the alerts."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from monitors.ports import AccountFrame, Acknowledge, Command, Frame, Shelve
from ui import text, theme
from ui.charts.card import ChartsCard
from ui.later import Later
from ui.pages.page import Page, column
from ui.panels.account import AccountCard
from ui.panels.alert_detail import AlertDetail
from ui.panels.alert_load import AlertLoadCard
from ui.panels.alerts import AlertsCard
from ui.panels.automation import AutomationCard
from ui.panels.gauge import GaugeCard
from ui.panels.limits import LimitsCard
from ui.panels.positions import PositionsCard
from ui.panels.stop import StopPlate

LEFT_PX, RIGHT_PX, GAUGE_PX = 236, 318, 202
LOAD_FROM_PX = 660
"""Lower, the list of alerts needs the room."""
WIDE_FROM_PX, WIDE_LEFT_PX, WIDE_RIGHT_PX, WIDE_GAUGE_PX = 1_600, 284, 360, 250


class MonitorPage(Page):
    """Three columns; the one page that holds the plate and the list of alerts."""

    def __init__(self, send: Callable[[Command], None]) -> None:
        super().__init__()
        self._send = send
        self._frame: Frame | None = None
        self._view: AccountFrame | None = None
        self._turn = Later(self, self._show_rest)
        self.gauge, self.account, self.limits = GaugeCard(), AccountCard(), LimitsCard()
        self.automation = AutomationCard()
        self.charts, self.positions = ChartsCard(), PositionsCard(send)
        self.stop, self.alerts, self.load = StopPlate(send), AlertsCard(self.acknowledge), AlertLoadCard()
        self.detail, self.opened = AlertDetail(self.acknowledge), 0
        """The pane of one alert, and that alert's number; 0: it is closed."""
        self.alerts.opened.connect(self.open_detail)
        self.detail.closed.connect(self.close_detail)
        self.detail.shelve.chosen.connect(lambda minutes: self._send(Shelve(self.detail.number, minutes)))
        self.detail.hide()
        columns = QHBoxLayout(self)
        columns.setContentsMargins(theme.GAP, theme.GAP, theme.GAP, theme.GAP)
        columns.setSpacing(theme.GAP)
        cards = (self.gauge, 0), (self.account, 0), (self.limits, 1), (self.automation, 0)
        self.left = column(*cards, gap=theme.GAP)
        self.right = column((self.stop, 0), (self.alerts, 1), (self.load, 0), gap=theme.GAP)
        columns.addWidget(self.left)
        upper = QWidget()
        beside = QHBoxLayout(upper)
        beside.setContentsMargins(0, 0, 0, 0)
        beside.setSpacing(theme.GAP)
        beside.addWidget(self.charts, 1)
        beside.addWidget(self.detail)
        columns.addWidget(column((upper, 3), (self.positions, 1), gap=theme.GAP), 1)
        columns.addWidget(self.right)

    def show_frame(self, frame: Frame, view: AccountFrame) -> None:
        self.gauge.show_account(view, frame.at_ms)
        self.account.show_account(view, frame.at_ms)
        self.limits.show_account(view, frame.at_ms)
        self.automation.show_account(view)
        self._frame, self._view = frame, view
        self._turn.start()
        self.alerts.show_frame(frame, view.name, self.opened)
        self.load.show_load(frame.load)
        self._show_detail(frame, view)

    def settle(self) -> None:
        self._turn.settle()

    def _show_rest(self) -> None:
        """Charts and positions, in a turn of their own, once what was drawn before them has been painted."""
        if self._frame is not None and self._view is not None:
            self.charts.show_account(self._view, self._frame.at_ms)
            self.positions.show_account(self._view, self._frame.at_ms)

    def acknowledge(self, number: int) -> None:
        """A person has seen that alert's row: every occurrence of its level that nobody had seen."""
        alerts = self._frame.alerts if self._frame else ()
        place = next((alert.place for alert in alerts if alert.number == number), None)
        for alert in alerts:
            if alert.place == place and alert.acknowledged_ms is None:
                self._send(Acknowledge(alert.number))

    def open_detail(self, number: int) -> None:
        """Show the pane of that alert beside the charts; asked for again it closes."""
        if number == self.opened:
            self.close_detail()
        else:
            self.show_detail(number)

    def show_detail(self, number: int) -> None:
        """Show the pane of that alert."""
        self.opened = number
        alert = next((one for one in self._frame.alerts if one.number == number), None) if self._frame else None
        if alert is not None:
            self.account_wanted.emit(alert.account)
        self._redraw()

    def escape(self) -> None:
        """Let go of a threshold that is being dragged, else close the pane."""
        if not self.charts.dragging.cancel():
            self.close_detail()

    def close_detail(self) -> None:
        """The charts have their room again."""
        self.opened = 0
        self._redraw()

    def _redraw(self) -> None:
        if self._frame is not None and self._view is not None:
            self.show_frame(self._frame, self._view)

    def _show_detail(self, frame: Frame, view: AccountFrame) -> None:
        """An alert that is listed no more closes its pane."""
        alert = next((one for one in frame.alerts if one.number == self.opened), None)
        self.opened = alert.number if alert else 0
        self.detail.setVisible(alert is not None)
        self.charts.set_narrow(narrow=alert is not None and self.width() < WIDE_FROM_PX)
        if alert is None:
            self.charts.mark(None)
            return
        self.detail.show_alert(alert, frame)
        own = alert.account == view.name
        self.charts.mark(alert.raised_ms if own else None, text.clock(alert.raised_ms, view.broker_offset_s))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.load.setVisible(event.size().height() >= LOAD_FROM_PX)

    def fit_width(self, width: int) -> None:
        wide = width >= WIDE_FROM_PX
        self.left.setFixedWidth(WIDE_LEFT_PX if wide else LEFT_PX)
        self.right.setFixedWidth(WIDE_RIGHT_PX if wide else RIGHT_PX)
        self.gauge.setFixedHeight(WIDE_GAUGE_PX if wide else GAUGE_PX)
