"""The correlations of what is held as a heat map: signed by side, the number always in the cell."""

from __future__ import annotations

import math

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetrics, QLinearGradient, QPainter, QPaintEvent, QPolygonF
from PySide6.QtWidgets import QHBoxLayout

from monitors.exposure_view import ExposureView
from monitors.ports import AccountFrame
from ui import spoken, text, theme
from ui.alone import alone
from ui.panels.account import is_past
from ui.panels.card import Label
from ui.panels.figures import limit
from ui.panels.panel import Painting, Panel, rightward, why_nothing
from ui.words import tr

NAME_PX, HEAD_PX, LEAST_WIDE, LEAST_HIGH = 88, 20, 38, 17
ROOMY_WIDE, ROOMY_HIGH = 54, 20
"""Cells of at least this size have larger letters."""


class HeatMap(Painting):
    """As many of the largest symbols as leave room for a number in every cell."""

    def __init__(self) -> None:
        super().__init__(least_high=80)
        self._names: tuple[str, ...] = ()
        self._rows: tuple[tuple[float, ...], ...] = ()
        self._long: dict[str, bool] = {}
        self.words = ""

    def show_exposure(self, shown: ExposureView | None, words: str, *, past: bool) -> None:
        """`words` stand where there is no map."""
        if words != self.words:
            self.words = words
            self.update()
        if not self.changed(shown, past=past):
            return
        self._names, self._rows = (), ()
        if shown is not None and shown.correlations is not None:
            place = {name: n for n, name in enumerate(shown.correlations.symbols)}
            self._names = tuple(line.symbol for line in shown.symbols if line.symbol in place)
            order = [place[name] for name in self._names]
            self._rows = tuple(tuple(shown.signed[row][column] for column in order) for row in order)
            self._long = {line.symbol: line.net > 0 for line in shown.symbols}
        spoken.name(self, self._said() or words)

    def _said(self) -> str:
        """Each pair once."""
        names = self._names
        pairs = [(row, column) for row in range(len(names)) for column in range(row)]
        said = [
            tr("{first} and {second} {correlation}", first=names[row], second=names[column],
               correlation=text.signed(self._rows[row][column]))
            for row, column in pairs
            if math.isfinite(self._rows[row][column])
        ]  # fmt: skip
        return tr("Correlation: {pairs}", pairs=", ".join(said)) if said else ""

    @property
    def count(self) -> int:
        """How many symbols are held whose correlation is known."""
        return len(self._names)

    @property
    def room(self) -> int:
        """How many symbols have room."""
        wide, high = (self.width() - NAME_PX) // LEAST_WIDE, (self.height() - HEAD_PX) // LEAST_HIGH
        return max(1, min(len(self._names), wide, high))

    def paintEvent(self, _event: QPaintEvent) -> None:
        c, painter, count = theme.colours(), QPainter(self), self.room
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if not self._names:
            painter.setFont(theme.font(12))
            painter.setPen(QColor(c.faint))
            flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
            painter.drawText(QRectF(self.rect()).adjusted(20, 0, -20, 0), flags, self.words)
            painter.end()
            return
        wide, high = (self.width() - NAME_PX) / count, min(40.0, (self.height() - HEAD_PX) / count)
        small = theme.font(10 if wide < ROOMY_WIDE else 11, theme.STRONG)
        for place, name in enumerate(self._names[:count]):
            painter.setFont(small)
            painter.setPen(QColor(c.soft))
            shown = QFontMetrics(small).elidedText(name, Qt.TextElideMode.ElideRight, int(wide) - 2)
            painter.drawText(QRectF(NAME_PX + place * wide, 0, wide, HEAD_PX), Qt.AlignmentFlag.AlignCenter, shown)
            self._paint_name(painter, name, HEAD_PX + place * high, high)
            for column in range(count):
                box = QRectF(NAME_PX + column * wide, HEAD_PX + place * high, wide, high).adjusted(1, 1, -1, -1)
                self._paint_cell(painter, self._rows[place][column], box, own=place == column)
        painter.end()

    def _paint_name(self, painter: QPainter, name: str, top: float, high: float) -> None:
        c, long = theme.colours(), self._long.get(name, True)
        font = theme.font(12 if high > ROOMY_HIGH else 11, theme.STRONG)
        painter.setFont(font)
        painter.setPen(QColor(c.faint if self.past else c.text))
        shown = QFontMetrics(font).elidedText(name, Qt.TextElideMode.ElideRight, NAME_PX - 26)
        painter.drawText(QRectF(0, top, NAME_PX - 22, high), Qt.AlignmentFlag.AlignVCenter, shown)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(c.faint if self.past else c.curve if long else c.loss))
        centre, way = QPointF(NAME_PX - 14, top + high / 2), -1 if long else 1
        painter.drawPolygon(
            QPolygonF([centre + QPointF(-5, -4 * way), centre + QPointF(5, -4 * way), centre + QPointF(0, 5 * way)])
        )

    def _paint_cell(self, painter: QPainter, value: float, box: QRectF, *, own: bool) -> None:
        c, known = theme.colours(), math.isfinite(value)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(c.track))
        painter.drawRoundedRect(box, 3, 3)
        if known and not own and not self.past:
            painter.setBrush(tint(value))
            painter.drawRoundedRect(box, 3, 3)
        painter.setFont(theme.font(10 if box.width() + 2 < ROOMY_WIDE else 12, theme.MEDIUM if own else theme.STRONG))
        painter.setPen(QColor(c.soft if own or not known or self.past else c.text))
        words = "1" if own else text.signed(value) if known else text.DASH
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, words)


class Key(Painting):
    """The ramp from offsets to adds up."""

    def __init__(self) -> None:
        super().__init__()
        self.setFixedSize(150, 16)
        spoken.name(self, tr("Blue offsets, coral adds up"))

    def paintEvent(self, _event: QPaintEvent) -> None:
        c, painter = theme.colours(), QPainter(self)
        painter.setFont(theme.font(10))
        painter.setPen(QColor(c.soft))
        painter.drawText(QRectF(0, 0, 20, 16), Qt.AlignmentFlag.AlignVCenter, f"{text.MINUS}1")
        painter.drawText(QRectF(126, 0, 24, 16), Qt.AlignmentFlag.AlignVCenter, "+1")
        ramp = QLinearGradient(20, 0, 122, 0)
        ramp.setColorAt(0, QColor(c.curve))
        ramp.setColorAt(0.5, QColor(c.track))
        ramp.setColorAt(1, QColor(c.loss))
        painter.fillRect(QRectF(20, 5, 102, 6), ramp)
        painter.end()


class HeatCard(Panel):
    """The map under what it was taken from, with the largest against its limit."""

    def __init__(self) -> None:
        super().__init__(tr("Correlation"))
        self.map = HeatMap()
        self.body.addWidget(self.map, 1)
        foot = QHBoxLayout()
        foot.addWidget(Key())
        foot.addWidget(rightward(Label(tr("+ adds up, \u2212 offsets"), 11, theme.MEDIUM, theme.colours().soft)), 1)
        self.body.addLayout(foot)

    def show_account(self, view: AccountFrame, now_ms: int) -> None:
        analysis = view.analysis
        shown = analysis.exposure if analysis else None
        found = shown.correlations if shown else None
        words = why_nothing(view) or (text.reason(shown.largest_correlation) if shown else "")
        self.map.show_exposure(shown, words or tr("No correlations yet"), past=is_past(view))
        self.sub.say("")
        if found is not None:
            few, every = self.map.room, self.map.count
            which = tr("signed by side") if few >= every else tr("largest {few} of {every}", few=few, every=every)
            days = tr("{days} days", days=text.short(found.days, 1))
            self.sub.say(", ".join((*((which,) if every else ()), f"M{found.minutes}", days)))
        level = limit(view, "exposure.correlation")
        largest = text.figure(shown.largest_correlation, text.signed) if shown else text.DASH
        words = tr("largest {correlation}", correlation=largest)
        if level:
            words = tr("largest {correlation} of {limit}", correlation=largest, limit=text.number(level.at))
        self.show_remark(view, now_ms, words)


def tint(value: float) -> QColor:
    """Coral for what adds up, blue for what offsets, stronger the nearer to 1."""
    c = theme.colours()
    shade = QColor(c.loss if value > 0 else c.curve)
    shade.setAlphaF(min(1.0, abs(value)) * 0.62)
    return shade


if __name__ == "__main__":
    alone(HeatCard)
