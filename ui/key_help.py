"""The list of keys, as a small window beside the other: what `ui/keys.py` binds, and nothing else."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QGridLayout, QWidget

from ui import theme
from ui.alone import alone
from ui.keys import Key
from ui.panels.card import Label
from ui.words import tr


class KeyHelp(QDialog):
    """Not modal, so that the stop stays within reach of the mouse too; Esc closes it."""

    def __init__(self, keys: Sequence[Key], parent: QWidget | None) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Keys"))
        self.setModal(False)
        c, grid = theme.colours(), QGridLayout(self)
        grid.setContentsMargins(18, 14, 18, 14)
        grid.setHorizontalSpacing(18)
        grid.setVerticalSpacing(6)
        self.rows = [(Label(one.shown, 12, theme.STRONG, c.text), Label(one.words, 12)) for one in keys]
        for place, (shown, words) in enumerate(self.rows):
            grid.addWidget(shown, place, 0, Qt.AlignmentFlag.AlignTop)
            grid.addWidget(words, place, 1)
        self.setFixedSize(self.sizeHint())

    def come_forward(self) -> None:
        """In front of the others, with the focus: or its Esc would be the window's."""
        self.show()
        self.raise_()
        self.activateWindow()


if __name__ == "__main__":
    alone(lambda parent: KeyHelp((Key(keys=("L",), words="follow the newest reading"),), parent))
