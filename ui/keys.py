"""Every key of the window: what it does, and where it is deaf."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QWidget

from ui import compact
from ui.charts.card import RANGES
from ui.pages.menu import PAGES, key
from ui.stop_key import StopKey

if TYPE_CHECKING:
    from ui.main_window import MainWindow

PLACES = 9


def bind(window: MainWindow) -> None:
    """The stop reaches through everything; ranges, Live and Escape are the first page's."""
    monitor = window.monitor
    StopKey(window.stop.strike, window)
    for place in range(PLACES):
        _key(f"Ctrl+{place + 1}", partial(window.select_place, place), window)
    for place, name in enumerate(RANGES):
        _key(str(place + 1), partial(monitor.charts.choose, name), monitor)
    for name in PAGES:
        _key(key(name), partial(window.show_page, name), window)
    _key("L", monitor.charts.go_live, monitor)
    _key("Esc", monitor.escape, monitor)
    _key("Ctrl+M", monitor.alerts.silence.click, window)
    _key("Ctrl+,", partial(window.show_page, "Settings"), window)
    _key("Ctrl+Q", window.leaving.quit, window)
    _key(compact.KEYS, window.compact.begin, window)
    _key("F11", lambda: window.setWindowState(window.windowState() ^ Qt.WindowState.WindowFullScreen), window)


def _key(keys: str, act: Callable[[], None], where: QWidget) -> None:
    """Deaf while that widget is hidden."""
    QShortcut(QKeySequence(keys), where).activated.connect(act)
