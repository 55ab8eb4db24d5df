"""A question about one position: what it is, what it would be, why not, and the one button that asks for it."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

from monitors.by_hand import GONE
from monitors.model import Position
from monitors.ports import AccountFrame, Command
from ui import text, theme
from ui.panels.account import is_past
from ui.panels.card import Label, Row, button
from ui.panels.panel import why_nothing
from ui.words import tr

WIDE = 440
ARROW = " → "


class Asking(QDialog):
    """Beside the window, never over the stop: it is not modal. Drawn with every frame, so that figures are of now."""

    def __init__(
        self, parent: QWidget | None, send: Callable[[Command], None], position: int, names: Mapping[str, str]
    ) -> None:
        super().__init__(parent)
        self.setWindowModality(Qt.WindowModality.NonModal)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setMinimumWidth(WIDE)
        c, self._send, self.position = theme.colours(), send, position
        self.view: AccountFrame | None = None
        self._wanted: Command | None = None
        self.title, self.why = Label("", 13, theme.STRONG, c.text), Label("", 12, theme.MEDIUM, c.critical)
        self.why.setWordWrap(True)
        self.fields = QVBoxLayout()
        self.rows = {name: Row(words) for name, words in names.items()}
        self.go, self.leave = button("", "primary", px=12), button(tr("Cancel"), px=12)
        for one in (self.go, self.leave):
            one.setAutoDefault(False)  # no Enter that was meant for something else asks
        self.go.clicked.connect(self._asked)
        self.leave.clicked.connect(self.close)
        whole, foot = QVBoxLayout(self), QHBoxLayout()
        whole.setContentsMargins(14, 12, 14, 12)
        whole.setSpacing(8)
        whole.addWidget(self.title)
        whole.addLayout(self.fields)
        for row in self.rows.values():
            whole.addWidget(row)
        whole.addWidget(self.why)
        whole.addStretch(1)
        foot.addStretch(1)
        foot.addWidget(self.leave)
        foot.addWidget(self.go)
        whole.addLayout(foot)

    def show_account(self, view: AccountFrame) -> None:
        """The account as it is now; where the position is gone or cannot be seen nothing can be asked."""
        first, self.view = self.view is None, view
        held = self.held
        if held is None or view.reading is None or is_past(view):
            gone = GONE if held is None else tr("the account is not seen now")
            self.refuse(why_nothing(view) or gone)
            return
        lots = text.lots(held.lots, view.volume_digits.get(held.symbol))
        self.title.say(f"{held.symbol}  {text.side(held.side)} {lots}  #{held.identifier}")
        if first:
            self.begin(view, held)
        self.again()

    @property
    def held(self) -> Position | None:
        """The position as it is now."""
        seen = self.view.reading.snapshot.positions if self.view and self.view.reading else ()
        return next((p for p in seen if p.identifier == self.position), None)

    def begin(self, view: AccountFrame, held: Position) -> None:
        """The fields as the question begins."""
        raise NotImplementedError

    def again(self) -> None:
        """What would follow, from the fields as they are."""
        raise NotImplementedError

    def refuse(self, why: str) -> None:
        """It cannot be, and why."""
        self._wanted = None
        self.why.say(f"{why[:1].upper()}{why[1:]}")
        self.go.setText(self.windowTitle())
        self.go.setEnabled(False)
        for row in self.rows.values():
            row.say(text.DASH, theme.colours().faint)

    def offer(self, words: str, changes: dict[str, str], wanted: Command) -> None:
        """It can be: the button's words, the rows, and what the button asks for."""
        self._wanted = wanted
        self.why.say("")
        self.go.setText(words)
        self.go.setEnabled(True)
        for name, row in self.rows.items():
            row.say(changes.get(name, text.DASH), theme.colours().text)

    def _asked(self) -> None:
        if self._wanted is not None:
            self._send(self._wanted)
            self.close()
