"""A rule's levels on a line, where its metric stands now, and where the mildest of them can trip again."""

from __future__ import annotations

import math
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPaintEvent, QPen

from monitors.ports import Severity
from ui import text, theme
from ui.alone import alone
from ui.icons import paint_severity
from ui.panels.panel import Painting
from ui.words import tr

HIGH_PX, LINE_Y, SIDE_PX = 96, 50, 26
NICE = (1.0, 2.0, 2.5, 5.0, 10.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rung:
    """One level: its number from 1, its threshold, and whether it stands where it may not."""

    number: int
    at: float
    severity: Severity | None
    action: str
    faulty: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Ladder:
    """What is drawn; `now` is None where it is not known."""

    metric: str = ""
    when: str = "below"
    rungs: tuple[Rung, ...] = ()
    rearm: float = 0.0
    now: float | None = None
    digits: int = 2

    @property
    def rearm_at(self) -> float | None:
        """Where the mildest sound level may trip again; None where that is at once."""
        first = next((rung.at for rung in self.rungs if not rung.faulty), None)
        if first is None or self.rearm <= 0:
            return None
        return first + self.rearm if self.when == "below" else first - self.rearm

    @property
    def reach(self) -> tuple[float, float]:
        """From where to where it is drawn: all levels, the re-arm point, and what is now unless it is far away."""
        points = [rung.at for rung in self.rungs]
        points += [self.rearm_at] if self.rearm_at is not None else []
        if not points:
            points = [self.now if self.now is not None else 0.0]
        low, high = min(points), max(points)
        room = max(high - low, 0.25 * max(abs(low), abs(high)), 1e-6)
        if self.now is not None and low - 2 * room <= self.now <= high + 2 * room:
            low, high = min(low, self.now), max(high, self.now)
        pad = 0.3 * max(high - low, room)
        return low - pad, high + pad


class LadderLine(Painting):
    """Drawn anew when the ladder is another."""

    def __init__(self) -> None:
        super().__init__()
        self.setFixedHeight(HIGH_PX)
        self.ladder = Ladder()

    def show_ladder(self, ladder: Ladder) -> None:
        if ladder != self.ladder:
            self.ladder = ladder
            self.setAccessibleName(", ".join(caption(rung) for rung in ladder.rungs))
            self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self.ladder.rungs:
            self._paint(painter)
        painter.end()

    def _x(self, value: float) -> float:
        low, high = self.ladder.reach
        return SIDE_PX + (self.width() - 2 * SIDE_PX) * (min(max(value, low), high) - low) / (high - low)

    def _paint(self, painter: QPainter) -> None:
        c, shown = theme.colours(), self.ladder
        self._track(painter)
        self._ticks(painter)
        again = shown.rearm_at
        if again is not None:
            x, value = self._x(again), text.bare(shown.metric, again, shown.digits, brief=True)
            words = tr("re-arms {value}", value=value)
            painter.setPen(QPen(QColor(c.soft), 1, Qt.PenStyle.DotLine))
            painter.drawLine(QPointF(x, LINE_Y - 40), QPointF(x, LINE_Y + 6))
            place = self._place(x, LINE_Y - 44, words)
            place.moveLeft(x + 2 if x + place.width() + 4 < self.width() else x - place.width() - 2)
            self._written(painter, place, words, c.soft)
        taken: list[QRectF] = []
        for rung in sorted(shown.rungs, key=lambda one: one.at):
            self._rung(painter, rung, taken)
        if shown.now is not None:
            self._now(painter, shown.now)

    def _track(self, painter: QPainter) -> None:
        """Safe on one side, and beyond each level in its own colour."""
        c, shown = theme.colours(), self.ladder
        below, left, right = shown.when == "below", float(SIDE_PX), float(self.width() - SIDE_PX)
        sound = sorted((one for one in shown.rungs if not one.faulty and one.severity), key=lambda one: one.at)
        edges = [left, *(self._x(one.at) for one in sound), right]
        colours = [c.severity(one.severity) for one in sound if one.severity]
        shades = [*colours, c.profit] if below else [c.profit, *colours]
        for start, end, colour in zip(edges, edges[1:], shades, strict=False):
            shade = QColor(colour)
            shade.setAlpha(95)
            painter.fillRect(QRectF(start, LINE_Y - 3, end - start, 6), shade)

    def _ticks(self, painter: QPainter) -> None:
        c, shown = theme.colours(), self.ladder
        for value in ticks(*shown.reach):
            x = self._x(value)
            painter.setPen(QPen(QColor(c.edge), 1))
            painter.drawLine(QPointF(x, LINE_Y + 5), QPointF(x, LINE_Y + 9))
            self._words(painter, x, LINE_Y + 10, text.bare(shown.metric, value, shown.digits, brief=True), c.faint)

    def _rung(self, painter: QPainter, rung: Rung, taken: list[QRectF]) -> None:
        c, x = theme.colours(), self._x(rung.at)
        colour = c.critical if rung.faulty or rung.severity is None else c.severity(rung.severity)
        box = QRectF(x - 8, LINE_Y - 8, 16, 16)
        if rung.faulty or rung.severity is None:
            painter.setPen(QPen(QColor(colour), 1.4, Qt.PenStyle.DashLine))
            painter.setBrush(QColor(c.card))
            painter.drawEllipse(box)
            painter.setFont(theme.font(10, theme.STRONG))
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter, str(rung.number))
        else:
            paint_severity(painter, rung.severity, box, filled=True)
        near, far = (self._place(x, LINE_Y - up, caption(rung)) for up in (26, 38))
        place = far if any(near.intersects(other) for other in taken) else near
        taken.append(place)
        self._written(painter, place, caption(rung), colour)

    def _now(self, painter: QPainter, now: float) -> None:
        c, shown = theme.colours(), self.ladder
        low, high = shown.reach
        words = tr("now {value}", value=text.measure(shown.metric, now, shown.digits))
        if not low <= now <= high:
            words = f"← {words}" if now < low else f"{words} →"
        x = self._x(now)
        painter.setPen(QPen(QColor(c.card), 2))
        painter.setBrush(QColor(c.text))
        painter.drawEllipse(QPointF(x, LINE_Y), 6, 6)
        self._words(painter, x, LINE_Y + 26, words, c.text)

    def _place(self, x: float, top: float, words: str) -> QRectF:
        wide = QFontMetricsF(theme.font(10, theme.STRONG)).horizontalAdvance(words) + 6
        return QRectF(min(max(x - wide / 2, 0.0), self.width() - wide), top, wide, 14)

    def _words(self, painter: QPainter, x: float, top: float, words: str, colour: str) -> None:
        self._written(painter, self._place(x, top, words), words, colour)

    def _written(self, painter: QPainter, place: QRectF, words: str, colour: str) -> None:
        painter.setFont(theme.font(10, theme.STRONG))
        painter.setPen(QColor(colour))
        painter.drawText(place, Qt.AlignmentFlag.AlignCenter, words)


def caption(rung: Rung) -> str:
    """`2 reduce`, or `3 ?` where it stands where it may not."""
    return f"{rung.number} ?" if rung.faulty else f"{rung.number} {text.action_name(rung.action).lower()}"


def ticks(low: float, high: float, most: int = 7) -> list[float]:
    """Round values between two."""
    rough = (high - low) / most
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(nice * power for nice in NICE if nice * power >= rough)
    first = math.ceil(low / step)
    return [n * step for n in range(first, math.floor(high / step) + 1)]


if __name__ == "__main__":
    alone(
        LadderLine,
        lambda widget: widget.show_ladder(
            Ladder(
                metric="margin.level_pct",
                now=143.3,
                rearm=10.0,
                rungs=(
                    Rung(number=1, at=150.0, severity=Severity.HIGH, action="alert"),
                    Rung(number=2, at=120.0, severity=Severity.CRITICAL, action="reduce"),
                ),
            )
        ),
    )
