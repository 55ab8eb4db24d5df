"""The open positions by score: result, R, how far each has been, what it has given back and what was planned."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel

from monitors.kinds import Side
from monitors.ports import AccountFrame
from monitors.positions import PositionLine
from ui import spoken, text, theme
from ui.alone import alone
from ui.panels.account import is_past
from ui.panels.card import Label
from ui.panels.cells import Cells, Column
from ui.panels.panel import Panel, money_digits, why_nothing
from ui.panels.ranges import Meter, Range, Way, paint_meter, paint_range, paint_way
from ui.panels.table import Table
from ui.words import tr

ROW_PX, ALL_PCT = 26, 100.0
COLUMNS = (
    Column(head=tr("Symbol"), left=True, bold=True),
    Column(head=tr("Side"), left=True, bold=True),
    Column(head=tr("Lots"), bold=True),
    Column(head=tr("Strategy"), left=True),
    Column(head=tr("Held"), left=True, yields=3),
    Column(head=tr("Last hour"), draws=paint_way, least=64, tip=tr("Its price against where it was opened"), yields=4),
    Column(head=tr("P/L"), bold=True, least=76, tip=tr("With swap; worst and best are of prices alone")),
    Column(head=tr("R now"), bold=True, tip=tr("Profit in multiples of the initial risk")),
    Column(head=tr("Worst"), yields=2, tip=tr("The largest loss since it was opened, from every tick that was seen")),
    Column(head=tr("Range in R"), draws=paint_range, least=150, share=5),
    Column(head=tr("Best"), yields=1, tip=tr("The largest profit since it was opened, from every tick that was seen")),
    Column(head=tr("Given back"), tip=tr("How much of the largest profit is gone again")),
    Column(head=tr("Planned"), tip=tr("Planned reward for one of risk")),
    Column(head=tr("Score"), draws=paint_meter, least=108, share=2),
)
WAY, RANGE, SCORE = 5, 9, 13


def ranked(line: PositionLine, view: AccountFrame, *, past: bool) -> Cells:
    """One position's row; what is not known is a dash, with its reason in the tooltip."""
    c, digits = theme.colours(), money_digits(view)
    r, back = text.known(line.r), text.known(line.given_back_pct)
    texts = (
        line.symbol,
        text.side(line.side),
        text.number(line.lots, view.volume_digits.get(line.symbol, 2)),
        line.strategy,
        text.duration(line.held_s),
        "",
        text.DASH if past else text.signed(line.profit, digits),
        text.DASH if past else text.figure(line.r, text.multiple),
        text.figure(line.worst, lambda value: text.signed(value, digits)),
        "",
        text.figure(line.best, lambda value: text.signed(value, digits)),
        text.figure(line.given_back_pct, lambda value: text.percent(value, 0)),
        text.figure(line.planned_rr, text.to_one),
        "",
    )
    way = c.curve if line.side is Side.BUY else c.loss
    given = c.high if back is not None and back > ALL_PCT else c.soft
    shades = (
        c.text, way, c.text, c.soft, c.soft, c.text, c.gain(line.profit), c.gain(r), c.soft, c.soft, c.soft, given,
        c.soft, c.text,
    )  # fmt: skip
    span = Range(worst=text.known(line.worst_r), best=text.known(line.best_r), now=None if past else r, past=past)
    score = text.known(line.score.total)
    meter = Meter(score=score, words=text.figure(line.score.total, lambda value: text.number(value, 0)), past=past)
    return Cells(
        texts=texts,
        colours=(c.faint,) * len(COLUMNS) if past else shades,
        tips=_tips(line, digits),
        values=((WAY, Way(points=view.lately.get(line.identifier, ()), past=past)), (RANGE, span), (SCORE, meter)),
    )


def _tips(line: PositionLine, digits: int) -> tuple[tuple[int, str], ...]:
    def points(value: float) -> str:
        return tr("{points}\u202fpoints", points=text.signed(value, 0))

    span = [
        tr("Worst {r}, {points}", r=text.figure(line.worst_r, text.multiple),
           points=text.figure(line.worst_points, points)),
        tr("Best {r}, {points}", r=text.figure(line.best_r, text.multiple),
           points=text.figure(line.best_points, points)),
        tr("Risk from here {risk}", risk=text.figure(line.risk, lambda value: text.number(value, digits))),
    ]  # fmt: skip
    if line.unprotected_s is not None:
        span.append(tr("Without a stop for {duration}", duration=text.duration(line.unprotected_s)))
    parts = [
        f"{name} {text.figure(value, lambda known: text.number(known, 0))}"
        + (f" ({text.reason(value)})" if text.reason(value) else "")
        for name, value in line.score.parts
    ]
    score = "\n".join([*([text.reason(line.score.total)] if text.reason(line.score.total) else []), *parts])
    reasons = {7: line.r, 8: line.worst, 10: line.best, 11: line.given_back_pct, 12: line.planned_rr}
    why = tuple((place, text.reason(value)) for place, value in reasons.items() if text.reason(value))
    return ((3, "\n".join(line.advice)), (RANGE, "\n".join(span)), (SCORE, score), *why)


class RankingCard(Panel):
    """Best score first; more rows than room scroll inside the card."""

    def __init__(self) -> None:
        super().__init__(tr("Positions"), tr("by score"), margins=(14, 7, 10, 4))
        c = theme.colours()
        marks = (
            ("│", c.critical, tr("stop \u22121 R")),
            ("│", c.soft, tr("open 0, +1 R")),
            ("●", c.text, tr("now")),
        )
        for sign, colour, words in marks:
            mark = Label(sign, 11, theme.STRONG, colour)
            spoken.name(mark, tr("mark of {what}", what=words))
            self.head.insertWidget(self.head.count() - 1, mark)
            self.head.insertWidget(self.head.count() - 1, Label(words, 11, theme.MEDIUM, c.soft))
        self.table = Table(COLUMNS, row_px=ROW_PX)
        self.empty: QLabel = Label("", 13, theme.MEDIUM, c.faint)
        self.empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.body.addWidget(self.table, 1)
        self.body.addWidget(self.empty, 1)
        self._drawn: tuple[object, bool] = (None, False)

    def show_account(self, view: AccountFrame, now_ms: int) -> None:
        past, analysis = is_past(view), view.analysis
        self.show_remark(view, now_ms)
        if self._drawn[0] is analysis and self._drawn[1] == past and analysis is not None:
            return
        self._drawn = analysis, past
        lines = analysis.positions if analysis else ()
        self.table.show_facts(lines, lambda line: ranked(line, view, past=past))
        self.table.setVisible(bool(lines))
        self.empty.setVisible(not lines)
        self.empty.setText(why_nothing(view) or tr("No positions"))


if __name__ == "__main__":
    alone(RankingCard)
