"""By symbol: each one's share of gross against its limit, and how concentrated that is."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout

from monitors.exposure_view import SymbolLine
from monitors.ports import AccountFrame, Severity
from ui import spoken, text, theme
from ui.alone import alone
from ui.icons import SeverityIcon
from ui.panels.account import is_past
from ui.panels.card import Elided, Label
from ui.panels.figures import limit
from ui.panels.panel import Painting, Panel, elided, rightward, scrolled, why_nothing
from ui.panels.row_bars import RowBars
from ui.words import tr

ROW_PX, LEAST_ROW_PX, AXIS_PX, NAME_PX, SHARE_PX, GROSS_PX = 27, 19, 16, 66, 66, 66
MODERATE, HIGH, END = 0.15, 0.25, 0.60
"""Where concentration is moderate and high (RULES: exposure); END is where the scale ends."""


class ShareBars(RowBars):
    """One row a symbol, largest first; a white tick is the limit."""

    def __init__(self) -> None:
        super().__init__(ROW_PX, LEAST_ROW_PX, AXIS_PX, NAME_PX)
        self._lines: tuple[SymbolLine, ...] = ()
        self._limit: float | None = None

    def show_lines(self, lines: tuple[SymbolLine, ...], at: float | None, *, past: bool) -> None:
        if at != self._limit:
            self._limit = at
            self.update()
        if self.changed(lines, past=past):
            self._lines = lines
            self.make_room(line.symbol for line in lines)
            said = [f"{line.symbol} {text.percent(100 * line.share)}" for line in lines]
            spoken.name(self, tr("Share of gross: {shares}", shares=", ".join(said) or tr("nothing")))

    def paintEvent(self, event: QPaintEvent) -> None:
        if not self._lines:
            return
        c, painter, row = theme.colours(), QPainter(self), self.row_px
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        left, right = self.name_px, self.width() - SHARE_PX - GROSS_PX
        most = max([line.share * 100 for line in self._lines] + [self._limit or 0.0])
        end = min(100.0, 20.0 * (int(most // 20) + 1))
        unit = (right - left) / end
        high = row * len(self._lines)
        painter.setFont(theme.font(10))
        painter.setPen(QColor(c.soft))
        for mark in range(0, int(end) + 1, 20):
            box = QRectF(left + mark * unit - 20, high, 40, AXIS_PX)
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter, str(mark))
        for place, line in enumerate(self._lines):
            box = QRectF(0, place * row, self.width(), row)
            if event.rect().intersects(box.toAlignedRect()):
                self._paint_row(painter, line, box.top(), left, unit, end)
        painter.end()

    def _paint_row(self, painter: QPainter, line: SymbolLine, top: float, left: float, unit: float, end: float) -> None:
        c, middle, share = theme.colours(), Qt.AlignmentFlag.AlignVCenter, 100 * line.share
        row = self.row_px
        over = self._limit is not None and share >= self._limit
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(c.track))
        painter.drawRoundedRect(QRectF(left, top + row / 2 - 4.5, end * unit, 9), 2, 2)
        painter.setBrush(QColor(c.faint if self.past else c.high if over else c.curve))
        painter.drawRoundedRect(QRectF(left, top + row / 2 - 4.5, max(2.0, share * unit), 9), 2, 2)
        if self._limit is not None:
            painter.fillRect(QRectF(left + self._limit * unit - 1, top + row / 2 - 8.5, 2, 17), QColor(c.text))
        painter.setFont(theme.font(12, theme.STRONG))
        painter.setPen(QColor(c.faint if self.past else c.text))
        name = elided(line.symbol, self.name_px)
        painter.drawText(QRectF(0, top, self.name_px, row), middle, name)
        way, right = middle | Qt.AlignmentFlag.AlignRight, left + end * unit
        painter.drawText(QRectF(right, top, SHARE_PX, row), way, text.percent(share))
        painter.setPen(QColor(c.soft))
        painter.setFont(theme.font(12))
        painter.drawText(QRectF(right + SHARE_PX, top, GROSS_PX, row), way, text.thousands(line.gross))


class Scale(Painting):
    """The scale of concentration with a tick at the present figure."""

    def __init__(self) -> None:
        super().__init__()
        self.setFixedHeight(20)
        self._hhi: float | None = None
        spoken.name(self, tr("Scale of concentration"))

    def show_hhi(self, hhi: float | None, *, past: bool) -> None:
        if self.changed(hhi, past=past):
            self._hhi = hhi
            figure = text.DASH if hhi is None else text.number(hhi, 3)
            spoken.name(self, tr("Concentration {figure}, moderate from 0.15, high from 0.25", figure=figure))

    def paintEvent(self, _event: QPaintEvent) -> None:
        c, painter, wide = theme.colours(), QPainter(self), float(self.width())
        bands = ((0.0, MODERATE, c.profit), (MODERATE, HIGH, c.medium), (HIGH, END, c.high))
        for low, high, colour in bands:
            shade = QColor(c.track if self._hhi is None else colour)
            shade.setAlphaF(0.55)
            painter.fillRect(QRectF(wide * low / END, 3, wide * (high - low) / END - 1, 3), shade)
        painter.setFont(theme.font(10))
        painter.setPen(QColor(c.soft))
        for at, words in ((0.0, tr("low")), (MODERATE, "0.15"), (HIGH, "0.25"), (END, "0.60")):
            left = min(max(wide * at / END - 20, 0), wide - 40)
            way = Qt.AlignmentFlag.AlignLeft if at == 0 else Qt.AlignmentFlag.AlignHCenter
            way = Qt.AlignmentFlag.AlignRight if at == END else way
            painter.drawText(QRectF(left, 7, 40, 13), way, words)
        if self._hhi is not None:
            painter.fillRect(
                QRectF(wide * min(self._hhi, END) / END - 1.5, 0, 3, 9), QColor(c.faint if self.past else c.text)
            )
        painter.end()


class SharesCard(Panel):
    """The bars over the scale."""

    def __init__(self) -> None:
        super().__init__(tr("By symbol"), tr("share of gross, tick = limit"))
        c = theme.colours()
        self.bars, self.scale, self.icon = ShareBars(), Scale(), SeverityIcon()
        self.hhi = Elided("", 12, theme.STRONG, c.text)
        self.effective = rightward(Label("", 12, theme.STRONG, c.text))
        self.body.addWidget(scrolled(self.bars), 1)
        line = QHBoxLayout()
        line.setSpacing(8)
        line.addWidget(self.icon)
        line.addWidget(self.hhi, 1)
        line.addWidget(self.effective)
        self.body.addLayout(line)
        self.body.addWidget(self.scale)

    def show_account(self, view: AccountFrame, now_ms: int) -> None:
        c, analysis, past = theme.colours(), view.analysis, is_past(view)
        if analysis is None:
            self.bars.show_lines((), None, past=True)
            self.hhi.say(why_nothing(view), c.faint)
            self.effective.say("")
            self.scale.show_hhi(None, past=True)
            self.icon.hide()
            self.show_remark(view, now_ms)
            return
        shown = analysis.exposure
        level = limit(view, "exposure.symbol_pct")
        self.bars.show_lines(shown.symbols, level.at if level else None, past=past)
        even = text.figure(shown.diversification_pct, lambda value: text.percent(value, 0))
        self.show_remark(view, now_ms, tr("diversification {share}", share=even))
        hhi = text.known(shown.hhi)
        word = "" if hhi is None else tr("low") if hhi < MODERATE else tr("moderate") if hhi < HIGH else tr("high")
        shade = c.faint if past or hhi is None else c.high if hhi >= HIGH else c.text
        words = text.reason(shown.hhi) if hhi is None else f"HHI {text.number(hhi, 3)}{text.DOT}{word}"
        self.hhi.say(words, shade)
        self.icon.setVisible(hhi is not None and hhi >= HIGH and not past)
        self.icon.show_severity(Severity.HIGH, filled=True)
        count = text.figure(shown.effective_n, text.number)
        words = tr("effective number {number} of {count}", number=count, count=len(shown.symbols))
        self.effective.say(words, c.faint if past else c.text)
        self.scale.show_hhi(hhi, past=past)


if __name__ == "__main__":
    alone(SharesCard)
