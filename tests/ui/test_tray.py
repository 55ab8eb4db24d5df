"""The icon beside the clock: the worst state, messages for what is new, and the window hidden behind it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from PySide6.QtCore import QObject
from PySide6.QtGui import QAction, QColor
from PySide6.QtWidgets import QApplication, QMessageBox
from pytestqt.qtbot import QtBot

from monitors.ports import Severity
from tests import frames
from tests.frame_parts import NOW_MS, alert
from tests.ui.conftest import Mailbox, Opener
from ui import theme
from ui.tray import Tray

HIGH = alert(21, "equity", 97_250.0, Severity.HIGH, raised_ms=NOW_MS)
CRITICAL = alert(22, "drawdown.max_pct", 4.0, Severity.CRITICAL, when="above", raised_ms=NOW_MS)


@pytest.fixture
def tray(qapp: QApplication) -> Iterator[Tray]:
    parent = QObject()
    yield Tray(parent)
    parent.deleteLater()


def dot(tray: Tray) -> str:
    return tray.icon.icon().pixmap(64, 64).toImage().pixelColor(50, 14).name().upper()


def action(tray: Tray, words: str) -> QAction:
    return next(one for one in tray.menu.actions() if one.text().startswith(words))


def test_the_dot_wears_the_worst_that_waits_and_is_calm_where_nothing_does(tray: Tray) -> None:
    tray.show_frame(frames.warning(), watched=True)
    assert dot(tray) == QColor(theme.colours().critical).name().upper()
    tray.show_frame(frames.frame(frames.funded(), alerts=(HIGH,)), watched=True)
    assert dot(tray) == QColor(theme.colours().high).name().upper()
    tray.show_frame(frames.frame(frames.calm_account()), watched=True)
    assert dot(tray) == QColor(theme.colours().profit).name().upper()


def test_where_an_account_is_not_seen_the_dot_is_a_ring_and_the_words_say_so(tray: Tray) -> None:
    tray.show_frame(replace(frames.blind(), alerts=()), watched=True)
    assert tray.icon.icon().pixmap(64, 64).toImage().pixelColor(50, 14).alpha() == 0
    assert "blind" in tray.icon.toolTip()


def test_what_is_new_and_high_is_a_message_where_nobody_looks(tray: Tray) -> None:
    calm = frames.frame(frames.funded())
    tray.show_frame(calm, watched=False)
    both = replace(calm, alerts=(HIGH, CRITICAL))
    said = tray.show_frame(both, watched=False).splitlines()
    assert [line.split(": ")[0] for line in said] == ["Funded 100k", "Funded 100k"]
    assert "drawdown" in said[0], "the severest first"
    assert tray.show_frame(both, watched=False) == "", "said once"


def test_nothing_is_said_to_someone_who_looks_nor_of_what_stood_at_the_start_nor_of_a_medium_one(tray: Tray) -> None:
    assert tray.show_frame(frames.warning(), watched=False) == ""
    assert tray.show_frame(replace(frames.warning(), alerts=(HIGH,)), watched=True) == ""
    medium = replace(HIGH, number=30, severity=Severity.MEDIUM)
    assert tray.show_frame(replace(frames.warning(), alerts=(HIGH, medium)), watched=False) == ""


def test_one_that_climbs_is_said_again_and_of_many_the_rest_is_counted(tray: Tray) -> None:
    tray.show_frame(frames.frame(frames.funded(), alerts=(CRITICAL,)), watched=False)
    climbed = replace(CRITICAL, stage=1)
    assert tray.show_frame(frames.frame(frames.funded(), alerts=(climbed,)), watched=False)
    many = tuple(replace(HIGH, number=n) for n in range(40, 46))
    said = tray.show_frame(frames.frame(frames.funded(), alerts=many), watched=False)
    assert said.splitlines()[-1] == "and 3 more"


def test_its_menu_names_whom_the_stop_reaches_and_is_grey_where_it_can_not(tray: Tray) -> None:
    tray.show_frame(frames.warning(), watched=True)
    assert action(tray, "Emergency stop").text() == "Emergency stop: Funded 100k"
    assert action(tray, "Emergency stop").isEnabled()
    tray.show_frame(frames.blind(), watched=True)
    assert not action(tray, "Emergency stop").isEnabled()


def test_each_entry_says_what_is_wanted(qtbot: QtBot, tray: Tray) -> None:
    tray.show_frame(frames.warning(), watched=True)
    for words, signal in (("Show", tray.wanted), ("Silence", tray.silenced), ("Emergency", tray.stop_wanted),
                          ("Quit", tray.leaving)):  # fmt: skip
        with qtbot.waitSignal(signal, timeout=1_000):
            action(tray, words).trigger()


def test_behind_the_icon_closing_hides_and_quitting_while_armed_asks(opened: Opener) -> None:
    window = opened(frames.warning())
    window.leaving.behind_tray = True
    hidden, closed = list[int](), list[int]()
    window.hidden.connect(lambda: hidden.append(1))
    window.closed.connect(lambda: closed.append(1))
    window.close()
    assert (window.isVisible(), hidden, closed) == (False, [1], [])
    window.leaving.quit()
    question = window.findChild(QMessageBox)
    assert window.isVisible()
    assert question is not None
    assert question.isVisible()
    assert closed == []
    window.leaving.leave()
    assert closed == [1]


def test_an_observing_one_quits_at_once_though_it_is_hidden(opened: Opener) -> None:
    window, closed = opened(frames.observe()), list[int]()
    window.closed.connect(lambda: closed.append(1))
    window.leaving.behind_tray = True
    window.close()
    assert closed == []
    window.leaving.quit()
    assert closed == [1]


def test_quitting_while_hidden_asks_where_it_is_armed_by_now(opened: Opener, mailbox: Mailbox) -> None:
    window = opened(frames.observe())
    window.leaving.behind_tray = True
    window.close()
    mailbox.frame = replace(frames.warning(), number=5)
    window.leaving.quit()
    question = window.findChild(QMessageBox)
    assert question is not None
    assert question.isVisible()


def test_without_an_account_nothing_is_calm(tray: Tray) -> None:
    tray.show_frame(frames.empty(), watched=True)
    assert tray.icon.icon().pixmap(64, 64).toImage().pixelColor(50, 14).alpha() == 0
