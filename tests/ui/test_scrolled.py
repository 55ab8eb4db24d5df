"""What scrolls upright wants the same least width however wide it is.

Where that width followed a text that is cut to it, Qt would go on making the one as wide as the other wants, for ever.
"""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QScrollArea

from tests.ui import walking
from tests.ui.conftest import Opener
from ui.panels.card import Elided

NARROW, BROAD, HIGH = 200, 3_000, 400
LONG = "A name that no place is wide enough for " * 3


def least(area: QScrollArea) -> list[int]:
    """The least widths of what is inside, once it was narrow and once it was broad."""
    inside, found = area.takeWidget(), list[int]()
    assert inside is not None
    for label in inside.findChildren(Elided):
        label.say(LONG)
    for wide in (NARROW, BROAD):
        inside.resize(wide, HIGH)
        inside.show()
        QApplication.processEvents()
        found.append(inside.minimumSizeHint().width())
    inside.deleteLater()
    return found


@pytest.mark.parametrize("name", walking.PLACES)
def test_what_scrolls_upright_wants_no_width_of_its_own(name: str, opened: Opener) -> None:
    with walking.shown(name, opened) as window:
        upright = [
            area
            for area in window.findChildren(QScrollArea)
            if area.horizontalScrollBarPolicy() is Qt.ScrollBarPolicy.ScrollBarAlwaysOff
            and area.verticalScrollBarPolicy() is not Qt.ScrollBarPolicy.ScrollBarAlwaysOff
            and area.isVisible()
        ]
        wants = {area.accessibleName(): least(area) for area in upright}
    assert {name: widths for name, widths in wants.items() if widths[0] != widths[1]} == {}
