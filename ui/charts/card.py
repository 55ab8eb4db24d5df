"""The charts card: three linked charts, range buttons, Live and the crosshair."""

from __future__ import annotations

import math
from dataclasses import replace
from functools import partial

import pyqtgraph as pg
from PySide6.QtCore import QEvent, QPointF, QSize, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QButtonGroup, QMenu, QSizePolicy

from monitors.ports import AccountFrame, LevelView
from monitors.series import SeriesView
from ui import text, theme
from ui.charts import columns
from ui.charts.dragging import Dragging
from ui.charts.overlay import Notes, Overlay
from ui.charts.plot import Chart, Line
from ui.panels.account import is_past
from ui.panels.card import Card, button

RANGES: dict[str, float] = {
    "15m": 900.0,
    "1H": 3_600.0,
    "4H": 14_400.0,
    "1D": 86_400.0,
    "1W": 604_800.0,
    "All": math.inf,
}
LEAST_S, MARGIN = 30.0, 0.025
DRAWDOWN, MARGIN_LEVEL, EQUITY = "drawdown.max_pct", "margin.level_pct", "equity"


class Canvas(pg.GraphicsLayoutWidget):  # type: ignore[misc]  # pyqtgraph ships no types
    """The three plots' scene, which tells when the pointer leaves and when its size changes."""

    left = Signal()
    resized = Signal(QSize)

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self.left.emit()

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        super().resizeEvent(event)
        self.resized.emit(self.size())


class ChartsCard(Card):
    """Follows the newest reading until a person pans; `Live` follows again."""

    def __init__(self) -> None:
        super().__init__(" ", caps=False, margins=(10, 8, 2, 4))
        c = theme.colours()
        self._view: AccountFrame | None = None
        self._reducers: dict[str, columns.Reducer] = {}
        self._now_ms, self._span, self.live = 0, RANGES["1D"], True
        self._pointer: QPointF | None = None
        self._equity = Chart(title="Equity", figure="equity", colour=c.curve, words=text.number)
        self._drawdown = Chart(
            title="Drawdown from peak", figure="drawdown_pct", colour=c.loss, words=text.percent, negate=True
        )
        self._margin = Chart(title="Margin level", figure="margin_level_pct", colour=c.curve, words=text.percent)
        self.charts = [self._equity, self._drawdown, self._margin]
        self._equity.add_curve("balance", c.balance)
        self._equity.add_area(c.curve)
        self._drawdown.add_area(c.loss)
        self._build_head()
        self._build_canvas()

    def _build_head(self) -> None:
        self.head.setContentsMargins(6, 0, 10, 0)
        self.title.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self.remark.setFont(theme.font(11))
        self.head.removeWidget(self.remark)
        self.head.insertWidget(1, self.remark)
        self.ranges = QButtonGroup(self)
        self.buttons = {}
        for name in RANGES:
            one = button(name, "range")
            one.setCheckable(True)
            self.ranges.addButton(one)
            self.head.addWidget(one)
            self.buttons[name] = one
        self.buttons["1D"].setChecked(True)
        self.ranges.buttonClicked.connect(lambda one: self.choose(one.text()))
        self.narrow = button("1D ▾", "range")
        self.narrow.setMenu(self._menu())
        self.narrow.hide()
        self.head.addWidget(self.narrow)
        self.follow = button("● Live", "range")
        self.follow.clicked.connect(self.go_live)
        self.head.addWidget(self.follow)

    def _menu(self) -> QMenu:
        """The ranges where there is no room for their buttons."""
        menu = QMenu(self)
        for name in RANGES:
            menu.addAction(name, partial(self.choose, name))
        return menu

    def set_narrow(self, *, narrow: bool) -> None:
        """Less room: one button for all ranges, and no remark."""
        if narrow == self.narrow.isHidden():
            for one in self.buttons.values():
                one.setVisible(not narrow)
            self.remark.setVisible(not narrow)
            self.narrow.setVisible(narrow)

    def mark(self, at_ms: int | None, words: str = "") -> None:
        """Draw a line through all charts at that moment (UTC epoch ms); None: none."""
        self.overlay.trip = None if at_ms is None else (at_ms / 1_000, words)
        self.overlay.update()

    def _build_canvas(self) -> None:
        self.canvas = Canvas()
        self.canvas.setBackground(theme.colours().card)
        self.canvas.ci.setContentsMargins(0, 0, 0, 0)
        self.canvas.ci.layout.setSpacing(0)
        for row, (chart, share) in enumerate(zip(self.charts, (5, 2, 2), strict=True)):
            self.canvas.addItem(chart.item, row=row, col=0)
            self.canvas.ci.layout.setRowStretchFactor(row, share)
            chart.item.showAxis("right")
            if chart is not self._margin:
                chart.item.hideAxis("bottom")
                chart.box.setXLink(self._margin.box)
            chart.box.sigRangeChangedManually.connect(self._panned)
        self.overlay = Overlay(self.charts, self.canvas)
        self.dragging = Dragging(self.canvas.viewport(), self.charts, self.overlay)
        self.canvas.resized.connect(self._resized)
        self.canvas.left.connect(self._pointer_left)
        self.canvas.scene().sigMouseMoved.connect(self._pointer_moved)
        self.body.addWidget(self.canvas, 1)

    def choose(self, name: str) -> None:
        """Show one of RANGES and follow."""
        self.buttons[name].setChecked(True)
        self.narrow.setText(f"{name} ▾")
        self._span = RANGES[name]
        self.go_live()

    def go_live(self) -> None:
        """Follow the newest reading again."""
        self.live = True
        self.redraw()

    def show_account(self, view: AccountFrame, now_ms: int) -> None:
        c = theme.colours()
        self._view, self._now_ms = view, now_ms
        self.title.say(view.name)
        self.remark.say(f"broker time, {text.zone(view.broker_offset_s)}")
        digits = view.account.digits if view.account else 2
        equity = [level for level in view.levels if level.line_equity is not None]
        self._equity.lines = tuple(
            Line(
                at=level.line_equity or 0.0,
                caption=text.equity_caption(level, digits),
                colour=c.severity(level.severity),
                rule=level.rule if level.metric == EQUITY else "",
            )
            for level in equity
        )
        self._drawdown.lines = self._lines_of(view.levels, DRAWDOWN, -1)
        self._margin.lines = self._lines_of(view.levels, MARGIN_LEVEL, 1)
        self._margin.time.offset_s = view.broker_offset_s
        self.redraw()

    def redraw(self) -> None:
        """Draw the newest frame at the present range; nothing where there is no series."""
        view, c = self._view, theme.colours()
        series = view.series if view else None
        state = ("○ Paused", c.soft) if not self.live or (view and is_past(view)) else ("● Live", c.profit)
        self.follow.setText(state[0])
        sheet = f"color: {state[1]}"
        if self.follow.styleSheet() != sheet:
            self.follow.setStyleSheet(sheet)
        if view is None or series is None or not len(series):
            self.overlay.message = "No readings yet"
            self.overlay.update()
            return
        self.overlay.message = ""
        if self.live:
            self._follow(series)
        left, right = self._margin.box.viewRange()[0]
        seen = self._reducers.setdefault(view.name, columns.Reducer()).visible(
            series, left, right, int(self._margin.box.width())
        )
        self._equity.draw(seen)
        self._drawdown.draw(seen)
        self._margin.draw(seen)
        self.overlay.gaps = seen.gaps()
        self._annotate(view, series)

    def _follow(self, series: SeriesView) -> None:
        """The newest `span` seconds, or all there is where that is less."""
        oldest = float(series.column("time_s")[0])
        right = max(self._now_ms / 1_000, float(series.column("time_s")[-1]))
        span = max(min(self._span, right - oldest), LEAST_S)
        self._margin.box.setXRange(right - span, right + span * MARGIN, padding=0)

    def _annotate(self, view: AccountFrame, series: SeriesView) -> None:
        c, row = theme.colours(), columns.newest(series)
        time_s = float(series.column("time_s")[row]) if row is not None else None
        pointed = self._pointed(series)
        self.overlay.crosshair = None
        if pointed is not None:
            at = float(series.column("time_s")[pointed])
            values = [_value(chart, series, pointed) for chart in self.charts]
            self.overlay.crosshair = (at, text.clock(round(at * 1_000), view.broker_offset_s), values)
        shown = pointed if pointed is not None else row
        digits = 0 if self.narrow.isVisible() else view.account.digits if view.account else 2
        balance = float(series.column("balance")[shown]) if shown is not None else math.nan
        extra = ((f"Balance {text.number(balance, digits)}", c.balance),) if math.isfinite(balance) else ()
        self.overlay.notes = [
            self._notes(chart, _value(chart, series, row), _value(chart, series, shown), digits)
            for chart in self.charts
        ]
        self.overlay.notes[0] = replace(self.overlay.notes[0], heads=(*self.overlay.notes[0].heads, *extra))
        lost = is_past(view) and time_s is not None
        since = view.as_of_ms if view.as_of_ms is not None else round((time_s or 0.0) * 1_000)
        words = f"no data since {text.when(since, self._now_ms, view.broker_offset_s)}"
        self.overlay.lost = (time_s, self._now_ms / 1_000, words) if lost and time_s is not None else None
        self.overlay.update()

    def _notes(self, chart: Chart, now: float | None, there: float | None, digits: int) -> Notes:
        """Texts of a chart whose newest value is `now` and whose value under the pointer is `there`."""
        c, places = theme.colours(), digits if chart is self._equity else 2 if chart.negate else 1
        value = (chart.words(there, places), chart.colour) if there is not None else (text.DASH, c.faint)
        tag = "" if now is None else chart.words(now, 0 if chart is not self._drawdown else 1)
        return Notes(heads=((chart.title, c.text), value), last=now, tag=tag)

    def _pointed(self, series: SeriesView) -> int | None:
        if self._pointer is None:
            return None
        place = self._margin.box.sceneBoundingRect()
        if not place.left() <= self._pointer.x() <= place.right():
            return None
        return columns.at(series, float(self._margin.box.mapSceneToView(self._pointer).x()))

    def _pointer_moved(self, place: QPointF) -> None:
        self._pointer = place
        if self._view and self._view.series and len(self._view.series):
            self._annotate(self._view, self._view.series)

    def _pointer_left(self) -> None:
        self._pointer = None
        if self._view and self._view.series and len(self._view.series):
            self._annotate(self._view, self._view.series)

    def _panned(self, *_: object) -> None:
        self.live = False
        self.redraw()

    def _resized(self, size: QSize) -> None:
        self.overlay.resize(size)
        self.overlay.raise_()

    def _lines_of(self, levels: tuple[LevelView, ...], metric: str, sign: int) -> tuple[Line, ...]:
        c = theme.colours()
        return tuple(
            Line(
                at=sign * level.at,
                caption=text.level_caption(level, 2),
                colour=c.severity(level.severity),
                rule=level.rule,
                sign=sign,
            )
            for level in levels
            if level.metric == metric
        )


def _value(chart: Chart, series: SeriesView, row: int | None) -> float | None:
    """The chart's figure at a row; None where there is none."""
    value = math.nan if row is None else float(series.column(chart.figure)[row])
    return chart.shown(value) if math.isfinite(value) else None
