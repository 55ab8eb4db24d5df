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
from ui.pages.menu import PAGES, SETTINGS, key
from ui.stop_key import KEYS as STOP_KEYS
from ui.stop_key import StopKey
from ui.words import tr

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
        if len(names) > 2:  # noqa: PLR2004 -- both are said
            return tr("{first} to {last}", first=names[0], last=names[-1])
        return tr("{first} or {second}", first=names[0], second=names[1]) if len(names) > 1 else names[0]


STOP = Key(keys=(STOP_KEYS,), words=tr("Emergency stop, from any focus and under any dialog"))
"""Bound by a filter of its own."""
KEYS = (
    STOP,
    Key(keys=("Space",),
        words=tr("Acknowledge the alert that has the focus, else the first that waits; press a button")),
    Key(keys=("Return",), words=tr("Open the alert or the account that has the focus; press the stop that has it")),
    Key(keys=("Ctrl+M",), words=tr("Silence what sounds"), act=lambda window, _: _silence(window)),
    Key(keys=("Esc",), words=tr("Close the alert's pane"), act=lambda window, _: window.monitor.escape(),
        watching=True),
    Key(keys=tuple(f"Ctrl+{place + 1}" for place in range(PLACES)), words=tr("Show that account"),
        act=lambda window, place: window.select_place(place)),
    Key(keys=tuple(key(name) for name in PAGES), words=tr("Show that page"),
        act=lambda window, place: window.show_page(PAGES[place])),
    Key(keys=("Ctrl+,",), words=tr("Settings"), act=lambda window, _: window.show_page(SETTINGS)),
    Key(keys=tuple(str(place + 1) for place in range(len(RANGES))), words=tr("Range of the charts"),
        act=lambda window, place: window.monitor.charts.choose(tuple(RANGES)[place]), watching=True),
    Key(keys=("L",), words=tr("Charts live"), act=lambda window, _: window.monitor.charts.go_live(), watching=True),
    Key(keys=("Left", "Right"), words=tr("Move the charts, once Tab has reached them"), watching=True),
    Key(keys=("Tab", "Shift+Tab"), words=tr("Go on, go back; arrows move within a list or a group")),
    Key(keys=(compact.KEYS,), words=tr("Compact strip, and back"), act=lambda window, _: window.compact.begin()),
    Key(keys=("F11",), words=tr("Full screen"),
        act=lambda window, _: window.setWindowState(window.windowState() ^ Qt.WindowState.WindowFullScreen)),
    Key(keys=("F1", "?"), words=tr("These keys"), act=lambda window, _: window.show_keys()),
    Key(keys=("Ctrl+Q",), words=tr("Quit"), act=lambda window, _: window.leaving.quit()),
)  # fmt: skip


def bind(window: MainWindow) -> None:
    """The stop reaches through everything; the others are deaf while the window, or the page they belong to, is not."""
    StopKey(window.stop.strike, window)
    for one in KEYS:
        if one.act is not None:
            for place, keys in enumerate(one.keys):
                where = window.monitor if one.watching else window
                QShortcut(QKeySequence(keys), where).activated.connect(partial(one.act, window, place))
    window.header.pages.list.addAction(tr("Keys") + "\tF1", window.show_keys)


def _silence(window: MainWindow) -> None:
    """Alerts until something new comes, and the window's own alarm once it has been seen."""
    window.monitor.alerts.silence.click()
    window.stalled.answer()
