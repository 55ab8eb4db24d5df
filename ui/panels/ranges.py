"""Small pictures inside tables: how far a position has been in R, and its score."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF

from ui import text, theme
from ui.words import tr

LOW, HIGH = -1.15, 1.5
"""The one scale of all rows, in R; what lies beyond is drawn at its end."""
WEAK, FAIR = 40.0, 50.0
"""Scores under WEAK are coral, from FAIR on blue."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Range:
    """Worst, best and now in R; None where it is not known."""

    worst: float | None
    best: float | None
    now: float | None
    past: bool = False

    def __str__(self) -> str:
        """In words."""
        worst, now, best = (text.DASH if r is None else text.multiple(r) for r in (self.worst, self.now, self.best))
        return tr("worst {worst}, now {now}, best {best}", worst=worst, now=now, best=best)


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """Where a position has been, oldest first, in its favour from where it was opened; in price."""

    points: tuple[float, ...]
    past: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Meter:
    """A score of 0 to 100 as its figure and a bar; None where it is not known."""

    score: float | None
    words: str
    past: bool = False

    def __str__(self) -> str:
        """The figure alone."""
        return self.words


def paint_range(painter: QPainter, box: QRectF, fact: object) -> None:
    """Stop at -1 red, open at 0, +1; coral to the worst, teal to the best, a disc at now."""
    if not isinstance(fact, Range):
        return
    c, middle = theme.colours(), box.center().y()

    def x(r: float) -> float:
        return box.left() + box.width() * (min(max(r, LOW), HIGH) - LOW) / (HIGH - LOW)

    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(c.track))
    painter.drawRoundedRect(QRectF(x(LOW), middle - 3, x(HIGH) - x(LOW), 6), 2, 2)
    for end, colour in ((fact.worst, c.loss), (fact.best, c.profit)):
        if end is not None:
            shade = QColor(c.faint if fact.past else colour)
            shade.setAlphaF(0.65)
            painter.fillRect(QRectF(min(x(0), x(end)), middle - 3, abs(x(end) - x(0)), 6), shade)
    for at, colour in ((-1.0, c.critical), (0.0, c.soft), (1.0, c.soft)):
        painter.fillRect(QRectF(x(at) - 1, middle - 8, 2 if at < 0 else 1.5, 16), QColor(colour))
    if fact.now is not None:
        painter.setBrush(QColor(c.faint if fact.past else c.text))
        painter.drawEllipse(QPointF(x(fact.now), middle), 5, 5)


def paint_way(painter: QPainter, box: QRectF, fact: object) -> None:
    """A line of where a position has been, above or below where it was opened; nothing of a single point."""
    if not isinstance(fact, Way) or len(fact.points) < 2:  # noqa: PLR2004 -- a line has two ends
        return
    c, low, high = theme.colours(), min(0.0, *fact.points), max(0.0, *fact.points)
    span, room = (high - low) or 1.0, box.adjusted(0, 4, 0, -4)

    def y(value: float) -> float:
        return room.bottom() - room.height() * (value - low) / span

    painter.setPen(QPen(QColor(c.edge), 1, Qt.PenStyle.DashLine))
    painter.drawLine(QLineF(room.left(), y(0.0), room.right(), y(0.0)))
    step = room.width() / (len(fact.points) - 1)
    painter.setPen(QPen(QColor(c.faint if fact.past else c.gain(fact.points[-1])), 1))
    painter.drawPolyline(QPolygonF([QPointF(room.left() + n * step, y(one)) for n, one in enumerate(fact.points)]))


def paint_meter(painter: QPainter, box: QRectF, fact: object) -> None:
    """The figure at the left, its bar beside it."""
    if not isinstance(fact, Meter):
        return
    c = theme.colours()
    painter.setFont(theme.font(12, theme.STRONG))
    painter.setPen(QColor(c.faint if fact.past or fact.score is None else c.text))
    painter.drawText(QRectF(box.left(), box.top(), 26, box.height()), Qt.AlignmentFlag.AlignVCenter, fact.words)
    track = QRectF(box.left() + 32, box.center().y() - 2.5, max(10.0, box.width() - 32), 5)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(c.track))
    painter.drawRoundedRect(track, 2, 2)
    if fact.score is not None:
        shade = c.faint if fact.past else c.loss if fact.score < WEAK else c.medium if fact.score < FAIR else c.curve
        painter.setBrush(QColor(shade))
        track.setWidth(track.width() * min(max(fact.score, 0.0), 100.0) / 100)
        painter.drawRoundedRect(track, 2, 2)
