"""How the guard may start: observing, which is chosen, and armed, which is locked, and why."""

from __future__ import annotations

from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout

from ui import spoken, text, theme
from ui.alone import alone
from ui.panels.card import Card, Label
from ui.panels.tick import Tick
from ui.words import tr

OBSERVE = (
    ("✓", tr("Watches every tick, draws and alerts.")),
    ("✓", tr("Keeps a record of each alert and what it would have closed.")),
    (text.DASH, tr("Sends nothing by rule. The emergency stop works all the same.")),
)
ARMED = (
    ("✓", tr("Everything above, and closes positions when a rule trips.")),
    ("✓", tr("Only closes or reduces. It never opens and never adds risk.")),
    (text.DASH, tr("Not while algo trading is off or the account is another one.")),
)
ADVICE = tr("One week of observing first: then the record shows what it would have closed.")
LATER = tr('Arming is a step of its own, later: in the settings, with the login of each account and mode = "armed".')


class ModesCard(Card):
    """Nobody arms on the first page: what a rule would close is to be seen first."""

    def __init__(self) -> None:
        super().__init__(tr("How shall it start?"), caps=False)
        self.observe, self.armed = Tick(tr("Observe"), round_one=True), Tick(tr("Armed"), round_one=True)
        self.observe.setChecked(True)
        self.armed.setEnabled(False)
        c = theme.colours()
        self.locked = Label("", 11, theme.STRONG, c.soft)
        for tick, remark, points, last in (
            (self.observe, Label(tr("starts like this"), 11, theme.STRONG, c.curve), OBSERVE, ADVICE),
            (self.armed, self.locked, ARMED, LATER),
        ):
            self.body.addWidget(_choice(tick, remark, points, last))
        self.show_locked(0)

    def show_locked(self, to_fix: int) -> None:
        """Why it cannot be armed now."""
        self.locked.say(tr("locked: {to_fix} to fix", to_fix=to_fix) if to_fix else tr("locked: observe first"))


def _choice(tick: Tick, remark: Label, points: tuple[tuple[str, str], ...], last: str) -> QFrame:
    c, frame = theme.colours(), QFrame()
    chosen = tick.isChecked()
    edge, ground = (c.curve, c.raised) if chosen else (c.line, "transparent")
    frame.setObjectName("mode")
    frame.setStyleSheet(f"#mode {{ background: {ground}; border: 1px solid {edge}; border-radius: 6px; }}")
    stack, head = QVBoxLayout(frame), QHBoxLayout()
    stack.setContentsMargins(12, 9, 12, 9)
    stack.setSpacing(4)
    head.addWidget(tick)
    head.addStretch(1)
    head.addWidget(remark)
    stack.addLayout(head)
    for sign, words in points:
        point = QHBoxLayout()
        point.setSpacing(8)
        mark = Label(sign, 12, theme.STRONG, c.profit if sign == "✓" else c.soft)
        spoken.name(mark, tr("it does") if sign == "✓" else tr("it does not"))
        mark.setFixedWidth(16)
        point.addWidget(mark)
        point.addWidget(Label(words, 12, theme.MEDIUM, c.soft), 1)
        stack.addLayout(point)
    foot = Label(last, 11, theme.MEDIUM, c.faint)
    foot.setWordWrap(True)
    stack.addWidget(foot)
    return frame


if __name__ == "__main__":
    alone(ModesCard)
