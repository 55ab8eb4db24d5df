"""The alerts of a report's day in the window: what was raised, how grave, and how long a person took."""

from __future__ import annotations

from collections import Counter

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter

from monitors.alert_load import FLOOD
from monitors.day_figures import busiest, pace, waited_share
from monitors.day_report import Report
from monitors.ports import Severity
from monitors.record import AlertRecord
from monitors.wall import Times
from ui import text, theme
from ui.alone import alone
from ui.icons import SeverityIcon, paint_severity
from ui.panels.card import Elided, Label
from ui.panels.cells import Cells, Column
from ui.panels.panel import Panel
from ui.panels.summed import SummedTable
from ui.shown import set_tip
from ui.words import tr

ROW_PX, ICON_PX, LATE_MS = 25, 16, 300_000


def _paint_mark(painter: QPainter, box: QRectF, fact: object) -> None:
    """A severity, filled where nobody has acknowledged it."""
    if isinstance(fact, tuple):
        severity, waits = fact
        left, top = box.center().x() - ICON_PX / 2, box.center().y() - ICON_PX / 2
        paint_severity(painter, severity, QRectF(left, top, ICON_PX, ICON_PX), filled=waits)


def _paint_wait(painter: QPainter, box: QRectF, fact: object) -> None:
    """A time to acknowledge on the log bar; whether it was late."""
    if isinstance(fact, tuple):
        c, (share, late) = theme.colours(), fact
        track = QRectF(box.left(), box.center().y() - 3, box.width(), 6)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(c.track))
        painter.drawRoundedRect(track, 3, 3)
        track.setWidth(max(6.0, track.width() * share))
        painter.setBrush(QColor(c.high if late else c.balance))
        painter.drawRoundedRect(track, 3, 3)


ALERTS = (
    Column(head=tr("Raised"), left=True, tip=tr("Broker time")),
    Column(head="", draws=_paint_mark, share=0),
    Column(head=tr("Alert"), left=True, bold=True, share=3),
    Column(head=tr("Reading"), yields=3, tip=tr("When it was raised")),
    Column(head=tr("Limit"), yields=2),
    Column(head="", draws=_paint_wait, least=64, yields=1, tip=tr("On a log scale: at once to an hour")),
    Column(head=tr("Seen after"), bold=True, tip=tr("From raised to acknowledged")),
)
MARK, WAIT = 1, 5


class AlertsOfDay(Panel):
    """Each with how long a person took; how many of each severity stand in the head, how fast in the foot."""

    def __init__(self) -> None:
        super().__init__(tr("Alerts"))
        c = theme.colours()
        self.counts: dict[Severity, tuple[SeverityIcon, Label]] = {}
        for severity in reversed(Severity):
            icon, count = SeverityIcon(), Label("", 12, theme.STRONG, c.text)
            icon.show_severity(severity, filled=False)
            set_tip(icon, text.severity_name(severity).capitalize())
            self.head.insertWidget(self.head.count() - 1, icon)
            self.head.insertWidget(self.head.count() - 1, count)
            self.counts[severity] = icon, count
        self._list = SummedTable(ALERTS, row_px=ROW_PX)
        self.table = self._list.table
        self.foot = Elided("", 11, theme.MEDIUM, c.soft)
        self.body.addWidget(self._list, 1)
        self.body.addWidget(self.foot)

    def show_report(self, report: Report | None) -> None:
        alerts = report.alerts if report else ()
        counts = Counter(alert.severity for alert in alerts)
        for severity, (icon, count) in self.counts.items():
            icon.setVisible(counts[severity] > 0)
            count.setVisible(counts[severity] > 0)
            count.say(str(counts[severity]))
        seen, most = sum(a.acknowledged_ms is not None for a in alerts), busiest(alerts)
        flood = tr("flood: {count} in 10\u202fmin", count=most) if most > FLOOD else tr("no flood")
        words = tr("{count} raised, {seen} acknowledged, {flood}", count=len(alerts), seen=seen, flood=flood)
        self.sub.say(words if alerts else tr("none"))
        self._list.show_facts(alerts, lambda one: _alert(one, report) if report else Cells(texts=(), colours=()))
        self.foot.say(_pace(alerts))


def clock(utc_ms: int, report: Report) -> str:
    """A moment of the day by the broker's clock."""
    return f"{Times(report.whose.zone).wall(utc_ms):%H:%M:%S}"


def _alert(one: AlertRecord, report: Report) -> Cells:
    c, digits = theme.colours(), report.whose.digits
    took = None if one.acknowledged_ms is None else one.acknowledged_ms - one.raised_ms
    late = took is None or took > LATE_MS
    name = f"{one.rule} #{one.position}" if one.position else one.rule
    limit = text.DASH if one.threshold is None else text.measure(one.metric, one.threshold, digits, brief=True)
    values: list[tuple[int, object]] = [(MARK, (Severity(one.severity), took is None))]
    if took is not None:
        values.append((WAIT, (waited_share(took), late)))
    return Cells(
        texts=(clock(one.raised_ms, report), "", name, text.measure(one.metric, one.value, digits), limit, "",
               tr("not yet") if took is None else text.took(took / 1_000)),
        colours=(c.soft, c.text, c.text, c.soft, c.soft, c.text, c.high if late else c.text),
        tips=((0, text.times(one.raised_ms, Times(report.whose.zone).offset_ms(one.raised_ms) // 1_000)),
              (2, text.metric_name(one.metric))),
        values=tuple(values),
    )  # fmt: skip


def _pace(alerts: tuple[AlertRecord, ...]) -> str:
    found = pace(alerts)
    if found is None:
        return ""
    parts = [
        tr("median {time}", time=text.took(found.median_ms / 1_000)),
        tr("slowest {time}", time=text.took(found.slowest_ms / 1_000)),
    ]
    if found.grave:
        parts.append(tr("critical and extreme under 1:00: {met} of {count}", met=found.met, count=found.grave))
    return text.DOT.join(parts)


if __name__ == "__main__":
    alone(AlertsOfDay)
