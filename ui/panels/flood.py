"""More new alerts than a person can read, shown as one row; critical ones are never folded into it."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout

from monitors.alert_load import TEN_MINUTES_MS
from monitors.ports import AlertView, Frame, Severity
from ui import text, theme
from ui.alone import alone
from ui.icons import SeverityIcon
from ui.panels.card import Elided, button
from ui.shown import set_look, set_tip
from ui.words import tr

LEAST = 2
"""Fewer are shown as they are."""


def folded(frame: Frame, ordered: list[AlertView]) -> list[AlertView]:
    """Those that one row stands for: new, not acknowledged and not critical, while there is a flood."""
    since_ms = frame.at_ms - TEN_MINUTES_MS
    found = [a for a in ordered if a.waiting and a.raised_ms > since_ms
             and a.severity.rank < Severity.CRITICAL.rank] if frame.load.flood else []  # fmt: skip
    return found if len(found) >= LEAST else []


class FloodRow(QFrame):
    """What came, a way to see it, and one to have seen it."""

    acknowledged = Signal()
    toggled = Signal()

    def __init__(self) -> None:
        super().__init__()
        c = theme.colours()
        self.setFixedHeight(54)
        self.icon = SeverityIcon()
        self.title, self.line = Elided("", 12, theme.STRONG, c.text), Elided("", 11, theme.MEDIUM, c.soft)
        self.show_all, self.ack = button(tr("Show"), px=11), button(tr("Ack"), px=11)
        self.show_all.clicked.connect(self.toggled)
        self.ack.clicked.connect(self.acknowledged)
        row, words, keys = QHBoxLayout(self), QVBoxLayout(), QVBoxLayout()
        row.setContentsMargins(11, 4, 10, 4)
        row.setSpacing(9)
        words.setSpacing(1)
        keys.setSpacing(2)
        for one in (self.show_all, self.ack):
            one.setFixedSize(62, 21)
            one.setStyleSheet("padding: 0")
            keys.addWidget(one)
        words.addWidget(self.title)
        words.addWidget(self.line)
        row.addWidget(self.icon, 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(words, 1)
        row.addLayout(keys)
        set_look(self, "needs", "true")
        self.hide()

    def show_flood(self, frame: Frame, among: list[AlertView], *, unfolded: bool) -> None:
        """`among` are those it stands for; hidden where there are none."""
        self.setVisible(bool(among))
        if not among:
            return
        worst = max((alert.severity for alert in among), key=lambda severity: severity.rank)
        self.icon.show_severity(worst, filled=True)
        self.title.say(tr("Flood: {count} new in 10\u202fmin", count=frame.load.last_ten))
        count, severity = len(among), text.severity_name(worst)
        self.line.say(
            tr("{count} below, worst {severity}", count=count, severity=severity)
            if unfolded
            else tr("{count} as one, worst {severity}", count=count, severity=severity)
        )
        set_tip(self, tr("Critical ones stand by themselves."))
        self.show_all.setText(tr("Fold") if unfolded else tr("Show"))
        self.ack.setText(tr("Ack {count}", count=len(among)))


if __name__ == "__main__":
    alone(FloodRow, lambda widget, frame: widget.show_flood(frame, list(frame.alerts), unfolded=False))
