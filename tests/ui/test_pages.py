"""The pages: one shown and drawn at a time, and the stop, its keys and the alerts within reach on every one."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from app import cli
from monitors.ports import EmergencyStop
from tests import frames
from tests.ui.conftest import Mailbox, Opener
from ui.pages.exposure import ExposurePage
from ui.pages.menu import PAGES
from ui.pages.risk import RiskPage

LEFT, ALT = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.AltModifier
STOP_KEYS = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
OTHERS = PAGES[1:]


def test_keys_choose_the_page_and_the_menu_names_it(opened: Opener) -> None:
    window = opened(frames.analysed_frame())
    keys = [Qt.Key(Qt.Key.Key_1.value + place) for place in range(len(PAGES))]
    for key, name in zip((*keys[1:], keys[0]), (*OTHERS, PAGES[0]), strict=True):
        QTest.keyClick(window, key, ALT)
        assert window.header.pages.text() == f"{name} ▾"
        assert window.page.isVisible()
    assert window.page is window.monitor


def test_the_menu_opens_under_its_word_and_chooses_a_page(opened: Opener) -> None:
    window = opened(frames.analysed_frame())
    QTest.mouseClick(window.header.pages, LEFT)
    assert window.header.pages.list.isVisible()
    shown = window.header.pages.list.actionGeometry(window.header.pages.actions_by_name["Exposure"]).center()
    QTest.mouseClick(window.header.pages.list, LEFT, pos=shown)
    assert isinstance(window.page, ExposurePage)
    assert "Alt+2  Exposure" in window.header.pages.toolTip()


def test_only_the_page_that_is_shown_is_drawn(opened: Opener, mailbox: Mailbox) -> None:
    window = opened(frames.analysed_frame())
    window.show_page("Exposure")
    page = window.page
    assert isinstance(page, ExposurePage)
    mailbox.frame = replace(frames.three_accounts(), number=2)
    window.poll()
    assert window.monitor.charts.remark.text() == "broker time, UTC+2"
    assert len(window.monitor.alerts.waiting) == 3
    assert page.figures.figures["Gross exposure"].number.full == "—"
    window.show_page("Monitor")
    mailbox.frame = replace(frames.analysed_frame(), number=3)
    window.poll()
    assert page.figures.figures["Gross exposure"].number.full == "—"
    window.show_page("Exposure")
    assert page.figures.figures["Gross exposure"].number.full == "1\u202f431\u202f168 USD"


@pytest.mark.parametrize("page", OTHERS)
def test_every_other_page_has_a_stop_that_acts_on_press(page: str, opened: Opener, mailbox: Mailbox) -> None:
    window = opened(frames.analysed_frame())
    window.show_page(page)
    stop = window.header.stop
    assert (stop.width(), stop.height(), stop.covers) == (128, 44, "Funded 100k")
    assert stop.mapTo(window, stop.rect().topRight()).x() > window.width() - 30
    QTest.mousePress(stop, LEFT)
    assert mailbox.sent == [EmergencyStop(account="Funded 100k")]
    QTest.mouseRelease(stop, LEFT)
    QTest.mouseDClick(stop, LEFT)
    assert len(mailbox.sent) == 1


def test_the_page_with_the_plate_has_no_second_stop(opened: Opener) -> None:
    window = opened(frames.analysed_frame())
    assert not window.header.stop.isVisible()
    assert not window.header.waiting.isVisible()
    window.show_page("Risk")
    window.show_page("Monitor")
    assert not window.header.stop.isVisible()


@pytest.mark.parametrize("page", OTHERS)
def test_the_stop_keys_act_on_every_page(page: str, opened: Opener, mailbox: Mailbox) -> None:
    window = opened(frames.analysed_frame())
    window.show_page(page)
    QTest.keyClick(window, Qt.Key.Key_X, STOP_KEYS)
    assert mailbox.sent == [EmergencyStop(account="Funded 100k")]


def test_the_short_stop_covers_what_the_plate_covers(opened: Opener, mailbox: Mailbox) -> None:
    frame = frames.three_accounts()
    away = replace(frame.accounts[1], can_stop=False, cannot_stop_reason="No answer")
    window = opened(replace(frame, accounts=(frame.accounts[0], away, frame.accounts[2])))
    QTest.mouseClick(window.monitor.stop.all, LEFT)
    window.show_page("Risk")
    assert window.header.stop.covers == "reaches 2 of 3"
    QTest.mousePress(window.header.stop, LEFT)
    assert mailbox.sent == [EmergencyStop(account=None)]


def test_a_short_stop_that_cannot_act_is_grey_and_says_what_to_do(opened: Opener, mailbox: Mailbox) -> None:
    window = opened(frames.blind())
    window.show_page("Risk")
    QTest.mousePress(window.header.stop, LEFT)
    assert mailbox.sent == []
    assert (window.header.stop.live, window.header.stop.covers) == (False, "Use MT5")
    assert "No answer from the terminal" in window.header.stop.toolTip()


def test_a_latched_stop_says_so_on_every_page(opened: Opener) -> None:
    window = opened(frames.latched())
    window.show_page("Exposure")
    assert window.header.stop.word == "LATCHED"
    assert window.banner.isVisible()


def test_alerts_that_wait_are_counted_and_a_click_leads_to_them(opened: Opener) -> None:
    window = opened(frames.analysed_frame())
    window.show_page("Results")
    assert window.header.waiting.text() == "3 alerts"
    QTest.mouseClick(window.header.waiting, LEFT)
    assert window.page is window.monitor


def test_space_acknowledges_only_where_the_alerts_are_seen(opened: Opener, mailbox: Mailbox) -> None:
    window = opened(frames.analysed_frame())
    window.show_page("Risk")
    QTest.keyClick(window, Qt.Key.Key_Space)
    assert mailbox.sent == []


def test_a_figure_typed_on_another_page_moves_no_chart(opened: Opener) -> None:
    window = opened(frames.analysed_frame())
    window.show_page("Risk")
    page = window.page
    assert isinstance(page, RiskPage)
    page.sizing.risk.setFocus()
    page.sizing.risk.selectAll()
    QTest.keyClick(page.sizing.risk, Qt.Key.Key_2)
    QTest.keyClick(window, Qt.Key.Key_2)
    assert page.sizing.risk.value() == 2.0
    assert window.monitor.charts.buttons["1D"].isChecked()


@pytest.mark.parametrize("page", OTHERS)
@pytest.mark.parametrize("name", list(frames.ALL))
def test_every_page_can_draw_every_state(page: str, name: str, opened: Opener, mailbox: Mailbox) -> None:
    window = opened(frames.analysed_frame())
    window.show_page(page)
    mailbox.frame = replace(frames.ALL[name](), number=2)
    window.poll()
    mailbox.frame = replace(frames.analysed_frame(), number=3)
    window.poll()
    assert window.drawn >= 3


def test_the_demo_can_begin_with_any_page() -> None:
    assert tuple(name.lower() for name in PAGES) == cli.PAGES
