"""The drawdowns of day, week and all time: how deep now, how deep at most, since when, how much is regained."""

from __future__ import annotations

from monitors.drawdown_view import DrawdownLine
from monitors.ports import AccountFrame
from ui import text, theme
from ui.alone import alone
from ui.panels.account import is_past
from ui.panels.card import Elided
from ui.panels.cells import Cells, Column
from ui.panels.panel import Panel, money_digits, why_nothing
from ui.panels.table import Table
from ui.words import tr

COLUMNS = (
    Column(
        head=tr("From"),
        left=True,
        bold=True,
        tip=tr("The highest equity of that time; a rule may count from another start"),
    ),
    Column(head=tr("Now"), bold=True),
    Column(head=tr("Now %")),
    Column(head=tr("Deepest"), bold=True),
    Column(head="%"),
    Column(head=tr("Began"), yields=2, tip=tr("When its peak was; in broker time")),
    Column(head=tr("Length"), yields=1, tip=tr("From its peak to where it was regained, or to now")),
    Column(head=tr("Regained")),
)
PEAKS = {"Day": tr("Day's peak"), "Week": tr("Week's peak"), "All time": tr("All-time peak")}


class FallsCard(Panel):
    """Three rows, and under them what recovery and size come to."""

    def __init__(self) -> None:
        super().__init__(tr("Drawdown"), tr("unitised percent: deposits and withdrawals move nothing"))
        self.table = Table(COLUMNS)
        self.foot = Elided("", 11, theme.MEDIUM, theme.colours().soft)
        self.body.addWidget(self.table, 1)
        self.body.addWidget(self.foot)

    def show_account(self, view: AccountFrame, now_ms: int) -> None:
        analysis, past = view.analysis, is_past(view)
        self.show_remark(view, now_ms)
        if analysis is None:
            self.table.show_rows([])
            self.foot.say(why_nothing(view))
            return
        found = analysis.drawdowns
        self.table.show_rows([fall(line, view, now_ms, past=past) for line in found.lines])
        factor = text.figure(found.size_factor, lambda value: text.percent(100 * value, 0))
        recovery = text.figure(found.recovery_factor, text.number)
        parts = [
            tr("recovery factor {factor}", factor=recovery),
            tr("size by your rule {share} of full", share=factor),
        ]
        why = [text.reason(value) for value in (found.recovery_factor, found.size_factor) if text.reason(value)]
        if any(line.reconstructed for line in found.lines):
            parts.append(tr("* reconstructed from deals and bars"))
        self.foot.say(text.DOT.join([*parts, *why]))


def fall(line: DrawdownLine, view: AccountFrame, now_ms: int, *, past: bool) -> Cells:
    """One drawdown's row; a star marks what was reconstructed."""
    c, digits, offset = theme.colours(), money_digits(view), view.broker_offset_s

    def money(value: float) -> str:
        return text.number(value, digits)

    def percent(value: float) -> str:
        return text.percent(value, 2)

    texts = (
        PEAKS.get(line.name, line.name) + (" *" if line.reconstructed else ""),
        text.figure(line.depth, money),
        text.figure(line.depth_pct, percent),
        text.figure(line.deepest, money),
        text.figure(line.deepest_pct, percent),
        text.DASH if line.start_ms is None else text.when(line.start_ms, now_ms, offset, brief=True),
        text.figure(line.length_s, text.duration),
        text.figure(line.recovered_pct, lambda value: text.percent(value, 0)),
    )
    values = {1: line.depth, 2: line.depth_pct, 3: line.deepest, 4: line.deepest_pct, 6: line.length_s}
    tips = [(place, text.reason(value)) for place, value in values.items() if text.reason(value)]
    tips += [(7, text.reason(line.recovered_pct) or _course(line, now_ms, offset))]
    under = c.loss if (text.known(line.depth) or 0.0) > 0 else c.text
    shades = (c.text, under, under, c.text, c.soft, c.soft, c.soft, c.soft)
    return Cells(texts=texts, colours=(c.faint,) * len(COLUMNS) if past else shades, tips=tuple(tips))


def _course(line: DrawdownLine, now_ms: int, offset: int) -> str:
    """Its peak, trough and end in words."""
    peak, trough, end = (
        "" if ms is None else text.when(ms, now_ms, offset) for ms in (line.start_ms, line.trough_ms, line.end_ms)
    )
    parts = (
        tr("Peak {time}", time=peak) if peak else "",
        tr("Trough {time}", time=trough) if trough else "",
        tr("Regained {time}", time=end) if end else "",
        tr("still open") if line.start_ms is not None and not line.end_ms else "",
    )
    return "\n".join(filter(None, parts))


if __name__ == "__main__":
    alone(FallsCard)
