"""The positions table: lots to the step, prices to the digits, arrows beside colours."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QStackedLayout, QWidget

from monitors.kinds import Side
from monitors.model import Position
from monitors.ports import AccountFrame, Command, Link
from monitors.positions import PositionLine
from ui import text, theme
from ui.alone import alone
from ui.panels.account import is_past, remark
from ui.panels.card import Card, Figure, Label
from ui.panels.cells import Cells, Column
from ui.panels.position_menu import PositionMenu
from ui.panels.table import Table
from ui.shown import Last
from ui.words import tr, trn

COLUMNS = (
    Column(head=tr("Symbol"), left=True, bold=True),
    Column(head=tr("Side"), left=True, bold=True),
    Column(head=tr("Lots"), bold=True),
    Column(head=tr("Open")),
    Column(head=tr("Now"), bold=True),
    Column(head=tr("S/L")),
    Column(head=tr("Swap"), yields=1),
    Column(head=tr("P/L"), bold=True),
    Column(
        head="R",
        yields=2,
        tip=tr("Profit in multiples of the initial risk, which is the way to the first stop that was seen"),
    ),
    Column(head=tr("State"), left=True),
)
LEAST_HIGH_PX = 176


def cells(position: Position, view: AccountFrame, line: PositionLine | None) -> Cells:
    """One position's row; what a blind account cannot know is a dash. How far it has been stands in the tooltip."""
    c, past = theme.colours(), is_past(view)
    digits = view.price_digits.get(position.symbol, 5)
    money = view.account.digits if view.account else 2
    way = c.curve if position.side is Side.BUY else c.loss
    texts = (
        position.symbol,
        text.side(position.side),
        text.number(position.lots, view.volume_digits.get(position.symbol, 2)),
        text.price(position.open, digits),
        text.DASH if past else text.price(position.price, digits),
        text.price(position.stop, digits),
        text.signed(position.swap, money),
        text.DASH if past else text.signed(position.profit, money),
        text.DASH if past else text.figure(line.r if line else None, text.multiple),
        view.position_states.get(position.identifier, tr("last known") if past else tr("open")),
    )
    shades: tuple[str, ...] = (c.text, way, c.text, c.soft, c.text, c.soft, c.soft, c.gain(position.profit))
    shades += (c.gain(text.known(line.r) if line else None), c.soft)
    tip = tr("{symbol}: swap {swap}", symbol=position.symbol, swap=text.signed(position.swap, money))
    tip = f"{tip}\n{range_tip(line, money)}" if line else tip
    return Cells(
        texts=texts,
        colours=(c.faint,) * len(COLUMNS) if past else shades,
        tips=tuple((place, tip) for place in range(len(COLUMNS))),
    )


def range_tip(line: PositionLine, digits: int) -> str:
    """How far a position has been for and against its owner, in money and R, as a tooltip says it."""
    best, worst = (text.figure(one, lambda value: text.signed(value, digits)) for one in (line.best, line.worst))
    parts = (
        tr("Best {profit} ({r})", profit=best, r=text.figure(line.best_r, text.multiple)),
        tr("Worst {profit} ({r})", profit=worst, r=text.figure(line.worst_r, text.multiple)),
    )
    why = {text.reason(value) for value in (line.r, line.best, line.worst)} - {""}
    return "\n".join([line.strategy, *parts, *sorted(why)])


class PositionsCard(Card):
    """The table under its count and the floating result; a sentence where there is nothing to list."""

    def __init__(self, send: Callable[[Command], None]) -> None:
        super().__init__(tr("Positions"), caps=False, margins=(14, 9, 14, 8))
        self.setMinimumHeight(LEAST_HIGH_PX)
        c = theme.colours()
        self.number = Label("", 12, theme.MEDIUM, c.faint)
        self.head.insertWidget(1, self.number)
        self.remark.setFont(theme.font(12))
        self.floating = Figure("", 12, theme.STRONG, c.text)
        self.head.addWidget(self.floating)
        self.table = Table(COLUMNS, choosable=True)
        self._shown = Last()
        self.menu = PositionMenu(self.table, send)
        self.empty = Label(tr("No positions"), 13, theme.MEDIUM, c.faint)
        self.empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        holder = QWidget()
        self._pages = QStackedLayout(holder)
        self._pages.setContentsMargins(0, 0, 0, 0)
        self._pages.addWidget(self.table)
        self._pages.addWidget(self.empty)
        self.body.addWidget(holder, 1)

    def show_account(self, view: AccountFrame, now_ms: int) -> None:
        self.menu.show_account(view)
        known = view.analysis.positions if view.analysis else ()
        digits, then = (view.price_digits, view.volume_digits), remark(view, now_ms)
        told = view.position_states, view.link, view.account, len(view.orders)
        if not self._shown.differs(view.positions, known, digits, then, told):
            return
        c, past, account = theme.colours(), is_past(view), view.account
        self.number.say(str(len(view.positions)) if view.positions else "")
        lines = {line.identifier: line for line in known}
        self.table.show_facts(view.positions, lambda one: cells(one, view, lines.get(one.identifier)))
        self._pages.setCurrentWidget(self.table if view.positions else self.empty)
        self.empty.say(_emptiness(view))
        total = sum(position.profit + position.swap for position in view.positions)
        pending = [trn("{count} pending order", "{count} pending orders", len(view.orders))] if view.orders else []
        if past:
            self.remark.say(then)
            self.floating.say("")
        else:
            self.remark.say(text.DOT.join([*pending, *([tr("Floating incl. swap")] if view.positions else [])]))
            shown = f"{text.signed(total, account.digits)} {account.currency}" if account and view.positions else ""
            self.floating.say(shown, c.gain(total))


def _emptiness(view: AccountFrame) -> str:
    if view.link is Link.WAITING:
        return tr("Waiting for the first reading")
    if view.account is None:
        return tr("Positions unknown")
    return tr("No positions when last seen") if is_past(view) else tr("No positions")


if __name__ == "__main__":
    alone(PositionsCard)
