"""A rule's metric over the last recorded day, its levels, and where they would have tripped."""

from __future__ import annotations

import math

import numpy as np
from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QPolygonF

from monitors.dry_run import RuleRun
from monitors.settings import Rule
from ui import text, theme
from ui.alone import alone
from ui.icons import paint_severity
from ui.panels.alert_trail import CLOCK_PX, LABEL_PX, reach
from ui.panels.panel import Painting

HIGH_PX, LABELS = 128, 5


class DryChart(Painting):
    """Drawn anew when the run is another."""

    def __init__(self) -> None:
        super().__init__()
        self.setFixedHeight(HIGH_PX)
        self._run: RuleRun | None = None
        self._rule: Rule | None = None
        self._span, self._offset_s, self._digits = (0, 1), 0, 2

    def show_run(self, run: RuleRun, rule: Rule, span: tuple[int, int], offset_s: int, digits: int) -> None:
        self._run, self._rule, self._span, self._offset_s, self._digits = run, rule, span, offset_s, digits
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self._run is not None and self._rule is not None and self._run.curve:
            self._paint(painter, self._run, self._rule)
        painter.end()

    def _paint(self, painter: QPainter, run: RuleRun, rule: Rule) -> None:
        c = theme.colours()
        box = QRectF(1, 9, self.width() - LABEL_PX - 8, self.height() - CLOCK_PX - 12)
        known = [value for _, value in run.curve if math.isfinite(value)]
        low, high = reach(np.array(known), [level.at for level in run.levels])
        since, until = self._span

        def x(ms: float) -> float:
            return box.left() + box.width() * (ms - since) / max(1, until - since)

        def y(value: float) -> float:
            return min(max(box.bottom() - box.height() * (value - low) / (high - low), box.top()), box.bottom())

        self._levels(painter, box, rule, low, high)
        painter.setPen(QPen(QColor(c.curve), 1.4))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        part: list[QPointF] = []
        for ms, value in (*run.curve, (until, math.nan)):
            if math.isfinite(value):
                part.append(QPointF(x(ms), y(value)))
            elif part:
                painter.drawPolyline(QPolygonF([*part, part[-1] + QPointF(0.5, 0)]))
                part = []
        self._clock(painter, box)
        for level, facts in zip(run.levels, rule.levels, strict=False):
            for trip, sure in [*((one, True) for one in level.trips), *((one, False) for one in level.perhaps)]:
                paint_severity(
                    painter,
                    facts.severity,
                    QRectF(max(x(trip.at_ms), box.left() + 7) - 7, y(trip.value) - 7, 14, 14),
                    filled=sure,
                )

    def _levels(self, painter: QPainter, box: QRectF, rule: Rule, low: float, high: float) -> None:
        c = theme.colours()
        taken: list[float] = []
        for level in rule.levels:
            place = box.bottom() - box.height() * (level.at - low) / (high - low)
            if not box.top() - 1 <= place <= box.bottom() + 1:
                continue
            painter.setPen(QPen(QColor(c.severity(level.severity)), 1, Qt.PenStyle.DashLine))
            painter.drawLine(QLineF(box.left(), place, box.right(), place))
            if any(abs(place - other) < 11 for other in taken):  # noqa: PLR2004 -- a label's height
                continue
            taken.append(place)
            painter.setFont(theme.font(10, theme.STRONG))
            words = text.bare(rule.metric, level.at, self._digits, brief=True)
            room = QRectF(box.right() + 5, place - 8, LABEL_PX + 3, 16)
            painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, words)

    def _clock(self, painter: QPainter, box: QRectF) -> None:
        c, (since, until) = theme.colours(), self._span
        painter.setPen(QColor(c.line))
        painter.drawLine(QLineF(box.left(), box.bottom() + 1, box.right(), box.bottom() + 1))
        painter.setFont(theme.font(10))
        painter.setPen(QColor(c.faint))
        brief = until - since >= 600_000  # noqa: PLR2004 -- ten minutes: seconds say nothing any more
        for place in range(LABELS):
            ms = since + (until - since) * place // (LABELS - 1)
            words = f"{text.moment(ms, self._offset_s):{'%H:%M' if brief else '%H:%M:%S'}}"
            left = box.left() + box.width() * place / (LABELS - 1) - 30
            flags = Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop
            if place == 0:
                left, flags = box.left(), Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop
            painter.drawText(QRectF(left, box.bottom() + 4, 60, 14), flags, words)


if __name__ == "__main__":
    alone(
        DryChart,
        lambda widget, view, now_ms: widget.show_run(
            RuleRun(
                rule="Margin level",
                metric="margin.level_pct",
                when="below",
                curve=tuple((now_ms - 600_000 * n, 200.0 - 2 * abs(n - 40)) for n in range(100, 0, -1)),
            ),
            view.rules[0],
            (now_ms - 60_000_000, now_ms),
            view.broker_offset_s,
            2,
        ),
    )
