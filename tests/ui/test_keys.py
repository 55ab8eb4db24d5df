"""Each key does what the list of keys says, and the list says all of them."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QShortcut
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from monitors.ports import Acknowledge, EmergencyStop, Reset
from tests import frames
from tests.ui.conftest import Mailbox, Opener
from tests.ui.test_stall import Stalling
from ui import keys
from ui.key_help import KeyHelp
from ui.main_window import MainWindow
from ui.panels.stop_buttons import HOLD_MS

CTRL = Qt.KeyboardModifier.ControlModifier


def active(window: MainWindow) -> MainWindow:
    window.activateWindow()
    QApplication.processEvents()
    return window


@pytest.mark.parametrize("key", [Qt.Key.Key_F1, Qt.Key.Key_Question])
def test_the_list_says_what_is_bound_and_escape_closes_it(key: Qt.Key, opened: Opener) -> None:
    window = active(opened(frames.warning()))
    QTest.keyClick(window, key)
    help_ = window.findChild(KeyHelp)
    assert help_ is not None
    assert help_.isVisible()
    assert [(shown.text(), words.text()) for shown, words in help_.rows] == [(k.shown, k.words) for k in keys.KEYS]
    QApplication.processEvents()
    assert help_.isActiveWindow()
    QTest.keyClick(help_, Qt.Key.Key_Escape)
    assert not help_.isVisible()


def test_every_shortcut_of_the_window_stands_in_the_list(opened: Opener) -> None:
    window = opened(frames.warning())
    bound = {one.key().toString() for one in window.findChildren(QShortcut)}
    assert bound
    assert bound <= {name for one in keys.KEYS for name in one.keys}


def test_the_menu_of_pages_leads_to_the_list(opened: Opener) -> None:
    window = opened(frames.warning())
    next(one for one in window.header.pages.list.actions() if one.text().startswith("Keys")).trigger()
    assert [one.isVisible() for one in window.findChildren(KeyHelp)] == [True]


def test_enter_on_the_stop_strikes_once_and_space_acknowledges(opened: Opener, mailbox: Mailbox) -> None:
    window = active(opened(frames.warning()))
    stop = window.monitor.stop.button
    stop.setFocus()
    QTest.keyClick(stop, Qt.Key.Key_Space)
    assert mailbox.sent == [Acknowledge(2)]
    QTest.keyPress(stop, Qt.Key.Key_Return)
    assert mailbox.sent[1:] == [EmergencyStop(account="Funded 100k")]
    QTest.keyRelease(stop, Qt.Key.Key_Return)
    assert len(mailbox.sent) == 2


def test_enter_on_a_grey_stop_does_nothing(opened: Opener, mailbox: Mailbox) -> None:
    window = active(opened(frames.blind()))
    window.monitor.stop.button.setFocus()
    QTest.keyClick(window.monitor.stop.button, Qt.Key.Key_Return)
    assert mailbox.sent == []


def test_space_held_for_two_seconds_resets(qtbot: QtBot, opened: Opener, mailbox: Mailbox) -> None:
    hold = active(opened(frames.latched())).stop.hold
    hold.setFocus()
    with qtbot.waitSignal(hold.held, timeout=2 * HOLD_MS):
        QTest.keyPress(hold, Qt.Key.Key_Space)
    QTest.keyRelease(hold, Qt.Key.Key_Space)
    assert mailbox.sent == [Reset(account="Funded 100k")]


def test_enter_takes_a_notice_away(opened: Opener) -> None:
    window = active(opened(frames.warning()))
    window.notice.say("NOT DONE", "Shelving alert 2: no")
    window.notice.setFocus()
    QTest.keyClick(window.notice, Qt.Key.Key_Return)
    assert not window.notice.isVisible()


def test_the_key_for_silence_answers_the_alarm_of_a_stuck_worker(mailbox: Mailbox, qapp: QApplication) -> None:
    stalling = Stalling(mailbox, frames.warning())
    stalling.wait(3)
    QTest.keyClick(active(stalling.window), Qt.Key.Key_M, CTRL)
    stalling.wait(1)
    assert stalling.window.stalled.answered
    stalling.close()


def test_the_arrows_move_the_charts_and_live_follows_again(opened: Opener) -> None:
    window = active(opened(frames.warning()))
    charts = window.monitor.charts
    charts.canvas.setFocus()
    before = charts._range[0]
    QTest.keyClick(charts.canvas, Qt.Key.Key_Left)
    assert charts._range[0] < before
    assert not charts.live
    QTest.keyClick(charts.canvas, Qt.Key.Key_L)
    assert charts.live


def test_the_arrows_go_through_the_alerts_and_enter_opens_one(opened: Opener) -> None:
    window = active(opened(frames.warning()))
    first, second = window.monitor.alerts.rows[:2]
    first.setFocus()
    QTest.keyClick(first, Qt.Key.Key_Down)
    assert second.hasFocus()
    QTest.keyClick(second, Qt.Key.Key_Up)
    assert first.hasFocus()
    QTest.keyClick(first, Qt.Key.Key_Return)
    assert window.monitor.opened == first.number
    QTest.keyClick(first, Qt.Key.Key_Escape)
    assert window.monitor.opened == 0


def test_full_screen_and_back(opened: Opener) -> None:
    window = active(opened(frames.warning()))
    QTest.keyClick(window, Qt.Key.Key_F11)
    assert window.isFullScreen()
    QTest.keyClick(window, Qt.Key.Key_F11)
    assert not window.isFullScreen()


def test_the_keys_for_quitting_ask_while_armed(opened: Opener) -> None:
    window = active(opened(frames.warning()))
    QTest.keyClick(window, Qt.Key.Key_Q, CTRL)
    assert window.isVisible()
    assert any(type(one).__name__ == "QMessageBox" for one in window.children())
