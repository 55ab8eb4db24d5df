"""The page of the first start: which terminals run, what keeps the guard from acting, how to start, and the demo."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from monitors.ports import Severity
from ui import theme
from ui.alone import alone
from ui.icons import Mark
from ui.kept import onto_screen
from ui.panels.card import Card, Label, button
from ui.panels.findings import Finding, FindingRow
from ui.panels.modes import ModesCard
from ui.panels.panel import Panel, rightward, scrolled
from ui.panels.tick import WORDS_PX, Tick
from ui.words import tr, trn

RIGHT_PX, LEFT_PX = 456, 375
"""How wide the choice is, and how much is left beside it before it gives way."""
SMALLEST = (800, 440)
"""Where the screen has no more, as one of 1366 by 768 at 150 %; the start is in sight, what is over it scrolls."""
NONE = tr("No terminal runs here. Start MetaTrader 5, log in, and search again: Plimsoll never starts one.")
STORY = tr(
    "A simulated terminal with a day that goes wrong: a rule trips, positions are cut, "
    "and you may press the stop. No MT5, no money."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What was looked for: paths of the terminals that run, and findings.

    `cannot` is why nothing can be started here, empty where it can; `saved` is where a config is kept or will be.
    """

    terminals: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()
    cannot: str = ""
    saved: str = ""


class FirstRun(QWidget):
    """Shown where there is no config or no terminal; the signals say what a person chose."""

    demo = Signal()
    again = Signal()
    start = Signal(object)
    """With the paths of the terminals that are ticked."""

    def __init__(self, config: str) -> None:
        """`config` is the file that was read; empty where there is none."""
        super().__init__()
        c = theme.colours()
        self.setWindowTitle("Plimsoll")
        self.setMinimumSize(*SMALLEST)
        self.resize(1_280, 800)
        onto_screen(self)
        self._config, self._found = config, Found()
        self.ticks: list[Tick] = []
        self.rows: list[FindingRow] = []
        self.search, self.check = button(tr("Search again")), button(tr("Check again"))
        self.terminals, self.doctor = Panel(tr("MetaTrader 5 on this machine")), Panel(tr("Doctor"))
        self.counts = Label("", 11, theme.STRONG, c.soft)
        self.modes = ModesCard()
        self.summary, self.reason = Label("", 13, theme.STRONG, c.text), Label("", 11, theme.MEDIUM, c.soft)
        self.begin, self.try_demo = button(tr("Start observing"), "primary", 13), button(tr("Start the demo"), px=13)
        for which in (self.search, self.check):
            which.clicked.connect(self.again)
        self.begin.clicked.connect(lambda: self.start.emit(self.ticked))
        self.try_demo.clicked.connect(self.demo)
        self._lay_out(config)
        self.show_busy()

    def _lay_out(self, config: str) -> None:
        self._side = side = QWidget()
        whole, body, left = QVBoxLayout(self), QHBoxLayout(), QVBoxLayout()
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(_head(config))
        body.setContentsMargins(theme.GAP, theme.GAP, theme.GAP, theme.GAP)
        body.setSpacing(theme.GAP)
        whole.addLayout(body, 1)
        left.setSpacing(theme.GAP)
        body.addLayout(left, 1)
        body.addWidget(side)
        self.terminals.head.addWidget(self.search)
        self._running = QVBoxLayout()
        self._running.setSpacing(6)
        self.terminals.body.addLayout(self._running)
        self.nothing = _wrapped(Label("", 12, theme.MEDIUM, theme.colours().soft))
        self._running.addWidget(self.nothing)
        self.doctor.head.addWidget(self.counts)
        self.doctor.head.addWidget(self.check)
        inside = QWidget()
        self._findings = QVBoxLayout(inside)
        self._findings.setContentsMargins(0, 4, 6, 0)
        self._findings.setSpacing(6)
        self._findings.addStretch(1)
        self.doctor.body.addWidget(scrolled(inside), 1)
        left.addWidget(self.terminals)
        left.addWidget(self.doctor, 1)
        column = QVBoxLayout(side)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.GAP)
        choice = QWidget()
        cards = QVBoxLayout(choice)
        cards.setContentsMargins(0, 0, 0, 0)
        cards.setSpacing(theme.GAP)
        cards.addWidget(self.modes)
        cards.addWidget(self._demo_card())
        cards.addStretch(1)
        column.addWidget(scrolled(choice), 1)
        column.addWidget(self._start_card())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._side.setFixedWidth(min(RIGHT_PX, event.size().width() - LEFT_PX))

    @property
    def ticked(self) -> tuple[str, ...]:
        """Paths of the terminals that are to be watched."""
        pairs = zip(self.ticks, self._found.terminals, strict=False)
        return tuple(path for tick, path in pairs if tick.isChecked())

    def show_busy(self) -> None:
        """It is being looked."""
        self.doctor.sub.say(tr("looking …"))
        for which in (self.search, self.check, self.begin):
            which.setEnabled(False)
        if not self._found.findings:
            self.nothing.say(tr("Looking …"))

    def show_trouble(self, why: str) -> None:
        """The look itself failed."""
        self.show_found(Found(findings=(Finding(title=tr("Doctor"), detail=why, severity=Severity.HIGH),), cannot=why))

    def show_found(self, found: Found) -> None:
        """What a look found, worst first."""
        c = theme.colours()
        self._found = found
        for which in (self.search, self.check):
            which.setEnabled(True)
        self._show_terminals(found.terminals)
        worst = sorted(found.findings, key=lambda one: -1 if one.severity is None else one.severity.rank, reverse=True)
        for row in self.rows:
            row.hide()
            row.deleteLater()
        self.rows = [FindingRow(finding) for finding in worst]
        for place, row in enumerate(self.rows):
            self._findings.insertWidget(place, row)
        fix, know = (sum(one.severity is which for one in found.findings) for which in (Severity.HIGH, Severity.MEDIUM))
        fine = len(found.findings) - fix - know
        words = tr("{fix} to fix \u00b7 {know} to know \u00b7 {fine} fine", fix=fix, know=know, fine=fine)
        self.counts.say(words, c.high if fix else c.soft)
        self.doctor.sub.say(tr("can the guard act?"))
        self.modes.show_locked(fix)
        self._show_start()

    def _show_terminals(self, paths: Sequence[str]) -> None:
        before = dict(
            zip((tick.accessibleName() for tick in self.ticks), (t.isChecked() for t in self.ticks), strict=True)
        )
        while self._running.count() > 1:
            item = self._running.takeAt(0)
            widget = item.widget() if item else None
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        self.ticks = []
        for place, path in enumerate(paths):
            row, tick = _terminal(path)
            tick.setChecked(before.get(path, True))
            tick.toggled.connect(self._show_start)
            self.ticks.append(tick)
            self._running.insertWidget(place, row)
        self.terminals.sub.say(tr("{count} running", count=len(paths)) if paths else "")
        self.nothing.setVisible(not paths)
        self.nothing.say(NONE)

    def _show_start(self) -> None:
        found, count = self._found, len(self.ticked)
        able = not found.cannot and (count > 0 or bool(self._config))
        self.summary.say(trn("{count} terminal, observing", "{count} terminals, observing", count))
        safe = tr("Safe default rules, saved to {file}", file=found.saved)
        where = tr("With the rules of {file}", file=self._config) if self._config else safe
        why = "" if able else found.cannot or tr("Tick a terminal that runs.")
        self.reason.say(why or where, theme.colours().high if why else theme.colours().soft)
        self.begin.setEnabled(able)
        self.begin.setDefault(able)
        self.try_demo.setDefault(not able)

    def _demo_card(self) -> Card:
        card, c, line = Card(tr("No account at hand? Try the demo"), caps=False), theme.colours(), QHBoxLayout()
        card.body.addWidget(_wrapped(Label(STORY, 12, theme.MEDIUM, c.soft)))
        self.try_demo.setMinimumHeight(32)
        line.addWidget(self.try_demo)
        line.addWidget(Label(tr("or"), 11, theme.MEDIUM, c.faint))
        line.addWidget(Label("plimsoll demo", 12, theme.STRONG, c.soft))
        line.addStretch(1)
        card.body.addSpacing(8)
        card.body.addLayout(line)
        return card

    def _start_card(self) -> Card:
        card, line, words = Card(), QHBoxLayout(), QVBoxLayout()
        words.addWidget(self.summary)
        words.addWidget(_wrapped(self.reason))
        line.addLayout(words, 1)
        self.begin.setMinimumHeight(34)
        line.addWidget(self.begin)
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
    idle = tr("Nothing is watched and no order can be sent.")
    words = idle if config else tr("No config yet. Nothing is watched and no order can be sent.")
    line.addWidget(Label(words, 13, theme.MEDIUM, c.soft))
    line.addStretch(1)
    read = tr("config: {file}", file=config) if config else tr("config: none")
    line.addWidget(Label(read, 11, theme.MEDIUM, c.faint))
    return head


def _terminal(path: str) -> tuple[QFrame, Tick]:
    c, frame = theme.colours(), QFrame()
    frame.setObjectName("terminal")
    frame.setStyleSheet(f"#terminal {{ background: {c.raised}; border: 1px solid {c.line}; border-radius: 6px; }}")
    tick, line = Tick(terminal_name(path)), QHBoxLayout(frame)
    tick.setAccessibleName(path)
    line.setContentsMargins(10, 7, 12, 7)
    words = QVBoxLayout()
    words.setSpacing(0)
    words.addWidget(tick)
    where = _wrapped(Label(path, 11, theme.MEDIUM, c.soft))
    where.setContentsMargins(WORDS_PX, 0, 0, 0)
    words.addWidget(where)
    line.addLayout(words, 1)
    line.addWidget(rightward(Label(tr("● Running"), 12, theme.STRONG, c.profit)))
    return frame, tick


def terminal_name(path: str) -> str:
    """The folder that it lies in, as a name for it."""
    parts = [part for part in path.replace("\\", "/").split("/") if part]
    return parts[-2] if len(parts) > 1 else path


def _wrapped(label: Label) -> Label:
    label.setWordWrap(True)
    return label


if __name__ == "__main__":
    alone(lambda: FirstRun(""), lambda page: page.show_found(Found(terminals=("C:/MetaTrader 5/terminal64.exe",))))
