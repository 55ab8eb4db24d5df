"""The emergency stop: on press, once, from anywhere; the reset only by a long hold."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QFontMetrics
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDialog, QWidget
from pytestqt.qtbot import QtBot

from monitors.ports import EmergencyStop, HaltView, Link, Reset
from tests import frame_parts, frames
from tests.ui.conftest import Mailbox, Opener
from ui import theme
from ui.alert_history import AlertHistory
from ui.compact import SmallStop
from ui.key_help import KeyHelp
from ui.main_window import MainWindow
from ui.panels.fields import Number
from ui.panels.stop_buttons import HOLD_MS
from ui.tray import Tray

LEFT = Qt.MouseButton.LeftButton
STOP_KEYS = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier


def test_the_press_sends_one_stop_before_any_release(opened: Opener, mailbox: Mailbox) -> None:
    window = opened(frames.warning())
    QTest.mousePress(window.monitor.stop.button, LEFT)
    assert mailbox.sent == [EmergencyStop(account="Funded 100k")]
    QTest.mouseRelease(window.monitor.stop.button, LEFT)
    assert len(mailbox.sent) == 1


def test_a_double_click_is_one_stop(opened: Opener, mailbox: Mailbox) -> None:
    window = opened(frames.warning())
    QTest.mousePress(window.monitor.stop.button, LEFT)
    QTest.mouseRelease(window.monitor.stop.button, LEFT)
    QTest.mouseDClick(window.monitor.stop.button, LEFT)
    assert len(mailbox.sent) == 1


def test_the_switch_widens_the_stop_to_all_accounts(opened: Opener, mailbox: Mailbox) -> None:
    window = opened(frames.three_accounts())
    QTest.mouseClick(window.monitor.stop.all, LEFT)
    QTest.mousePress(window.monitor.stop.button, LEFT)
    assert mailbox.sent == [EmergencyStop(account=None)]


def test_the_stop_names_the_account_that_is_shown(opened: Opener, mailbox: Mailbox) -> None:
    window = opened(frames.three_accounts())
    window.select_account("Swing")
    QTest.mousePress(window.monitor.stop.button, LEFT)
    assert mailbox.sent == [EmergencyStop(account="Swing")]


def test_the_keys_stop_from_any_focus(opened: Opener, mailbox: Mailbox) -> None:
    window = opened(frames.warning())
    window.monitor.charts.follow.setFocus()
    QTest.keyClick(window.monitor.charts.follow, Qt.Key.Key_X, STOP_KEYS)
    assert mailbox.sent == [EmergencyStop(account="Funded 100k")]


def test_the_keys_stop_under_a_modal_dialog(qtbot: QtBot, opened: Opener, mailbox: Mailbox) -> None:
    window = opened(frames.warning())
    dialog = QDialog(window)
    dialog.setModal(True)
    inside = QWidget(dialog)
    dialog.show()
    QTest.keyClick(inside, Qt.Key.Key_X, STOP_KEYS)
    dialog.close()
    assert mailbox.sent == [EmergencyStop(account="Funded 100k")]


@pytest.mark.parametrize("where", ["a field", "another window", "a menu", "the list of keys"])
def test_the_keys_stop_from_wherever_the_focus_is(where: str, opened: Opener, mailbox: Mailbox) -> None:
    window = opened(frames.analysed_frame())
    target: QWidget = window
    if where == "a field":
        window.show_page("Risk")
        target = window.page.findChildren(Number)[0]
    elif where == "another window":
        history = AlertHistory(lambda: (), window)
        history.show()
        target = history.search
    elif where == "a menu":
        window.header.pages.open()
        target = window.header.pages.list
    else:
        window.show_keys()
        target = window.findChildren(KeyHelp)[0]
    target.setFocus()
    QTest.keyClick(target, Qt.Key.Key_X, STOP_KEYS)
    assert mailbox.sent == [EmergencyStop(account="Funded 100k")]
    QTest.keyRelease(target, Qt.Key.Key_X, STOP_KEYS)
    assert len(mailbox.sent) == 1
    window.header.pages.list.close()


def test_the_reset_says_what_it_does_and_what_it_does_not(opened: Opener) -> None:
    hold = opened(frames.latched()).stop.hold
    assert "Lifts the halt of Funded 100k. It opens nothing again" in hold.toolTip()
    assert hold.accessibleName().startswith("Hold 2 s to reset. Lifts the halt of Funded 100k.")


def test_a_reset_says_on_its_face_that_armed_levels_act_again(opened: Opener) -> None:
    hold = opened(frames.latched()).stop.hold
    assert hold.note == "untripped levels act again"
    assert "Levels that have not tripped act again at once" in hold.accessibleName()
    assert QFontMetrics(theme.font(10, theme.STRONG)).horizontalAdvance(hold.note) < hold.width() - 8
    observed = replace(frames.latched().accounts[0], mode="observe")
    assert opened(frames.frame(observed)).stop.hold.note == ""


def test_observing_the_stop_works_all_the_same(opened: Opener, mailbox: Mailbox) -> None:
    QTest.mousePress(opened(frames.observe()).stop.button, LEFT)
    assert mailbox.sent == [EmergencyStop(account="Funded 100k")]


def test_a_grey_plate_refuses_and_says_why(opened: Opener, mailbox: Mailbox) -> None:
    window = opened(frames.blind())
    QTest.mousePress(window.monitor.stop.button, LEFT)
    QTest.keyClick(window, Qt.Key.Key_X, STOP_KEYS)
    assert mailbox.sent == []
    assert window.monitor.stop.word.text() == "Not connected"
    assert window.monitor.stop.line.full == "No answer from the terminal"
    assert window.monitor.stop.covers.text() == "Use MT5"


def test_where_the_terminal_is_away_the_plate_is_grey_everywhere_and_a_press_latches_all_the_same(
    opened: Opener, mailbox: Mailbox, qtbot: QtBot
) -> None:
    away = replace(frames.blind().accounts[0], can_stop=True, cannot_stop_reason="latches now, closes once back")
    window = opened(frames.frame(away))
    plate, short, small, tray = window.monitor.stop, window.header.stop, SmallStop(), Tray(window)
    qtbot.addWidget(small)
    small.show_plate(plate.state, plate.covered)
    tray.show_frame(frames.frame(away), watched=True)
    assert (plate.word.text(), plate.covers.text()) == ("Not connected", "Use MT5")
    assert plate.line.text() == plate.line.full == "latches now, closes once back"
    yellow = QColor(theme.colours().plate)
    for widget in (plate, short, small):
        assert all(widget.grab().toImage().pixelColor(x, 4) != yellow for x in range(4, widget.width() - 4))
    assert (short.covers, small.covers) == ("Use MT5", "use MT5")
    assert tray.stop.text() == "Emergency stop: Funded 100k (not connected: use MT5)"
    assert tray.stop.isEnabled()
    QTest.mousePress(plate.button, LEFT)
    QTest.mousePress(short, LEFT)
    QTest.keyClick(window, Qt.Key.Key_X, STOP_KEYS)
    assert mailbox.sent == [EmergencyStop(account="Funded 100k")] * 3


def test_of_all_accounts_those_that_are_away_are_not_counted_as_reached(opened: Opener) -> None:
    frame = frames.three_accounts()
    away = replace(frame.accounts[0], link=Link.BLIND, can_stop=True, cannot_stop_reason="latches now")
    stop = opened(replace(frame, accounts=(away, *frame.accounts[1:]))).monitor.stop
    QTest.mouseClick(stop.all, LEFT)
    assert (stop.word.text(), stop.covers.text()) == ("READY", "Reaches 2 of 3")
    assert stop.covered == "reaches 2 of 3"


def test_a_plate_is_grey_though_connected_when_algo_trading_is_off(opened: Opener, mailbox: Mailbox) -> None:
    off = replace(frames.funded(), can_stop=False, cannot_stop_reason="Algo trading is off in MT5")
    window = opened(frames.frame(off))
    QTest.mousePress(window.monitor.stop.button, LEFT)
    assert mailbox.sent == []
    assert (window.monitor.stop.word.text(), window.monitor.stop.line.full) == (
        "Cannot act",
        "Algo trading is off in MT5",
    )


def test_all_accounts_can_be_stopped_while_one_is_away_and_the_plate_says_how_many_it_reaches(
    opened: Opener, mailbox: Mailbox
) -> None:
    frame = frames.three_accounts()
    away = replace(frame.accounts[0], can_stop=False, cannot_stop_reason="No answer")
    window = opened(replace(frame, accounts=(away, *frame.accounts[1:])))
    assert not window.monitor.stop.button.live
    QTest.mouseClick(window.monitor.stop.all, LEFT)
    assert window.monitor.stop.covers.text() == "Reaches 2 of 3"
    QTest.mousePress(window.monitor.stop.button, LEFT)
    assert mailbox.sent == [EmergencyStop(account=None)]


def test_a_hold_of_two_seconds_resets(qtbot: QtBot, opened: Opener, mailbox: Mailbox) -> None:
    hold = opened(frames.latched()).stop.hold
    with qtbot.waitSignal(hold.held, timeout=2 * HOLD_MS):
        QTest.mousePress(hold, LEFT)
    QTest.mouseRelease(hold, LEFT)
    assert mailbox.sent == [Reset(account="Funded 100k")]


def test_a_shorter_hold_resets_nothing(qtbot: QtBot, opened: Opener, mailbox: Mailbox) -> None:
    hold = opened(frames.latched()).stop.hold
    QTest.mousePress(hold, LEFT)
    with qtbot.assertNotEmitted(hold.held, wait=HOLD_MS // 4):
        pass
    QTest.mouseRelease(hold, LEFT)
    with qtbot.assertNotEmitted(hold.held, wait=HOLD_MS + 200):
        pass
    assert mailbox.sent == []


def test_two_short_holds_do_not_add_up(qtbot: QtBot, opened: Opener, mailbox: Mailbox) -> None:
    hold = opened(frames.latched()).stop.hold
    for _ in range(2):
        QTest.mousePress(hold, LEFT)
        with qtbot.assertNotEmitted(hold.held, wait=HOLD_MS * 3 // 5):
            pass
        QTest.mouseRelease(hold, LEFT)
    assert mailbox.sent == []


@pytest.mark.parametrize(("flat", "said"), [(False, "NOT flat: act in MT5"), (True, "Flat: no positions")])
def test_a_latched_stop_tells_the_truth_across_the_window(opened: Opener, flat: bool, said: str) -> None:
    window = opened(frames.latched(flat=flat))
    assert window.banner.isVisible()
    assert window.banner.headline.text() == "EMERGENCY STOP LATCHED"
    assert said in window.banner.sentence.full
    assert window.monitor.stop.word.text() == "LATCHED"
    assert window.monitor.stop.hold.isVisible()


UNTIL_MS = frame_parts.NOW_MS + 5_400_000
PASSING = HaltView(kind="rule", reason="Daily loss", since_ms=frame_parts.NOW_MS, until_ms=UNTIL_MS)


def test_a_halt_that_passes_says_when_and_one_beside_it_that_does_not_is_told_apart(opened: Opener) -> None:
    first, second, third = frames.three_accounts().accounts
    passes = replace(second, halt=PASSING)
    assert words_of(opened(frames.frame(first, passes, third))).endswith("It ends by itself at 16:02.")
    sooner = replace(first, halt=replace(PASSING, until_ms=frame_parts.NOW_MS + 60_000))
    assert words_of(opened(frames.frame(sooner, passes, third))).endswith(
        "They end by themselves, the last at 16:02.")  # fmt: skip
    stopped = frames.latched().accounts[0]
    assert words_of(opened(frames.frame(stopped, passes, third))).endswith(
        "Nothing restarts on Funded 100k until you reset it; on Swing it ends by itself at 16:02.")  # fmt: skip
    assert words_of(opened(frames.latched())).endswith("Nothing restarts until you reset it; a click leads there.")


def words_of(window: MainWindow) -> str:
    return window.banner.sentence.full


def test_a_ready_plate_offers_no_reset(opened: Opener) -> None:
    window = opened(frames.warning())
    assert window.monitor.stop.word.text() == "READY"
    assert not window.monitor.stop.hold.isVisible()
    assert not window.banner.isVisible()


def test_a_latched_stop_can_be_pressed_again(opened: Opener, mailbox: Mailbox) -> None:
    QTest.mousePress(opened(frames.latched()).stop.button, LEFT)
    assert mailbox.sent == [EmergencyStop(account="Funded 100k")]
