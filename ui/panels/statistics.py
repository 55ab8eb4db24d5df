"""What closed positions tell, by strategy: win rate, profit factor, reward to risk planned and reached."""

from __future__ import annotations

from monitors.ports import AccountFrame
from monitors.statistics import ALL, Statistics
from ui import text, theme
from ui.alone import alone
from ui.panels.account import is_past
from ui.panels.cells import Cells, Column
from ui.panels.panel import Panel, money_digits, why_nothing
from ui.panels.table import Table
from ui.words import tr

ROW_PX = 25
COLUMNS = (
    Column(head=tr("Strategy"), left=True, bold=True, least=90, share=3),
    Column(head=tr("Closed")),
    Column(head=tr("Win rate"), bold=True),
    Column(head=tr("Profit factor"), bold=True, tip=tr("What was won for each unit lost")),
    Column(head=tr("Planned"), yields=1, tip=tr("Mean planned reward for one of risk")),
    Column(head=tr("Reached"), tip=tr("Mean multiple of the initial risk at the close")),
    Column(head=tr("Net"), bold=True, tip=tr("With swap, commission and fee")),
)


class StatisticsCard(Panel):
    """All strategies first."""

    def __init__(self) -> None:
        super().__init__(tr("Statistics"), tr("of positions closed whole"))
        self.table = Table(COLUMNS, row_px=ROW_PX)
        self.body.addWidget(self.table, 1)

    def show_account(self, view: AccountFrame, now_ms: int) -> None:
        past, found = is_past(view), view.analysis.results.statistics if view.analysis else ()
        self.show_remark(view, now_ms, why_nothing(view))
        self.table.show_rows([statistics_row(name, one, view, past=past) for name, one in found])


def statistics_row(name: str, one: Statistics, view: AccountFrame, *, past: bool) -> Cells:
    """One strategy's row; what its trades do not tell is a dash with the reason."""
    c = theme.colours()
    texts = (
        tr("All") if name == ALL else name,
        str(one.closed),
        text.figure(one.win_rate_pct, text.percent),
        text.figure(one.profit_factor, text.number),
        text.figure(one.planned_rr, text.to_one),
        text.figure(one.realized_r, text.multiple),
        text.signed(one.net, money_digits(view)),
    )
    values = {2: one.win_rate_pct, 3: one.profit_factor, 4: one.planned_rr, 5: one.realized_r}
    tips = tuple((place, text.reason(value)) for place, value in values.items() if text.reason(value))
    shades = (c.text, c.soft, c.text, c.text, c.soft, c.gain(text.known(one.realized_r)), c.gain(one.net))
    return Cells(texts=texts, colours=(c.faint,) * len(COLUMNS) if past else shades, tips=tips)


if __name__ == "__main__":
    alone(StatisticsCard)
