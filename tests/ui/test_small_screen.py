"""Small screens and several of them: the window fits, its pages scroll, and the stop stays in sight."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from monitors.ports import EmergencyStop
from tests import frames
from tests.ui.conftest import Mailbox, Opener
from tests.ui.test_room import clipped
from ui.kept import Kept, within
from ui.main_window import LEAST
from ui.pages.menu import PAGES

ONE = [QRect(0, 32, 1_366, 736)]
TWO = [QRect(0, 32, 1_920, 1_048), QRect(1_920, 32, 1_280, 992)]
LEFT_OF_FIRST = [QRect(0, 32, 1_920, 1_048), QRect(-1_366, 32, 1_366, 736)]


@pytest.mark.parametrize(
    ("place", "rooms", "found"),
    [
        (QRect(100, 50, 1_200, 700), ONE, QRect(100, 50, 1_200, 700)),
        (QRect(0, 0, 1_280, 800), ONE, QRect(0, 32, 1_280, 736)),
        (QRect(9_000, 9_000, 1_200, 700), TWO, QRect(720, 380, 1_200, 700)),
        (QRect(2_300, 100, 1_200, 700), TWO, QRect(2_000, 100, 1_200, 700)),
        (QRect(-1_500, 100, 1_200, 700), LEFT_OF_FIRST, QRect(-1_366, 68, 1_200, 700)),
        (QRect(1_800, 100, 1_200, 700), TWO[:1], QRect(720, 100, 1_200, 700)),
    ],
    ids=["it fits", "too high", "nowhere", "over an edge", "left of the first screen", "its screen is gone"],
)
def test_a_window_is_put_inside_the_screen_that_shows_most_of_it(
    place: QRect, rooms: list[QRect], found: QRect
) -> None:
    assert within(place, rooms) == found
    assert any(room.contains(found) for room in rooms)


def test_a_new_window_is_no_larger_than_its_screen(opened: Opener, tmp_path: Path) -> None:
    window = opened(frames.warning(), 3_000, 3_000)
    Kept(tmp_path / "window.ini").place(window)
    assert window.screen().availableGeometry().contains(window.geometry())


@pytest.mark.parametrize("page", PAGES)
def test_on_a_screen_of_1366_by_768_at_150_percent_pages_scroll_and_the_stop_stays(
    page: str, opened: Opener, mailbox: Mailbox
) -> None:
    window = opened(frames.analysed_frame(), 910, 480)
    window.show_page(page)
    QApplication.processEvents()
    assert (window.width(), window.height()) == (910, 480)
    assert window.stack.horizontalScrollBar().maximum() > 0
    assert clipped(window.stack) == []
    assert clipped(window.header) == []
    stop = window.header.stop
    assert stop.isVisible()
    assert window.rect().contains(QRect(stop.mapTo(window, QPoint(0, 0)), stop.size()))
    QTest.mousePress(stop, Qt.MouseButton.LeftButton)
    assert mailbox.sent == [EmergencyStop(account="Funded 100k")]


def test_a_window_that_is_large_enough_scrolls_nothing_and_has_one_stop(opened: Opener) -> None:
    window = opened(frames.latched(), *LEAST)
    QApplication.processEvents()
    assert window.stack.horizontalScrollBar().maximum() == window.stack.verticalScrollBar().maximum() == 0
    assert not window.header.stop.isVisible()
