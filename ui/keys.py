"""Every key of the window: what it does, and where it is deaf; bound here and told to a person from here."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut

from ui import compact
from ui.charts.card import RANGES
from ui.pages.menu import PAGES, key
from ui.stop_key import KEYS as STOP_KEYS
from ui.stop_key import StopKey

if TYPE_CHECKING:
    from ui.main_window import MainWindow

PLACES = 9
Act = Callable[["MainWindow", int], object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """Keys that do one thing, told apart by their place; `act` is None where the widget with the focus obeys them."""

    keys: tuple[str, ...]
    words: str
    act: Act | None = None
    watching: bool = False
    """Only on the page that watches."""

    @property
    def shown(self) -> str:
        """As a keyboard of this platform names them: `F1 or ?`, `1 to 7`."""
        names = [QKeySequence(one).toString(QKeySequence.SequenceFormat.NativeText) for one in self.keys]
        return f"{names[0]} to {names[-1]}" if len(names) > 2 else " or ".join(names)  # noqa: PLR2004 -- both are said


STOP = Key(keys=(STOP_KEYS,), words="Emergency stop, from any focus and under any dialog")
"""Bound by a filter of its own."""
KEYS = (
    STOP,
    Key(keys=("Space",), words="Acknowledge the alert that has the focus, else the first that waits; press a button"),
    Key(keys=("Return",), words="Open the alert or the account that has the focus; press the stop that has it"),
    Key(keys=("Ctrl+M",), words="Silence what sounds", act=lambda window, _: _silence(window)),
    Key(keys=("Esc",), words="Close the alert's pane", act=lambda window, _: window.monitor.escape(), watching=True),
    Key(keys=tuple(f"Ctrl+{place + 1}" for place in range(PLACES)), words="Show that account",
        act=lambda window, place: window.select_place(place)),
    Key(keys=tuple(key(name) for name in PAGES), words="Show that page",
        act=lambda window, place: window.show_page(PAGES[place])),
    Key(keys=("Ctrl+,",), words="Settings", act=lambda window, _: window.show_page("Settings")),
    Key(keys=tuple(str(place + 1) for place in range(len(RANGES))), words="Range of the charts",
        act=lambda window, place: window.monitor.charts.choose(tuple(RANGES)[place]), watching=True),
    Key(keys=("L",), words="Charts live", act=lambda window, _: window.monitor.charts.go_live(), watching=True),
    Key(keys=("Left", "Right"), words="Move the charts, once Tab has reached them", watching=True),
    Key(keys=("Tab", "Shift+Tab"), words="Go on, go back; arrows move within a list or a group"),
    Key(keys=(compact.KEYS,), words="Compact strip, and back", act=lambda window, _: window.compact.begin()),
    Key(keys=("F11",), words="Full screen",
        act=lambda window, _: window.setWindowState(window.windowState() ^ Qt.WindowState.WindowFullScreen)),
    Key(keys=("F1", "?"), words="These keys", act=lambda window, _: window.show_keys()),
    Key(keys=("Ctrl+Q",), words="Quit", act=lambda window, _: window.leaving.quit()),
)  # fmt: skip


def bind(window: MainWindow) -> None:
    """The stop reaches through everything; the others are deaf while the window, or the page they belong to, is not."""
    StopKey(window.stop.strike, window)
    for one in KEYS:
        if one.act is not None:
            for place, keys in enumerate(one.keys):
                where = window.monitor if one.watching else window
                QShortcut(QKeySequence(keys), where).activated.connect(partial(one.act, window, place))


def _silence(window: MainWindow) -> None:
    """Alerts until something new comes, and the window's own alarm once it has been seen."""
    window.monitor.alerts.silence.click()
    window.stalled.answer()
