"""The alert list: what needs a person first, what was seen after it, what is over last."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QRect, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from monitors.ports import AlertView, Frame, Link
from ui import text, theme
from ui.icons import SeverityIcon
from ui.panels.banner import account_digits
from ui.panels.card import Card, Elided, Label, button, set_look
from ui.panels.panel import scrolled

MOST = 100
"""Rows drawn at once; the rest is counted in the card's last line."""


def in_order(alerts: tuple[AlertView, ...]) -> list[AlertView]:
    """Unacknowledged before acknowledged before cleared; then the severest, then the newest."""

    def place(alert: AlertView) -> tuple[int, int, int]:
        stage = 0 if alert.acknowledged_ms is None else 1 if alert.active else 2
        return stage, -alert.severity.rank, -alert.raised_ms

    return sorted(alerts, key=place)


class AlertRow(QFrame):
    """One occurrence: shape, title, where it stands, time, and `Ack` while it waits for a person."""

    opened = Signal(int)
    """Its number, where a person wants to know more of it."""

    def __init__(self, acknowledge: Callable[[int], None]) -> None:
        super().__init__()
        c = theme.colours()
        self.number, self._edge, self._acknowledge = 0, "", acknowledge
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFixedHeight(54)
        self.icon = SeverityIcon()
        self.title, self.line = Elided("", 12, theme.STRONG, c.text), Elided("", 11, theme.MEDIUM, c.soft)
        self.time, self.ack = Label("", 11, theme.MEDIUM, c.faint), button("Ack", px=11)
        self.ack.setFixedSize(46, 22)
        self.ack.setStyleSheet("padding: 0")
        self.ack.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.ack.clicked.connect(self._seen)
        row, middle, upper, lower = QHBoxLayout(self), QVBoxLayout(), QHBoxLayout(), QHBoxLayout()
        row.setContentsMargins(11, 6, 10, 6)
        row.setSpacing(9)
        middle.setSpacing(1)
        row.addWidget(self.icon, 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(middle, 1)
        upper.addWidget(self.title, 1)
        upper.addWidget(self.time)
        lower.addWidget(self.line, 1)
        lower.addWidget(self.ack)
        middle.addLayout(upper)
        middle.addLayout(lower)
        middle.addStretch(1)

    def show_alert(self, alert: AlertView, frame: Frame, selected: str) -> None:
        """Fill the row; an alert of another account than the selected one begins with its name."""
        c, waiting = theme.colours(), alert.acknowledged_ms is None
        view = next((one for one in frame.accounts if one.name == alert.account), None)
        digits, offset = account_digits(frame, alert.account), view.broker_offset_s if view else 0
        link = view.link if view else Link.BLIND
        line = text.alert_line(alert, digits, frame.at_ms, offset, link)
        self.number = alert.number
        self.icon.show_severity(alert.severity, filled=alert.active and waiting)
        self.title.say(text.alert_title(alert, digits), c.text if waiting else c.soft)
        shown = line if alert.account == selected else (alert.account, line[0])
        self.line.say(text.DOT.join(part for part in shown if part), c.soft if waiting else c.faint)
        self.time.say(text.when(alert.raised_ms, frame.at_ms, offset))
        which = f"Position {alert.position} {alert.symbol}" if alert.position is not None else ""
        tip = [f"{alert.account}: {alert.rule}", which, alert.why, alert.do, text.times(alert.raised_ms, offset)]
        self.setToolTip(text.plain_tip("\n\n".join(part for part in tip if part)))
        self.ack.setVisible(waiting)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        set_look(self.ack, "look", "primary" if alert.active else "plain")
        set_look(self, "needs", "true" if waiting else "false")
        edge = c.severity(alert.severity) if waiting and alert.active else ""
        if edge != self._edge:
            self._edge = edge
            self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Space and not event.isAutoRepeat() and self.ack.isVisible():
            self._seen()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.opened.emit(self.number)
        else:
            super().keyPressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        if event.button() == Qt.MouseButton.LeftButton and self.rect().contains(event.position().toPoint()):
            self.opened.emit(self.number)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self._edge:
            painter = QPainter(self)
            painter.fillRect(QRect(0, 1, 3, self.height() - 2), QColor(self._edge))
            painter.end()

    def _seen(self) -> None:
        self._acknowledge(self.number)


class AlertsCard(Card):
    """Rows are kept and filled again, never rebuilt, so that a click or the focus is not lost to a redraw."""

    opened = Signal(int)

    def __init__(self, acknowledge: Callable[[int], None]) -> None:
        super().__init__("Alerts", caps=False, margins=(8, 9, 8, 8))
        c = theme.colours()
        self._acknowledge = acknowledge
        self.rows: list[AlertRow] = []
        self.waiting: tuple[int, ...] = ()
        self.head.setContentsMargins(6, 0, 6, 0)
        self.badge = Label("", 11, theme.STRONG, c.on_fill)
        self.badge.setStyleSheet(f"background: {c.critical}; border-radius: 8px; padding: 1px 7px")
        self.head.insertWidget(1, self.badge)
        inside = QWidget()
        self._stack = QVBoxLayout(inside)
        self._stack.setContentsMargins(0, 0, 0, 0)
        self._stack.setSpacing(5)
        self.empty = Label("No alerts. Nothing needs you.", 12, theme.MEDIUM, c.faint)
        self.empty.setContentsMargins(6, 6, 6, 6)
        self._stack.addWidget(self.empty)
        self._stack.addStretch(1)
        self.body.addWidget(scrolled(inside), 1)

    def show_frame(self, frame: Frame, selected: str, chosen: int = 0) -> None:
        """`chosen` is the number of the alert whose detail stands open."""
        c, ordered = theme.colours(), in_order(frame.alerts)
        waiting = [alert for alert in ordered if alert.acknowledged_ms is None]
        self.waiting = tuple(alert.number for alert in waiting)
        self.badge.setVisible(bool(waiting))
        self.badge.say(str(len(waiting)))
        if waiting:
            colour = c.severity(waiting[0].severity)
            set_sheet(self.badge, f"background: {colour}; color: {c.on_fill}; border-radius: 8px; padding: 1px 7px")
        self.remark.say(f"{len(ordered) - MOST} more not shown" if len(ordered) > MOST else "")
        self.empty.setVisible(not ordered)
        while len(self.rows) < min(len(ordered), MOST):
            self.rows.append(AlertRow(self._acknowledge))
            self.rows[-1].opened.connect(self.opened)
            self._stack.insertWidget(len(self.rows), self.rows[-1])
        for row in self.rows[len(ordered) :]:
            row.hide()
        for row, alert in zip(self.rows, ordered, strict=False):
            row.show_alert(alert, frame, selected)
            set_look(row, "chosen", "true" if alert.number == chosen else "false")
            row.show()

    def acknowledge_first(self) -> None:
        """Acknowledge the alert that stands first among those that wait; nothing where none does."""
        if self.waiting:
            self._acknowledge(self.waiting[0])


def set_sheet(widget: QWidget, sheet: str) -> None:
    """Give a widget its own style sheet, only when it differs: applying one is slow."""
    if widget.styleSheet() != sheet:
        widget.setStyleSheet(sheet)
