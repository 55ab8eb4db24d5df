"""A report's curve: equity with what it would be without rules, responses numbered on it, over the drawdown."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QSize, Qt

from monitors.day_figures import GRAVE, held
from monitors.day_report import Report
from monitors.model import Floats
from monitors.wall import Times
from ui import spoken, text, theme
from ui.alone import alone
from ui.charts.canvas import Canvas
from ui.charts.columns import Visible
from ui.charts.notes import Notes
from ui.charts.overlay import Overlay
from ui.charts.plot import Chart, Line
from ui.panels.panel import Panel
from ui.words import tr

SUB = tr("balance grey")
WITHOUT = tr("dashed: without rules, dotted until that is known")


class DayCurve(Panel):
    """Drawn once for each report; nothing in it moves."""

    def __init__(self) -> None:
        super().__init__(tr("Equity"), SUB, margins=(10, 8, 2, 4))
        c = theme.colours()
        self.equity = Chart(title=tr("Equity"), figure="equity", colour=c.curve, words=text.number)
        self.drawdown = Chart(
            title=tr("Drawdown from the highest"), figure="drawdown_pct", colour=c.loss, words=text.percent, negate=True
        )
        self.equity.add_curve("balance", c.balance)
        self.equity.add_curve("without", c.soft, Qt.PenStyle.DashLine)
        self.equity.add_curve("bridge", c.soft, Qt.PenStyle.DotLine)
        self.equity.tinted = self.drawdown.tinted = True
        charts = [self.equity, self.drawdown]
        self.canvas = Canvas(charts, (5, 3))
        self.canvas.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        for chart in charts:
            chart.box.setMouseEnabled(x=False, y=False)
        self.overlay = Overlay(charts, self.canvas)
        spoken.name(self.overlay, tr("Equity and drawdown of the report"))
        self.canvas.resized.connect(self._resized)
        self.body.addWidget(self.canvas, 1)
        self._report: Report | None = None

    def show_report(self, report: Report | None, message: str = "") -> None:
        """None shows the message in its place."""
        self._report = report
        self.sub.say(SUB)
        if report is None or not np.isfinite(report.equity.last).any():
            self.overlay.message = message or tr("No equity was recorded")
            self.overlay.update()
            return
        self.overlay.message = ""
        offset_s = Times(report.whose.zone).offset_ms(report.since_ms) // 1_000
        self.remark.say(tr("broker time, {zone}", zone=text.zone(offset_s)))
        self._draw(report)

    def _draw(self, report: Report) -> None:
        c, curve, without = theme.colours(), report.equity, held(report)
        self.sub.say(f"{SUB}; {WITHOUT}" if np.isfinite(without.known).any() else SUB)
        self.overlay.offset_s = Times(report.whose.zone).offset_ms(report.since_ms) // 1_000
        self.equity.lines = tuple(
            Line(at=at, caption=rule, colour=c.critical if grave else c.high)
            for at, rule, grave in sorted({
                (a.threshold, a.rule, a.severity in GRAVE)
                for a in report.alerts if a.metric == "equity" and a.threshold is not None
            })
        )  # fmt: skip
        seen = Visible(curve.time_ms / 1_000, {
            "equity": curve.last, "balance": curve.balance, "drawdown_pct": report.falls.pct,
            "without": without.known, "bridge": _bridged(report, without.bridges),
        })  # fmt: skip
        for chart in (self.equity, self.drawdown):
            chart.draw(seen, report.since_ms / 1_000, report.until_ms / 1_000)
        self.overlay.gaps = seen.gaps()
        self.overlay.discs = _discs(report)
        self.overlay.notes = [self._notes(report, without.known), self._fall(report)]
        said = (words for notes in self.overlay.notes for words, _ in notes.heads)
        spoken.name(self.overlay, ", ".join((tr("Equity"), *said)))
        self.overlay.update()

    def _notes(self, report: Report, known: Floats) -> Notes:
        c, digits, last = theme.colours(), report.whose.digits, _last(report.equity.last)
        high = float(np.nanmax(report.equity.high))
        heads = [(tr("Highest {equity}", equity=text.number(high, digits)), c.soft)]
        if np.isfinite(known[-1]):
            heads.append((tr("without rules {equity}", equity=text.number(float(known[-1]), digits)), c.soft))
        return Notes(heads=tuple(heads), last=last, tag=text.number(last, 0))

    def _fall(self, report: Report) -> Notes:
        c, deepest = theme.colours(), float(np.nanmax(report.falls.pct))
        when = Times(report.whose.zone).wall(int(report.equity.time_ms[int(np.nanargmax(report.falls.pct))]))
        words = tr("{fall} at {time:%H:%M}", fall=text.percent(-deepest, 2), time=when)
        last = -_last(report.falls.pct)
        return Notes(heads=((self.drawdown.title, c.text), (words, c.loss)), last=last, tag=text.percent(last, 1))

    def _resized(self, size: QSize) -> None:
        self.overlay.resize(size)
        self.overlay.raise_()
        if self._report is not None and not self.overlay.message:
            self._draw(self._report)  # the range leaves room for a title, whose share depends on the height


def _last(values: Floats) -> float:
    return float(values[np.isfinite(values)][-1])


def _bridged(report: Report, bridges: tuple[tuple[int, int], ...]) -> Floats:
    """Straight lines between what is known before and after."""
    made = np.full(len(report.equity), np.nan)
    for first, after in bridges:
        made[first : after + 1] = np.linspace(report.without[first], report.without[after], after + 1 - first)
    return made


def _discs(report: Report) -> list[tuple[float, float, str]]:
    """Each response where it was planned, on the curve."""
    curve = report.equity
    seen = np.flatnonzero(np.isfinite(curve.last))
    found = []
    for number, response in enumerate(report.responses, 1):
        at = int(seen[np.abs(curve.time_ms[seen] - response.planned_ms).argmin()])
        found.append((response.planned_ms / 1_000, float(curve.last[at]), str(number)))
    return found


if __name__ == "__main__":
    alone(DayCurve)
