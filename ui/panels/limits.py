"""The limits card: for every rule the next level, how much of it is used and the room that is left."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from monitors.overview import ENDLESS, room_share
from monitors.ports import AccountFrame, LevelView
from ui import spoken, text, theme
from ui.alone import alone
from ui.panels.account import is_past, remark
from ui.panels.card import Card, Elided, Figure, Label
from ui.panels.panel import scrolled
from ui.shown import Last, set_tip
from ui.words import tr

CALM, WATCH, TIGHT = 0.70, 0.55, 0.20
"""Shares of room: more than CALM has no colour, under TIGHT is red."""
ROOM_PX = 76
SETTING_THERE = tr("A click opens its setting")


def used(value: float, at: float, when: str) -> float:
    """How much of the way to a level is used, 0 to 1."""
    return 1.0 - room_share(value, at, when)


def by_rule(levels: tuple[LevelView, ...]) -> dict[str, list[LevelView]]:
    """Levels of each rule, mildest first, rules in their order."""
    rules: dict[str, list[LevelView]] = {}
    for level in levels:
        rules.setdefault(level.rule, []).append(level)
    for ladder in rules.values():
        ladder.sort(key=lambda level: level.severity.rank)
    return rules


def next_level(ladder: list[LevelView]) -> LevelView:
    """The mildest level that has not tripped, or the severest."""
    return next((level for level in ladder if not level.tripped), ladder[-1])


class Bar(QWidget):
    """A thin bar with a tick for each other level of the ladder; `of` is what it shows a share of, in a word."""

    def __init__(self, of: str) -> None:
        super().__init__()
        self._of = of
        spoken.name(self, of)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(10)
        self._share, self._ticks, self._colour = 0.0, list[float](), ""

    def show_share(self, share: float, ticks: list[float], colour: str) -> None:
        if (share, ticks, colour) != (self._share, self._ticks, self._colour):
            self._share, self._ticks, self._colour = share, ticks, colour
            spoken.name(self, f"{self._of} {text.percent(100 * share, 0)}")
            self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        c, painter, wide = theme.colours(), QPainter(self), float(self.width())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(c.track))
        painter.drawRoundedRect(QRectF(0, 3, wide, 5), 2.5, 2.5)
        if self._share > 0:
            painter.setBrush(QColor(self._colour))
            painter.drawRoundedRect(QRectF(0, 3, max(5.0, wide * self._share), 5), 2.5, 2.5)
        for tick in self._ticks:
            painter.fillRect(QRectF(wide * tick - 1, 1, 2, 9), QColor(c.text))
        painter.end()


class LimitRow(QAbstractButton):
    """Name, `value of limit`, bar, room; clicked by whoever wants to see or change what it stands on."""

    def __init__(self) -> None:
        super().__init__()
        c = theme.colours()
        self.rule, self._shown = "", Last()
        # A button's own policy would hold it as wide as its text, which it cuts to its width: Qt never ends then.
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        stack = QVBoxLayout(self)
        stack.setContentsMargins(0, 0, 0, 0)
        stack.setSpacing(0)
        upper, lower = QHBoxLayout(), QHBoxLayout()
        upper.setSpacing(8)
        lower.setSpacing(8)
        self.name, self.figure = Elided("", 12, theme.MEDIUM, c.soft), Figure("", 12, theme.STRONG, c.text)
        self.bar, self.room = Bar(tr("Used")), Figure("", 10, theme.MEDIUM, c.faint, least=QSize(ROOM_PX, 0))
        self.room.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        upper.addWidget(self.name, 1)
        upper.addWidget(self.figure)
        self.why = Elided("", 10, theme.MEDIUM, c.faint)
        self.why.hide()
        lower.addWidget(self.bar, 1)
        lower.addWidget(self.why, 1)
        lower.addWidget(self.room)
        stack.addLayout(upper)
        stack.addLayout(lower)

    def show_ladder(self, ladder: list[LevelView], digits: int, *, past: bool) -> None:
        if not self._shown.differs(tuple(ladder), digits, past):
            return
        c, level = theme.colours(), next_level(ladder)
        value, self.rule = text.known(level.value), level.rule
        tripped = [one.severity for one in ladder if one.tripped]
        self.name.say(level.rule)
        self.figure.say(text.of(level, digits), c.faint if past or value is None else c.text)
        why = text.reason(level.value)
        captions = [text.level_caption(one, digits) for one in ladder]
        set_tip(self, "\n".join([*captions, *filter(None, (why,)), SETTING_THERE]))
        spoken.name(self, tr("Limit {rule}, {figure}", rule=level.rule, figure=self.figure.text()))
        self.why.setVisible(value is None)
        self.bar.setVisible(value is not None)
        if value is None:
            self.why.say(why)
            self.room.say("")  # the card's head says that nothing is judged, this row why
            return
        share = used(value, level.at, level.when)
        ticks = [used(one.at, level.at, level.when) for one in ladder if one is not level]
        colour = c.edge if past else c.severity(tripped[-1]) if tripped else room_shade(level.metric, 1 - share)
        self.bar.show_share(share, [tick for tick in ticks if 0 < tick < 1], colour)
        room = text.measure(level.metric, abs(level.at - value), digits)
        self.room.say(tr("not judged") if past else tr("passed") if level.tripped else tr("room {room}", room=room))

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Its parts paint themselves."""


class LimitsCard(Card):
    """A row a rule; more rows than room scroll. `rule_wanted` carries the rule of a row that was clicked."""

    rule_wanted = Signal(str)

    def __init__(self) -> None:
        super().__init__(tr("Limits"))
        self._rows: list[LimitRow] = []
        self._shown = Last()
        inside = QWidget()
        self._stack = QVBoxLayout(inside)
        self._stack.setContentsMargins(0, 0, 0, 0)
        self._stack.setSpacing(6)
        self._empty = Label(tr("No rules watch this account"), 12, theme.MEDIUM, theme.colours().faint)
        self._stack.addWidget(self._empty)
        self._stack.addStretch(1)
        self.body.addWidget(scrolled(inside), 1)

    def show_account(self, view: AccountFrame, now_ms: int) -> None:
        past, digits = is_past(view), view.account.digits if view.account else 2
        then = tr("not judged") if past else remark(view, now_ms)
        if not self._shown.differs(view.levels, digits, past, then):
            return
        ladders = list(by_rule(view.levels).values())
        self.remark.say(then)
        self._empty.setVisible(not ladders)
        while len(self._rows) < len(ladders):
            row = LimitRow()
            row.clicked.connect(lambda _=False, row=row: self.rule_wanted.emit(row.rule))
            self._rows.append(row)
            self._stack.insertWidget(len(self._rows), row)
        for row in self._rows[len(ladders) :]:
            row.hide()
        for row, ladder in zip(self._rows, ladders, strict=False):
            row.show_ladder(ladder, digits, past=past)
            row.show()


def room_shade(metric: str, room: float) -> str:
    """The colour of what is left on the way to a level, as a share of that way; faint while all is calm."""
    c = theme.colours()
    if room > CALM or metric in ENDLESS:
        return c.faint
    return c.medium if room > WATCH else c.high if room > TIGHT else c.critical


if __name__ == "__main__":
    alone(LimitsCard)
