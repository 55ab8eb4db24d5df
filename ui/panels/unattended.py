"""If this machine dies now: the worst case and the room, and the way to the stops that would bound it."""

from __future__ import annotations

import math
from collections.abc import Callable

from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from monitors.ports import AccountFrame, Command
from monitors.unattended import Unattended
from ui import text, theme
from ui.alone import alone
from ui.backstop import ConsentWindow
from ui.panels.account import is_past
from ui.panels.card import Elided, Label, button
from ui.panels.panel import in_money, why_nothing
from ui.shown import set_tip
from ui.words import tr, trn

HIGH = 36
BOUND = tr("A stop is a market order once it is hit: in a gap it is filled beyond its price, and the loss is larger.")


class UnattendedStrip(QWidget):
    """One line; its button shows the preview of the backstops, where the rules have any."""

    def __init__(self, send: Callable[[Command], None]) -> None:
        super().__init__()
        self.setFixedHeight(HIGH)
        line = QHBoxLayout(self)
        line.setContentsMargins(14, 0, 8, 0)
        line.setSpacing(10)
        c = theme.colours()
        self.title, self.words = Label(tr("If this machine dies now"), 12, theme.STRONG, c.text), Elided("", 12)
        self.preview = button(tr("Backstop…"))
        self.preview.clicked.connect(self._open)
        line.addWidget(self.title)
        line.addWidget(self.words, 1)
        line.addWidget(self.preview)
        self._send = send
        self._edge = c.line
        self._view: AccountFrame | None = None
        self.window_: ConsentWindow | None = None

    def show_account(self, view: AccountFrame, now_ms: int) -> None:  # noqa: ARG002 -- as every panel
        self._view, c = view, theme.colours()
        found = view.analysis.unattended if view.analysis and not is_past(view) else None
        self.preview.setVisible(found is not None and bool(found.backstops))
        shade = c.faint if found is None else colour(found)
        self.words.say(why_nothing(view) or tr("not known") if found is None else words(found, view), shade)
        set_tip(self, BOUND)
        edge = c.line if shade in (c.faint, c.text) else shade
        if edge != self._edge:
            self._edge = edge
            self.update()
        if self.window_ is not None and self.window_.isVisible():
            self.window_.show_account(view)

    def _open(self) -> None:
        if self._view is None:
            return
        if self.window_ is None:
            self.window_ = ConsentWindow(self, self._send)
        self.window_.show_account(self._view)
        self.window_.show()
        self.window_.raise_()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QColor(self._edge))
        painter.setBrush(QColor(theme.colours().card))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), theme.RADIUS, theme.RADIUS)
        painter.end()


def words(found: Unattended, view: AccountFrame) -> str:
    """`worst case 480.00 USD, room 500.00 USD to Daily loss · stops agreed`, or why it is not bounded."""
    worst = tr("not bounded") if math.isinf(found.worst) else in_money(found.worst, view)
    room = (
        tr("room {amount} to {rule}", amount=in_money(found.room, view), rule=found.rule)
        if isinstance(found.room, float)
        else text.reason(found.room)
    )
    agreed = [one.agreed for one in found.backstops]
    parts = [tr("worst case {worst}, {room}", worst=worst, room=room)]
    if found.bare:
        parts = [trn(
            "worst case {worst} ({count} position without a stop), {room}",
            "worst case {worst} ({count} positions without a stop), {room}",
            found.bare, worst=worst, room=room,
        )]  # fmt: skip
    if agreed:
        parts.append(tr("backstop agreed") if all(agreed) else tr("backstop not agreed"))
    if found.pendings:
        parts.append(trn("{count} pending order may add to it", "{count} pending orders may add to it",
                         found.pendings))  # fmt: skip
    return text.DOT.join(parts)


def colour(found: Unattended) -> str:
    """Calm while it fits, orange beyond the room, red where nothing bounds it."""
    c = theme.colours()
    if found.guarded:
        return c.text
    return c.critical if math.isinf(found.worst) else c.high


if __name__ == "__main__":
    alone(UnattendedStrip)
