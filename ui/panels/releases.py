"""Which closes free the most margin for the least loss, best first."""

from __future__ import annotations

from monitors.margin_view import Release
from monitors.ports import AccountFrame
from ui import text, theme
from ui.alone import alone
from ui.panels.account import is_past
from ui.panels.cells import Cells, Column
from ui.panels.panel import Panel, money_digits
from ui.panels.table import Table
from ui.words import tr

ROW_PX = 25
COLUMNS = (
    Column(head=tr("Close"), left=True, bold=True, share=2),
    Column(head=tr("Lots")),
    Column(head=tr("Frees"), bold=True),
    Column(head=tr("Realises")),
    Column(head=tr("For each lost"), tip=tr("Margin freed for each unit of loss realised")),
)


class ReleasesCard(Panel):
    """Positions closed whole; more than fit scroll."""

    def __init__(self) -> None:
        super().__init__(tr("What frees most margin"), tr("for the least loss"))
        self.table = Table(COLUMNS, row_px=ROW_PX)
        self.body.addWidget(self.table, 1)

    def show_account(self, view: AccountFrame, now_ms: int) -> None:
        self.show_remark(view, now_ms)
        past, found = is_past(view), view.analysis.margin.releases if view.analysis else ()
        self.table.show_facts(found, lambda one: release_row(one, view, past=past))


def release_row(one: Release, view: AccountFrame, *, past: bool) -> Cells:
    """One close; one that gains costs nothing for what it frees."""
    c, digits = theme.colours(), money_digits(view)
    texts = (
        tr("{symbol} with its hedge", symbol=one.symbol) if one.hedged else one.symbol,
        text.number(one.lots, view.volume_digits.get(one.symbol, 2)),
        text.number(one.freed, digits),
        text.signed(one.realized, digits),
        tr("gains") if one.per_loss is None else text.number(one.per_loss, 1),
    )
    shades = (c.text, c.soft, c.text, c.gain(one.realized), c.profit if one.per_loss is None else c.soft)
    tip = ((0, tr("Position {position}", position=one.position)),)
    return Cells(texts=texts, colours=(c.faint,) * len(COLUMNS) if past else shades, tips=tip)


if __name__ == "__main__":
    alone(ReleasesCard)
