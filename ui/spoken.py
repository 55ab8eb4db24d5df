"""What a screen reader says of a part of the window: the sentence that a person would say, without signs."""

from __future__ import annotations

import re

from PySide6.QtWidgets import QWidget

from ui import text
from ui.words import tr

_SIGNS = re.compile("[▲▼●○■◆│✓▾⚠→←↓↑]")
_THIN_IN_NUMBER = re.compile(rf"(?<=\d){text.THIN}(?=\d)")


def spoken(words: str) -> str:
    """A true minus as `minus`, a figure without its thin spaces; shapes, which a voice cannot say, are left out."""
    plain = _THIN_IN_NUMBER.sub("", words).replace(text.THIN, " ").replace(text.DOT, ", ")
    plain = _SIGNS.sub("", plain.replace(text.MINUS, tr("minus") + " ").replace("&", ""))
    plain = ", ".join(line.strip() for line in plain.splitlines() if line.strip())
    return " ".join(tr("unknown") if word == text.DASH else word for word in plain.split())


def name(widget: QWidget, words: str) -> None:
    """Have `words` said of the widget, nothing where there are none; signs alone leave it the name it has."""
    said = spoken(words)
    if (said or not words) and widget.accessibleName() != said:
        widget.setAccessibleName(said)
