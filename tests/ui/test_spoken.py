"""What a screen reader finds: a name in words for everything that can be used and for every painted figure."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from PySide6.QtGui import QAccessible, QAccessibleInterface
from PySide6.QtWidgets import QLabel, QWidget

from tests import frames
from tests.ui import walking
from tests.ui.conftest import Opener
from ui.focus_ring import Ring
from ui.spoken import spoken

WORD = re.compile(r"[^\W_]")
"""At least one letter or digit: a sign alone is no name."""


def every(interface: QAccessibleInterface) -> Iterator[QAccessibleInterface]:
    """The object and all that it holds, as a reader goes through them; cells are read from their table."""
    yield interface
    if interface.role() is not QAccessible.Role.Table:
        for place in range(interface.childCount()):
            child = interface.child(place)
            yield from every(child) if child.isValid() else ()


def painted(widget: QWidget) -> bool:
    """Whether it is a picture of its own: it paints itself and holds nothing."""
    own = any("paintEvent" in vars(kind) for kind in type(widget).__mro__ if kind.__module__.startswith("ui."))
    held = [one for one in widget.children() if isinstance(one, QWidget) and not isinstance(one, Ring)]
    return own and not held and not isinstance(widget, Ring)


def test_a_painted_figure_says_what_a_person_would(opened: Opener) -> None:
    monitor = opened(frames.calm()).monitor
    assert monitor.gauge.arc.accessibleName() == "Margin level 512.6 %, normal, Reduce at 120 %, Stop-out 50 %"


def nameless(window: QWidget) -> list[str]:
    """What is used or painted or said, and has no name in words."""
    found, root = [], QAccessible.queryAccessibleInterface(window)
    assert root is not None
    for one in every(root):
        widget = one.object()
        if not isinstance(widget, QWidget) or not widget.isVisible():
            continue
        said = one.text(QAccessible.Text.Name)
        used = one.state().focusable or widget in walking.interactive(window)
        label = isinstance(widget, QLabel) and bool(widget.text().strip())
        if (used or label or painted(widget)) and not WORD.search(said):
            around = widget.parentWidget()
            found.append(f"{type(widget).__name__} {said!r} in {type(around).__name__}")
    return found


@pytest.mark.parametrize("name", walking.PLACES)
def test_everything_has_a_name_in_words(name: str, opened: Opener) -> None:
    with walking.shown(name, opened) as window:
        assert nameless(window) == []


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("\u22121\u202f204.50", "minus 1204.50"),
        ("450.0\u202f%", "450.0 %"),
        ("▼ sell", "sell"),
        ("Margin level \u2014", "Margin level unknown"),
        ("now 143.3\u202f% \u00b7 limit 150\u202f%", "now 143.3 %, limit 150 %"),
        ("All\n&all", "All, all"),
    ],
)
def test_signs_are_said_as_words_or_left_out(written: str, said: str) -> None:
    assert spoken(written) == said
