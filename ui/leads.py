"""Where a click leads: from a limit to its setting, from an alert to its plan, from the banner to what it speaks of."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from ui.pages.menu import EXPOSURE, PAGES, SETTINGS

if TYPE_CHECKING:
    from ui.main_window import MainWindow

MONITOR = PAGES[0]


class Leads(QObject):
    """Joins what a window's parts ask for to the page that has it."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window, monitor = window, window.monitor
        monitor.account_wanted.connect(window.select_account)
        monitor.charts.dragging.proposed.connect(self._propose)
        monitor.limits.rule_wanted.connect(self._setting)
        monitor.detail.plan_wanted.connect(self._plan)
        window.header.waiting.clicked.connect(lambda: window.show_page(MONITOR))
        window.banner.led.connect(self._answer)

    def _propose(self, rule: str, at: float, wanted: float) -> None:
        self._window.show_page(SETTINGS)
        self._window.page.propose(rule, at, wanted)

    def _setting(self, rule: str) -> None:
        self._window.show_page(SETTINGS)
        self._window.page.point_at(rule, None)

    def _plan(self, rule: str, at: float) -> None:
        self._window.show_page(EXPOSURE)
        self._window.page.point_at(rule, at)

    def _answer(self, account: str, alert: int) -> None:
        """To the pane of that alert; without one to the hold that resets the account."""
        self._window.watch_account(account)
        if alert:
            self._window.monitor.show_detail(alert)
        else:
            self._window.stop.offer_reset()
