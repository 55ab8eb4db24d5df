"""The alarm window's emergency stop: on press it starts `plimsoll stop`, and shows what that says and how it ended.

The command is whoever started this window's: nothing here knows what a stop does. It outlives the window.
"""

from __future__ import annotations

import subprocess
import sys
import threading
from contextlib import suppress

from PySide6.QtCore import QRectF, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout

from ui import spoken, theme
from ui.alone import alone
from ui.panels.card import Label
from ui.panels.stop_buttons import StopButton
from ui.stop_key import KEYS
from ui.words import tr

if sys.platform == "win32":
    APART = subprocess.CREATE_NO_WINDOW | subprocess.CREATE_NEW_PROCESS_GROUP
else:
    APART = 0


class StopApart(QFrame):
    """A plate that always can act; while a stop that it started is at work another press does nothing."""

    changed = Signal()
    """It says something else, and may need another height."""
    heard = Signal(str)
    ended = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        c = theme.colours()
        self._command: tuple[str, ...] = ()
        self.running = False
        self.button = StopButton()
        self.button.show_state(live=True, latched=False)
        self.button.struck.connect(self.strike)
        self.caption = Label(tr("EMERGENCY STOP"), 10, theme.BOLD, c.on_plate)
        self.word, self.line = Label("", 18, theme.BOLD, c.on_plate), Label("", 12, theme.STRONG, c.on_plate)
        self.line.setWordWrap(True)
        row, words = QHBoxLayout(self), QVBoxLayout()
        row.setContentsMargins(14, 10, 14, 10)
        row.setSpacing(14)
        row.addWidget(self.button)
        row.addLayout(words, 1)
        words.setSpacing(3)
        words.addStretch(1)
        for label in (self.caption, self.word, self.line):
            words.addWidget(label)
        words.addStretch(1)
        self.heard.connect(lambda said: self._say(self.word.text(), said))
        self.ended.connect(self._over)
        self.hide()

    def offer(self, command: tuple[str, ...]) -> None:
        """What a press starts; without one there is no plate. What a stop has said before stays."""
        if command and not self._command:
            self._say(tr("READY"), tr("Closes everything on every account. Press, or {keys}.", keys=KEYS))
        self._command = command
        self.setVisible(bool(command))

    def strike(self) -> None:
        """Start it, unless it runs."""
        if self.running or not self._command:
            return
        try:
            # Its own session and its own pipes: it goes on when this window is closed.
            process = subprocess.Popen(  # noqa: S603 -- our own command in our own Python
                self._command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                creationflags=APART, start_new_session=sys.platform != "win32",
            )  # fmt: skip
        except (OSError, ValueError) as error:
            self._say(tr("NOT STOPPED"), tr("The stop cannot be started ({why}): act in MT5.", why=error))
            return
        self.running = True
        self._say(tr("STOPPING"), tr("The stop process is starting."))
        threading.Thread(target=self._follow, args=(process,), name="stop", daemon=True).start()

    def _follow(self, process: subprocess.Popen[bytes]) -> None:
        with process, suppress(RuntimeError):  # the window is gone: what was started goes on
            for line in process.stdout or ():
                if said := line.decode("utf-8", "replace").strip():
                    self.heard.emit(said)
            self.ended.emit(process.wait())

    def _over(self, code: int) -> None:
        self.running = False
        said = tr("Act in MT5, or press again.")
        if code:
            self._say(tr("NOT FLAT"), f"{self.line.text()}\n{said}")
        else:
            self._say(tr("LATCHED"), self.line.text())

    def _say(self, word: str, line: str) -> None:
        self.word.say(word)
        self.line.say(line)
        self.button.show_state(live=True, latched=self.running)
        spoken.name(self.button, tr("Emergency stop, {word}, {line}", word=word, line=line))
        self.changed.emit()

    def paintEvent(self, _event: QPaintEvent) -> None:
        c, painter = theme.colours(), QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(c.plate), 1))
        painter.setBrush(QColor(c.plate))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), theme.RADIUS, theme.RADIUS)
        painter.end()


if __name__ == "__main__":
    alone(StopApart, lambda plate: plate.offer((sys.executable, "-c", "print('latched')")))
