"""The marks on the time axis: where the program acted, a few hundred at most, and what each says."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QPointF
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF

from monitors.acts import Act, ActKind
from monitors.model import Ints
from ui import text, theme
from ui.charts.axes import stamp
from ui.charts.plot import FOOT_PX, Scale
from ui.words import tr

APART_PX, HALF_PX = 9.0, 4.0
"""Acts nearer together than that share a mark."""
NEAR_PX = 7.0
MOST_LINES, MOST_PARTS = 4, 3
FILLED = (ActKind.CLOSE, ActKind.HALT, ActKind.STOP)


@dataclass(frozen=True, slots=True)
class Mark:
    """What was done about one moment (UTC epoch seconds); its shape is that of the gravest."""

    time_s: float
    acts: tuple[Act, ...]

    @property
    def kind(self) -> ActKind:
        """The gravest of them."""
        return max((act.kind for act in self.acts), key=lambda kind: kind.rank)


class Marks:
    """Groups the acts that a view shows; the times of the same acts are taken out of them once."""

    def __init__(self) -> None:
        self._acts: Sequence[Act] = ()
        self._times: Ints = np.empty(0, np.int64)

    def seen(self, acts: tuple[Act, ...], left_s: float, right_s: float, pixels: float) -> list[Mark]:
        """The marks between two times, oldest first, each at the moment of its gravest act.

        Groups begin at the same moments wherever the view begins, so that no mark jumps as time goes on.
        """
        if acts != self._acts:
            self._acts, self._times = acts, np.array([act.at_ms for act in acts], dtype=np.int64)
        width = max(1.0, 1_000 * (right_s - left_s) * APART_PX / max(1.0, pixels))
        first, last = np.searchsorted(self._times, (1_000 * left_s, 1_000 * right_s))
        groups = self._times[first:last] // width
        starts = first + np.flatnonzero(np.diff(groups, prepend=-1.0))
        return [_mark(acts[a:b]) for a, b in zip(starts, [*starts[1:], last], strict=True)] if len(starts) else []


def _mark(acts: tuple[Act, ...]) -> Mark:
    gravest = max(acts, key=lambda act: act.kind.rank)
    return Mark(gravest.at_ms / 1_000, acts)


def under(marks: Sequence[Mark], scales: Sequence[Scale], place: QPointF) -> Mark | None:
    """The mark that the pointer is on, in whichever of the charts."""
    if not any(-2 * FOOT_PX <= place.y() - scale.place.bottom() <= NEAR_PX for scale in scales):
        return None
    near = min(marks, key=lambda mark: abs(scales[0].column(mark.time_s) - place.x()), default=None)
    return near if near and abs(scales[0].column(near.time_s) - place.x()) <= NEAR_PX else None


def paint(painter: QPainter, marks: Sequence[Mark], scales: Sequence[Scale], pointed: Mark | None) -> None:
    """Each at the foot of every chart, under the curves' room; the one that is pointed at larger."""
    c = theme.colours()
    shades = {ActKind.RESET: c.soft, ActKind.STOP: c.critical}
    for scale in scales:
        foot = scale.place.bottom() - HALF_PX - 1
        for mark in marks:
            colour, kind = QColor(shades.get(mark.kind, c.high)), mark.kind
            painter.setPen(QPen(colour, 1.2))
            painter.setBrush(colour if kind in FILLED else QColor(c.card))
            half = HALF_PX + 1 if mark is pointed else HALF_PX
            painter.drawPolygon(_shape(kind, scale.column(mark.time_s), foot, half))


def _shape(kind: ActKind, x: float, y: float, half: float) -> QPolygonF:
    """A triangle that points down for what closes, a diamond for what holds back or lets go."""
    corners = [(0.0, -half), (half, 0.0), (0.0, half), (-half, 0.0)]
    if kind in (ActKind.PLAN, ActKind.CLOSE):
        corners = [(-half, -half), (half, -half), (0.0, half)]
    return QPolygonF([QPointF(x + across, y + down) for across, down in corners])


def lines(mark: Mark, now_ms: int, offset_s: int, digits: int, volume_digits: Mapping[str, int]) -> list[str]:
    """What the mark says: a line an act, the newest ones, and how many there were besides."""
    shown = mark.acts[-MOST_LINES:]
    told = [f"{stamp(act.at_ms, now_ms, offset_s)} {words(act, digits, volume_digits)}" for act in shown]
    rest = len(mark.acts) - len(shown)
    return [tr("{count} earlier", count=rest), *told] if rest else told


def words(act: Act, digits: int, volume_digits: Mapping[str, int]) -> str:
    """`Margin level ≤ 120 %: closed 0.50 EURUSD`."""
    parts = [f"{text.number(lots, volume_digits.get(symbol, 2))} {symbol}" for symbol, lots in act.closes]
    what = ", ".join(parts[:MOST_PARTS])
    if len(parts) > MOST_PARTS:
        what = tr("{closes} and {count} more", closes=what, count=len(parts) - MOST_PARTS)
    cause = _cause(act, digits)
    match act.kind:
        case ActKind.CLOSE:
            return tr("{cause}: closed {what}", cause=cause or tr("By a person"), what=what)
        case ActKind.PLAN:
            return tr("{cause}: plans to close {what}", cause=cause or act.rule, what=what)
        case ActKind.HALT:
            return tr("Halted: {reason}", reason=act.reason)
        case ActKind.STOP:
            if "stop" in act.reason:
                return act.reason[:1].upper() + act.reason[1:]
            return tr("Emergency stop: {reason}", reason=act.reason)
        case ActKind.RESET:
            return act.reason[:1].upper() + act.reason[1:] or tr("Reset")


def _cause(act: Act, digits: int) -> str:
    """The level that tripped; the rule's own name where that is not known."""
    if act.threshold is None or not act.metric:
        return act.rule
    beyond = 0.0 if act.value is None else act.value - act.threshold
    metric, limit = text.metric_name(act.metric), text.measure(act.metric, act.threshold, digits, brief=True)
    if beyond:
        return f"{metric} {'≤' if beyond < 0 else '≥'} {limit}"
    return tr("{metric} at {limit}", metric=metric, limit=limit)
