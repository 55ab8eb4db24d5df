"""The alert list: what needs a person first, what was seen after it, what is over last."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from monitors.ports import AlertView, Frame
from ui import theme
from ui.alone import alone
from ui.panels.alert_row import AlertRow
from ui.panels.card import Card, Label, button
from ui.panels.flood import FloodRow, folded
from ui.panels.panel import scrolled
from ui.shown import Last, set_look, set_sheet, set_tip
from ui.sound import SILENT, Sound
from ui.words import tr

MOST = 100
"""Rows drawn at once; the rest is counted in the card's last line."""
SETTLED_MS = 500
"""So long what has just come to stand in another's place takes no Ack: a double click was meant for the one before."""
FLOOD = "flood"


def in_order(alerts: Iterable[AlertView]) -> list[AlertView]:
    """What waits for a person before acknowledged before shelved before over; then the severest, then the newest."""

    def place(alert: AlertView) -> tuple[int, int, int]:
        stage = 0 if alert.waiting else 2 if alert.shelved_until_ms is not None else 1 if alert.active else 3
        return stage, -alert.severity.rank, -alert.raised_ms

    return sorted(alerts, key=place)


def standing(alerts: Iterable[AlertView]) -> dict[int, int]:
    """One row a level, to how many nobody has seen: of what waits the severest and newest, else the newest."""
    rows: dict[object, list[AlertView]] = {}
    for alert in alerts:
        rows.setdefault(alert.place, []).append(alert)
    found = {}
    for occurrences in rows.values():
        waiting = [alert for alert in occurrences if alert.waiting]
        unseen = [alert for alert in occurrences if alert.acknowledged_ms is None]
        chosen = max(waiting or unseen or occurrences, key=lambda alert: (alert.severity.rank, alert.raised_ms))
        found[chosen.number] = len(waiting or unseen)
    return found


def waiting_rows(alerts: Iterable[AlertView]) -> list[AlertView]:
    """One alert a row of the list that waits for a person: what every count of them counts."""
    every = tuple(alerts)
    rows = standing(every)
    return [alert for alert in every if alert.number in rows and alert.waiting]


class AlertsCard(Card):
    """Rows are kept and filled again, never rebuilt, so that a click or the focus is not lost to a redraw."""

    opened = Signal(int)
    silenced = Signal()
    """A person wants what sounds to be quiet; that acknowledges nothing."""
    history_wanted = Signal()

    def __init__(self, acknowledge: Callable[[int], None]) -> None:
        super().__init__(tr("Alerts"), caps=False, margins=(8, 9, 8, 8))
        c = theme.colours()
        self._acknowledge = acknowledge
        self.rows: list[AlertRow] = []
        self.waiting: tuple[int, ...] = ()
        """The numbers listed that wait for a person, in the list's order."""
        self._listed, self._arranged = Last(), Last()
        self._unseen: dict[int, int] = {}
        self._ordered: list[AlertView] = []
        self._among: list[AlertView] = []
        self._unfolded = False
        self._places: list[object] = []
        """What stands where, from the top."""
        self._moved_ms: dict[object, int] = {}
        """Since when it has stood where another one did; by the frames' clock, as is the newest of them."""
        self._at_ms = 0
        self.head.setContentsMargins(6, 0, 6, 0)
        self.badge = Label("", 11, theme.STRONG, c.on_fill)
        self.badge.setStyleSheet(f"background: {c.critical}; border-radius: 8px; padding: 1px 7px")
        self.head.insertWidget(1, self.badge)
        self.silence = button(tr("Silence"), "link", 12)
        self.silence.clicked.connect(self.silenced)
        self.history = button(tr("History"), "link", 12)
        self.history.clicked.connect(self.history_wanted)
        self.head.addWidget(self.silence)
        self.head.addWidget(self.history)
        self.show_sound(SILENT)
        inside = QWidget()
        self._stack = QVBoxLayout(inside)
        self._stack.setContentsMargins(0, 0, 0, 0)
        self._stack.setSpacing(5)
        self.empty = Label(tr("No alerts. Nothing needs you."), 12, theme.MEDIUM, c.faint)
        self.empty.setContentsMargins(6, 6, 6, 6)
        self._stack.addWidget(self.empty)
        self.flood = FloodRow()
        self.flood.acknowledged.connect(self._acknowledge_flood)
        self.flood.toggled.connect(self._toggle_flood)
        self._stack.addWidget(self.flood)
        self._stack.addStretch(1)
        self.area = scrolled(inside)
        self.body.addWidget(self.area, 1)

    def show_frame(self, frame: Frame, selected: str, chosen: int = 0) -> None:
        """`chosen` is the number of the alert whose detail stands open."""
        if self._listed.differs(frame.alerts):
            self._unseen = standing(frame.alerts)
            self._ordered = in_order(alert for alert in frame.alerts if alert.number in self._unseen)
        self._among = folded(frame, self._ordered)
        self._unfolded &= bool(self._among)
        hidden = set() if self._unfolded else {alert.number for alert in self._among}
        ordered = [alert for alert in self._ordered if alert.number not in hidden]
        if self._arranged.differs(ordered, bool(frame.alerts), self._among, self._unfolded, frame.load):
            self._arrange(frame, ordered)
        self._place([FLOOD] * bool(self._among) + [alert.place for alert in ordered[:MOST]], frame.at_ms)
        for row, alert in zip(self.rows, ordered, strict=False):
            row.show_alert(alert, frame, selected, self._unseen[alert.number])
            set_look(row, "chosen", "true" if alert.number == chosen else "false")
            row.show()

    def _arrange(self, frame: Frame, ordered: list[AlertView]) -> None:
        """What is counted, what stands for many, and as many rows as are needed."""
        c, waiting = theme.colours(), [alert for alert in self._ordered if alert.waiting]
        self.flood.show_flood(frame, self._among, unfolded=self._unfolded)
        self.waiting = tuple(alert.number for alert in ordered if alert.waiting)
        self.badge.setVisible(bool(waiting))
        self.badge.say(str(len(waiting)))
        if waiting:
            colour = c.severity(waiting[0].severity)
            set_sheet(self.badge, f"background: {colour}; color: {c.on_fill}; border-radius: 8px; padding: 1px 7px")
        self.remark.say(tr("{count} more not shown", count=len(ordered) - MOST) if len(ordered) > MOST else "")
        self.empty.setVisible(not frame.alerts)
        while len(self.rows) < min(len(ordered), MOST):
            self.rows.append(AlertRow(self.acknowledge))
            self.rows[-1].opened.connect(self.opened)
            self._stack.insertWidget(self._stack.count() - 1, self.rows[-1])
        self._put_flood(ordered)
        for row in self.rows[len(ordered) :]:
            row.hide()

    def _place(self, places: list[object], at_ms: int) -> None:
        before, self._at_ms = self._places, at_ms
        self._moved_ms = {one: self._moved_ms[one] for one in places if one in self._moved_ms}
        shorter = len(places) < len(before)  # a list that was scrolled to its end slides down as a whole
        for was, one in zip(before, places, strict=False):
            if was != one or shorter:
                self._moved_ms[one] = at_ms
        self._places = places

    def _settled(self, place: object) -> bool:
        since = self._moved_ms.get(place)
        return since is None or not 0 <= self._at_ms - since < SETTLED_MS

    def acknowledge(self, row: AlertRow) -> None:
        """Acknowledge a row's alert, unless it has just come to stand there."""
        if self._settled(row.place):
            self._acknowledge(row.number)

    def show_sound(self, sound: Sound) -> None:
        """Whether something sounds that can be made quiet."""
        self.silence.setText(tr("Silenced") if sound.silenced else tr("Silence"))
        self.silence.setEnabled(sound.loud)
        tip = tr("Quiet until something new comes or an alert climbs; nothing is acknowledged by it (Ctrl+M)")
        set_tip(self.silence, tip if sound.loud or sound.silenced else tr("Nothing sounds"))

    def _put_flood(self, ordered: list[AlertView]) -> None:
        """Its row stands under what is worse than the worst of those that it stands for."""
        worst = max((alert.severity.rank for alert in self._among), default=0)
        place = sum(alert.waiting and alert.severity.rank > worst for alert in ordered[:MOST]) + 1
        if self._stack.indexOf(self.flood) != place:
            self._stack.removeWidget(self.flood)
            self._stack.insertWidget(place, self.flood)

    def _toggle_flood(self) -> None:
        self._unfolded = not self._unfolded

    def _acknowledge_flood(self) -> None:
        """Those that the row stands for, and none that came since it was drawn."""
        if self._settled(FLOOD):
            self._moved_ms[FLOOD] = self._at_ms  # a second click is for none that came between the two
            for alert in self._among:
                self._acknowledge(alert.number)

    def acknowledge_first(self) -> None:
        """Acknowledge the alert that stands first among those that wait; one out of sight is only scrolled to."""
        row = next((row for row in self.rows if row.isVisible() and row.number in self.waiting), None)
        if row is not None and row.visibleRegion().isEmpty():
            self.area.ensureWidgetVisible(row)
        elif row is not None:
            self.acknowledge(row)


if __name__ == "__main__":
    alone(AlertsCard)
