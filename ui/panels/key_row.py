"""A row of the settings: a key, its value as the file writes it, what it means, and what is wrong with it."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from monitors.drafts import Field
from ui import theme
from ui.alone import alone
from ui.panels.card import Label
from ui.panels.fields import HIGH
from ui.shown import set_look
from ui.words import tr

KEY_PX = 150


class KeyRow(QWidget):
    """`typed` carries path and text with every key press."""

    typed = Signal(str, str)

    def __init__(self) -> None:
        super().__init__()
        c = theme.colours()
        self.path = ""
        self.key, self.value = Label("", 12, theme.STRONG, c.text), QLineEdit()
        self.key.setFixedWidth(KEY_PX)
        self.value.setFont(theme.font(12))
        self.value.setFixedHeight(HIGH)
        self.help, self.fault = Label("", 11, theme.MEDIUM, c.faint), Label("", 11, theme.STRONG, c.critical)
        for label in (self.help, self.fault):
            label.setWordWrap(True)
        self.value.textEdited.connect(lambda words: self.typed.emit(self.path, words))
        upper, under, stack = QHBoxLayout(), QVBoxLayout(), QVBoxLayout(self)
        stack.setContentsMargins(0, 0, 0, 0)
        stack.setSpacing(2)
        upper.addWidget(self.key)
        upper.addWidget(self.value, 1)
        under.setContentsMargins(KEY_PX + 6, 0, 0, 0)
        under.setSpacing(1)
        under.addWidget(self.fault)
        under.addWidget(self.help)
        stack.addLayout(upper)
        stack.addLayout(under)

    def show_field(self, field: Field, fault: str, typed: str | None = None) -> None:
        """What a person is typing stays as it is typed: `typed` where the file has no such value."""
        words, other = field.text if typed is None else typed, field.path != self.path
        self.path = field.path
        self.key.say(field.key)
        self.value.setAccessibleName(field.path)
        self.value.setPlaceholderText(tr("left out: the default"))
        if (other or not self.value.hasFocus()) and self.value.text() != words:
            self.value.setText(words)
            self.value.setCursorPosition(0)
        self.help.say(field.help)
        self.help.setVisible(bool(field.help))
        self.say_fault(fault)

    def say_fault(self, fault: str) -> None:
        """What is wrong with it; nothing where all is well."""
        self.fault.say(fault)
        self.fault.setVisible(bool(fault))
        set_look(self.value, "fault", "true" if fault else "false")


if __name__ == "__main__":
    shown = Field(path="rule[0].levels[0].at", key="at", text="120.0", help="The threshold, in the metric's unit.")
    alone(KeyRow, lambda widget: widget.show_field(shown, "should lie below 100"))
