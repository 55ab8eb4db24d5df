"""What would be closed: the rules at the left, and what the chosen one would do to this book at the right."""

from __future__ import annotations

import math
from dataclasses import replace

from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from monitors.distance import Distance
from monitors.ports import AccountFrame
from monitors.preview import Close, Preview, preview, rebalanced
from ui import text, theme
from ui.alone import alone
from ui.panels.account import is_past
from ui.panels.card import Elided, rule
from ui.panels.cells import Cells, Column
from ui.panels.panel import Panel, currency, money_digits, rightward, why_nothing
from ui.panels.rule_list import Chosen, RuleList
from ui.panels.summed import SummedTable
from ui.words import tr

LIST_PX, ROW_PX, AGAIN_MS = 262, 22, 1_000
CALM_PCT, LOW_PCT = 200.0, 150.0
"""Margin levels from which a level is calm, and under which it wears orange (RULES: margin)."""
COLUMNS = (
    Column(head="#", left=True, least=30),
    Column(head=tr("Position"), left=True, bold=True, least=120, share=3),
    Column(head=tr("Lots now → after"), bold=True),
    Column(head=tr("Closes")),
    Column(head=tr("Margin freed")),
    Column(head=tr("Used margin")),
    Column(head=tr("Margin level"), bold=True),
)


class PlanCard(Panel):
    """A preview: nothing here sends anything."""

    def __init__(self) -> None:
        super().__init__(tr("What would be closed"))
        c = theme.colours()
        self.list, self.summed = RuleList(), SummedTable(COLUMNS, row_px=ROW_PX)
        self.table = self.summed.table
        self.list.setFixedWidth(LIST_PX)
        self.list.chosen.connect(self._chosen)
        self.question, self.note = Elided("", 12, theme.STRONG, c.text), Elided("", 11, theme.MEDIUM, c.soft)
        rightward(self.note)
        self.plan: Preview | None = None
        self._view: AccountFrame | None = None
        self._made: tuple[Chosen | None, int, object] = (None, 0, None)
        self.title.setFixedWidth(LIST_PX)
        self.title.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.head.replaceWidget(self.sub, self.question)
        self.sub.deleteLater()
        self.head.setSpacing(24)
        self.head.insertWidget(2, self.note, 1)
        row, right = QHBoxLayout(), QVBoxLayout()
        row.setSpacing(10)
        row.addWidget(self.list)
        row.addWidget(rule(upright=True))
        holder = QWidget()
        holder.setLayout(right)
        right.setContentsMargins(0, 0, 0, 0)
        right.addWidget(self.summed)
        row.addWidget(holder, 1)
        self.body.addLayout(row, 1)

    def show_account(self, view: AccountFrame, now_ms: int) -> None:
        """The plan is made anew at most once a second, or when another rule, account or book is looked at."""
        self._view, past = view, is_past(view)
        self.show_remark(view, now_ms)
        found = view.analysis.distances if view.analysis else ()
        self.list.show_distances(view, found, past=past)
        taken = view.analysis.taken_ms if view.analysis else 0
        book = view.name, tuple((p.identifier, p.steps) for p in view.positions), past
        made, before_ms, kept = self._made
        if made == self.list.selected and kept == book and 0 <= taken - before_ms < AGAIN_MS and taken:
            return
        self._made = self.list.selected, taken, book
        self._make(view, past=past)

    def _chosen(self, _rule: str, _at: float) -> None:
        if self._view is not None:
            self._made = self.list.selected, self._made[1], self._made[2]
            self._make(self._view, past=is_past(self._view))

    def _make(self, view: AccountFrame, *, past: bool) -> None:
        found = view.analysis.distances if view.analysis else ()
        one = next((one for one in found if (one.rule, one.at) == self.list.selected), None)
        if one is None or past:
            self.plan = None
            nothing = why_nothing(view) or tr("No rules watch this account")
            words = tr("No plan while nothing is seen") if past else nothing
            self.question.say(words, theme.colours().faint)
            self.note.say("")
            self.summed.show_rows([], summed=False)
            return
        self.plan = planned(view, one)
        self.question.say(asked(one, view), theme.colours().text)
        if self.plan is None:
            self.note.say(tr("its plan is not known"))
            self.summed.show_rows([], summed=False)
            return
        only = tr("preview only, at present prices") if self.plan.closes else tr("it closes nothing")
        self.note.say(self.plan.note or only)
        self.summed.show_rows(rows(self.plan, view), summed=self.plan.total > 0)


def planned(view: AccountFrame, one: Distance) -> Preview | None:
    """What the level would close on the book as it is read; the closes that satisfy a limit where it only tells."""
    rule = next((rule for rule in view.rules if rule.name == one.rule), None)
    level = next((level for level in rule.levels if level.at == one.at), None) if rule else None
    if view.reading is None or view.analysis is None:
        return None
    if rule is not None and one.position is not None:  # what it does, it does to that position alone
        rule = replace(rule, position=one.position)
    made = preview(view.reading, rule, level, one.equity_at) if rule and level else None
    closes = next((found for found in view.analysis.exposure.rebalancing if found.rule == one.rule), None)
    if closes is not None and (made is None or not made.total):
        return rebalanced(view.reading, closes)
    return made


def asked(one: Distance, view: AccountFrame) -> str:
    """`If equity fell to 96 000 on this book`."""
    digits, at = money_digits(view), text.known(one.equity_at)
    if at is not None:
        return tr("If equity fell to {equity} on this book", equity=text.short(at, digits))
    limit = text.measure(one.metric, one.at, digits, brief=True)
    return tr("If {rule} met {limit} on this book", rule=one.rule, limit=limit)


def rows(plan: Preview, view: AccountFrame) -> list[Cells]:
    """Before, one row a close with what all so far come to, and the whole."""
    c, digits = theme.colours(), money_digits(view)
    equity = f"{text.number(plan.equity, digits)} {currency(view)}".rstrip()
    before = text.DASH, tr("Before, at equity {equity}", equity=equity), "", "", ""
    made = [_row((*before, _money(plan.used, digits)), plan.equity, plan.used, c.soft)]
    for place, close in enumerate(plan.closes):
        places = view.volume_digits.get(close.symbol, 2)
        made.append(_row((str(place + 1), *_close(close, places, digits)), plan.equity, close.used, c.text))
    if plan.total:
        more = plan.total - len(plan.closes)
        words = tr("After all {count}", count=plan.total)
        if more:
            words = tr("After all {count}, {more} of them not listed", count=plan.total, more=more)
        lots, freed = text.short(plan.lots, 2), _money(plan.used - plan.used_after, digits)
        made.append(
            _row(("", words, "", lots, freed, _money(plan.used_after, digits)), plan.equity, plan.used_after, c.text)
        )
    return made


def _close(close: Close, places: int, digits: int) -> tuple[str, ...]:
    return (
        f"{close.symbol}  {text.side(close.side)}",
        f"{text.number(close.before, places)}  →  {text.number(close.after, places)}",
        text.number(close.before - close.after, places),
        _money(close.freed, digits),
        _money(close.used, digits),
    )


def _row(texts: tuple[str, ...], equity: float, used: float, shade: str) -> Cells:
    c = theme.colours()
    if math.isnan(used):
        level, colour = text.DASH, c.faint
    elif used <= 0:
        level, colour = tr("no margin"), c.profit
    else:
        value = 100 * equity / used
        level = text.percent(value)
        colour = c.profit if value >= CALM_PCT else c.text if value >= LOW_PCT else c.high
    return Cells(texts=(*texts, level), colours=(c.soft, shade, c.text, c.soft, c.soft, c.soft, colour))


def _money(value: float, digits: int) -> str:
    return text.DASH if math.isnan(value) else text.number(value, digits)


if __name__ == "__main__":
    alone(PlanCard)
