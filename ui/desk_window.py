"""The window of the desk: every account of every machine, and nothing that acts on any."""

from __future__ import annotations

from typing import Protocol

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QHideEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QMainWindow, QVBoxLayout, QWidget

from monitors.desk import DeskView, Machine
from ui import text, theme
from ui.icons import Mark
from ui.pages.accounts import AccountsPage
from ui.pages.page import NOTHING
from ui.panels.banner import Strip
from ui.panels.card import Elided, Label
from ui.panels.desk_legs import DeskLegs
from ui.panels.stalled import past
from ui.shown import set_sheet, set_tip
from ui.words import tr, trn

HEAD_PX, LEGS_PX = 64, 330
POLL_MS = 250
STALLED_POLLS = 40
"""Views come four a second, changes or none: where it is the same one for so long, nobody makes them any more."""
READ_ONLY = tr("READ-ONLY: stop on the machine itself")
READ_ONLY_TIP = tr(
    "The desk only hears. A stop, a reset and an acknowledgement are pressed on the machine of the account."
)


class ViewSource(Protocol):
    """Where the newest view lies."""

    def newest(self) -> DeskView | None: ...


class DeskHead(QFrame):
    """Mark, how many machines and accounts there are, the clock, and whether Kafka answers."""

    def __init__(self) -> None:
        super().__init__()
        c = theme.colours()
        self.setFixedHeight(HEAD_PX)
        self.word = Label(tr("Plimsoll desk"), 16, theme.STRONG, c.text)
        self.counts = Label("", 11, theme.MEDIUM, c.soft)
        self.mode = Label(READ_ONLY, 11, theme.STRONG, c.soft)
        set_tip(self.mode, READ_ONLY_TIP)
        set_sheet(self.mode, f"border: 1px solid {c.edge}; border-radius: 4px; padding: 4px 8px; color: {c.soft}")
        self.time, self.zone = Label("", 16, theme.STRONG, c.text), Label("UTC", 11, theme.MEDIUM, c.soft)
        self.dot = Label("○", 11, theme.STRONG, c.faint)
        self.link, self.where = Label("", 12, theme.STRONG, c.text), Label("", 11, theme.MEDIUM, c.soft)
        line = QHBoxLayout(self)
        line.setContentsMargins(14, 0, 16, 0)
        line.setSpacing(10)
        line.addWidget(Mark())
        line.addLayout(_stack(self.word, self.counts))
        line.addStretch(1)
        line.addWidget(self.mode, 0, Qt.AlignmentFlag.AlignVCenter)
        line.addSpacing(8)
        line.addLayout(_stack(self.time, self.zone))
        line.addSpacing(8)
        line.addWidget(self.dot, 0, Qt.AlignmentFlag.AlignVCenter)
        line.addLayout(_stack(self.link, self.where))

    def show_view(self, view: DeskView | None, brokers: str) -> None:
        c = theme.colours()
        whole = len(brokers) <= 32  # noqa: PLR2004 -- as much as has room
        self.where.say(brokers if whole else trn("{count} broker", "{count} brokers", brokers.count(",") + 1))
        set_tip(self.where, brokers.replace(",", "\n"))
        if view is None:
            self.counts.say(tr("reading what is known"))
            self.time.say(text.DASH)
            self.link.say(tr("Waiting for Kafka"))
            return
        machines, accounts = len(view.machines), len(view.frame.accounts)
        many = trn("{count} account", "{count} accounts", accounts)
        self.counts.say(tr("{accounts} on {machines}", accounts=many,
                           machines=trn("{count} machine", "{count} machines", machines)))  # fmt: skip
        self.time.say(text.clock(view.frame.at_ms))
        self.link.say(tr("Kafka not reached") if view.away else tr("Kafka connected"))
        set_tip(self.link, view.away)
        self.dot.say("○" if view.away else "●", c.critical if view.away else c.profit)


class SilentStrip(Strip):
    """Hidden while every machine speaks and Kafka answers."""

    def show_view(self, view: DeskView) -> None:
        quiet = [machine for machine in view.machines if machine.silent]
        now_ms = view.frame.at_ms
        if view.away:
            self.say(
                tr("KAFKA NOT REACHED"),
                tr("{away}. Nothing is heard of any machine; figures are of then.", away=view.away),
            )
        elif quiet:
            words = ", ".join(_words(machine, now_ms) for machine in quiet)
            self.say(trn("{count} MACHINE SILENT", "{count} MACHINES SILENT", len(quiet)), words)
        else:
            self.hide()


class DeskWindow(QMainWindow):
    """Draws the newest view four times a second while it is shown."""

    closed = Signal()

    def __init__(self, source: ViewSource, brokers: str) -> None:
        super().__init__()
        self._source, self._brokers = source, brokers
        self._view: DeskView | None = None
        self._same = 0
        """How many polls found the same view."""
        self.setWindowTitle(tr("Plimsoll desk"))
        self.setMinimumSize(1_180, 720)
        self.resize(1_440, 900)
        self.head, self.strip, self.page, self.legs = DeskHead(), SilentStrip(), AccountsPage(), DeskLegs()
        self.last = Elided("", 11, theme.MEDIUM, theme.colours().soft)
        self.counted = Label("", 11, theme.MEDIUM, theme.colours().faint)
        self.notice = Elided("", 11, theme.STRONG, theme.colours().text)
        self.page.account_wanted.connect(self._elsewhere)
        self._lay_out()
        self._timer = QTimer(self)
        self._timer.timeout.connect(self.poll)
        self.poll()

    def _lay_out(self) -> None:
        body, right, foot = QWidget(), QWidget(), QHBoxLayout()
        whole, middle, side = QVBoxLayout(body), QHBoxLayout(), QVBoxLayout(right)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        middle.setSpacing(0)
        right.setFixedWidth(LEGS_PX)
        side.setContentsMargins(0, theme.GAP, theme.GAP, theme.GAP)
        side.addWidget(self.legs)
        middle.addWidget(self.page, 1)
        middle.addWidget(right)
        foot.setContentsMargins(14, 0, 14, 6)
        foot.setSpacing(14)
        foot.addWidget(self.last, 2)
        foot.addWidget(self.notice, 1)
        foot.addWidget(self.counted)
        whole.addWidget(self.head)
        whole.addWidget(self.strip)
        whole.addLayout(middle, 1)
        whole.addLayout(foot)
        self.setCentralWidget(body)

    def poll(self) -> None:
        """Draw the newest view unless it has been drawn."""
        view = self._source.newest()
        self._same = self._same + 1 if view is self._view else 0
        if view is not None and self._same == STALLED_POLLS:
            self.page.show_frame(past(view.frame, can_stop=False), NOTHING)
            self.strip.say(
                tr("NOT LISTENING"), tr("The desk hears nothing any more, figures are of then. Start it again.")
            )
        if view is self._view and view is not None:
            return
        self._view = view
        self.head.show_view(view, self._brokers)
        if view is None:
            return
        self.strip.show_view(view)
        self.page.show_frame(view.frame, NOTHING)
        self.legs.show_together(view.together)
        self.last.say(view.last)
        self.counted.say(_counted(view))

    def _elsewhere(self, name: str) -> None:
        """A card leads nowhere here; say where to look."""
        account, _, machine = name.rpartition(" @ ")
        self.notice.say(tr("{account} is shown whole on its machine, {machine}", account=account, machine=machine))

    def resizeEvent(self, event: QResizeEvent) -> None:
        self.page.fit_width(event.size().width() - LEGS_PX)
        super().resizeEvent(event)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._timer.start(POLL_MS)

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._timer.stop()

    def closeEvent(self, event: QCloseEvent) -> None:
        self._timer.stop()
        event.accept()
        self.closed.emit()


def _words(machine: Machine, now_ms: int) -> str:
    name, accounts = machine.name, trn("{count} account", "{count} accounts", machine.accounts)
    if not machine.heard_ms:
        return f"{name} ({accounts})"
    since = text.when(machine.heard_ms, now_ms)
    return tr("{machine} since {time} UTC ({accounts})", machine=name, time=since, accounts=accounts)


def _counted(view: DeskView) -> str:
    """What came; what is wrong with it only where something is."""
    found = view.counted
    parts = (
        trn("{count} event", "{count} events", found.events),
        tr("{count} doubled", count=found.doubled) if found.doubled else "",
        tr("{count} missing", count=found.missing) if found.missing else "",
        tr("{count} unreadable", count=found.unreadable) if found.unreadable else "",
    )
    return text.DOT.join(filter(None, parts))


def _stack(upper: Label, lower: Label) -> QVBoxLayout:
    stack = QVBoxLayout()
    stack.setSpacing(2)
    stack.addStretch(1)
    stack.addWidget(upper)
    stack.addWidget(lower)
    stack.addStretch(1)
    return stack
