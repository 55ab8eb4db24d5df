"""The pane beside the charts that says of one alert what it saw, why it matters, what to do, and what happened."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from monitors.ports import AccountFrame, AlertView, Frame, LevelView
from monitors.trail import EMPTY
from ui import occurrence, text, theme
from ui.alone import alone
from ui.charts.plot import Line
from ui.icons import SeverityIcon
from ui.panels.account import is_past
from ui.panels.alert_trail import AlertTrail, Picture
from ui.panels.banner import account_digits
from ui.panels.card import Card, Elided, Label, button
from ui.panels.lines import Lines, Reading
from ui.panels.panel import scrolled
from ui.panels.shelve import ShelveButton
from ui.shown import set_look
from ui.words import tr

WIDE = 372
_SENTENCES = re.compile(r"(?<=[.!?;])\s+|\n+")


class AlertDetail(Card):
    """Filled anew with every frame; `closed` by its button, `plan_wanted` by the one that shows the plan."""

    closed = Signal()
    plan_wanted = Signal(str, float)
    """The rule and the level whose plan is to be shown."""

    def __init__(self, acknowledge: Callable[[int], None]) -> None:
        super().__init__(margins=(14, 11, 10, 8))
        self.setFixedWidth(WIDE)
        self.number, self._acknowledge = 0, acknowledge
        self._about: tuple[str, float] = "", math.nan
        c = theme.colours()
        self.icon, self.name = SeverityIcon(), Elided("", 13, theme.STRONG, c.text)
        self.about = Elided("", 11, theme.MEDIUM, c.soft)
        self.close_button = button(tr("Close"), "range")
        self.close_button.clicked.connect(self.closed)
        self.readings = [Reading() for _ in range(3)]
        self.trail = AlertTrail()
        self.why = Label("", 12, theme.MEDIUM, c.soft)
        self.why.setWordWrap(True)
        self.todo, self.happened = Lines(12), Lines(54)
        self.seen, self.plan = button(tr("Acknowledge"), "primary", px=12), button(tr("Show plan"), "range")
        self.shelve = ShelveButton()
        self.seen.clicked.connect(lambda: self._acknowledge(self.number))
        self.plan.clicked.connect(lambda: self.plan_wanted.emit(*self._about))
        self._arrange()

    def _arrange(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(10)
        head.addWidget(self.icon, 0, Qt.AlignmentFlag.AlignTop)
        head.addWidget(self.name, 1)
        head.addWidget(self.close_button, 0, Qt.AlignmentFlag.AlignTop)
        self.body.addLayout(head)
        self.body.addWidget(self.about)
        inside = QWidget()
        stack = QVBoxLayout(inside)
        stack.setContentsMargins(0, 2, 4, 0)
        stack.setSpacing(6)
        three = QHBoxLayout()
        for reading in self.readings:
            three.addWidget(reading, 1)
        stack.addLayout(three)
        stack.addWidget(self.trail)
        for caps, part in ((tr("Why it matters"), self.why), (tr("What to do"), self.todo)):
            stack.addWidget(Label(caps.upper(), 10, theme.STRONG, theme.colours().faint))
            stack.addWidget(part)
        buttons = QHBoxLayout()
        buttons.addWidget(self.seen)
        buttons.addWidget(self.shelve)
        buttons.addStretch(1)
        buttons.addWidget(self.plan)
        stack.addLayout(buttons)
        stack.addWidget(Label(tr("THIS OCCURRENCE"), 10, theme.STRONG, theme.colours().faint))
        stack.addWidget(self.happened)
        stack.addStretch(1)
        self.body.addWidget(scrolled(inside), 1)

    def show_alert(self, alert: AlertView, frame: Frame) -> None:
        """Everything about it, as of this frame."""
        view = next((one for one in frame.accounts if one.name == alert.account), None)
        c, digits = theme.colours(), account_digits(frame, alert.account)
        offset = view.broker_offset_s if view else 0
        levels = [level for level in view.levels if level.rule == alert.rule] if view else []
        happened = frame.occurrences.get(alert.number, ())
        self.number, waiting = alert.number, alert.acknowledged_ms is None
        self._about = alert.rule, math.nan if alert.threshold is None else alert.threshold
        self.icon.show_severity(alert.severity, filled=alert.active and alert.waiting)
        self.name.say(text.alert_title(alert, digits))
        place = next((n for n, level in enumerate(levels, 1) if level.at == alert.threshold), 0)
        of = tr("level {place} of {count}", place=place, count=len(levels)) if len(levels) > 1 and place else ""
        which = tr("position {position}", position=alert.position) if alert.position is not None else ""
        severity, rule = text.severity_name(alert.severity).capitalize(), tr("rule “{rule}”", rule=alert.rule)
        about = severity, alert.account, rule, of, which
        self.about.say(text.DOT.join(part for part in about if part))
        self._read(alert, digits, offset, frame.at_ms, seen=view is not None and not is_past(view))
        self.trail.setVisible(alert.threshold is not None)
        self.trail.show_picture(_picture(alert, frame, view, levels, occurrence.acted(happened), digits))
        self.why.say(alert.why or tr("The rule of this alert says nothing of why it matters."), c.soft)
        self.todo.say([(str(n), words, "", c.soft) for n, words in enumerate(_todo(alert, levels, digits), 1)])
        self.seen.setEnabled(waiting)
        since = text.when(alert.acknowledged_ms or 0, frame.at_ms, offset, brief=True)
        self.seen.setText(tr("Acknowledge") if waiting else tr("Acknowledged {time}", time=since))
        set_look(self.seen, "look", "primary" if waiting else "plain")
        self.shelve.show_alert(alert)
        self.plan.setVisible(alert.episode is not None)
        rows = occurrence.lines(alert, happened, digits)
        colour = {True: c.critical, False: c.soft}
        self.happened.say([(text.when(row.at_ms, frame.at_ms, offset), row.what, row.note,
                            c.text if row.strong else colour[row.trouble]) for row in rows])  # fmt: skip

    def _read(self, alert: AlertView, digits: int, offset: int, now_ms: int, *, seen: bool) -> None:
        c = theme.colours()
        now, then, worst = self.readings
        latest = alert.latest if alert.active and seen else None
        now.say(text.measure(alert.metric, latest, digits), tr("now") if alert.active else tr("cleared"),
                c.severity(alert.severity) if latest is not None else c.faint)  # fmt: skip
        then.say(text.measure(alert.metric, alert.value, digits), tr("when it tripped"), c.text)
        name = tr("lowest") if alert.when == "below" else tr("highest")
        at = f", {text.when(alert.worst_ms, now_ms, offset)}" if alert.worst_ms is not None else ""
        worst.say(text.measure(alert.metric, alert.worst, digits), f"{name}{at}", c.text)
        for reading in self.readings:
            reading.setVisible(alert.threshold is not None)


def _todo(alert: AlertView, levels: Sequence[LevelView], digits: int) -> list[str]:
    """What the rule says to do, a line a sentence, and what comes next by itself where nothing is done."""
    lines = [line.strip() for line in _SENTENCES.split(alert.do) if line.strip()]
    later = levels[1 + next((n for n, level in enumerate(levels) if level.at == alert.threshold), len(levels)) :]
    coming = next((level for level in later if level.action != "alert" and not level.tripped), None)
    if coming is not None and alert.active:
        at = text.measure(coming.metric, coming.at, digits, brief=True)
        action = text.action_name(coming.action).lower()
        lines.append(tr("Do nothing: at {limit} the next level acts: {action}.", limit=at, action=action))
    return lines or [tr("The rule of this alert says nothing of what to do.")]


def _picture(alert: AlertView, frame: Frame, view: AccountFrame | None, levels: Sequence[LevelView],
             acted_ms: tuple[int, ...], digits: int) -> Picture:  # fmt: skip
    c, offset = theme.colours(), view.broker_offset_s if view else 0
    drawn = tuple(
        Line(at=level.at, caption=text.bare(level.metric, level.at, digits, brief=True),
             colour=c.severity(level.severity)) for level in levels
    )  # fmt: skip
    return Picture(
        trail=view.trails.get(alert.rule, EMPTY) if view else EMPTY, threshold=alert.threshold, when=alert.when,
        colour=c.severity(alert.severity), levels=drawn, tripped_ms=alert.raised_ms,
        until_ms=frame.at_ms if alert.active else alert.cleared_ms or frame.at_ms,
        clock=text.when(alert.raised_ms, frame.at_ms, offset), acted_ms=acted_ms,
    )  # fmt: skip


if __name__ == "__main__":
    alone(AlertDetail)
