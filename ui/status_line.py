"""The line at the bottom: how quick a beat, the quotes and an order are; what is not known is a dash, never nought."""

from __future__ import annotations

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QFrame, QHBoxLayout

from monitors.latency import Took
from monitors.ports import AccountFrame, Frame, Link
from ui import text, theme
from ui.alone import alone
from ui.panels.account import is_past
from ui.panels.card import Figure, Label
from ui.shown import Last, set_tip
from ui.words import tr

HIGH = 24
NAMES = {"Beat p99": tr("Beat p99"), "Tick": tr("Tick"), "Order": tr("Order")}
UNKNOWN = {
    "Beat p99": tr("No beat was timed yet, or the worker does not answer."),
    "Tick": tr("No quote is seen."),
    "Order": tr("No close of this account was answered in this run."),
}


class StatusLine(QFrame):
    """Three figures of the chosen account, each with its unit and what it means in its tooltip."""

    def __init__(self) -> None:
        super().__init__()
        c = theme.colours()
        self.setFixedHeight(HIGH)
        line = QHBoxLayout(self)
        line.setContentsMargins(14, 0, 14, 0)
        line.setSpacing(6)
        self.figures: dict[str, Figure] = {}
        for name, words in NAMES.items():
            self.figures[name] = Figure(text.DASH, 11, theme.STRONG, c.soft, least=QSize(0, HIGH - 1))
            line.addWidget(Label(words, 11, theme.MEDIUM, c.faint))
            line.addWidget(self.figures[name])
            line.addSpacing(16)
        line.addStretch(1)
        self._shown = Last()

    def show_frame(self, frame: Frame, view: AccountFrame) -> None:
        stalled = view.link is Link.STALLED
        beats, orders = None if stalled else frame.beat_took, view.order_took
        age_s = None if is_past(view) else view.tick_age_s
        if not self._shown.differs(beats, orders, age_s):
            return
        self._say("Beat p99", millis(beats.p99_ms) if beats else None, beats)
        self._say("Tick", age_s if age_s is None else text.duration(age_s), None)
        self._say("Order", f"{millis(orders.last_ms)} ({millis(orders.p50_ms)})" if orders else None, orders)

    def _say(self, name: str, words: str | None, took: Took | None) -> None:
        label = self.figures[name]
        label.say(words or text.DASH)
        set_tip(label, _tip(name, took) if words else UNKNOWN[name])


def _tip(name: str, took: Took | None) -> str:
    """What the figure means."""
    if took is None:
        return tr("How long ago a quote of this account last changed, in seconds.")
    last, half, most = millis(took.last_ms), millis(took.p50_ms), millis(took.p99_ms)
    if name == "Order":
        return tr(
            "From sending a close to the broker's answer, of the newest {count} that were answered: the latest, and "
            "in brackets within which half of them came.\n99 of 100 took at most {most}.",
            count=took.count, most=most,
        )  # fmt: skip
    return tr(
        "99 of 100 of the newest {count} beats were over within this time. A beat looks at every account, "
        "judges every rule and writes what has to be kept.\nThe latest took {last}, half of them at most {half}.",
        count=took.count, last=last, half=half,
    )  # fmt: skip


def millis(value: float) -> str:
    """`2.1 ms`, `84 ms`, `1.2 s`."""
    if value >= 1_000:  # noqa: PLR2004 - from a second on it is told in seconds
        return text.duration(value / 1_000)
    return text.number(value, 1 if value < 10 else 0) + text.THIN + "ms"  # noqa: PLR2004 - as for seconds


if __name__ == "__main__":
    alone(StatusLine)
