"""The reset foreseen: a floor that the next reset lifts over where equity would stand, said hours ahead."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from monitors.distance import ResetRoll
from monitors.ports import AccountFrame, Severity
from ui import text, theme
from ui.alone import alone
from ui.icons import SeverityIcon
from ui.panels.account import is_past
from ui.panels.card import Elided, Label
from ui.panels.panel import money_digits

HIGH = 36


class RollStrip(QWidget):
    """Hidden where no reset comes too near; the worst one is said, the others are counted."""

    def __init__(self) -> None:
        super().__init__()
        c = theme.colours()
        self.setFixedHeight(HIGH)
        line = QHBoxLayout(self)
        line.setContentsMargins(14, 0, 14, 0)
        line.setSpacing(10)
        icon = SeverityIcon()
        icon.show_severity(Severity.HIGH, filled=True)
        self.title, self.words = Label("Reset roll", 12, theme.STRONG, c.high), Elided("", 12, theme.MEDIUM, c.text)
        line.addWidget(icon)
        line.addWidget(self.title)
        line.addWidget(self.words, 1)
        self.hide()

    def show_account(self, view: AccountFrame, now_ms: int) -> None:
        rolls = view.analysis.rolls if view.analysis and not is_past(view) else ()
        self.setVisible(bool(rolls))
        if rolls:
            worst = max(rolls, key=lambda roll: roll.short)
            more = f"{text.DOT}and {len(rolls) - 1} more" if len(rolls) > 1 else ""
            self.words.say(roll_words(worst, view, now_ms) + more)
            self.setToolTip(text.plain_tip("\n".join(roll_words(roll, view, now_ms) for roll in rolls)))

    def paintEvent(self, _event: QPaintEvent) -> None:
        c, painter = theme.colours(), QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QColor(c.high))
        painter.setBrush(QColor(c.raised))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), theme.RADIUS, theme.RADIUS)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.end()


def roll_words(roll: ResetRoll, view: AccountFrame, now_ms: int) -> str:
    """Which floor, when, by how much, and the smallest closes that keep equity above it."""
    digits = money_digits(view)
    at = text.when(roll.reset_ms, now_ms, view.broker_offset_s, brief=True)
    rise = f"{text.short(roll.floor_now, digits)} to {text.short(roll.floor_after, digits)}"
    stands = f"{text.number(abs(roll.short), digits)} {'under' if roll.short > 0 else 'above'} it"
    words = f"{roll.rule}: at {at} the floor goes from {rise}; equity would stand {stands}."
    if roll.closes:
        parts = ", ".join(
            f"{text.number(lots, view.volume_digits.get(symbol, 2))} lots of {symbol}"
            for _, symbol, lots in roll.closes
        )
        words += f" Closing {parts} before keeps it above."
    return words


if __name__ == "__main__":
    alone(RollStrip)
