"""The menu of pages under the program's name, and the keys that choose them."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QPushButton

from ui import theme
from ui.look_menu import LookMenu
from ui.shown import set_tip
from ui.words import tr

NAMES = {
    "Monitor": tr("Monitor"),
    "Exposure": tr("Exposure"),
    "Risk": tr("Risk"),
    "Results": tr("Results"),
    "Accounts": tr("Accounts"),
    "Report": tr("Report"),
    "Settings": tr("Settings"),
}
PAGES = tuple(NAMES)
"""In the order of their keys, Alt+1 to Alt+7."""
EXPOSURE, SETTINGS = PAGES[1], PAGES[-1]


def key(page: str) -> str:
    """The keys that choose a page."""
    return f"Alt+{PAGES.index(page) + 1}"


class PageMenu(QPushButton):
    """Says which page is shown; `chosen` carries the name of the one that is asked for."""

    chosen = Signal(str)
    push_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setFont(theme.font(11, theme.STRONG))
        self.setProperty("look", "page")
        self.setFixedHeight(18)
        self.actions_by_name: dict[str, QAction] = {}
        self.list = QMenu(self)
        self.list.setFont(theme.font(12))
        for name in PAGES:
            action = self.list.addAction(f"{NAMES[name]}\t{key(name)}")
            action.setCheckable(True)
            action.triggered.connect(lambda _=False, name=name: self.chosen.emit(name))
            self.actions_by_name[name] = action
        self.list.addSeparator()
        self.look = LookMenu(self)
        self.list.addMenu(self.look)
        self.list.addAction(tr("Push messages…"), self.push_wanted.emit)
        self.clicked.connect(self.open)
        self.show_page(PAGES[0])

    def show_page(self, name: str) -> None:
        """Name the page that is shown."""
        self.setText(f"{NAMES[name]} ▾")
        self.setAccessibleName(tr("Page: {page}", page=NAMES[name]))
        set_tip(self, "\n".join([tr("Pages"), *(f"{key(one)}  {NAMES[one]}" for one in PAGES)]))
        for one, action in self.actions_by_name.items():
            action.setChecked(one == name)

    def open(self) -> None:
        """Show the list under the word."""
        self.list.popup(self.mapToGlobal(QPoint(0, self.height())))
