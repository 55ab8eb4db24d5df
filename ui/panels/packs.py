"""Prop firms' plans: what one asks, where that was read and when, and the rules that it would become."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from monitors.drafts import Draft, Plan, Preview, Under
from ui import choice_words, theme
from ui.alone import alone
from ui.panels.card import Label, button
from ui.panels.fields import HIGH, Choice
from ui.panels.panel import Panel, scrolled
from ui.words import tr, trn

EXAMPLE = "100000"
"""What a plan is shown for before a person says what the account began with."""


class PacksCard(Panel):
    """`adopted` carries the plan and the terminal with its amounts; nothing counts before the draft is saved."""

    adopted = Signal(str, object)

    def __init__(self) -> None:
        super().__init__(tr("Prop-firm pack"))
        c = theme.colours()
        self._draft: Draft | None = None
        self._plans: dict[str, Plan] = {}
        self._terminals: dict[str, Under] = {}
        self._typed: dict[str, tuple[str, str]] = {}
        """Amounts that a person typed, by the terminal's path."""
        self.plan, self.terminal = Choice(tr("Plan"), 60), Choice(tr("Terminal"), 60)
        self.initial = _amount(tr("Initial balance"), tr("such as 100000"))
        self.high = _amount(tr("Highest equity so far"), tr("none"))
        self.high_row = _row(tr("Highest equity or balance so far"), self.high)
        self.asks, self.source = Label("", 12, theme.MEDIUM, c.text), Label("", 11, theme.MEDIUM, c.soft)
        self.rules, self.state = Label("", 11, theme.MEDIUM, c.soft), Label("", 11, theme.MEDIUM, c.faint)
        self.becomes = Label(tr("The rules that it becomes"), 12, theme.STRONG, c.text)
        self.add = button(tr("Add to draft"), px=12)
        self.add.clicked.connect(self._adopt)
        self.plan.activated.connect(self._draw)
        self.terminal.activated.connect(self._choose)
        for field in (self.initial, self.high):
            field.textEdited.connect(self._amounts)
        for label in (self.asks, self.source, self.rules, self.state):
            label.setWordWrap(True)
        choices = QHBoxLayout()
        choices.setSpacing(8)
        choices.addWidget(self.plan, 3)
        choices.addWidget(self.terminal, 2)
        self.body.addLayout(choices)
        inside = QWidget()
        stack = QVBoxLayout(inside)
        stack.setContentsMargins(0, 2, 6, 0)
        stack.setSpacing(7)
        for widget in (_row(tr("Initial balance of the account"), self.initial), self.high_row, self.asks, self.source,
                       self.becomes, self.rules):  # fmt: skip
            stack.addWidget(widget)
        stack.addStretch(1)
        self.inside = scrolled(inside)
        self.body.addWidget(self.inside, 1)
        foot = QHBoxLayout()
        foot.addWidget(self.state, 1)
        foot.addWidget(self.add)
        self.body.addLayout(foot)

    def begin(self, draft: Draft | None) -> None:
        """All plans that there are."""
        self._draft = draft
        self._plans = {plan.name: plan for plan in draft.plans()} if draft else {}
        self.plan.offer([(plan.title, name) for name, plan in self._plans.items()])
        self.sub.say(trn("{count} plan", "{count} plans", len(self._plans)) if self._plans else "")

    def show_draft(self) -> None:
        """Its terminals as they are by now."""
        if self._draft is None:
            return
        self._terminals = {under.path: under for under in self._draft.terminals()}
        self.terminal.offer([(under.name, path) for path, under in self._terminals.items()])
        self._choose()

    @property
    def under(self) -> Under | None:
        """The terminal with the amounts that stand in the fields."""
        chosen = self._terminals.get(str(self.terminal.value or ""))
        if chosen is None:
            return None
        return Under(path=chosen.path, name=chosen.name, plan=chosen.plan, initial=self.initial.text(),
                     high=self.high.text() if not self.high_row.isHidden() else "")  # fmt: skip

    def _choose(self) -> None:
        chosen = self._terminals.get(str(self.terminal.value or ""))
        if chosen is not None:
            initial, high = self._typed.get(chosen.path, (chosen.initial, chosen.high))
            for field, words in ((self.initial, initial), (self.high, high)):
                if field.text() != words and not field.hasFocus():
                    field.setText(words)
        self._draw()

    def _amounts(self) -> None:
        self._typed[str(self.terminal.value or "")] = self.initial.text(), self.high.text()
        self._draw()

    def _draw(self) -> None:
        c, plan, draft = theme.colours(), self._plans.get(str(self.plan.value or "")), self._draft
        if plan is None or draft is None:
            return
        self.high_row.setVisible(plan.trails)
        under = self.under
        typed = under is not None and bool(under.initial.strip())
        found = Preview()
        if under is not None:
            found = draft.preview(plan.name, under if typed else replace(under, initial=EXAMPLE))
        self.asks.say("\n".join(_told(line) for line in found.sentences if not line.startswith("equity counts")))
        self.asks.setVisible(bool(found.sentences))
        read = f"{plan.checked:%d %b %Y}"
        self.source.say(
            tr("Read at {source}, {day}. Your contract decides, not this page.", source=plan.source, day=read)
        )
        self.rules.say("\n\n".join("\n".join((name, *(f"· {_told(line)}" for line in lines)))
                                   for name, lines in found.rules.items()))  # fmt: skip
        for label in (self.becomes, self.rules):
            label.setVisible(bool(found.rules))
        there = under.plan if under else ""
        words = tr("Nothing changes until you save.")
        if under and there in self._plans:
            words = " ".join((tr("{name} is under {plan}.", name=under.name, plan=self._plans[there].title), words))
        words = choice_words.opened("; ".join(found.faults)) or words
        if not typed and not found.faults:
            words = tr("An example, for 100\u202f000: type the initial balance that the limits are taken of.")
        self.state.say(words, c.high if found.faults else c.faint)
        self.add.setEnabled(typed and not found.faults and bool(found.rules))

    def _adopt(self) -> None:
        plan, under = str(self.plan.value or ""), self.under
        if plan and under:
            self._typed.pop(under.path, None)
            self.adopted.emit(plan, under)


def _told(line: str) -> str:
    return choice_words.prose(choice_words.opened(line))


def _amount(name: str, hint: str) -> QLineEdit:
    field = QLineEdit()
    field.setFont(theme.font(12))
    field.setFixedSize(120, HIGH)
    field.setAccessibleName(name)
    field.setPlaceholderText(hint)
    return field


def _row(name: str, field: QLineEdit) -> QWidget:
    made = QWidget()
    line = QHBoxLayout(made)
    line.setContentsMargins(0, 0, 0, 0)
    line.addWidget(Label(name, 12, theme.MEDIUM, theme.colours().soft), 1)
    line.addWidget(field)
    return made


if __name__ == "__main__":
    alone(PacksCard)
