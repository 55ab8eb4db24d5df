"""What stands on a widget, set only where it is another: each of Qt's setters posts an event, and a sheet is slow."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from ui import text, theme


class Last:
    """What a part of the window was drawn from last, and in which look."""

    __slots__ = ("_facts",)

    def __init__(self) -> None:
        self._facts: tuple[object, ...] = ()

    def differs(self, *facts: object) -> bool:
        """Whether these facts, or the look, are others than at the last call: then there is something to draw."""
        now = (theme.colours(), *facts)
        if now == self._facts:
            return False
        self._facts = now
        return True


def set_tip(widget: QWidget, words: str) -> None:
    """Have a tooltip say `words`, literally."""
    tip = text.plain_tip(words)
    if widget.toolTip() != tip:
        widget.setToolTip(tip)


def set_sheet(widget: QWidget, sheet: str) -> None:
    """Give a widget its own style sheet."""
    if widget.styleSheet() != sheet:
        widget.setStyleSheet(sheet)


def set_look(which: QWidget, name: str, value: str) -> None:
    """Change a style sheet property and have the sheet applied again."""
    if which.property(name) != value:
        which.setProperty(name, value)
        which.style().unpolish(which)
        which.style().polish(which)
