"""Parts of a pane that tells: a figure over its name, and lines of a mark, a text that wraps and a word beside it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from ui import theme
from ui.alone import alone
from ui.panels.card import Elided, Label


class Reading(QWidget):
    """A figure over its name."""

    def __init__(self) -> None:
        super().__init__()
        c, stack = theme.colours(), QVBoxLayout(self)
        stack.setContentsMargins(0, 0, 0, 0)
        stack.setSpacing(0)
        self.figure, self.name = Elided("", 16, theme.STRONG, c.text), Elided("", 11, theme.MEDIUM, c.soft)
        stack.addWidget(self.figure)
        stack.addWidget(self.name)

    def say(self, figure: str, name: str, colour: str) -> None:
        self.figure.say(figure, colour)
        self.name.say(name)


class Lines(QWidget):
    """Lines of a mark at the left, a text that wraps, and a word at the right; kept and filled again."""

    def __init__(self, mark_px: int) -> None:
        super().__init__()
        self._mark_px = mark_px
        self._rows: list[tuple[QWidget, Label, Label, Label]] = []
        self._stack = QVBoxLayout(self)
        self._stack.setContentsMargins(0, 0, 0, 0)
        self._stack.setSpacing(2)

    def say(self, rows: Sequence[tuple[str, str, str, str]]) -> None:
        """Mark, text, word at the right, colour of the text."""
        while len(self._rows) < len(rows):
            self._rows.append(self._made())
        for shown, (row, *_) in enumerate(self._rows):
            row.setVisible(shown < len(rows))
        for (_, mark, words, note), said in zip(self._rows, rows, strict=False):
            mark.say(said[0])
            words.say(said[1], said[3])
            note.say(said[2])

    @property
    def texts(self) -> list[str]:
        """What stands there."""
        return [words.text() for row, _, words, _ in self._rows if not row.isHidden()]

    def _made(self) -> tuple[QWidget, Label, Label, Label]:
        c, row = theme.colours(), QWidget()
        line = QHBoxLayout(row)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(8)
        mark, words, note = (Label("", 11, theme.MEDIUM, colour) for colour in (c.faint, c.soft, c.faint))
        mark.setFixedWidth(self._mark_px)
        words.setWordWrap(True)
        for part, stretch in ((mark, 0), (words, 1), (note, 0)):
            line.addWidget(part, stretch, Qt.AlignmentFlag.AlignTop)
        self._stack.addWidget(row)
        return row, mark, words, note


if __name__ == "__main__":
    alone(lambda: Lines(22), lambda widget: widget.say([("1", "Close part of XAUUSD", "now", theme.colours().soft)]))
