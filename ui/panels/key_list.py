"""A table of the config that is no rule: every key with its value as the file writes it and what it means."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from monitors.drafts import Section, Trouble
from ui.alone import alone
from ui.panels.key_row import KeyRow


class KeyList(QWidget):
    """`typed` carries path and TOML with every key press."""

    typed = Signal(str, str)

    def __init__(self) -> None:
        super().__init__()
        self.rows: list[KeyRow] = []
        self._stack = QVBoxLayout(self)
        self._stack.setContentsMargins(0, 0, 6, 0)
        self._stack.setSpacing(10)
        self._stack.addStretch(1)

    def show_section(self, section: Section, faults: Mapping[str, Trouble],
                     astray: Mapping[str, tuple[str, str]]) -> None:  # fmt: skip
        while len(self.rows) < len(section.fields):
            self.rows.append(KeyRow())
            self.rows[-1].typed.connect(self.typed)
            self._stack.insertWidget(len(self.rows) - 1, self.rows[-1])
        for row in self.rows[len(section.fields) :]:
            row.hide()
        for row, field in zip(self.rows, section.fields, strict=False):
            fault = str(faults[field.path]) if field.path in faults else ""
            row.show_field(field, fault, astray.get(field.path, (None, ""))[0])
            row.show()


if __name__ == "__main__":
    alone(KeyList, lambda widget, section: widget.show_section(section, {}, {}))
