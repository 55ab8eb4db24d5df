"""Positions whose profit the terminal states otherwise than our own arithmetic: shown, not hidden."""

from __future__ import annotations

from monitors.ports import AccountFrame
from monitors.results import Apart
from ui import text, theme
from ui.alone import alone
from ui.panels.account import is_past
from ui.panels.card import Elided
from ui.panels.cells import Cells, Column
from ui.panels.panel import Panel, money_digits, why_nothing
from ui.panels.table import Table
from ui.words import tr, trn

ROW_PX = 25
COLUMNS = (
    Column(head=tr("Position"), left=True, bold=True),
    Column(head=tr("Symbol"), left=True),
    Column(head=tr("Terminal"), bold=True),
    Column(head=tr("Our own")),
    Column(head=tr("Apart"), bold=True),
)


class ApartCard(Panel):
    """The rows that differ, and a sentence on those that agree or could not be compared."""

    def __init__(self) -> None:
        super().__init__(tr("Terminal against our own arithmetic"))
        self.table = Table(COLUMNS, row_px=ROW_PX)
        self.verdict = Elided("", 11, theme.MEDIUM, theme.colours().soft)
        self.body.addWidget(self.table, 1)
        self.body.addWidget(self.verdict)

    def show_account(self, view: AccountFrame, now_ms: int) -> None:
        c, past, found = theme.colours(), is_past(view), view.analysis.results if view.analysis else None
        self.show_remark(view, now_ms)
        self.table.show_rows([apart_row(one, view, past=past) for one in found.apart] if found else [])
        if found is None:
            self.verdict.say(why_nothing(view), c.faint)
            return
        apart = trn("{count} position apart", "{count} positions apart", len(found.apart))
        words = apart if found.apart else tr("All compared profits agree")
        if found.uncomputed:
            words += text.DOT + tr("not compared: {symbols}", symbols=", ".join(found.uncomputed))
        self.verdict.say(words, c.faint if past else c.high if found.apart else c.soft)


def apart_row(one: Apart, view: AccountFrame, *, past: bool) -> Cells:
    """The two figures and their difference; the terminal's is the one that counts."""
    c, digits = theme.colours(), money_digits(view)
    texts = (
        str(one.position),
        one.symbol,
        text.signed(one.stated, digits),
        text.signed(one.computed, digits),
        text.signed(one.stated - one.computed, digits),
    )
    shades = (c.text, c.soft, c.text, c.soft, c.high)
    return Cells(texts=texts, colours=(c.faint,) * len(COLUMNS) if past else shades)


if __name__ == "__main__":
    alone(ApartCard)
