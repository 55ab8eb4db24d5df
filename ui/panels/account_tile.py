"""A card of the overview: one account's equity, day, nearest limit, margin level and worst alert."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QColor, QFontMetrics, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSizePolicy, QVBoxLayout

from monitors.model import Value
from monitors.overview import nearest
from monitors.ports import AccountFrame, AlertView, Link
from monitors.zones import DAY_MS
from ui import spoken, text, theme
from ui.alone import alone
from ui.icons import SeverityIcon
from ui.panels.account import is_past, remark
from ui.panels.banner import halted_until
from ui.panels.card import Elided, Label, rule
from ui.panels.limits import Bar, room_shade
from ui.panels.panel import rightward
from ui.shown import set_tip
from ui.words import tr

HIGH, NAME_PX = 174, 130
PAST = {Link.STALLED: tr("Stalled"), Link.SILENT: tr("Silent")}
MODES = {"armed": tr("Armed"), "observe": tr("Observe"), "read-only": tr("Read-only")}


class AccountTile(QFrame):
    """A click, or Enter, wants to see that account."""

    wanted = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        c = theme.colours()
        self.name, self._edge = "", ""
        self._shown: tuple[AccountFrame, tuple[AlertView, ...], int] | None = None
        self.setFixedHeight(HIGH)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.dot, self.title = Label("●", 12), Label("", 13, theme.STRONG, c.text)
        self.login = Elided("", 11, theme.MEDIUM, c.faint)
        self.mode = rightward(Label("", 11, theme.STRONG))
        self.equity, self.today = Label("", 16, theme.STRONG, c.text), rightward(Label("", 13, theme.STRONG))
        self.limit, self.room = Elided("", 11, theme.MEDIUM, c.soft), rightward(Label("", 11, theme.STRONG, c.text))
        self.bar = Bar(tr("Room"))
        self.margin = rightward(Label("", 12, theme.STRONG, c.text))
        self.icon, self.alert = SeverityIcon(), Elided("", 11, theme.STRONG, c.text)
        self.call = rightward(Label("", 11, theme.MEDIUM, c.faint))
        self._lay_out()

    def _lay_out(self) -> None:
        stack = QVBoxLayout(self)
        stack.setContentsMargins(14, 11, 14, 10)
        stack.setSpacing(6)
        caption = Label(tr("Margin level"), 11, theme.MEDIUM, theme.colours().soft)
        for left, right in ((self.title, self.mode), (self.equity, self.today), (self.limit, self.room)):
            line = QHBoxLayout()
            line.setSpacing(7)
            if left is self.title:
                line.addWidget(self.dot)
                line.addWidget(left)
                line.addWidget(self.login, 1)
            else:
                line.addWidget(left, 1)
            line.addWidget(right)
            stack.addLayout(line)
        stack.addWidget(self.bar)
        margin, last = QHBoxLayout(), QHBoxLayout()
        margin.addWidget(caption, 1)
        margin.addWidget(self.margin)
        stack.addLayout(margin)
        stack.addStretch(1)
        stack.addWidget(rule())
        last.setSpacing(7)
        last.addWidget(self.icon)
        last.addWidget(self.alert, 1)
        last.addWidget(self.call)
        stack.addLayout(last)

    def show_account(self, view: AccountFrame, waiting: tuple[AlertView, ...], now_ms: int) -> None:
        """What is only remembered is grey, and what is not known is a word and never nought.

        `waiting` are its alerts that wait for a person. The same once more is not drawn again.
        """
        shown = view, waiting, now_ms // DAY_MS
        if self._shown is not None and self._shown[0] is view and self._shown[1:] == shown[1:]:
            return
        self._shown = shown
        c, past, account = theme.colours(), is_past(view), view.account
        self.name = view.name
        calm = c.medium if view.halt else c.profit
        self.dot.say("○" if past else "●", c.critical if past else c.high if view.link is Link.UNCERTAIN else calm)
        self.title.say(fitted(view.name.removesuffix(f" @ {view.machine}"), NAME_PX))
        self.login.say(text.DOT.join(filter(None, (f"{view.login or ''}", view.machine))))
        where = tr("Its pages are on {machine}.", machine=view.machine) if view.machine else tr("A click shows it.")
        set_tip(self, f"{view.name}\n{view.server}\n{where}")
        self._say_mode(view)
        digits = account.digits if account else 2
        money = f"{text.number(account.equity, digits)} {account.currency}" if account else text.DASH
        self.equity.say(money, c.faint if past or account is None else c.text)
        self._say_today(view, digits)
        self._say_room(view, digits)
        self._say_margin(view.metrics.get("margin.level_pct"), past=past)
        self._say_alert(view, waiting, digits, now_ms)
        self.call.say(remark(view, now_ms) if past else f"{view.call_ms:.0f}{text.THIN}ms")
        spoken.name(self.dot, self.mode.text())
        spoken.name(self, f"{view.name}, {money}, {self.mode.text()}, {self.alert.full}")

    def _say_mode(self, view: AccountFrame) -> None:
        c = theme.colours()
        if is_past(view):
            self.mode.say(PAST.get(view.link, tr("Blind")), c.high)
        elif view.halt:
            self.mode.say(tr("Halted"), c.medium)
        else:
            self.mode.say(MODES.get(view.mode, view.mode or text.DASH), c.profit if view.mode == "armed" else c.faint)

    def _say_today(self, view: AccountFrame, digits: int) -> None:
        c, today = theme.colours(), text.known(view.metrics.get("pnl.today"))
        if is_past(view) or today is None:
            self.today.say(tr("no data") if is_past(view) else tr("day unknown"), c.faint)
        else:
            self.today.say(text.signed(today, digits), c.gain(today))

    def _say_room(self, view: AccountFrame, digits: int) -> None:
        c, found = theme.colours(), nearest(view.levels)
        if is_past(view):
            self.limit.say(tr("Room to the nearest limit"))
            self.room.say(tr("unknown"), c.faint)
            self.bar.show_share(0.0, [], c.edge)
        elif found is None:
            self.limit.say(tr("No limit with a room") if view.levels else tr("No rules watch this account"))
            self.room.say(text.DASH, c.faint)
            self.bar.show_share(0.0, [], c.edge)
        else:
            level = found.level
            self.limit.say(tr("Room to {rule}", rule=level.rule))
            whole = text.measure(level.metric, level.at, digits, brief=True)
            of = tr("{left} of {whole}", left=text.bare(level.metric, found.left, digits), whole=whole)
            self.room.say(of if level.when == "above" else text.measure(level.metric, found.left, digits), c.text)
            self.bar.show_share(found.share, [], room_shade(level.metric, found.share))

    def _say_margin(self, value: Value | None, *, past: bool) -> None:
        c, known = theme.colours(), text.known(value)
        words = tr("no positions") if known is None else text.percent(known)
        self.margin.say(tr("last known {level}", level=words) if past and known is not None else words,
                        c.faint if past or known is None else c.text)  # fmt: skip

    def _say_alert(self, view: AccountFrame, alerts: tuple[AlertView, ...], digits: int, now_ms: int) -> None:
        c = theme.colours()
        waiting = sorted(alerts, key=lambda one: (-one.severity.rank, -one.raised_ms))
        self.icon.setVisible(bool(waiting))
        edge = c.severity(waiting[0].severity) if waiting else c.line
        if waiting:
            self.icon.show_severity(waiting[0].severity, filled=True)
            more = f"  +{len(waiting) - 1}" if len(waiting) > 1 else ""
            self.alert.say(text.alert_title(waiting[0], digits) + more, c.text)
        elif view.halt and not is_past(view):
            self.alert.say(halt_words(view, now_ms), c.text)
        else:
            self.alert.say(tr("Nothing to do") if not is_past(view) else view.reason or tr("Not seen"), c.faint)
        if edge != self._edge:
            self._edge = edge
            self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.wanted.emit(self.name)
        else:
            super().keyPressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        if event.button() == Qt.MouseButton.LeftButton and self.rect().contains(event.position().toPoint()):
            self.wanted.emit(self.name)

    def paintEvent(self, _event: QPaintEvent) -> None:
        c, painter = theme.colours(), QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(QColor(c.card))
        painter.setPen(QPen(QColor(c.curve if self.hasFocus() else self._edge or c.line), 1))
        painter.drawRoundedRect(self.rect().adjusted(0, 0, -1, -1), theme.RADIUS, theme.RADIUS)
        painter.end()


def halt_words(view: AccountFrame, now_ms: int) -> str:
    """Until when it is halted, and why."""
    reason, until_ms = view.halt.reason if view.halt else "", halted_until(view)
    if until_ms is None:
        return tr("Halted until you reset it: {reason}", reason=reason)
    time = text.when(until_ms, now_ms, view.broker_offset_s, brief=True)
    return tr("Halted until {time}: {reason}", time=time, reason=reason)


def fitted(name: str, room: int) -> str:
    """A name as it fits into so many pixels; the tooltip has all of it."""
    return QFontMetrics(theme.font(13, theme.STRONG)).elidedText(name, Qt.TextElideMode.ElideRight, room)


if __name__ == "__main__":
    alone(AccountTile, lambda tile, view, alert, now_ms: tile.show_account(view, (alert,), now_ms))
