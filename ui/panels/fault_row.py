"""What is wrong with a rule: a red edge, what would be right, what was found, and the click that mends it."""

from __future__ import annotations

import re

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout

from monitors.drafts import Repair, Trouble
from ui import choice_words, theme
from ui.alone import alone
from ui.panels.card import Label, button
from ui.words import tr


class FaultRow(QFrame):
    """`repaired` carries the path and the TOML that mends it."""

    repaired = Signal(str, str)

    def __init__(self) -> None:
        super().__init__()
        c = theme.colours()
        self.setObjectName("fault")
        self.setStyleSheet(f"#fault {{ background: {c.raised}; border: none; border-left: 3px solid {c.critical}; }}")
        self.sentence, self.place = Label("", 12, theme.STRONG, c.text), Label("", 11, theme.MEDIUM, c.soft)
        self.mend = button("")
        self.mend.clicked.connect(self._mend)
        self._repair: Repair | None = None
        for label in (self.sentence, self.place):
            label.setWordWrap(True)
        words, line = QVBoxLayout(), QHBoxLayout(self)
        line.setContentsMargins(9, 6, 8, 6)
        line.setSpacing(10)
        words.setSpacing(1)
        words.addWidget(self.sentence)
        words.addWidget(self.place)
        line.addLayout(words, 1)
        line.addWidget(self.mend)

    def show_trouble(self, path: str, trouble: Trouble) -> None:
        self._repair = trouble.repair
        self.sentence.say(f"{choice_words.opened(trouble.remedy)}.")
        self.place.say(tr("{path} \u00b7 found {found}", path=path, found=trouble.found) if trouble.found else path)
        self.mend.setVisible(trouble.repair is not None)
        if trouble.repair is not None:
            self.mend.setText(_offer(path, trouble.repair))

    def _mend(self) -> None:
        if self._repair is not None:
            self.repaired.emit(self._repair.path, self._repair.text)


def _offer(path: str, repair: Repair) -> str:
    """`Use 90.0`, `Level 2: use 3.0` where another one is to change, `Remove it`."""
    if not repair.text:
        return tr("Remove it")
    value = repair.text.strip('"')
    place = re.search(r"levels\[(\d+)\]", repair.path)
    if repair.path == path or place is None:
        return tr("Use {value}", value=value)
    return tr("Level {level}: use {value}", level=int(place[1]) + 1, value=value)


if __name__ == "__main__":
    alone(
        FaultRow,
        lambda widget: widget.show_trouble("rule[0].levels[0].at", Trouble(found="90.0", remedy="should lie below 80")),
    )
