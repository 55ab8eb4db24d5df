"""The page of the first start: what was found on this machine, what observing means, and the demo."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from ui import theme
from ui.alone import alone
from ui.icons import Mark
from ui.panels.card import Card, Label, button

LEFT_SHARE, RIGHT_PX = 1, 456
OBSERVE = (
    ("✓", "Watches every tick, draws and alerts."),
    ("✓", "Keeps a record of each alert and what it would have closed."),
    ("-", "Sends nothing by rule. The emergency stop works all the same."),
)
ARMED = (
    ("✓", "Everything above, and closes positions when a rule trips."),
    ("✓", "Only closes or reduces. It never opens and never adds risk."),
    ("-", "Not while algo trading is off or the account is another one."),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that was looked for: what, what was found, and what to do where something is to be mended."""

    title: str
    detail: str
    remedy: str = ""
    fine: bool = False


class FirstRun(QWidget):
    """Shown when there is no config or no terminal; `demo` and `again` say what a person chose."""

    demo = Signal()
    again = Signal()

    def __init__(self, findings: Sequence[Finding], config: str) -> None:
        super().__init__()
        self.setWindowTitle("Plimsoll")
        self.setMinimumSize(1_000, 640)
        self.resize(1_280, 800)
        whole, body = QVBoxLayout(self), QHBoxLayout()
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(_head(config))
        body.setContentsMargins(theme.GAP, theme.GAP, theme.GAP, theme.GAP)
        body.setSpacing(theme.GAP)
        whole.addLayout(body, 1)
        body.addWidget(self._found(findings), LEFT_SHARE)
        side, column = QWidget(), QVBoxLayout()
        side.setFixedWidth(RIGHT_PX)
        side.setLayout(column)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.GAP)
        column.addWidget(_choice())
        column.addWidget(self._try())
        column.addStretch(1)
        body.addWidget(side)

    def save_png(self, path: Path) -> None:
        """Write the page as a PNG; OSError where it cannot be written."""
        if not self.grab().save(str(path), "PNG"):
            raise OSError(f"{path}: the picture could not be written")

    def _found(self, findings: Sequence[Finding]) -> Card:
        card, c = Card("What was found", caps=False), theme.colours()
        look_again = button("Look again")
        look_again.clicked.connect(self.again)
        to_mend = sum(not finding.fine for finding in findings)
        card.remark.say(f"{to_mend} to mend" if to_mend else "nothing to mend", c.soft)
        card.head.addWidget(look_again)
        inside, area = QWidget(), QScrollArea()
        stack = QVBoxLayout(inside)
        stack.setContentsMargins(0, 6, 0, 0)
        stack.setSpacing(12)
        for finding in findings:
            stack.addLayout(_finding(finding))
        if not findings:
            stack.addWidget(Label("Nothing was looked for yet.", 12, theme.MEDIUM, c.faint))
        stack.addStretch(1)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setWidgetResizable(True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setWidget(inside)
        card.body.addWidget(area, 1)
        return card

    def _try(self) -> Card:
        card, c, line = Card("No account at hand? Try the demo", caps=False), theme.colours(), QHBoxLayout()
        story = (
            "A simulated terminal with a day that goes wrong: a rule trips, positions are cut, "
            "and you may press the stop. No MT5, no money."
        )
        card.body.addWidget(_wrapped(Label(story, 12, theme.MEDIUM, c.soft)))
        self.start = button("Start the demo", "primary", 13)
        self.start.setMinimumHeight(34)
        self.start.setDefault(True)
        self.start.clicked.connect(self.demo)
        line.addWidget(self.start)
        line.addWidget(Label("or", 11, theme.MEDIUM, c.faint))
        line.addWidget(Label("plimsoll demo", 12, theme.STRONG, c.soft))
        line.addStretch(1)
        card.body.addSpacing(8)
        card.body.addLayout(line)
        return card


def _head(config: str) -> QFrame:
    c, head = theme.colours(), QFrame()
    head.setObjectName("head")
    head.setStyleSheet(f"#head {{ background: {c.card}; border-bottom: 1px solid {c.line}; }}")
    head.setFixedHeight(64)
    line = QHBoxLayout(head)
    line.setContentsMargins(14, 0, 16, 0)
    line.setSpacing(10)
    line.addWidget(Mark())
    line.addWidget(Label("Plimsoll", 16, theme.STRONG, c.text))
    line.addSpacing(8)
    line.addWidget(Label("Nothing is watched yet and no order can be sent.", 13, theme.MEDIUM, c.soft))
    line.addStretch(1)
    line.addWidget(Label(f"config: {config}", 11, theme.MEDIUM, c.faint))
    return head


def _choice() -> Card:
    card, c = Card("How shall it start?", caps=False), theme.colours()
    for name, remark, points in (("Observe", "starts like this", OBSERVE), ("Armed", "a later step, by you", ARMED)):
        line = QHBoxLayout()
        line.addWidget(Label(name, 13, theme.STRONG, c.text))
        line.addStretch(1)
        line.addWidget(Label(remark, 11, theme.STRONG, c.curve if name == "Observe" else c.faint))
        card.body.addSpacing(6)
        card.body.addLayout(line)
        for sign, words in points:
            point = QHBoxLayout()
            point.setSpacing(8)
            mark = Label(sign, 12, theme.STRONG, c.profit if sign == "✓" else c.soft)
            mark.setFixedWidth(14)
            point.addWidget(mark)
            point.addWidget(Label(words, 12, theme.MEDIUM, c.soft), 1)
            card.body.addLayout(point)
    return card


def _finding(finding: Finding) -> QHBoxLayout:
    c, line, words = theme.colours(), QHBoxLayout(), QVBoxLayout()
    sign = Label("✓" if finding.fine else "▲", 13, theme.STRONG, c.profit if finding.fine else c.high)
    sign.setFixedWidth(18)
    line.setSpacing(8)
    line.addWidget(sign, 0, Qt.AlignmentFlag.AlignTop)
    line.addLayout(words, 1)
    words.setSpacing(2)
    words.addWidget(_wrapped(Label(finding.title, 13, theme.STRONG, c.text)))
    words.addWidget(_wrapped(Label(finding.detail, 12, theme.MEDIUM, c.soft)))
    if finding.remedy:
        words.addWidget(_wrapped(Label(f"→ {finding.remedy}", 12, theme.STRONG, c.text)))
    return line


def _wrapped(label: Label) -> Label:
    label.setWordWrap(True)
    return label


if __name__ == "__main__":
    alone(lambda: FirstRun((Finding(title="MetaTrader 5", detail="not found", remedy="start MT5"),), ""))
