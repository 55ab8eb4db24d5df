"""Without a mouse: every part of every page and dialog is reached by Tab, in the eye's order, and wears a ring."""

from __future__ import annotations

from itertools import pairwise

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QAbstractButton, QApplication, QWidget

from tests.ui import walking
from tests.ui.conftest import Opener
from tests.ui.test_look import LOOKS, contrast
from ui import theme
from ui.panels.alert_row import AlertRow

ARROWS = Qt.Key.Key_Right, Qt.Key.Key_Left


def reached(window: QWidget) -> tuple[list[QWidget], list[str]]:
    """What the keys reach, and what of that looks no other with the focus than without."""
    found, unseen = list[QWidget](), list[str]()
    for stop in walking.walk(window):
        found += [stop, *_group(stop)]
        stop.setFocus()
        QApplication.processEvents()
        if not in_sight(stop):
            unseen.append(f"{stop} is out of sight")
        with_focus = picture(stop)
        stop.clearFocus()
        QApplication.processEvents()
        if with_focus == picture(stop):
            unseen.append(f"{stop}")
        stop.setFocus()
    return found, unseen


def in_sight(widget: QWidget) -> bool:
    """Whether nothing around it cuts all of it off."""
    box, part, above = widget.rect(), widget, widget.parentWidget()
    while above is not None and not part.isWindow():
        box = box.translated(part.pos()).intersected(above.rect())
        part, above = above, above.parentWidget()
    return not box.isEmpty()


def picture(widget: QWidget) -> QImage:
    return widget.grab().toImage()


def _group(stop: QWidget) -> list[QWidget]:
    """Of an exclusive group only the chosen one is a stop; the arrows go through the others."""
    group = stop.group() if isinstance(stop, QAbstractButton) else None
    return [one for one in group.buttons() if one.isVisible()] if group else []


def by_another_key(widget: QWidget) -> bool:
    """A row's own button is pressed by Space on the row."""
    return isinstance(widget.parentWidget(), AlertRow)


@pytest.mark.parametrize("name", walking.PLACES)
def test_everything_is_reached_by_keys_and_looks_as_if_it_were(name: str, opened: Opener) -> None:
    with walking.shown(name, opened) as window:
        wanted = [one for one in walking.interactive(window) if not by_another_key(one)]
        found, unseen = reached(window)
        assert [f"{one} {one.accessibleName()}" for one in wanted if one not in found] == []
        assert unseen == []


@pytest.mark.parametrize("name", [name for name in walking.PLACES if name.endswith("analysed")])
def test_tab_goes_through_each_column_downwards_and_back_the_same_way(name: str, opened: Opener) -> None:
    with walking.shown(name, opened) as window:
        stops = list(walking.walk(window))
        for one, other in pairwise(stops):
            if one.parentWidget() is other.parentWidget() and one.parentWidget() is not None:
                first, second = place(one, window), place(other, window)
                assert first.y() < second.y() or first.x() < second.x(), f"{one} before {other}"
        window.setFocus()
        assert list(walking.walk(window, back=True)) == stops[::-1]


@pytest.mark.parametrize(("name", "preset"), LOOKS)
def test_the_ring_can_be_seen_in_every_look_on_cards_and_on_the_plate(name: str, preset: str, opened: Opener) -> None:
    c = theme.tokens(name, preset)
    theme.choose(c)
    assert contrast(c.curve, c.card) >= 3
    assert contrast(c.curve, c.window) >= 3
    assert max(contrast(c.curve, c.plate), contrast(c.window, c.plate)) >= 3
    with walking.shown("latched", opened) as window:
        assert reached(window)[1] == []


def place(widget: QWidget, window: QWidget) -> QPoint:
    return widget.mapTo(window, QPoint(0, 0))
