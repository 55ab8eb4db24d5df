"""The compact strip: what it says of one account, its stop, and the way back to the window."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from monitors.ports import EmergencyStop, Frame
from tests import frames
from tests.ui.conftest import Mailbox, Opener
from tests.ui.test_room import clipped
from ui.compact import CompactStrip
from ui.main_window import MainWindow


@pytest.fixture
def window(opened: Opener) -> Iterator[MainWindow]:
    made = opened(frames.warning())
    QTest.keyClick(made, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)
    made.watch()
    yield made
    made.compact.close()


def strip(window: MainWindow) -> CompactStrip:
    assert window.compact.strip is not None
    return window.compact.strip


def show(window: MainWindow, mailbox: Mailbox, frame: Frame) -> CompactStrip:
    mailbox.frame = replace(frame, number=9)
    window.watch()
    QApplication.processEvents()
    return strip(window)


def test_the_keys_put_it_in_the_windows_place_and_on_top(window: MainWindow) -> None:
    assert not window.isVisible()
    assert strip(window).isVisible()
    assert strip(window).windowFlags() & Qt.WindowType.WindowStaysOnTopHint
    assert (strip(window).width(), strip(window).height()) == (320, 96)


def test_it_says_margin_level_room_and_how_many_alerts_wait(window: MainWindow) -> None:
    shown = strip(window)
    assert shown.level.text() == "143.3\u202f%"
    assert shown.count.text().strip() == "3"
    assert shown.name.full == "Funded 100k"
    assert shown.limit.full == "Room to Margin level"


def test_a_press_on_its_stop_stops_what_the_plate_covers(window: MainWindow, mailbox: Mailbox) -> None:
    QTest.mousePress(strip(window).stop, Qt.MouseButton.LeftButton)
    assert mailbox.sent == [EmergencyStop(account="Funded 100k")]


def test_the_stop_follows_what_is_though_the_window_is_hidden(window: MainWindow, mailbox: Mailbox) -> None:
    shown = show(window, mailbox, frames.blind())
    QTest.mousePress(shown.stop, Qt.MouseButton.LeftButton)
    assert mailbox.sent == []
    assert shown.stop.covers == "use MT5"
    assert shown.room.text() == "unknown"
    shown = show(window, mailbox, frames.warning())
    QTest.mousePress(shown.stop, Qt.MouseButton.LeftButton)
    assert len(mailbox.sent) == 1


def test_enter_strikes_only_once_tab_has_reached_its_stop(window: MainWindow, mailbox: Mailbox) -> None:
    strip(window).activateWindow()
    QApplication.processEvents()
    for sent in (0, 1):
        focus = QApplication.focusWidget()
        assert focus is (strip(window).stop if sent else strip(window))
        QTest.keyClick(focus, Qt.Key.Key_Return)
        assert len(mailbox.sent) == sent
        QTest.keyClick(focus, Qt.Key.Key_Tab)


def test_the_stop_key_acts_on_what_is_while_the_window_is_hidden(window: MainWindow, mailbox: Mailbox) -> None:
    show(window, mailbox, frames.blind())
    keys = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
    QTest.keyClick(strip(window), Qt.Key.Key_X, keys)
    assert mailbox.sent == []
    show(window, mailbox, frames.warning())
    QTest.keyClick(strip(window), Qt.Key.Key_X, keys)
    assert mailbox.sent == [EmergencyStop(account="Funded 100k")]


def test_latched_and_flat_says_so_and_offers_no_reset(window: MainWindow, mailbox: Mailbox) -> None:
    shown = show(window, mailbox, frames.latched(flat=True))
    assert shown.stop.covers == "LATCHED"
    assert "HALTED" in shown.state.text()


@pytest.mark.parametrize("way", ["double click", "keys", "escape"])
def test_the_window_comes_back(window: MainWindow, way: str) -> None:
    if way == "double click":
        QTest.mouseDClick(strip(window), Qt.MouseButton.LeftButton)
    elif way == "keys":
        keys = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
        QTest.keyClick(strip(window), Qt.Key.Key_C, keys)
    else:
        QTest.keyClick(strip(window), Qt.Key.Key_Escape)
    assert window.isVisible()
    assert not strip(window).isVisible()


@pytest.mark.parametrize("frame", [frames.warning(), frames.calm(), frames.blind(), frames.latched(flat=True)])
def test_nothing_on_it_is_cut(window: MainWindow, mailbox: Mailbox, frame: Frame) -> None:
    assert clipped(show(window, mailbox, frame)) == []


def test_closed_by_the_desktop_it_is_not_the_end_of_the_program(window: MainWindow) -> None:
    strip(window).close()
    assert window.isVisible()
    assert not strip(window).testAttribute(Qt.WidgetAttribute.WA_QuitOnClose)


def test_it_does_not_stay_behind_where_the_window_comes_forward_another_way(window: MainWindow) -> None:
    window.come_forward()
    assert not strip(window).isVisible()


def test_without_accounts_it_shows_no_figure_of_before(window: MainWindow, mailbox: Mailbox) -> None:
    shown = show(window, mailbox, frames.empty())
    assert not shown.stop.live
    assert shown.level.text() != "143.3\u202f%"
