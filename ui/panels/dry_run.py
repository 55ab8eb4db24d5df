"""The draft's rules over the account's last recorded day: when each level would have tripped, and what is not known."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from monitors.dry_run import DryRun, LevelRun, RuleRun, Runs, Trip
from monitors.ports import AccountFrame
from monitors.settings import Level, Rule
from ui import choice_words, text, theme
from ui.alone import alone
from ui.aside import Aside
from ui.icons import SeverityIcon
from ui.panels.card import Label, button
from ui.panels.dry_chart import DryChart
from ui.panels.panel import Panel, scrolled
from ui.words import tr

LISTED = 4
STALE = tr("Of the draft before the last change: run again.")
CAVEATS = tr(
    "Each stored sample counts as one reading: what happened between two samples is not seen. Positions are not in "
    "the history, so what a close would have changed then is not played, nor what a wide spread would have held back."
)
BEFORE = tr("Plays the rules of this draft over the last day that was recorded of this account. Nothing is sent.")


class DryRunCard(Panel):
    """Run by a click, in a thread of its own; the shown rule stands first, with its curve."""

    def __init__(self) -> None:
        super().__init__(tr("Dry run against the last day"))
        c = theme.colours()
        self.run = button(tr("Run"))
        self.run.clicked.connect(self._ask)
        self.head.addWidget(self.run)
        self.chart, self.rows = DryChart(), list[_Row]()
        self.note = Label(BEFORE, 12, theme.MEDIUM, c.soft)
        self.caveats = Label(CAVEATS, 11, theme.MEDIUM, c.faint)
        for label in (self.note, self.caveats):
            label.setWordWrap(True)
        inside = QWidget()
        self._stack = QVBoxLayout(inside)
        self._stack.setContentsMargins(0, 0, 6, 0)
        self._stack.setSpacing(7)
        for widget in (self.note, self.chart, self.caveats):
            self._stack.addWidget(widget)
        self._stack.addStretch(1)
        self.inside = scrolled(inside)
        self.body.addWidget(self.inside, 1)
        self._aside = Aside(self)
        self._runs: Runs | None = None
        self._rules: tuple[Rule, ...] = ()
        self._ran: tuple[Rule, ...] = ()
        self._of: tuple[str, int] | None = None
        self._chosen = ""
        self.found: DryRun | None = None
        self._draw()

    def begin(self, runs: Runs | None) -> None:
        """Where it is asked; None where nothing can be."""
        self._runs = runs
        self._draw()

    def show_account(self, view: AccountFrame) -> None:
        """Another account's run is none of this one's."""
        of = view.server, view.login
        if of != self._of:
            self._of, self.found = of, None
            self._aside.forget()
            self._draw()

    def show_rules(self, rules: tuple[Rule, ...], chosen: str) -> None:
        """The draft's rules, none while anything is wrong with it, and the name of the one that is looked at."""
        if (rules, chosen) != (self._rules, self._chosen):
            self._rules, self._chosen = rules, chosen
            self._draw()

    def _ask(self) -> None:
        if self._runs is None or self._of is None:
            return
        runs, (server, login), rules = self._runs, self._of, self._rules
        self._ran = rules
        self._aside.ask(lambda: runs(server, login, rules), self._show, self._fail)
        self._draw()

    def _show(self, found: DryRun) -> None:
        self.found = found
        self._draw()

    def _fail(self, why: str) -> None:
        self._show(DryRun(trouble=why))

    def _draw(self) -> None:
        c, found, busy = theme.colours(), self.found, self._aside.waiting
        self.run.setEnabled(self._runs is not None and bool(self._rules) and self._of is not None and not busy)
        self.run.setText(tr("Running …") if busy else tr("Run again") if found else tr("Run"))
        stale = found is not None and not found.trouble and self._ran != self._rules
        words = tr("It can run once nothing is wrong with the draft.") if not self._rules else BEFORE
        if found is not None:
            words = found.trouble or (f"{_when(found)} {STALE}" if stale else _when(found))
        runs = () if found is None else found.rules
        if found is not None and not found.trouble and not runs:
            words = tr("No rule of this draft judges this account.")
        self.note.say(words, c.high if stale or (found and found.trouble) else c.soft)
        self.note.setVisible(bool(words))
        rules = {rule.name: rule for rule in self._ran}
        ordered = sorted(runs, key=lambda one: one.rule != self._chosen)
        first = ordered[0] if ordered and ordered[0].rule == self._chosen and ordered[0].curve else None
        self.chart.setVisible(first is not None)
        if first is not None and found is not None:
            span = found.since_ms, found.until_ms
            self.chart.show_run(first, rules[first.rule], span, found.offset_s, found.digits)
        self.caveats.setVisible(bool(ordered))
        while len(self.rows) < len(ordered):
            self.rows.append(_Row())
            self._stack.insertWidget(1 + len(self.rows), self.rows[-1])
        for place, row in enumerate(self.rows):
            row.setVisible(place < len(ordered))
            if place < len(ordered) and found is not None:
                row.show_run(ordered[place], rules[ordered[place].rule], found)


class _Row(QWidget):
    """One rule: its name, then a line for each level."""

    def __init__(self) -> None:
        super().__init__()
        c = theme.colours()
        self.name, self.unknown = Label("", 12, theme.STRONG, c.text), Label("", 11, theme.MEDIUM, c.soft)
        self.lines: list[tuple[QWidget, SeverityIcon, Label, Label]] = []
        for label in (self.name, self.unknown):
            label.setWordWrap(True)
        self._stack = QVBoxLayout(self)
        self._stack.setContentsMargins(0, 0, 0, 0)
        self._stack.setSpacing(3)
        self._stack.addWidget(self.name)
        self._stack.addWidget(self.unknown)

    def show_run(self, run: RuleRun, rule: Rule, found: DryRun) -> None:
        c = theme.colours()
        self.name.say(run.rule)
        self.unknown.say(choice_words.opened(run.unknown))
        self.unknown.setVisible(bool(run.unknown))
        while len(self.lines) < len(run.levels):
            self._add_line()
        pairs = zip(run.levels, rule.levels, strict=False)
        for (whole, icon, said, does), (level, facts) in zip(self.lines, pairs, strict=False):
            icon.show_severity(facts.severity, filled=bool(level.trips))
            said.say(told(run, level, found), c.text if level.trips or level.perhaps else c.soft)
            does.say(done(facts) if level.trips or level.perhaps else "")
            does.setVisible(bool(level.trips or level.perhaps))
            whole.show()
        for whole, *_ in self.lines[len(run.levels) :]:
            whole.hide()

    def _add_line(self) -> None:
        whole, icon = QWidget(), SeverityIcon()
        said, does = Label("", 12, theme.MEDIUM), Label("", 11, theme.MEDIUM, theme.colours().soft)
        line, words = QHBoxLayout(whole), QVBoxLayout()
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(8)
        words.setSpacing(1)
        line.addWidget(icon, 0, Qt.AlignmentFlag.AlignTop)
        line.addLayout(words, 1)
        for label in (said, does):
            label.setWordWrap(True)
            words.addWidget(label)
        self.lines.append((whole, icon, said, does))
        self._stack.addWidget(whole)


def told(run: RuleRun, level: LevelRun, found: DryRun) -> str:
    """`150 %: would have tripped` so many times, when, and at what value."""
    at = text.measure(run.metric, level.at, found.digits, brief=True)
    parts = []
    if level.trips:
        trips = _listed(level.trips, run, found)
        parts.append(tr("would have tripped {count}\u00d7: {trips}", count=len(level.trips), trips=trips))
    if level.perhaps:
        perhaps = _listed(level.perhaps, run, found)
        also = tr("perhaps also {trips}: a single sample shows it", trips=perhaps)
        parts.append(also if level.trips else tr("perhaps {trips}: a single sample shows it", trips=perhaps))
    if not parts:
        covered, step = text.duration(run.covered_ms / 1000), text.duration(run.step_ms / 1000)
        parts.append(tr("did not trip in the {covered} that are recorded, a sample every {step}",
                        covered=covered, step=step))  # fmt: skip
    return f"{at}: {'; '.join(parts)}"


def done(level: Level) -> str:
    """What the level does then."""
    return tr("then: {sentence}", sentence=choice_words.prose(level.response.sentence()))


def _listed(trips: Sequence[Trip], run: RuleRun, found: DryRun) -> str:
    def one(trip: Trip) -> str:
        at = text.when(trip.at_ms, found.until_ms, found.offset_s, brief=True)
        return f"{at} ({text.measure(run.metric, trip.value, found.digits)})"

    shown = [one(trip) for trip in trips[:LISTED]]
    more = len(trips) - LISTED
    return tr("{trips} and {count} more", trips=", ".join(shown), count=more) if more > 0 else ", ".join(shown)


def _when(found: DryRun) -> str:
    """`Wed 18, 14:32 to Thu 19, 14:32, broker time`."""
    since, until = (text.moment(ms, found.offset_s) for ms in (found.since_ms, found.until_ms))
    day = f"{since:%a} {since.day}, "
    other = "" if since.date() == until.date() else f"{until:%a} {until.day}, "
    return tr("{since} to {until}, broker time.", since=f"{day}{since:%H:%M}", until=f"{other}{until:%H:%M}")


if __name__ == "__main__":
    alone(DryRunCard)
