"""Fields of a rule under their captions: typed, or chosen where there are few; each tells its path and its words."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit, QSizePolicy, QVBoxLayout, QWidget

from monitors.drafts import Field
from ui import choice_words, theme
from ui.alone import alone
from ui.panels.card import Elided
from ui.panels.fields import HIGH, Choice
from ui.shown import set_sheet, set_tip
from ui.words import tr

PICKED = ("metric", "when", "severity", "action", "order", "scope")
NEEDED = ("metric", "when", "severity", "action")
"""Keys that no rule and no level is without."""


class Entry(QWidget):
    """`typed` carries path and words as a person gives them, with every key press or choice."""

    typed = Signal(str, str)

    def __init__(self, key: str, *, wide: int = 0, bare: bool = False) -> None:
        """`bare`: without a caption, as in a row whose places say what they are."""
        super().__init__()
        self.key, self.path = key, ""
        self.caption = Elided(choice_words.caption(key), 11, theme.MEDIUM, theme.colours().soft)
        self.input: QLineEdit | Choice
        if key in PICKED:
            self.input = Choice(key, 40)
            self.input.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
            self.input.activated.connect(self._chosen)
        else:
            self.input = QLineEdit()
            self.input.setFont(theme.font(12))
            self.input.setFixedHeight(HIGH)
            self.input.setMinimumWidth(30)
            self.input.textEdited.connect(lambda words: self.typed.emit(self.path, words))
        if wide:
            self.setFixedWidth(wide)
        stack = QVBoxLayout(self)
        stack.setContentsMargins(0, 0, 0, 0)
        stack.setSpacing(2)
        if bare:
            self.caption.setParent(self)
            self.caption.hide()
        else:
            stack.addWidget(self.caption)
        stack.addWidget(self.input)

    def show_field(self, field: Field, *, faulty: bool, typed: str | None = None) -> None:
        """What a person is typing stays as it is typed: `typed` where the file has no such value."""
        words, other = field.plain if typed is None else typed, field.path != self.path
        self.path = field.path
        self.input.setAccessibleName(field.path)
        set_tip(self.input, field.help)
        set_sheet(self.input, f"border: 1px solid {theme.colours().critical}" if faulty else "")
        if isinstance(self.input, Choice):
            known = field.choices if self.key in NEEDED else ("", *field.choices)
            items = [*known, *([words] if words not in known else [])]
            self.input.offer([(choice_words.choice(self.key, one), one) for one in items])
            self.input.put(words)
            return
        self.input.setPlaceholderText(tr("default") if self.key not in ("name", "at", "why", "do") else "")
        if self.key in ("accounts", "symbols"):
            self.input.setPlaceholderText(tr("all"))
        if (other or not self.input.hasFocus()) and self.input.text() != words:
            self.input.setText(words)
            self.input.setCursorPosition(0)

    def _chosen(self, _place: int) -> None:
        if isinstance(self.input, Choice):
            self.typed.emit(self.path, str(self.input.value or ""))


if __name__ == "__main__":
    alone(lambda: Entry("at"), lambda widget, section: widget.show_field(section.fields[3], faulty=False))
