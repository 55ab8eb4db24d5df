"""The charts card: three linked charts, range buttons, Live and the crosshair."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QPointF, QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QButtonGroup, QMenu, QSizePolicy

from monitors.ports import AccountFrame, LevelView
from monitors.series import SeriesView
from ui import spoken, text, theme
from ui.alone import alone
from ui.charts import columns, marks
from ui.charts.canvas import Canvas
from ui.charts.captions import annotate
from ui.charts.dragging import Dragging
from ui.charts.overlay import Overlay
from ui.charts.plot import Chart, Line
from ui.charts.recalling import Recalling
from ui.charts.track import Track
from ui.panels.account import is_past
from ui.panels.card import Card, button
from ui.shown import set_sheet
from ui.words import tr

RANGES: dict[str, float] = {
    "15m": 900.0,
    "1H": 3_600.0,
    "4H": 14_400.0,
    "1D": 86_400.0,
    "1W": 604_800.0,
    "1M": 31 * 86_400.0,
    "1Y": 366 * 86_400.0,
}
"""Seconds; a record that is younger is shown whole."""
LEAST_S, MARGIN, ROOMY_PX = 30.0, 0.025, 640
DRAWDOWN, MARGIN_LEVEL, EQUITY = "drawdown.max_pct", "margin.level_pct", "equity"


class ChartsCard(Card):
    """Follows the newest reading until a person pans; `Live` follows again."""

    def __init__(self) -> None:
        super().__init__(" ", caps=False, margins=(10, 8, 2, 4))
        c = theme.colours()
        self._view: AccountFrame | None = None
        self._reducers: dict[str, columns.Reducer] = {}
        self._now_ms, self._span, self.live = 0, RANGES["1D"], True
        self._range = 0.0, 1.0
        """What is seen, UTC epoch seconds."""
        self._pointer: QPointF | None = None
        self._track: Track | None = None
        self._marks = marks.Marks()
        self.recalling = Recalling(self)
        self.recalling.came.connect(self.redraw)
        self._equity = Chart(title=tr("Equity"), figure="equity", colour=c.curve, words=text.number)
        self._drawdown = Chart(
            title=tr("Drawdown from peak"), figure="drawdown_pct", colour=c.loss, words=text.percent, negate=True
        )
        self._margin = Chart(title=tr("Margin level"), figure="margin_level_pct", colour=c.curve, words=text.percent)
        self.charts = [self._equity, self._drawdown, self._margin]
        self._equity.add_curve("balance", c.balance)
        self._equity.tinted = self._drawdown.tinted = True
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
        self.follow = button(tr("● Live"), "range")
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
            self.narrow.setVisible(narrow)
            self._fit()

    def _fit(self) -> None:
        """The remark only where there is room for it beside the ranges."""
        self.remark.setVisible(self.narrow.isHidden() and self.width() >= ROOMY_PX)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def mark(self, at_ms: int | None, words: str = "") -> None:
        """Draw a line through all charts at that moment (UTC epoch ms); None: none."""
        trip = None if at_ms is None else (at_ms / 1_000, words)
        if trip != self.overlay.trip:
            self.overlay.trip = trip
            self.overlay.update()

    def _build_canvas(self) -> None:
        self.canvas = Canvas(self.charts, (5, 2, 2))
        for chart in self.charts:
            chart.box.sigRangeChangedManually.connect(partial(self._panned, chart))
        self.overlay = Overlay(self.charts, self.canvas)
        self.dragging = Dragging(self.canvas.viewport(), self.charts, self.overlay)
        spoken.name(self.canvas, tr("Charts of equity, drawdown and margin level"))
        spoken.name(self.overlay, tr("Charts"))
        self.canvas.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.canvas.resized.connect(self._resized)
        self.canvas.moved.connect(self._move)
        self.canvas.left.connect(partial(self._pointer_moved, None))
        self.canvas.scene().sigMouseMoved.connect(self._pointer_moved)
        self.body.addWidget(self.canvas, 1)

    def relook(self) -> None:
        """The charts in another look; the frame is drawn again by whoever changed it."""
        self.canvas.setBackground(theme.colours().card)
        for chart in self.charts:
            chart.relook()

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
        self.remark.say(tr("broker time, {zone}", zone=text.zone(view.broker_offset_s)))
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
        self.overlay.offset_s = view.broker_offset_s
        self.redraw()

    def redraw(self) -> None:
        """Draw the newest frame at the present range; nothing where there is no series."""
        view, c, series = self._view, theme.colours(), self._view.series if self._view else None
        state = (tr("○ Paused"), c.soft) if not self.live or (view and is_past(view)) else (tr("● Live"), c.profit)
        self.follow.setText(state[0])
        spoken.name(self.follow, state[0])
        set_sheet(self.follow, f"color: {state[1]}")
        if view is None or series is None or not len(series):
            self.overlay.message, self._track = tr("No readings yet"), None
            spoken.name(self.overlay, self.overlay.message)
            self.overlay.update()
            return
        self.overlay.message = ""
        track = self._track = self._tracked(view, series)
        (left, right), wide = self._range, self._margin.box.width()
        seen = track.visible(self._reducers.setdefault(view.name, columns.Reducer()), left, right, int(wide))
        for chart in self.charts:
            chart.draw(seen, left, right)
        self.canvas.settle()
        self.overlay.gaps = seen.gaps()
        self.overlay.marks = self._marks.seen(view.acts.after(track.past.acts), left, right, wide)
        self._annotate()

    def _tracked(self, view: AccountFrame, series: SeriesView) -> Track:
        """What there is to draw, the range having moved to it: the newest `span` seconds, or all there is."""
        begins_s, pixels = float(series.column("time_s")[0]), int(self._margin.box.width())
        left, right = self._range
        if self.live:
            right = max(self._now_ms / 1_000, float(series.column("time_s")[-1]))
            left = max(right - self._span, self.recalling.oldest_s(view, begins_s))
        ask = partial(self.recalling.past, view, begins_ms=round(1_000 * begins_s), pixels=pixels, now_ms=self._now_ms)
        track = Track(live=series, past=ask((1_000 * left, 1_000 * right)))
        if self.live:
            span = max(min(self._span, right - track.oldest_s), LEAST_S)
            self._range = right - span, right + span * MARGIN
        return track

    def _annotate(self) -> None:
        """Say what stands now, or under the pointer."""
        if self._view is None or self._track is None:
            return
        brief, view = self.narrow.isVisible(), self._view
        annotate(self.overlay, self.charts, self._track, view, self._now_ms, self._pointer, brief=brief)
        said = [" ".join(words for words, _ in notes.heads) for notes in self.overlay.notes]
        spoken.name(self.overlay, ", ".join(said))
        self.overlay.pointed = None
        if self._pointer is None:
            return
        pointed = marks.under(self.overlay.marks, [chart.scale() for chart in self.charts], self._pointer)
        if pointed is not None:
            digits = view.account.digits if view.account else 2
            told = marks.lines(pointed, self._now_ms, view.broker_offset_s, digits, view.volume_digits)
            self.overlay.pointed = pointed, told

    def _pointer_moved(self, place: QPointF | None) -> None:
        self._pointer = place
        self._annotate()

    def _move(self, share: float) -> None:
        left, right = self._range
        self._pan(left + share * (right - left), right + share * (right - left))

    def _panned(self, chart: Chart, *_: object) -> None:
        self._pan(*chart.box.viewRange()[0])

    def _pan(self, left_s: float, right_s: float) -> None:
        """Show that stretch and follow no longer; at most the record, or a year, with half of it at each side."""
        now_s = self._now_ms / 1_000
        oldest_s = min(self._track.oldest_s if self._track else now_s, now_s - RANGES["1Y"])
        span = min(right_s - left_s, (1 + MARGIN) * (now_s - oldest_s))
        middle = min(max((left_s + right_s) / 2, oldest_s), now_s)
        self.live, self._range = False, (middle - span / 2, middle + span / 2)
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


if __name__ == "__main__":
    alone(ChartsCard)
