"""A row of the alert list: one level's newest occurrence, and how many of it nobody has seen."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QRect, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout

from monitors.ports import AlertView, Frame, Link
from ui import spoken, text, theme
from ui.alone import alone
from ui.icons import SeverityIcon
from ui.panels.banner import account_digits
from ui.panels.card import Elided, Label, button
from ui.shown import Last, set_look, set_tip
from ui.words import tr

TIMES = "\N{MULTIPLICATION SIGN}"


class AlertRow(QFrame):
    """Shape, title, where it stands, time, and `Ack` while it waits for a person."""

    opened = Signal(int)
    """Its number, where a person wants to know more of it."""

    def __init__(self, acknowledge: Callable[[AlertRow], None]) -> None:
        super().__init__()
        c = theme.colours()
        self.number, self._edge, self._acknowledge = 0, "", acknowledge
        self._shown = Last()
        self.place: object = None
        """What tells one level's row from another's."""
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFixedHeight(54)
        self.icon = SeverityIcon()
        self.title, self.line = Elided("", 12, theme.STRONG, c.text), Elided("", 11, theme.MEDIUM, c.soft)
        self.time, self.ack = Label("", 11, theme.MEDIUM, c.faint), button(tr("Ack"), px=11)
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

    def show_alert(self, alert: AlertView, frame: Frame, selected: str, unseen: int = 1) -> None:
        """Fill the row; an alert of another account than the selected one begins with its name.

        `unseen` counts the occurrences that nobody has acknowledged.
        """
        c, waiting = theme.colours(), alert.waiting
        view = next((one for one in frame.accounts if one.name == alert.account), None)
        digits, offset = account_digits(frame, alert.account), view.broker_offset_s if view else 0
        link = view.link if view else Link.BLIND
        line = text.alert_line(alert, digits, frame.at_ms, offset, link)
        self.number, self.place = alert.number, alert.place
        raised = text.when(alert.raised_ms, frame.at_ms, offset)
        if not self._shown.differs(alert, line, raised, digits, offset, alert.account == selected, unseen):
            return
        self.icon.show_severity(alert.severity, filled=alert.active and waiting)
        again = f"  {TIMES}{unseen}" if unseen > 1 else ""
        self.title.say(text.alert_title(alert, digits) + again, c.text if waiting else c.soft)
        shown = line if alert.account == selected else (alert.account, line[0])
        self.line.say(text.DOT.join(part for part in shown if part), c.soft if waiting else c.faint)
        self.time.say(raised)
        which = ""
        if alert.position is not None:
            which = tr("Position {position} {symbol}", position=alert.position, symbol=alert.symbol)
        times = text.times(alert.raised_ms, offset)
        tip = [
            f"{alert.account}: {alert.rule}",
            which,
            alert.why,
            alert.do,
            times,
            tr("A click, or Enter, shows all of it."),
        ]
        set_tip(self, "\n\n".join(part for part in tip if part))
        said = self.title.full, self.line.full, tr("not acknowledged") if waiting else ""
        kind = tr("{severity} alert", severity=text.severity_name(alert.severity))
        spoken.name(self, ", ".join([kind, *(part for part in said if part)]))
        spoken.name(self.ack, tr("Acknowledge {alert}", alert=self.title.full))
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
        elif event.key() == Qt.Key.Key_Down:
            self.focusNextChild()
        elif event.key() == Qt.Key.Key_Up:
            self.focusPreviousChild()
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
        self._acknowledge(self)


if __name__ == "__main__":
    alone(AlertRow)
