"""The button that puts an alert on the shelf for a while, or takes it off."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QMenu, QPushButton

from monitors.ports import AlertView
from ui import theme
from ui.alone import alone
from ui.shown import set_tip
from ui.words import tr

CHOICES = {tr("15\u202fmin"): 15.0, tr("1\u202fhour"): 60.0, tr("4\u202fhours"): 240.0}
TIP = tr("Not heard of until then, nor what its level does meanwhile. The rule goes on and acts as ever.")


class ShelveButton(QPushButton):
    """Not there for a critical alert, nor where what was done about it has failed: those are never shelved."""

    chosen = Signal(float)
    """For how many minutes; 0: off the shelf."""

    def __init__(self) -> None:
        super().__init__(tr("Shelve"))
        self.setFont(theme.font(12, theme.STRONG))
        self.setProperty("look", "range")
        set_tip(self, TIP)
        self.menu_of_times = QMenu(self)
        for words, minutes in CHOICES.items():
            self.menu_of_times.addAction(words, partial(self.chosen.emit, minutes))
        self.clicked.connect(lambda: self.chosen.emit(0.0))

    def show_alert(self, alert: AlertView) -> None:
        """A menu of times, or what takes it off."""
        self.setVisible(alert.shelvable)
        on_shelf = alert.shelved_until_ms is not None
        self.setText(tr("Take off the shelf") if on_shelf else tr("Shelve"))
        if (self.menu() is None) is not on_shelf:
            self.setMenu(None if on_shelf else self.menu_of_times)  # type: ignore[arg-type]  # Qt takes None


if __name__ == "__main__":
    alone(ShelveButton, lambda widget, frame: widget.show_alert(frame.alerts[1]))
