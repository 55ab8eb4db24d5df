"""Net by currency: bars from a common zero, long to the right, short to the left."""

from __future__ import annotations

import math

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout

from monitors.exposure_view import CurrencyLine
from monitors.ports import AccountFrame
from ui import spoken, text, theme
from ui.alone import alone
from ui.panels.account import is_past
from ui.panels.card import Elided, Label
from ui.panels.panel import Panel, currency, elided, in_money, money_digits, rightward, scrolled, why_nothing
from ui.panels.row_bars import RowBars
from ui.shown import set_tip
from ui.words import tr

ROW_PX, LEAST_ROW_PX, AXIS_PX, NAME_PX, NET_PX, ONE_PX, WIDE_FROM = 25, 16, 18, 56, 84, 96, 480
TICKS, GAP_PX = 2, 6
"""Marks at each side of zero; between their words, or else the inner ones have none."""


def step(most: float) -> float:
    """The largest round distance between marks of which TICKS are still within `most`."""
    if not most > 0:
        return 1.0
    within = most / TICKS
    power = 10.0 ** math.floor(math.log10(within))
    return max(round_ * power for round_ in (1.0, 2.0, 4.0, 5.0) if round_ * power <= within)


class LegBars(RowBars):
    """One row a currency."""

    def __init__(self) -> None:
        super().__init__(ROW_PX, LEAST_ROW_PX, AXIS_PX, NAME_PX)
        self._lines: tuple[CurrencyLine, ...] = ()

    def show_lines(self, lines: tuple[CurrencyLine, ...], *, past: bool) -> None:
        if self.changed(lines, past=past):
            self._lines = lines
            self.make_room(line.currency for line in lines)
            said = [f"{line.currency} {text.signed(line.net, 0)}" for line in lines]
            spoken.name(self, tr("Net by currency: {legs}", legs=", ".join(said) or tr("nothing")))

    def paintEvent(self, event: QPaintEvent) -> None:
        if not self._lines:
            return
        painter, row = QPainter(self), self.row_px
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        wide = self.width() >= WIDE_FROM
        left, right = self.name_px, self.width() - NET_PX - (ONE_PX if wide else 0)
        most = max((abs(line.net) for line in self._lines), default=0.0)
        mark = step(most)
        zero, unit = (left + right) / 2, (right - left) / 2 / max(most, TICKS * mark) * 0.97
        self._paint_marks(painter, zero, unit, mark)
        for place, line in enumerate(self._lines):
            top = place * row
            if event.rect().intersects(QRectF(0, top, self.width(), row).toAlignedRect()):
                self._paint_row(painter, line, top, zero, unit, right)
        painter.end()

    def _paint_marks(self, painter: QPainter, zero: float, unit: float, mark: float) -> None:
        c, high = theme.colours(), self.row_px * len(self._lines)
        painter.setFont(theme.font(10))
        written = [text.thousands(count * mark) for count in (-TICKS, -1)]
        room = mark * unit - max(QFontMetrics(painter.font()).horizontalAdvance(words) for words in written) > GAP_PX
        for count in range(-TICKS, TICKS + 1):
            x = zero + count * mark * unit
            painter.setPen(QColor(c.edge if count == 0 else c.line))
            painter.drawLine(round(x), 0, round(x), high)
            if abs(count) == 1 and not room:
                continue
            painter.setPen(QColor(c.soft))
            words = "0" if count == 0 else ("+" if count > 0 else "") + text.thousands(count * mark)
            painter.drawText(QRectF(x - 40, high, 80, AXIS_PX), Qt.AlignmentFlag.AlignCenter, words)

    def _paint_row(
        self, painter: QPainter, line: CurrencyLine, top: float, zero: float, unit: float, right: float
    ) -> None:
        c, middle, row = theme.colours(), Qt.AlignmentFlag.AlignVCenter, self.row_px
        shade = c.faint if self.past else c.curve if line.net > 0 else c.loss
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(shade))
        long = abs(line.net) * unit
        painter.drawRoundedRect(QRectF(zero if line.net > 0 else zero - long, top + row / 2 - 6, long, 12), 2, 2)
        painter.setFont(theme.font(12, theme.STRONG))
        painter.setPen(QColor(c.faint if self.past else c.text))
        name = elided(line.currency, self.name_px)
        painter.drawText(QRectF(0, top, self.name_px, row), middle, name)
        painter.setPen(QColor(shade))
        way = middle | Qt.AlignmentFlag.AlignRight
        painter.drawText(QRectF(right, top, NET_PX, row), way, text.signed(line.net, 0))
        if self.width() >= WIDE_FROM:
            painter.setPen(QColor(c.soft))
            painter.setFont(theme.font(11))
            painter.drawText(QRectF(right + NET_PX, top, ONE_PX, row), way, f"1{text.THIN}% {_one(line)}")


class LegsCard(Panel):
    """The bars, what they sum to, and what a weekend gap would cost."""

    def __init__(self) -> None:
        super().__init__(tr("Net by currency"))
        c = theme.colours()
        self.bars = LegBars()
        self.body.addWidget(scrolled(self.bars), 1)
        self.sum, self.gap = Elided("", 11, theme.MEDIUM, c.soft), rightward(Label("", 11, theme.STRONG, c.soft))
        foot = QHBoxLayout()
        foot.addWidget(self.sum, 1)
        foot.addWidget(self.gap)
        self.body.addLayout(foot)

    def show_account(self, view: AccountFrame, now_ms: int) -> None:
        analysis, past = view.analysis, is_past(view)
        self.show_remark(view, now_ms)
        self.sub.say(tr("{currency} value, long + short \u2212", currency=currency(view)))
        if analysis is None:
            self.bars.show_lines((), past=True)
            self.sum.say(why_nothing(view))
            self.gap.say("")
            return
        shown = analysis.exposure
        self.bars.show_lines(shown.currencies, past=past)
        set_tip(
            self.bars,
            "\n".join(
                tr("{currency}: 1 % against it costs {amount}", currency=line.currency, amount=_one(line))
                for line in shown.currencies
            ),
        )
        self.sum.say(
            _sum_words(shown.currencies, view) if shown.currencies else text.reason(shown.total) or tr("Nothing held")
        )
        loss = text.figure(shown.gap_loss, lambda value: text.signed(-abs(value), money_digits(view)))
        self.gap.say(tr("gap of {gap}\u202f% {loss}", gap=text.short(shown.gap_pct, 1), loss=loss))
        why = text.reason(shown.gap_loss)
        tip = tr("Every symbol opens that far against its net position, and no stop is filled in between")
        set_tip(self.gap, why or tip)


def _sum_words(lines: tuple[CurrencyLine, ...], view: AccountFrame) -> str:
    """The legs of whole positions sum to nothing, unless gains and losses are converted at two rates."""
    total = sum(line.net for line in lines)
    most = max(abs(line.net) for line in lines)
    if abs(total) <= max(1.0, most * 1e-6):
        return tr("Sums to 0: every long leg has a short one.")
    return tr("Sums to {total}", total=in_money(total, view))


def _one(line: CurrencyLine) -> str:
    return text.signed(-abs(line.one_pct), 0)


if __name__ == "__main__":
    alone(LegsCard)
