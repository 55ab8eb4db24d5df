"""The rules, nearest first, as a list from which one is chosen."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QVBoxLayout, QWidget

from monitors.distance import Distance
from monitors.ports import AccountFrame, LevelView, Severity
from ui import text, theme
from ui.alone import alone
from ui.icons import paint_severity
from ui.panels.panel import currency, money_digits, scrolled
from ui.shown import set_tip
from ui.words import tr

ROW_PX = 38
Chosen = tuple[str, float]
"""A rule's name and the level at which it acts."""


class RuleRow(QAbstractButton):
    """One rule's next level: its sign, what it would do, and how far away it is."""

    def __init__(self) -> None:
        super().__init__()
        self.setFixedHeight(ROW_PX)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCheckable(True)
        self.severity, self.title, self.line, self.binding, self.past = Severity.LOW, "", "", False, False

    def say(self, severity: Severity, title: str, line: str, *, binding: bool, past: bool) -> None:
        shown = severity, title, line, binding, past
        if shown != (self.severity, self.title, self.line, self.binding, self.past):
            self.severity, self.title, self.line, self.binding, self.past = shown
            self.setAccessibleName(f"{title}, {line}")
            set_tip(self, f"{title}\n{line}")
            self.update()

    def sizeHint(self) -> QSize:
        return QSize(160, ROW_PX)

    def paintEvent(self, _event: QPaintEvent) -> None:
        c, painter = theme.colours(), QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self.isChecked() or self.hasFocus():
            painter.setPen(QPen(QColor(c.curve if self.hasFocus() else c.edge), 1))
            painter.setBrush(QColor(c.track if self.isChecked() else c.card))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 6, 6)
        paint_severity(painter, self.severity, QRectF(10, 11, 15, 15), filled=False)
        for top, words, font, colour in (
            (3, self.title, theme.font(12, theme.STRONG), c.faint if self.past else c.text),
            (18, self.line, theme.font(11), c.faint if self.past else c.soft),
        ):
            painter.setFont(font)
            painter.setPen(QColor(colour))
            shown = QFontMetrics(font).elidedText(words, Qt.TextElideMode.ElideRight, self.width() - 42)
            painter.drawText(QRectF(34, top, self.width() - 38, 17), Qt.AlignmentFlag.AlignVCenter, shown)
        painter.end()


class RuleList(QWidget):
    """Rows are kept and filled again; `chosen` carries the rule and level that a person asks about."""

    chosen = Signal(str, float)

    def __init__(self) -> None:
        super().__init__()
        self.rows: list[RuleRow] = []
        self._keys: list[Chosen] = []
        self.selected: Chosen | None = None
        self._clicked = False
        """A person chose it."""
        inside = QWidget()
        self._stack = QVBoxLayout(inside)
        self._stack.setContentsMargins(0, 0, 0, 0)
        self._stack.setSpacing(2)
        self._stack.addStretch(1)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(scrolled(inside))

    def show_distances(self, view: AccountFrame, found: tuple[Distance, ...], *, past: bool) -> None:
        """Nearest first; what a person chose stays chosen while it is there, else the nearest that acts is."""
        self._keys = [(one.rule, one.at) for one in found]
        if self.selected not in self._keys or not self._clicked:
            acting = (key for key, one in zip(self._keys, found, strict=True) if one.action != "alert")
            self.selected, self._clicked = next(acting, self._keys[0] if self._keys else None), False
        while len(self.rows) < len(found):
            row, place = RuleRow(), len(self.rows)
            row.clicked.connect(lambda _=False, place=place: self._choose(place))
            self.rows.append(row)
            self._stack.insertWidget(place, row)
        for row in self.rows[len(found) :]:
            row.hide()
        for place, (row, one) in enumerate(zip(self.rows, found, strict=False)):
            nearest = tr("nearest") if one.binding else ""
            parts = [part for part in (nearest, tr("not judged") if past else away(one, view)) if part]
            row.say(one.severity, distance_title(one, view), text.DOT.join(parts), binding=one.binding, past=past)
            row.setChecked(self._keys[place] == self.selected)
            row.show()

    def choose(self, rule: str, at: float | None) -> None:
        """As if its row were clicked: that level's, else the rule's first; nothing where neither is listed."""
        own = [place for place, key in enumerate(self._keys) if key[0] == rule]
        if own:
            self._choose(next((place for place in own if self._keys[place][1] == at), own[0]))

    def _choose(self, place: int) -> None:
        self.selected, self._clicked = self._keys[place], True
        for other, row in enumerate(self.rows):
            row.setChecked(other == place)
        self.chosen.emit(*self.selected)


def distance_title(one: Distance, view: AccountFrame) -> str:
    """`Daily loss 4 000: reduce`, with the level it is about."""
    at = text.measure(one.metric, one.at, money_digits(view), brief=True)
    return f"{one.rule} {at}: {text.action_name(one.action).lower()}"


def away(one: Distance, view: AccountFrame) -> str:
    """How far away in money where equity leads there, else in the metric's own unit, else why it is not known."""
    digits, money = money_digits(view), text.known(one.money)
    if money is not None:
        return tr("{amount} away", amount=f"{text.number(money, digits)} {currency(view)}".rstrip())
    room = text.known(one.room)
    return text.reason(one.room) if room is None else tr("{amount} away", amount=text.measure(one.metric, room, digits))


def level_of(view: AccountFrame, one: Distance) -> LevelView | None:
    """The level as Limits shows it."""
    return next((level for level in view.levels if (level.rule, level.at) == (one.rule, one.at)), None)


if __name__ == "__main__":
    alone(RuleList, lambda widget, view: widget.show_distances(view, view.analysis.distances, past=False))
