"""The icon beside the clock: the worst state in its colour, new alerts as messages, and the window hidden behind it."""

from __future__ import annotations

from PySide6.QtCore import QObject, QPointF, Qt, Signal
from PySide6.QtGui import QColor, QIcon, QPainter, QPen, QPixmap
from PySide6.QtWidgets import QMenu, QSystemTrayIcon

from monitors.ports import AlertView, Frame, Link, Severity
from ui import text, theme
from ui.panels.alerts import waiting_rows
from ui.panels.banner import account_digits
from ui.panels.stop import reaches
from ui.words import tr, trn

SIDE_PX, SHOWN_MS = 64, 10_000
MOST_LINES = 3
"""Alerts named in one message; of more the rest is counted."""


class Tray(QObject):
    """Told of every frame, the window being shown or not."""

    wanted = Signal()
    """The window is to come forward."""
    silenced = Signal()
    stop_wanted = Signal()
    """Of every account; without a question, as everywhere."""
    leaving = Signal()

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.icon, self.menu = QSystemTrayIcon(self), QMenu()
        self._look: tuple[str, bool] | None = None
        """Colour and staleness as they were painted last."""
        self._known: set[tuple[int, int]] | None = None
        self.menu.addAction(tr("Show Plimsoll"), self.wanted.emit)
        self.menu.addAction(tr("Silence"), self.silenced.emit)
        self.menu.addSeparator()
        self.stop = self.menu.addAction(tr("Emergency stop"), self.stop_wanted.emit)
        self.menu.addSeparator()
        self.menu.addAction(tr("Quit"), self.leaving.emit)
        self.icon.setContextMenu(self.menu)
        self.icon.activated.connect(self._activated)
        self.icon.messageClicked.connect(self.wanted)
        self._paint("", stale=True)

    def show(self) -> bool:
        """Take the place beside the clock; False where this desktop has none."""
        if not QSystemTrayIcon.isSystemTrayAvailable():
            return False
        self.icon.show()
        return True

    def hide(self) -> None:
        """Leave it."""
        self.icon.hide()

    def show_frame(self, frame: Frame, *, watched: bool) -> str:
        """Icon, words and menu as of now; the message that is shown for what is new, where nobody looks (`watched`)."""
        waiting = [alert for alert in frame.alerts if alert.active and alert.waiting]
        worst = max((alert.severity for alert in waiting), key=lambda one: one.rank, default=None)
        blind = not frame.accounts or any(view.link is not Link.LIVE for view in frame.accounts)
        c = theme.colours()
        self._paint(c.severity(worst) if worst else c.faint if blind else c.profit, stale=blind and not worst)
        self.icon.setToolTip("\n".join(_words(frame, len(waiting_rows(frame.alerts)))))
        count = len(frame.accounts)
        whose = frame.accounts[0].name if count == 1 else tr("all {count} accounts", count=count)
        words = tr("Emergency stop: {accounts}", accounts=whose) if count else tr("Emergency stop")
        live = any(view.can_stop for view in frame.accounts)
        if live and not any(map(reaches, frame.accounts)):
            words = tr("{stop} (not connected: use MT5)", stop=words)
        self.stop.setText(words)
        self.stop.setEnabled(live)
        return self._message(frame, waiting, watched=watched)

    def relook(self) -> None:
        """The same state in another look."""
        if self._look is not None:
            (colour, stale), self._look = self._look, None
            self._paint(theme.now(colour), stale=stale)

    def say(self, title: str, words: str) -> None:
        """A message beside the clock."""
        self.icon.showMessage(title, words, self.icon.icon(), SHOWN_MS)

    def _message(self, frame: Frame, waiting: list[AlertView], *, watched: bool) -> str:
        """What stood already at the first frame is no news."""
        loud = {(a.number, a.stage): a for a in waiting if a.severity.rank >= Severity.HIGH.rank}
        fresh = [] if self._known is None else [alert for key, alert in loud.items() if key not in self._known]
        self._known = set(loud)
        if not fresh or watched:
            return ""
        fresh.sort(key=lambda alert: -alert.severity.rank)
        lines = [f"{a.account}: {text.alert_title(a, account_digits(frame, a.account))}" for a in fresh[:MOST_LINES]]
        lines += [tr("and {count} more", count=len(fresh) - MOST_LINES)] if len(fresh) > MOST_LINES else []
        self.say(tr("Plimsoll: {severity} alert", severity=text.severity_name(fresh[0].severity)), "\n".join(lines))
        return "\n".join(lines)

    def _activated(self, reason: QSystemTrayIcon.ActivationReason) -> None:
        if reason is not QSystemTrayIcon.ActivationReason.Context:
            self.wanted.emit()

    def _paint(self, colour: str, *, stale: bool) -> None:
        """The mark, and a dot of the worst state; a ring where nothing is known of some account."""
        if (colour, stale) == self._look:
            return
        self._look = colour, stale
        c, picture = theme.colours(), QPixmap(SIDE_PX, SIDE_PX)
        picture.fill(Qt.GlobalColor.transparent)
        painter = QPainter(picture)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(c.text), 5))
        painter.drawEllipse(QPointF(30, 34), 21, 21)
        painter.setPen(QPen(QColor(c.curve), 6))
        painter.drawLine(QPointF(2, 34), QPointF(60, 34))
        painter.setPen(QPen(QColor(colour or c.faint), 4))
        painter.setBrush(Qt.BrushStyle.NoBrush if stale else QColor(colour))
        painter.drawEllipse(QPointF(50, 14), 11, 11)
        painter.end()
        self.icon.setIcon(QIcon(picture))


def _words(frame: Frame, waiting: int) -> list[str]:
    """A line an account, and how many alerts wait."""
    states = {view.name: [tr("halted") if view.halt else text.mode_name(view.mode)] for view in frame.accounts}
    for view in frame.accounts:
        states[view.name] += [] if view.link is Link.LIVE else [text.link_name(view.link)]
    lines = [f"{name}: {', '.join(state)}" for name, state in states.items()]
    waits = trn("{count} alert waiting", "{count} alerts waiting", waiting) if waiting else tr("nothing waits for you")
    return ["Plimsoll", *lines, waits]
