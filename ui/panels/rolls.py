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
from ui.shown import set_tip
from ui.words import tr

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
        self.title, self.words = Label(tr("Reset roll"), 12, theme.STRONG, c.high), Elided("", 12, theme.MEDIUM, c.text)
        line.addWidget(icon)
        line.addWidget(self.title)
        line.addWidget(self.words, 1)
        self.hide()

    def show_account(self, view: AccountFrame, now_ms: int) -> None:
        rolls = view.analysis.rolls if view.analysis and not is_past(view) else ()
        self.setVisible(bool(rolls))
        if rolls:
            worst = max(rolls, key=lambda roll: roll.short)
            more = tr("and {count} more", count=len(rolls) - 1) if len(rolls) > 1 else ""
            self.words.say(text.DOT.join(filter(None, (roll_words(worst, view, now_ms), more))))
            set_tip(self, "\n".join(roll_words(roll, view, now_ms) for roll in rolls))

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
    now, after = text.short(roll.floor_now, digits), text.short(roll.floor_after, digits)
    apart = text.number(abs(roll.short), digits)
    sentences = [
        tr("{rule}: at {time} the floor goes from {now} to {after}; equity would stand {amount} under it.",
           rule=roll.rule, time=at, now=now, after=after, amount=apart)
        if roll.short > 0 else
        tr("{rule}: at {time} the floor goes from {now} to {after}; equity would stand {amount} above it.",
           rule=roll.rule, time=at, now=now, after=after, amount=apart)
    ]  # fmt: skip
    if roll.closes:
        parts = ", ".join(
            tr("{lots} lots of {symbol}", lots=text.number(lots, view.volume_digits.get(symbol, 2)), symbol=symbol)
            for _, symbol, lots in roll.closes
        )
        sentences.append(tr("Closing {closes} before keeps it above.", closes=parts))
    return " ".join(sentences)


if __name__ == "__main__":
    alone(RollStrip)
