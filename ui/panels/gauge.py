"""The margin level as one big figure inside an arc, with its state in a word."""

from __future__ import annotations

import math

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent, QPen, QPixmap
from PySide6.QtWidgets import QSizePolicy, QWidget

from monitors.model import NotApplicable
from monitors.ports import AccountFrame, LevelView, Link, Severity
from ui import spoken, text, theme
from ui.alone import alone
from ui.panels.account import is_past, remark
from ui.panels.card import Card, Label
from ui.shown import Last
from ui.words import tr

METRIC = "margin.level_pct"
LOW, HIGH = 35.0, 800.0
START, SWEEP = 210.0, 240.0
SIGNS = {Severity.LOW: "●", Severity.MEDIUM: "■", Severity.HIGH: "▲", Severity.CRITICAL: "◆", Severity.EXTREME: "◆"}


class Arc(QWidget):
    """The painted arc: a logarithmic scale, clockwise from the lower left; severity bands on its rim."""

    def __init__(self) -> None:
        super().__init__()
        self.setMinimumHeight(164)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.figure, self.unit, self.word, self.below = text.DASH, "", "", ""
        self.word_colour = self.colour = theme.colours().faint
        self._value: float | None = None
        self._marks: tuple[tuple[float, Severity], ...] = ()
        self._greyed = False
        self._shown, self._scaled = Last(), Last()
        self._scale = QPixmap()

    def show_level(self, value: float | None, levels: tuple[LevelView, ...], *, greyed: bool) -> None:
        """Draw up to `value` percent (None: no arc); `greyed` where it is only remembered."""
        self._value, self._greyed = value, greyed
        self._marks = tuple((level.at, level.severity) for level in levels)
        words = self.figure, self.unit, self.word, self.below
        end = None if value is None else _sixteenths(_share(value))
        if self._shown.differs(words, self.word_colour, self.colour, end, self._marks, greyed):
            self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        radius = min(self.width() / 2 - 35, (self.height() - 38) / 1.5, 120)
        centre = QPointF(self.width() / 2, (self.height() - 1.5 * radius - 38) / 2 + radius + 33)
        box = QRectF(centre.x() - radius, centre.y() - radius, 2 * radius, 2 * radius)
        if self._scaled.differs(self.size(), self.devicePixelRatioF(), self._marks, self._greyed):
            self._scale = self._drawn_scale(centre, radius, box)
        painter.drawPixmap(0, 0, self._scale)
        if self._value is not None and not self._greyed:
            _arc(painter, box, self.colour, 11, 0, _share(self._value))
        if self._value is not None:
            self._paint_disc(painter, centre, radius)
        self._paint_words(painter, centre, radius)
        painter.end()

    def _drawn_scale(self, centre: QPointF, radius: float, box: QRectF) -> QPixmap:
        """What stays while the level moves: the empty arc, its rim and its figures, on the card's ground."""
        c, scale = theme.colours(), QPixmap(self.size() * self.devicePixelRatioF())
        scale.setDevicePixelRatio(self.devicePixelRatioF())
        scale.fill(QColor(c.card))
        painter = QPainter(scale)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        _arc(painter, box, c.track, 11, 0, 1)
        if not self._greyed:
            self._paint_rim(painter, box)
        self._paint_labels(painter, centre, radius)
        painter.end()
        return scale

    def _paint_rim(self, painter: QPainter, box: QRectF) -> None:
        """Each band below a level wears that level's colour; above all of them it is calm."""
        c, rim = theme.colours(), box.adjusted(-9, -9, 9, 9)
        falling = sorted(self._marks, key=lambda mark: -mark[0])
        upper, colour = 1.0, c.profit
        for at, severity in falling:
            _arc(painter, rim, colour, 2, _share(at), upper, opacity=0.75)
            upper, colour = _share(at), c.severity(severity)
        _arc(painter, rim, colour, 2, 0, upper, opacity=0.75 if falling else 0.35)

    def _paint_labels(self, painter: QPainter, centre: QPointF, radius: float) -> None:
        painter.setFont(theme.font(11))
        painter.setPen(QColor(theme.colours().faint))
        metrics, taken = QFontMetrics(painter.font()), list[QRectF]()
        for mark in [*(at for at, _ in self._marks), 500.0, 50.0, 100.0, 200.0]:
            place = _at(centre, radius + 24, _share(mark))
            words = text.short(mark, 1)
            wide = metrics.horizontalAdvance(words) + 2
            left = min(max(place.x() - wide / 2, 0), self.width() - wide)
            box = QRectF(left, min(place.y() - 7, self.height() - 14), wide, 14)
            if not any(box.adjusted(-3, -1, 3, 1).intersects(other) for other in taken):
                taken.append(box)
                painter.fillRect(box, QColor(theme.colours().card))
                painter.drawText(box, Qt.AlignmentFlag.AlignCenter, words)

    def _paint_disc(self, painter: QPainter, centre: QPointF, radius: float) -> None:
        c, place = theme.colours(), _at(centre, radius, _share(self._value or LOW))
        painter.setPen(QPen(QColor(c.card), 2))
        painter.setBrush(QColor(c.faint if self._greyed else c.text))
        painter.drawEllipse(place, 8, 8)

    def _paint_words(self, painter: QPainter, centre: QPointF, radius: float) -> None:
        c, middle = theme.colours(), Qt.AlignmentFlag.AlignCenter
        painter.setFont(theme.font(11))
        painter.setPen(QColor(c.soft))
        painter.drawText(_line(centre, -0.48 * radius, 16), middle, tr("Margin level"))
        big = theme.font(37 if radius > 60 else 26, theme.STRONG)  # noqa: PLR2004 - the token sizes of the two gauges
        painter.setFont(big)
        painter.setPen(QColor(c.faint if self._greyed or self._value is None else c.text))
        wide, unit = QFontMetrics(big).horizontalAdvance(self.figure), theme.font(16)
        tail = QFontMetrics(unit).horizontalAdvance(self.unit) + 4 if self.unit else 0
        left, top = centre.x() - (wide + tail) / 2, centre.y() - 0.1 * radius
        painter.drawText(QRectF(left, top - 24, wide + 2, 48), Qt.AlignmentFlag.AlignVCenter, self.figure)
        painter.setFont(unit)
        painter.setPen(QColor(c.faint))
        painter.drawText(QRectF(left + wide + 4, top - 7, tail, 24), Qt.AlignmentFlag.AlignVCenter, self.unit)
        painter.setFont(theme.font(11, theme.STRONG))
        painter.setPen(QColor(self.word_colour))
        painter.drawText(_line(centre, 0.30 * radius, 16), middle, self.word)
        painter.setFont(theme.font(11))
        painter.setPen(QColor(c.soft))
        painter.drawText(_line(centre, 0.52 * radius, 16), middle, self.below)


class GaugeCard(Card):
    """The arc with the acting level and the broker's stop-out under it."""

    def __init__(self) -> None:
        super().__init__(margins=(4, 8, 4, 10))
        self.arc = Arc()
        self.foot = Label("", 11, theme.MEDIUM, theme.colours().soft)
        self.foot.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.body.addWidget(self.arc, 1)
        self.body.addWidget(self.foot)
        self._shown = Last()

    def show_account(self, view: AccountFrame, now_ms: int) -> None:
        value = view.metrics.get(METRIC)
        levels = tuple(level for level in view.levels if level.metric == METRIC)
        then = remark(view, now_ms)
        if not self._shown.differs(value, levels, view.account, view.link, then):
            return
        c, arc = theme.colours(), self.arc
        level, greyed = text.known(value), is_past(view)
        if level is None and greyed and view.account and view.account.margin > 0:
            level = 100 * view.account.equity / view.account.margin
        tripped = max((one.severity for one in levels if one.tripped), key=lambda one: one.rank, default=None)
        arc.figure = text.number(level, 1) if level is not None else text.DASH
        arc.unit, arc.below = ("%" if level is not None else ""), ""
        if greyed:
            arc.word, arc.word_colour, arc.below = (
                tr("LAST KNOWN") if level is not None else tr("UNKNOWN"),
                c.soft,
                then,
            )
        elif isinstance(value, NotApplicable):
            arc.word, arc.word_colour = tr("NO POSITIONS"), c.faint
        elif level is None:
            arc.word, arc.word_colour = tr("UNKNOWN"), c.high
        elif tripped:
            arc.word, arc.word_colour = f"{SIGNS[tripped]} {text.severity_name(tripped).upper()}", c.severity(tripped)
        else:
            arc.word, arc.word_colour = tr("NORMAL"), c.soft
        if view.link is Link.UNCERTAIN:
            arc.below = tr("uncertain")
        arc.colour = c.severity(tripped) if tripped else c.faint
        arc.show_level(level, levels, greyed=greyed)
        self.foot.say(foot(view, levels))
        figure = tr("Margin level {level}", level=f"{arc.figure} {arc.unit}".rstrip())
        parts = figure, arc.word.lower(), arc.below, self.foot.text().replace("   ", ", ")
        spoken.name(arc, ", ".join(part for part in parts if part))


def foot(view: AccountFrame, levels: tuple[LevelView, ...]) -> str:
    """`Reduce at 120 %   Stop-out 50 %`."""
    acting = sorted((level for level in levels if level.action != "alert"), key=lambda level: -level.at)
    parts = [text.level_caption(acting[0], 2)] if acting else []
    if view.account and view.account.stop_out and not view.account.stop_out_in_money:
        parts.append(tr("Stop-out {limit}", limit=text.measure(METRIC, view.account.stop_out, 2, brief=True)))
    return "   ".join(parts)


def _share(level: float) -> float:
    """Where a margin level stands on the arc, 0 to 1."""
    return (math.log(min(max(level, LOW), HIGH)) - math.log(LOW)) / (math.log(HIGH) - math.log(LOW))


def _sixteenths(share: float) -> int:
    """That much of the arc, in the steps that Qt draws: sixteenths of a degree."""
    return round(16 * SWEEP * share)


def _at(centre: QPointF, radius: float, share: float) -> QPointF:
    angle = math.radians(START - SWEEP * share)
    return QPointF(centre.x() + radius * math.cos(angle), centre.y() - radius * math.sin(angle))


def _line(centre: QPointF, below: float, high: float) -> QRectF:
    return QRectF(centre.x() - 80, centre.y() + below - high / 2, 160, high)


def _arc(
    painter: QPainter, box: QRectF, colour: str, width: float, low: float, high: float, *, opacity: float = 1
) -> None:
    shade = QColor(colour)
    shade.setAlphaF(opacity)
    painter.setPen(QPen(shade, width, Qt.PenStyle.SolidLine, Qt.PenCapStyle.FlatCap))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawArc(box, round(16 * START) - _sixteenths(low), -_sixteenths(high - low))


if __name__ == "__main__":
    alone(GaugeCard)
