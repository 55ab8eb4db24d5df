"""Push messages tried from the window: every target of the config, and what its service answered; nothing is secret."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QDialog, QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from ui import theme
from ui.alone import alone
from ui.panels.card import Label, button
from ui.words import tr, trn

Heard = Callable[[int, bool, str], None]
NONE = tr('No targets. Store one with "plimsoll push set NAME", then set urls = ["keyring:NAME"] under Messages.')
NOTE = tr("Addresses are not shown. A message is sent to each target; that takes some seconds.")


class PushDialog(QDialog):
    """Beside the window, which goes on; the targets are looked up whenever it is opened."""

    _answered = Signal(int, int, bool, str)

    def __init__(
        self, targets: Callable[[], Sequence[str]], send: Callable[[Heard], object], parent: QWidget | None
    ) -> None:
        """`targets` gives the masked names; `send` starts a test of each and calls back from other threads."""
        super().__init__(parent)
        self.setWindowTitle(tr("Push messages"))
        self.setModal(False)
        self.setMinimumWidth(560)
        c = theme.colours()
        self._targets, self._send = targets, send
        self._round, self._left = 0, 0
        self.results: list[Label] = []
        self.test = button(tr("Send test"))
        self.test.clicked.connect(self.try_all)
        self.note = Label(NOTE, 11, theme.MEDIUM, c.faint)
        self.note.setWordWrap(True)
        self._rows = QWidget()
        whole, foot = QVBoxLayout(self), QHBoxLayout()
        whole.setContentsMargins(14, 12, 14, 12)
        whole.setSpacing(10)
        foot.addWidget(self.note, 1)
        foot.addWidget(self.test)
        whole.addWidget(self._rows)
        whole.addStretch(1)
        whole.addLayout(foot)
        self._whole = whole
        self._answered.connect(self._hear)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if not self._left:
            self._list()

    def try_all(self) -> None:
        """Send a test to every target."""
        self._list()
        c = theme.colours()
        self._round += 1
        self._left = len(self.results)
        self.test.setEnabled(not self._left)
        for result in self.results:
            result.say(tr("sending…"), c.faint)
        this = self._round

        def heard(place: int, ok: bool, said: str) -> None:  # noqa: FBT001 -- as it is called
            with suppress(RuntimeError):  # nobody is there to hear it any more once the window is gone
                self._answered.emit(this, place, ok, said)

        if self._left:
            self._send(heard)

    def _list(self) -> None:
        """A row for each target of now."""
        c, grid = theme.colours(), QGridLayout()
        rows = QWidget()
        rows.setLayout(grid)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(14)
        grid.setColumnStretch(1, 1)
        names = list(self._targets())
        self.results = [Label(tr("not tried"), 12, theme.MEDIUM, c.faint) for _ in names]
        for place, (name, result) in enumerate(zip(names, self.results, strict=True)):
            result.setWordWrap(True)
            grid.addWidget(Label(name, 12, theme.STRONG, c.text), place, 0, Qt.AlignmentFlag.AlignTop)
            grid.addWidget(result, place, 1)
        if not names:
            nothing = Label(NONE, 12, theme.MEDIUM, c.soft)
            nothing.setWordWrap(True)
            grid.addWidget(nothing, 0, 0, 1, 2)
        self.test.setEnabled(bool(names))
        self._whole.replaceWidget(self._rows, rows)
        self._rows.hide()
        self._rows.deleteLater()
        self._rows = rows

    def _hear(self, which: int, place: int, ok: bool, said: str) -> None:  # noqa: FBT001 -- a signal's
        if which != self._round or place >= len(self.results):
            return
        c = theme.colours()
        mark = "✓" if ok else "✗"
        self.results[place].say(f"{mark} {said[:1].upper()}{said[1:]}", c.profit if ok else c.critical)
        self._left -= 1
        self.test.setEnabled(self._left == 0)
        if not self._left:
            self.note.say(trn("{count} target tried", "{count} targets tried", len(self.results)))


if __name__ == "__main__":
    alone(lambda parent: PushDialog(lambda: ["tgram://***"], lambda _: None, parent))
