"""The watchdog's window (`python -m ui.alarm_window`): what happened, since when, what to do, and a stop.

Words come on stdin. One JSON line replaces what it shows; it ends with its stdin, or when a person has seen it.
"""

from __future__ import annotations

import json
import os
import sys
import threading
from dataclasses import dataclass

from PySide6.QtCore import QDateTime, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QApplication, QHBoxLayout, QVBoxLayout, QWidget

from ui import text, theme
from ui.alarm_stop import StopApart
from ui.application import prepare
from ui.panels.card import Label, button
from ui.stop_key import StopKey
from ui.words import tr

WIDE_PX, BAND_PX = 560, 64


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """What the window says; `since_ms` is UTC."""

    headline: str
    since_ms: int
    guarded: str
    cause: str
    remedies: tuple[str, ...]
    stop: tuple[str, ...] = ()
    """The command that stops everything; without one no stop is offered."""


def read(line: bytes) -> Words:
    """The words of a line; ValueError or TypeError for what is none."""
    found = json.loads(line)
    return Words(**{**found, "remedies": tuple(found["remedies"]), "stop": tuple(found.get("stop", ()))})


class AlarmWindow(QWidget):
    """On top of everything until somebody has seen it."""

    seen = Signal()
    told = Signal(object)
    """Carries new words from the thread that reads them; None at their end."""

    def __init__(self) -> None:
        super().__init__()
        c = theme.colours()
        self.setWindowFlags(Qt.WindowType.Window | Qt.WindowType.WindowStaysOnTopHint)
        self.setWindowTitle(tr("Plimsoll: alarm"))
        self.setFixedWidth(WIDE_PX)
        self.headline, self.since = Label("", 18, theme.BOLD, c.on_stop), Label("", 12, theme.STRONG, c.on_stop)
        self.guarded, self.cause = Label("", 16, theme.BOLD, c.text), Label("", 13, theme.MEDIUM, c.soft)
        self.remedies = [Label("", 13, theme.STRONG, c.text) for _ in range(3)]
        self.button = button(tr("I have seen it"), "primary", 13)
        self.button.setFixedHeight(36)
        self.button.clicked.connect(self.close)
        self.stop = StopApart()
        self.stop.changed.connect(self._fit)
        self._key = StopKey(self.stop.strike, self)
        self._since_ms = 0
        self._lay_out()
        self.button.setFocus()  # never the stop: this window comes while a person types into another
        self.told.connect(self._tell)
        self._age = QTimer(self)
        self._age.timeout.connect(self._grow_older)
        self._age.start(1_000)

    def _lay_out(self) -> None:
        strip = QWidget()
        strip.setFixedHeight(BAND_PX)
        whole, band, body, last = QVBoxLayout(self), QHBoxLayout(strip), QVBoxLayout(), QHBoxLayout()
        whole.setSpacing(0)
        whole.setContentsMargins(0, 0, 0, 0)
        band.setContentsMargins(20, 0, 20, 0)
        body.setContentsMargins(20, 16, 20, 18)
        body.setSpacing(10)
        band.addWidget(self.headline, 1, Qt.AlignmentFlag.AlignVCenter)
        band.addWidget(self.since, 0, Qt.AlignmentFlag.AlignVCenter)
        for label in (self.guarded, self.cause, *self.remedies):
            label.setWordWrap(True)
            body.addWidget(label)
        last.addStretch(1)
        last.addWidget(self.button)
        body.addSpacing(6)
        body.addWidget(self.stop)
        body.addLayout(last)
        whole.addWidget(strip)
        whole.addLayout(body)

    def show_words(self, words: Words) -> None:
        """Show these, in front of everything."""
        self.headline.say(words.headline)
        self.guarded.say(words.guarded)
        self.cause.say(words.cause)
        for number, label in enumerate(self.remedies):
            there = number < len(words.remedies)
            label.say(f"{number + 1}.  {words.remedies[number]}" if there else "")
            label.setVisible(there)
        self._since_ms = words.since_ms
        self._grow_older()
        self.stop.offer(words.stop)
        self._fit()
        self.show()
        self.activateWindow()

    def _fit(self) -> None:
        self.ensurePolished()
        for layout in (self.stop.layout(), self.layout()):  # from within: the outer one asks what the inner remembers
            if layout is not None:
                layout.invalidate()
                layout.activate()
        self.setFixedHeight(self.heightForWidth(WIDE_PX))

    def _grow_older(self) -> None:
        age_s = max(0, QDateTime.currentMSecsSinceEpoch() - self._since_ms) // 1_000
        begun = QDateTime.fromMSecsSinceEpoch(self._since_ms).toString("HH:mm:ss")
        age = f"{age_s}{text.THIN}s" if age_s < text.MINUTE else text.duration(age_s)
        self.since.say(tr("since {time}", time=begun) + text.DOT + age)

    def _tell(self, words: Words | None) -> None:
        if words is None:
            QApplication.exit()
        else:
            self.show_words(words)

    def closeEvent(self, event: QCloseEvent) -> None:
        event.accept()
        self.seen.emit()

    def paintEvent(self, _event: QPaintEvent) -> None:
        c, painter = theme.colours(), QPainter(self)
        painter.fillRect(self.rect(), QColor(c.card))
        painter.fillRect(QRectF(0, 0, self.width(), BAND_PX), QColor(c.stop))
        painter.setPen(QPen(QColor(c.stop), 4))
        painter.drawRect(self.rect())
        painter.end()


def _listen(window: AlarmWindow) -> None:
    rest = b""
    while part := os.read(sys.stdin.fileno(), 65_536):
        *lines, rest = (rest + part).split(b"\n")
        for line in lines:
            window.told.emit(read(line))
    window.told.emit(None)


def main() -> int:
    """Until a person has seen it, or until whoever started it takes it away."""
    application = prepare(["plimsoll"])
    application.setQuitOnLastWindowClosed(False)
    window = AlarmWindow()
    window.seen.connect(application.exit)
    threading.Thread(target=_listen, args=(window,), name="words", daemon=True).start()
    return int(application.exec())


if __name__ == "__main__":
    code = main()
    sys.stdout.flush()
    os._exit(code)  # the thread that reads waits for a line that may never come
