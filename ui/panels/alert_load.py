"""Alert load: the last day by hours against the flood line, and how long a person took to acknowledge."""

from __future__ import annotations

from PySide6.QtCore import QLineF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from monitors.alert_load import FLOOD, AlertLoad
from ui import spoken, text, theme
from ui.alone import alone
from ui.panels.card import Card, Label
from ui.shown import Last, set_tip
from ui.words import tr

BARS_PX, LEAST_PX, GAP_PX = 46, 4, 3
TOP = FLOOD * 1.15
"""What the height of the picture stands for; more within ten minutes is drawn as high as it is."""


class HourBars(QWidget):
    """A bar an hour: the most that were new within ten minutes of it."""

    def __init__(self) -> None:
        super().__init__()
        self.setFixedHeight(BARS_PX)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.load = AlertLoad()

    def show_load(self, load: AlertLoad) -> None:
        if load != self.load:
            self.load = load
            self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        c, painter = theme.colours(), QPainter(self)
        wide, high, bottom = self.width(), self.height() - 2, self.height() - 1
        count, pitch = len(self.load.peaks), (self.width() + GAP_PX) / len(self.load.peaks)
        for place, peak in enumerate(self.load.peaks):
            tall = max(LEAST_PX, min(1.0, peak / TOP) * high) if peak else 1.0
            flooded = peak > FLOOD or (place == count - 1 and self.load.flood)
            shade = c.high if flooded else c.balance if peak else c.line
            painter.fillRect(QRectF(place * pitch, bottom - tall, pitch - GAP_PX, tall), QColor(shade))
        painter.setPen(QPen(QColor(c.critical), 1, Qt.PenStyle.DashLine))
        y = bottom - high * FLOOD / TOP
        painter.drawLine(QLineF(0, y, wide, y))
        painter.end()


class AlertLoadCard(Card):
    """All accounts together: it is one person who reads them."""

    def __init__(self) -> None:
        super().__init__(tr("Alert load"), caps=False)
        c = theme.colours()
        self.bars = HourBars()
        self.limit = Label(tr("flood over {count} in 10\u202fmin", count=FLOOD), 11, theme.MEDIUM, c.faint)
        self.answer = Label("", 11, theme.MEDIUM, c.faint)
        ages, last = QHBoxLayout(), QHBoxLayout()
        ages.addWidget(Label(tr("24\u202fh ago"), 10, theme.MEDIUM, c.faint))
        ages.addStretch(1)
        ages.addWidget(Label(tr("now"), 10, theme.MEDIUM, c.faint))
        last.addWidget(self.limit)
        last.addStretch(1)
        last.addWidget(self.answer)
        self.body.addWidget(self.bars)
        self.body.addLayout(ages)
        self.body.addLayout(last)
        self._shown = Last()
        tip = tr(
            "Each bar: the most new alerts within ten minutes of that hour. More than {count} are shown as one.",
            count=FLOOD,
        )
        set_tip(self, tip)

    def show_load(self, load: AlertLoad) -> None:
        if not self._shown.differs(load):
            return
        c = theme.colours()
        self.bars.show_load(load)
        spoken.name(
            self.bars,
            tr("New alerts of the last day by hours, at most {count} in ten minutes", count=max(load.peaks, default=0)),
        )
        if load.flood:
            self.remark.say(tr("FLOOD: {count} in 10\u202fmin", count=load.last_ten), c.high)
        else:
            self.remark.say(tr("{count} in the last hour", count=load.last_hour), c.soft)
        took = load.median_ack_s
        none = tr("none acknowledged yet")
        self.answer.say(none if took is None else tr("median to Ack {time}", time=text.took(took)))


if __name__ == "__main__":
    alone(AlertLoadCard)
