"""The menu of how the window looks: dark or light, and which colours mean profit and loss."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QMenu, QWidget

from ui import theme
from ui.words import tr

WORDS = {
    "dark": tr("Dark"),
    "light": tr("Light"),
    "plimsoll": "Plimsoll",
    "blue-red": tr("MT5 blue and red (colour-blind)"),
    "tradingview": "TradingView",
}


class LookMenu(QMenu):
    """`chosen` carries theme and colours by name."""

    chosen = Signal(str, str)
    stilled = Signal(bool)
    """Whether nothing may move."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(tr("Look"), parent)
        self.setFont(theme.font(12))
        self._picked = {"theme": theme.DEFAULT_THEME, "colours": theme.DEFAULT_PRESET}
        self.choices: dict[str, QAction] = {}
        for kind, names in (("theme", theme.THEMES), ("colours", theme.PRESETS)):
            group = QActionGroup(self)
            self.addSection(tr("Theme") if kind == "theme" else tr("Profit and loss"))
            for name in names:
                action = self.addAction(WORDS[name])
                action.setCheckable(True)
                action.triggered.connect(partial(self._pick, kind, name))
                group.addAction(action)
                self.choices[name] = action

        self.addSeparator()
        self.still = self.addAction(tr("Reduced motion"))
        self.still.setCheckable(True)
        self.still.triggered.connect(self.stilled)

    def show_look(self, name: str, colours: str) -> None:
        """Which are chosen."""
        self._picked = {"theme": name, "colours": colours}
        for one in (name, colours):
            self.choices[one].setChecked(True)

    def _pick(self, kind: str, name: str) -> None:
        self._picked[kind] = name
        self.chosen.emit(self._picked["theme"], self._picked["colours"])
