"""The underwater chart: how far equity has stood under its peak, with where it tends to in words."""

from __future__ import annotations

import math

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QPolygonF

from monitors.model import Unknown
from monitors.ports import AccountFrame
from monitors.series import SeriesView
from ui import spoken, text, theme
from ui.alone import alone
from ui.charts.columns import Reducer, runs
from ui.panels.account import is_past
from ui.panels.card import Elided
from ui.panels.legs import step
from ui.panels.panel import Painting, Panel, money_digits
from ui.panels.rule_list import away, distance_title
from ui.shown import set_tip
from ui.words import tr

AXIS_PX, FOOT_PX, SPAN_S = 48, 18, 86_400.0


class Underwater(Painting):
    """A day of drawdown, filled from zero down; gaps in the data are gaps here."""

    def __init__(self) -> None:
        super().__init__(least_high=70)
        self._series: SeriesView | None = None
        self._reducer, self._account, self._offset = Reducer(), "", 0
        self._limits: tuple[tuple[float, str], ...] = ()

    def show_account(self, view: AccountFrame) -> None:
        if view.name != self._account:
            self._account, self._reducer = view.name, Reducer()
        self._offset = view.broker_offset_s
        self._limits = tuple(
            (level.at, theme.colours().severity(level.severity))
            for level in view.levels
            if level.metric == "drawdown.max_pct"
        )
        if self.changed(view.series, past=is_past(view)):
            self._series = view.series

    def paintEvent(self, _event: QPaintEvent) -> None:
        c, painter, series = theme.colours(), QPainter(self), self._series
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if series is None or not len(series):
            painter.setFont(theme.font(12))
            painter.setPen(QColor(c.faint))
            painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, tr("No readings yet"))
            painter.end()
            return
        plot = QRectF(0, 6, self.width() - AXIS_PX, self.height() - FOOT_PX - 6)
        right = float(series.column("time_s")[-1])
        left = max(float(series.column("time_s")[0]), right - SPAN_S)
        seen = self._reducer.visible(series, left, right, int(plot.width()))
        depth = seen.figures["drawdown_pct"]
        most = max(0.5, float(max((value for value in depth.tolist() if math.isfinite(value)), default=0.0)) * 1.15)
        self._paint_scale(painter, plot, most, left, right)
        wide, high = plot.width() / max(1.0, right - left), plot.height() / most
        shade = QColor(c.faint if self.past else c.loss)
        for times, values in runs(seen.time_s, depth):
            points = [
                QPointF(plot.left() + max(0.0, t - left) * wide, plot.top() + v * high)
                for t, v in zip(times.tolist(), values.tolist(), strict=True)
            ]
            area = QColor(shade)
            area.setAlphaF(0.22)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(area)
            ends = [QPointF(points[-1].x(), plot.top()), QPointF(points[0].x(), plot.top())]
            painter.drawPolygon(QPolygonF(points + ends))
            painter.setPen(QPen(shade, 1))
            painter.drawPolyline(QPolygonF(points))
        painter.end()

    def _paint_scale(self, painter: QPainter, plot: QRectF, most: float, left: float, right: float) -> None:
        c = theme.colours()
        painter.setFont(theme.font(10))
        mark = step(most)
        for value in (count * mark for count in range(int(most / mark) + 1)):
            y = plot.top() + plot.height() * value / most
            painter.setPen(QColor(c.line))
            painter.drawLine(QPointF(plot.left(), y), QPointF(plot.right(), y))
            painter.setPen(QColor(c.soft))
            box = QRectF(plot.right() + 6, y - 8, AXIS_PX - 6, 16)
            painter.drawText(box, Qt.AlignmentFlag.AlignVCenter, text.percent(-value, 1))
        for at, colour in self._limits:
            if at < most:
                y = plot.top() + plot.height() * at / most
                painter.setPen(QPen(QColor(colour), 1, Qt.PenStyle.DashLine))
                painter.drawLine(QPointF(plot.left(), y), QPointF(plot.right(), y))
        painter.setPen(QColor(c.soft))
        for share, way in ((0.0, Qt.AlignmentFlag.AlignLeft), (1.0, Qt.AlignmentFlag.AlignRight)):
            words = text.moment(round((left + share * (right - left)) * 1_000), self._offset).strftime("%H:%M")
            painter.drawText(QRectF(plot.left(), plot.bottom() + 2, plot.width(), 16), way, words)


class UnderwaterCard(Panel):
    """The chart over the trend and the time that is left at it."""

    def __init__(self) -> None:
        super().__init__(tr("Underwater"), tr("from the all-time peak, one day"))
        c = theme.colours()
        self.chart = Underwater()
        self.trend, self.time = Elided("", 11, theme.MEDIUM, c.soft), Elided("", 12, theme.STRONG, c.text)
        self.body.addWidget(self.chart, 1)
        self.body.addWidget(self.trend)
        self.body.addWidget(self.time)

    def show_account(self, view: AccountFrame, now_ms: int) -> None:
        c, past = theme.colours(), is_past(view)
        self.show_remark(view, now_ms)
        self.chart.show_account(view)
        now = text.measure("drawdown.max_pct", view.metrics.get("drawdown.max_pct"), money_digits(view))
        spoken.name(self.chart, tr("Drawdown from the all-time peak over one day, now {now}", now=now))
        trends = view.analysis.drawdowns.trends if view.analysis else ()
        digits = money_digits(view)
        parts = [
            f"{one.minutes} min {text.figure(one.per_hour, lambda value: text.signed(value, digits))}" for one in trends
        ]
        self.trend.say(tr("Trend an hour: {trends}", trends=text.DOT.join(parts) or text.DASH))
        why = [f"{one.minutes} min {text.reason(one.per_hour)}" for one in trends if text.reason(one.per_hour)]
        if why:
            set_tip(self.trend, "\n".join(why))
        self.time.say(time_words(view), c.faint if past else c.text)


def time_words(view: AccountFrame) -> str:
    """The rule that the trend reaches first, and when; that it leads away from all of them; or that it is not known."""
    found = view.analysis.distances if view.analysis else ()
    reached = [(minutes, one) for one in found if (minutes := text.known(one.trend_minutes)) is not None]
    if not reached:
        reasons = [text.reason(one.trend_minutes) for one in found]
        unknown = next((text.reason(one.trend_minutes) for one in found if isinstance(one.trend_minutes, Unknown)), "")
        if unknown:  # what is not known is no limit that is not reached
            return tr("Time to a limit {time}", time=unknown)
        return text.DOT.join([tr("No limit at this trend"), *reasons[:1]])
    minutes, one = min(reached, key=lambda pair: pair[0])
    rule, time = distance_title(one, view), text.duration(60 * minutes)
    return text.DOT.join((tr("At this trend {rule} in {time}", rule=rule, time=time), away(one, view)))


if __name__ == "__main__":
    alone(UnderwaterCard)
