"""The drawdowns of day, week and all time: how deep now, how deep at most, since when, how much is regained."""

from __future__ import annotations

from monitors.drawdown_view import DrawdownLine
from monitors.ports import AccountFrame
from ui import text, theme
from ui.alone import alone
from ui.panels.account import is_past
from ui.panels.card import Elided
from ui.panels.panel import Panel, money_digits, why_nothing
from ui.panels.table import Cells, Column, Table

COLUMNS = (
    Column(
        head="From", left=True, bold=True, tip="The highest equity of that time; a rule may count from another start"
    ),
    Column(head="Now", bold=True),
    Column(head="Now %"),
    Column(head="Deepest", bold=True),
    Column(head="%"),
    Column(head="Began", yields=2, tip="When its peak was; in broker time"),
    Column(head="Length", yields=1, tip="From its peak to where it was regained, or to now"),
    Column(head="Regained"),
)
PEAKS = {"Day": "Day's peak", "Week": "Week's peak", "All time": "All-time peak"}


class FallsCard(Panel):
    """Three rows, and under them what recovery and size come to."""

    def __init__(self) -> None:
        super().__init__("Drawdown", "unitised percent: deposits and withdrawals move nothing")
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
        parts = [f"recovery factor {recovery}", f"size by your rule {factor} of full"]
        why = [text.reason(value) for value in (found.recovery_factor, found.size_factor) if text.reason(value)]
        if any(line.reconstructed for line in found.lines):
            parts.append("* reconstructed from deals and bars")
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
    named = (("Peak", line.start_ms), ("Trough", line.trough_ms), ("Regained", line.end_ms))
    parts = [f"{name} {text.when(ms, now_ms, offset)}" for name, ms in named if ms is not None]
    return "\n".join([*parts, *([] if line.end_ms or line.start_ms is None else ["still open"])])


if __name__ == "__main__":
    alone(FallsCard)
