"""The window's own clock, its accounts and its end."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
import shiboken6
from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMessageBox
from pytestqt.qtbot import QtBot

from monitors.ports import Frame
from tests import frames
from tests.ui.conftest import Mailbox, Opener
from tests.ui.settling import settle
from ui.main_window import MainWindow
from ui.picture import save_png


def test_a_frame_is_drawn_once_however_often_it_is_polled(opened: Opener, mailbox: Mailbox) -> None:
    window = opened(frames.warning())
    drawn = window.drawn
    for _ in range(5):
        window.poll()
    assert window.drawn == drawn
    mailbox.frame = replace(frames.warning(), number=2)
    window.poll()
    assert window.drawn == drawn + 1


def test_the_window_polls_by_itself_while_it_is_shown(qtbot: QtBot, opened: Opener, mailbox: Mailbox) -> None:
    window = opened(frames.warning())
    mailbox.frame = replace(frames.warning(), number=2, at_ms=frames.warning().at_ms + 1_000)
    drawn = window.drawn
    qtbot.waitUntil(lambda: window.drawn == drawn + 1)


def test_at_its_own_look_the_window_draws_the_page_after_the_header(opened: Opener, mailbox: Mailbox) -> None:
    frame = frames.three_accounts()
    window = opened(frame)
    window._timer.stop()
    settle()
    first = frame.accounts[0]
    assert first.account is not None
    rich = replace(first, account=replace(first.account, equity=98_765.43))
    mailbox.frame = replace(frame, number=2, at_ms=frame.at_ms + 1_000, accounts=(rich, *frame.accounts[1:]))
    window._timer.timeout.emit()
    equity = window.monitor.account._rows["Equity"]
    assert (window.header.chips[0].equity, "98" in equity.figure.full) == ("98\u202f765.43", False)
    settle()
    assert equity.figure.full == "98\u202f765.43"


def test_another_account_is_not_overtaken_by_a_page_that_waits(opened: Opener, mailbox: Mailbox) -> None:
    frame = frames.three_accounts()
    window = opened(frame)
    mailbox.frame = replace(frame, number=2, at_ms=frame.at_ms + 1_000)
    window._timer.timeout.emit()
    window.select_account("Swing")
    assert window.header.chips[1].isChecked()
    settle()
    assert window.monitor.charts.title.text() == "Swing"


def test_a_hidden_window_does_not_poll(qtbot: QtBot, opened: Opener, mailbox: Mailbox) -> None:
    window = opened(frames.warning())
    window.hide()
    asked = mailbox.asked
    with qtbot.assertNotEmitted(window._timer.timeout, wait=400):
        pass
    assert mailbox.asked == asked
    window.show()
    qtbot.waitUntil(lambda: mailbox.asked > asked)


def drawn_of_twelve(window: MainWindow, mailbox: Mailbox, changed: Frame) -> int:
    """How many of twelve new frames the window draws at twelve looks."""
    before = window.drawn
    for number in range(100, 112):
        mailbox.frame = replace(changed, number=number, at_ms=changed.at_ms + 1_000 * number)
        window._timer.timeout.emit()
    return window.drawn - before


def test_an_unfocused_window_draws_less_often(opened: Opener, mailbox: Mailbox) -> None:
    window = opened(frames.warning())
    window.activateWindow()
    QApplication.processEvents()
    assert window._timer.interval() == 100
    assert drawn_of_twelve(window, mailbox, frames.warning()) == 12
    other = opened(frames.warning())
    other.activateWindow()
    QApplication.processEvents()
    assert drawn_of_twelve(window, mailbox, frames.warning()) == 4


def test_an_alert_that_comes_or_climbs_is_drawn_at_the_next_look_unfocused_too(
    opened: Opener, mailbox: Mailbox
) -> None:
    first = frames.warning()
    window = opened(replace(first, alerts=first.alerts[1:]))
    opened(first).activateWindow()
    QApplication.processEvents()
    window._timer.stop()
    climbed = replace(first, alerts=(replace(first.alerts[0], stage=1), *first.alerts[1:]))
    for number, frame in enumerate((first, climbed, replace(climbed, alerts=climbed.alerts[1:])), 200):
        mailbox.frame = replace(frame, number=number)
        before = window.drawn
        window._timer.timeout.emit()
        assert window.drawn == before + 1


def test_an_armed_window_asks_before_it_closes_and_stays_when_told_to(opened: Opener) -> None:
    window = opened(frames.warning())
    window.close()
    assert window.isVisible()
    question = window.findChild(QMessageBox)
    assert question is not None
    assert question.isVisible()
    assert question.windowModality() is Qt.WindowModality.NonModal


def test_an_observing_window_closes_without_a_question(qtbot: QtBot, opened: Opener) -> None:
    window = opened(frames.observe())
    with qtbot.waitSignal(window.closed):
        window.close()
    assert not window.isVisible()


def test_a_closed_window_leaves_no_timer(qtbot: QtBot, mailbox: Mailbox) -> None:
    mailbox.frame = frames.latched()
    window = MainWindow(mailbox, mailbox.sent.append)
    window.show()
    QTest.mousePress(window.monitor.stop.hold, Qt.MouseButton.LeftButton)
    timers = window.findChildren(QTimer)
    assert timers
    window.leave()
    assert not any(timer.isActive() for timer in timers)
    window.deleteLater()
    QApplication.sendPostedEvents(None, 52)
    QApplication.processEvents()
    assert not any(shiboken6.isValid(timer) for timer in timers)


def test_keys_and_chips_choose_the_account(opened: Opener) -> None:
    window = opened(frames.three_accounts())
    QTest.keyClick(window, Qt.Key.Key_2, Qt.KeyboardModifier.ControlModifier)
    settle()
    assert window.monitor.charts.title.text() == "Swing"
    QTest.mouseClick(window.header.chips[2], Qt.MouseButton.LeftButton)
    settle()
    assert window.monitor.charts.title.text() == "Gold EA"
    assert [chip.isChecked() for chip in window.header.chips] == [False, False, True]


def test_the_chosen_account_stays_chosen_when_another_goes(opened: Opener, mailbox: Mailbox) -> None:
    window = opened(frames.three_accounts())
    window.select_account("Gold EA")
    frame = frames.three_accounts()
    mailbox.frame = replace(frame, number=2, accounts=(frame.accounts[0], frame.accounts[2]))
    window.poll()
    assert window.monitor.charts.title.text() == "Gold EA"
    assert [chip.isVisible() for chip in window.header.chips] == [True, True, False]


def test_the_picture_is_the_whole_window(opened: Opener, tmp_path: Path) -> None:
    save_png(opened(frames.warning()), tmp_path / "shot.png")
    image = QImage(str(tmp_path / "shot.png"))
    assert (image.width(), image.height()) == (1_280, 800)


def test_a_picture_that_cannot_be_written_is_an_error(opened: Opener, tmp_path: Path) -> None:
    with pytest.raises(OSError, match="could not be written"):
        save_png(opened(frames.warning()), tmp_path / "no such folder" / "shot.png")


@pytest.mark.parametrize("name", list(frames.ALL))
def test_every_state_can_be_drawn_and_followed_by_every_other(name: str, opened: Opener, mailbox: Mailbox) -> None:
    window = opened(None)
    for number, other in enumerate(frames.ALL.values()):
        mailbox.frame = replace(frames.ALL[name](), number=2 * number + 1)
        window.poll()
        mailbox.frame = replace(other(), number=2 * number + 2)
        window.poll()
    assert window.drawn == 2 * len(frames.ALL) + 1


def test_a_question_stands_in_no_ones_way_to_the_stop(opened: Opener, mailbox: Mailbox) -> None:
    window = opened(frames.warning())
    window.close()
    QTest.mousePress(window.monitor.stop.button, Qt.MouseButton.LeftButton)
    assert len(mailbox.sent) == 1
