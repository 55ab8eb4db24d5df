"""The preview of the stops that a backstop sets, and the one button that agrees to them."""

from __future__ import annotations

import math
from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

from monitors.backstop import Backstop, Stop
from monitors.ports import AccountFrame, Command, Consent
from monitors.unattended import Standing
from ui import text, theme
from ui.alone import alone
from ui.panels.account import is_past
from ui.panels.card import Label, button
from ui.panels.cells import Cells, Column
from ui.panels.panel import in_money, money_digits
from ui.panels.table import Table
from ui.words import tr

WIDE, TALL = 640, 380
COLUMNS = (
    Column(head=tr("Position"), left=True),
    Column(head=tr("Symbol"), left=True, bold=True, least=150, share=3),
    Column(head=tr("Stop now")),
    Column(head=tr("Stop planned"), bold=True),
    Column(head=tr("Loss there"), bold=True),
)
WARNING = tr(
    "Stops are only ever tightened, and kept up while the level stands. A stop is a market order once it is hit: "
    "in a gap it is filled beyond its price, and the loss is larger than shown."
)


class ConsentWindow(QDialog):
    """Beside the window, never over the stop: it is not modal. What is agreed to are the terms that it shows."""

    def __init__(self, parent: QWidget | None, send: Callable[[Command], None]) -> None:
        super().__init__(parent)
        self.setWindowModality(Qt.WindowModality.NonModal)
        self.setWindowTitle(tr("Backstop: stops at the broker"))
        self.resize(WIDE, TALL)
        c, self._send = theme.colours(), send
        self._account, self._terms = "", tuple[str, ...]()
        self.title, self.sum = Label("", 13, theme.STRONG, c.text), Label("", 12, theme.STRONG, c.text)
        self.table, self.warning = Table(COLUMNS), Label(WARNING, 11, theme.MEDIUM, c.soft)
        self.agree = button("", "primary", px=12)
        for label in (self.title, self.sum, self.warning):
            label.setWordWrap(True)
        self.agree.setAutoDefault(False)  # no Enter that was meant for something else agrees
        self.agree.clicked.connect(self._agree)
        whole, foot = QVBoxLayout(self), QHBoxLayout()
        whole.setContentsMargins(14, 12, 14, 12)
        whole.setSpacing(8)
        whole.addWidget(self.title)
        whole.addWidget(self.table, 1)
        whole.addWidget(self.sum)
        whole.addWidget(self.warning)
        foot.addStretch(1)
        foot.addWidget(self.agree)
        whole.addLayout(foot)

    def show_account(self, view: AccountFrame) -> None:
        """The account's backstops as they are now."""
        found = view.analysis.unattended.backstops if view.analysis and not is_past(view) else ()
        self._account, self._terms = view.name, tuple(one.terms for one in found if not one.agreed)
        self.title.say(
            "\n".join(f"{view.name}: {heading(one, view)}" for one in found)
            or tr("{name}: nothing known", name=view.name)
        )
        self.table.show_rows([row for one in found for row in rows(one, view)])
        self.sum.say("\n".join(result(one, view) for one in found))
        self.agree.setEnabled(bool(self._terms))
        self.agree.setText(tr("Agree to these stops") if self._terms or not found else tr("Agreed"))

    def _agree(self) -> None:
        self._send(Consent(self._account, self._terms))
        self.close()


def heading(one: Standing, view: AccountFrame) -> str:
    """`Daily drawdown at 3 %, kept within 5 %: not agreed`."""
    digits = money_digits(view)
    at, within = (text.measure(one.metric, figure, digits, brief=True) for figure in (one.at, one.within))
    if one.agreed:
        return tr("{rule} at {at}, kept within {within}: agreed", rule=one.rule, at=at, within=within)
    return tr("{rule} at {at}, kept within {within}: not agreed", rule=one.rule, at=at, within=within)


def result(one: Standing, view: AccountFrame) -> str:
    """The worst case against the room, and what is missing."""
    if not isinstance(one.plan, Backstop):
        return one.plan.reason
    worst = tr("not bounded") if math.isinf(one.plan.worst) else in_money(one.plan.worst, view)
    room = in_money(one.plan.room, view)
    if one.plan.missing and math.isfinite(one.plan.missing):
        missing = in_money(one.plan.missing, view)
        return tr(
            "Worst case {worst}, room {room}: {missing} more than the room", worst=worst, room=room, missing=missing
        )
    return tr("Worst case {worst}, room {room}", worst=worst, room=room)


def rows(one: Standing, view: AccountFrame) -> list[Cells]:
    """A row a position."""
    return [_row(stop, view) for stop in one.plan.stops] if isinstance(one.plan, Backstop) else []


def _row(stop: Stop, view: AccountFrame) -> Cells:
    c, held = theme.colours(), stop.position
    digits = view.price_digits.get(held.symbol, 5)
    lots = text.lots(held.lots, view.volume_digits.get(held.symbol))
    loss = tr("not bounded") if math.isinf(stop.loss) else text.number(stop.loss, money_digits(view))
    then = text.price(stop.planned, digits) if stop.moves else tr("left alone") if stop.why else tr("as it is")
    return Cells(
        texts=(str(held.identifier), f"{held.symbol}  {text.side(held.side)} {lots}",
               text.price(held.stop, digits), then, loss),
        colours=(c.soft, c.text, c.soft, c.text if stop.moves else c.faint,
                 c.critical if math.isinf(stop.loss) else c.text),
        tips=((3, stop.why),) if stop.why else (),
    )  # fmt: skip


if __name__ == "__main__":
    alone(ConsentWindow)
