"""The tables of a report in the window: alerts, responses, strategies, the best and the worst positions."""

from __future__ import annotations

from collections import Counter
from itertools import chain

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter

from monitors.alert_load import FLOOD
from monitors.day_figures import best, busiest, pace, together, waited_share
from monitors.day_report import Close, Report
from monitors.kinds import Side
from monitors.ports import Severity
from monitors.record import AlertRecord
from monitors.statistics import ALL, by_strategy, realized
from monitors.strategies import named
from monitors.trades import Trade
from monitors.wall import Times
from ui import text, theme
from ui.icons import SeverityIcon, paint_severity
from ui.panels.card import Elided, Label
from ui.panels.panel import Panel
from ui.panels.table import Cells, Column, Table

ROW_PX, LOW_PX, ICON_PX, LATE_MS = 25, 22, 16, 300_000
POSITIONS_PX = 208
"""Six rows under their heads: the worst may not hide behind the best."""


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
    Column(head="Raised", left=True, tip="Broker time"),
    Column(head="", draws=_paint_mark, share=0),
    Column(head="Alert", left=True, bold=True, share=3),
    Column(head="Reading", yields=3, tip="When it was raised"),
    Column(head="Limit", yields=2),
    Column(head="", draws=_paint_wait, least=64, yields=1, tip="On a log scale: at once to an hour"),
    Column(head="Seen after", bold=True, tip="From raised to acknowledged"),
)
MARK, WAIT = 1, 5
RESPONSES = (
    Column(head="#", left=True, bold=True, share=0),
    Column(head="Planned", left=True, yields=1, tip="Broker time"),
    Column(head="Rule", left=True, bold=True, share=2),
    Column(head="Closed", left=True, share=2),
    Column(head="Delay", yields=2, tip="From sent to answered"),
    Column(head="Booked", bold=True),
    Column(head="Against holding", bold=True, tip="What was booked less the same lots at that position's own later "
           "exit; a dash where nothing of it was left to be closed later by others"),
)  # fmt: skip
STRATEGIES = (
    Column(head="Strategy", left=True, bold=True, share=3),
    Column(head="Won", tip="Of the positions that were closed whole"),
    Column(head="P/L", bold=True, tip="With swap, commission and fee"),
)
POSITIONS = (
    Column(head="Position", left=True, bold=True),
    Column(head="Lots"),
    Column(head="Strategy", left=True, share=2),
    Column(head="R", yields=1, tip="Multiple of the initial risk at the close, by price"),
    Column(head="P/L", bold=True, tip="With swap, commission and fee"),
)


class AlertsOfDay(Panel):
    """Each with how long a person took; how many of each severity stand in the head, how fast in the foot."""

    def __init__(self) -> None:
        super().__init__("Alerts")
        c = theme.colours()
        self.counts: dict[Severity, tuple[SeverityIcon, Label]] = {}
        for severity in reversed(Severity):
            icon, count = SeverityIcon(), Label("", 12, theme.STRONG, c.text)
            icon.show_severity(severity, filled=False)
            icon.setToolTip(text.plain_tip(severity.value.capitalize()))
            self.head.insertWidget(self.head.count() - 1, icon)
            self.head.insertWidget(self.head.count() - 1, count)
            self.counts[severity] = icon, count
        self.table = Table(ALERTS, row_px=ROW_PX)
        self.foot = Elided("", 11, theme.MEDIUM, c.soft)
        self.body.addWidget(self.table, 1)
        self.body.addWidget(self.foot)

    def show_report(self, report: Report | None) -> None:
        alerts = report.alerts if report else ()
        counts = Counter(alert.severity for alert in alerts)
        for severity, (icon, count) in self.counts.items():
            icon.setVisible(counts[severity] > 0)
            count.setVisible(counts[severity] > 0)
            count.say(str(counts[severity]))
        seen, most = sum(a.acknowledged_ms is not None for a in alerts), busiest(alerts)
        flood = f"flood: {most} in 10{text.THIN}min" if most > FLOOD else "no flood"
        self.sub.say(f"{len(alerts)} raised, {seen} acknowledged, {flood}" if alerts else "none")
        self.table.show_facts(alerts, lambda one: _alert(one, report) if report else Cells(texts=(), colours=()))
        self.foot.say(_pace(alerts))


class ResponsesOfDay(Panel):
    """What was closed, what it booked, and what that saved or cost against holding on."""

    def __init__(self) -> None:
        super().__init__("Responses")
        self.table = Table(RESPONSES, row_px=ROW_PX)
        self.body.addWidget(self.table, 1)

    def show_report(self, report: Report | None) -> None:
        self.sub.say("saved or cost: against the same lots at their own later exit")
        if report is None or not report.responses:
            self.table.show_rows([])
            self.sub.say("nothing was planned or closed")
            return
        rows = [row for number in range(len(report.responses)) for row in _response(report, number)]
        self.table.show_rows([*rows, _whole(report)])


class StrategiesOfDay(Panel):
    """Worst first; the whole stands in the last row."""

    def __init__(self) -> None:
        super().__init__("Per strategy", "positions closed whole")
        self.table = Table(STRATEGIES, row_px=LOW_PX)
        self.body.addWidget(self.table, 1)

    def show_report(self, report: Report | None) -> None:
        if report is None or not report.trades:
            self.table.show_rows([])
            return
        c, digits = theme.colours(), report.whose.digits
        whole, *parts = by_strategy(report.trades, report.strategies)
        self.table.show_rows([
            Cells(texts=(name, f"{one.won} of {one.closed}", text.signed(one.net, digits)),
                  colours=(c.text, c.soft, c.gain(one.net)))
            for name, one in (*sorted(parts, key=lambda part: part[1].net), (ALL, whole[1]))
        ])  # fmt: skip


class PositionsOfDay(Panel):
    """The three that gained most, then the three that lost most."""

    def __init__(self) -> None:
        super().__init__("Best and worst positions")
        self.setFixedHeight(POSITIONS_PX)
        self.table = Table(POSITIONS, row_px=LOW_PX)
        self.body.addWidget(self.table, 1)

    def show_report(self, report: Report | None) -> None:
        trades = report.trades if report else ()
        found = [*best(trades), *reversed(best(trades, worst=True))]
        self.sub.say("" if found else "none was closed whole")
        self.table.show_rows([_trade(trade, report) for trade in found] if report else [])


def _clock(utc_ms: int, report: Report) -> str:
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
        texts=(_clock(one.raised_ms, report), "", name, text.measure(one.metric, one.value, digits), limit, "",
               "not yet" if took is None else text.took(took / 1_000)),
        colours=(c.soft, c.text, c.text, c.soft, c.soft, c.text, c.high if late else c.text),
        tips=((0, text.times(one.raised_ms, Times(report.whose.zone).offset_ms(one.raised_ms) // 1_000)),
              (2, text.metric_name(one.metric))),
        values=tuple(values),
    )  # fmt: skip


def _pace(alerts: tuple[AlertRecord, ...]) -> str:
    found = pace(alerts)
    if found is None:
        return ""
    parts = [f"median {text.took(found.median_ms / 1_000)}", f"slowest {text.took(found.slowest_ms / 1_000)}"]
    if found.grave:
        parts.append(f"critical and extreme under 1:00: {found.met} of {found.grave}")
    return text.DOT.join(parts)


def _response(report: Report, place: int) -> list[Cells]:
    c, response, closes = theme.colours(), report.responses[place], report.closes[place]
    first = (str(place + 1), _clock(response.planned_ms, report), response.rule or "Closed by hand or halt")
    shades = (c.text, c.soft, c.text)
    if not closes:
        none = ("nothing was sent", text.DASH, text.DASH, text.DASH)
        return [Cells(texts=(*first, *none), colours=(*shades, *(c.soft,) * 4), tips=((3, "Observing, or denied"),))]
    rows = []
    for close in closes:
        texts, colours = _closed(close, report.whose.digits)
        rows.append(Cells(texts=(*first, *texts), colours=(*shades, *colours)))
        first = "", "", ""
    return rows


def _closed(close: Close, digits: int) -> tuple[tuple[str, ...], tuple[str, ...]]:
    c, sent = theme.colours(), close.request
    state = "" if sent.state == "done" else f" ({sent.state})"
    delay = text.DASH if sent.settled_ms is None else text.duration((sent.settled_ms - sent.sent_ms) / 1_000)
    texts = f"{sent.symbol} {sent.filled:g} of {sent.lots:g}{state}", delay, *_worth(close.booked, close.saved, digits)
    return texts, (c.soft, c.soft, c.gain(close.booked), c.gain(close.saved))


def _worth(booked: float | None, saved: float | None, digits: int) -> tuple[str, str]:
    return text.DASH if booked is None else text.signed(booked, digits), against(saved, digits)


def against(saved: float | None, digits: int) -> str:
    """`▲ saved 394.26` or `▼ cost 105.68`: shape and word say it too; a dash where it is not known."""
    if saved is None:
        return text.DASH
    return f"{'▲ saved' if saved >= 0 else '▼ cost'} {text.number(abs(saved), digits)}"


def _whole(report: Report) -> Cells:
    c, found = theme.colours(), together(chain(*report.closes))
    parts = [f"{found.filled} filled"]
    parts += [f"{count} {word}" for count, word in ((found.refused, "refused"), (found.unknown, "unknown")) if count]
    return Cells(
        texts=("", "", "All responses", ", ".join(parts), "",
               *_worth(found.booked, found.saved, report.whose.digits)),
        colours=(c.text, c.text, c.text, c.text, c.text, c.gain(found.booked), c.gain(found.saved)),
    )  # fmt: skip


def _trade(trade: Trade, report: Report) -> Cells:
    c, multiple = theme.colours(), realized(trade)
    way = c.curve if trade.side is Side.BUY else c.loss
    return Cells(
        texts=(f"{trade.symbol} {text.side(trade.side)}", f"{trade.lots:g}", named(trade.magic, report.strategies),
               text.DASH if multiple is None else text.multiple(multiple),
               text.signed(trade.net, report.whose.digits)),
        colours=(way, c.soft, c.soft, c.gain(multiple), c.gain(trade.net)),
    )  # fmt: skip
