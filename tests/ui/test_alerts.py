"""The alert list: order, shapes, acknowledging by click and by Space."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from monitors.ports import Acknowledge, AlertView, Severity
from tests import frame_parts, frames
from tests.ui.conftest import Mailbox, Opener
from ui.compact import CompactStrip
from ui.header import worst
from ui.main_window import MainWindow
from ui.panels.alert_row import TIMES
from ui.panels.alerts import MOST, in_order
from ui.tray import Tray


def test_what_waits_comes_first_and_of_that_the_severest() -> None:
    assert [alert.number for alert in in_order(frame_parts.ALERTS)] == [2, 3, 1, 4, 5]


def test_a_click_on_ack_acknowledges_that_alert(opened: Opener, mailbox: Mailbox) -> None:
    window = opened(frames.warning())
    QTest.mouseClick(window.monitor.alerts.rows[2].ack, Qt.MouseButton.LeftButton)
    assert mailbox.sent == [Acknowledge(1)]


def click_ack(window: MainWindow, place: int) -> None:
    QTest.mouseClick(window.monitor.alerts.rows[place].ack, Qt.MouseButton.LeftButton)


def space_on(window: MainWindow, place: int) -> None:
    QTest.keyClick(window.monitor.alerts.rows[place], Qt.Key.Key_Space)


def space_anywhere(window: MainWindow, _place: int) -> None:
    QTest.keyClick(window, Qt.Key.Key_Space)


def later(window: MainWindow, mailbox: Mailbox, ms: int, *, without: int) -> None:
    """The next frame, so much later, in which one alert is acknowledged and over."""
    shown = frames.warning()
    left = tuple(alert for alert in shown.alerts if alert.number != without)
    number = mailbox.frame.number + 1 if mailbox.frame else 1
    mailbox.frame = replace(shown, number=number, at_ms=shown.at_ms + ms, alerts=left)
    window.poll()


@pytest.mark.parametrize("strike", [click_ack, space_on, space_anywhere])
def test_what_has_just_moved_up_takes_no_second_click_of_a_double_one(
    opened: Opener, mailbox: Mailbox, strike: Callable[[MainWindow, int], None]
) -> None:
    window = opened(frames.warning())
    strike(window, 0)
    later(window, mailbox, 100, without=2)
    strike(window, 0)
    later(window, mailbox, 500, without=2)
    strike(window, 0)
    assert mailbox.sent == [Acknowledge(2)]
    later(window, mailbox, 600, without=2)
    strike(window, 0)
    assert mailbox.sent == [Acknowledge(2), Acknowledge(3)]


def test_a_list_that_became_shorter_may_have_slid_under_the_pointer(opened: Opener, mailbox: Mailbox) -> None:
    window = opened(frames.warning())
    later(window, mailbox, 100, without=5)
    click_ack(window, 0)
    assert mailbox.sent == []


def test_an_alert_that_stays_where_it_is_is_acknowledged_while_others_come_and_go(
    opened: Opener, mailbox: Mailbox
) -> None:
    window = opened(replace(frames.warning(), alerts=frame_parts.ALERTS[3:4]))
    mailbox.frame = replace(frames.warning(), number=2)
    window.poll()
    click_ack(window, 0)
    assert mailbox.sent == [Acknowledge(2)]


def test_space_on_a_row_acknowledges_that_alert(opened: Opener, mailbox: Mailbox) -> None:
    window = opened(frames.warning())
    window.monitor.alerts.rows[1].setFocus()
    QTest.keyClick(window.monitor.alerts.rows[1], Qt.Key.Key_Space)
    assert mailbox.sent == [Acknowledge(3)]


def test_space_anywhere_else_acknowledges_the_first_that_waits(opened: Opener, mailbox: Mailbox) -> None:
    window = opened(frames.warning())
    QTest.mouseClick(window.monitor.charts.buttons["1H"], Qt.MouseButton.LeftButton)
    QTest.keyClick(window.focusWidget(), Qt.Key.Key_Space)
    assert mailbox.sent == [Acknowledge(2)]


def test_an_acknowledged_alert_offers_no_ack_and_space_does_nothing_to_it(opened: Opener, mailbox: Mailbox) -> None:
    seen = replace(frame_parts.ALERTS[1], acknowledged_ms=frame_parts.NOW_MS)
    window = opened(frames.frame(frames.funded(), alerts=(seen,)))
    assert not window.monitor.alerts.rows[0].ack.isVisible()
    QTest.keyClick(window, Qt.Key.Key_Space)
    assert mailbox.sent == []


def test_an_alert_cleared_unseen_stays_listed_and_hollow_until_it_is_acknowledged(opened: Opener) -> None:
    window = opened(frames.warning())
    row = window.monitor.alerts.rows[1]
    assert row.ack.isVisible()
    assert not row.icon._filled
    assert window.monitor.alerts.rows[0].icon._filled


def test_beside_a_scroll_bar_what_became_of_an_alert_is_read_whole(opened: Opener) -> None:
    cleared = replace(frame_parts.ALERTS[1], active=False, acknowledged_ms=None, cleared_ms=frame_parts.NOW_MS)
    many = tuple(replace(cleared, number=n, account=f"main {n}") for n in range(100, 120))
    window = opened(frames.frame(frames.funded(), alerts=(cleared, *many)))
    assert window.monitor.alerts.area.verticalScrollBar().isVisible()
    row = next(row for row in window.monitor.alerts.rows if row.number == cleared.number)
    assert "not acknowledged" in row.line.full
    assert row.line.text() == row.line.full


def test_the_same_row_serves_the_next_frame(opened: Opener, mailbox: Mailbox) -> None:
    window = opened(frames.warning())
    row = window.monitor.alerts.rows[0]
    mailbox.frame = replace(frames.warning(), number=2, alerts=frame_parts.ALERTS[:1])
    window.poll()
    assert window.monitor.alerts.rows[0] is row
    assert [one.isVisible() for one in window.monitor.alerts.rows] == [True, False, False, False, False]


def test_a_critical_alert_left_alone_for_two_minutes_goes_across_the_window(opened: Opener, mailbox: Mailbox) -> None:
    window = opened(frames.warning())
    assert not window.banner.isVisible()
    mailbox.frame = replace(frames.warning(), number=2, at_ms=frame_parts.NOW_MS + 81_000)
    window.poll()
    assert window.banner.isVisible()
    assert "Max drawdown above 4" in window.banner.sentence.full


def test_a_flood_is_counted_not_drawn(opened: Opener) -> None:
    many = tuple(replace(frame_parts.ALERTS[1], number=n, position=n) for n in range(1, MOST + 51))
    window = opened(frames.frame(frames.funded(), alerts=many))
    assert len(window.monitor.alerts.rows) == MOST
    assert window.monitor.alerts.remark.text() == "50 more not shown"


def test_the_chip_wears_the_worst_that_waits(opened: Opener) -> None:
    assert worst(frame_parts.ALERTS, "Funded 100k") is Severity.CRITICAL
    assert worst(frame_parts.ALERTS[2:3], "Funded 100k") is None


def test_an_alert_that_was_told_again_says_how_long_it_waits_in_the_list_and_in_the_banner(opened: Opener) -> None:
    shown = frames.warning()
    alert = replace(next(a for a in shown.alerts if a.severity is Severity.CRITICAL), active=True, acknowledged_ms=None,
                    raised_ms=shown.at_ms - 300_000, stage=1)  # fmt: skip
    window = opened(replace(shown, alerts=(alert,)))
    line = window.monitor.alerts.rows[0].line
    assert line.text() == line.full
    assert " ".join(line.full.split()) == "now 4.11 % · waiting 5 min 0 s"
    assert "told again once" in window.banner.sentence.full
    window = opened(replace(shown, alerts=(replace(alert, stage=3),)))
    assert "told again 3 times" in window.banner.sentence.full


def again(number: int, **changed: Any) -> AlertView:
    raised_ms = frame_parts.NOW_MS - 1000 * (100 - number)
    return replace(frame_parts.ALERTS[1], number=number, raised_ms=raised_ms, **changed)


def test_occurrences_of_one_level_share_a_row_that_counts_the_unseen_ones_and_every_count_counts_rows(
    opened: Opener, mailbox: Mailbox, qtbot: QtBot
) -> None:
    three = again(11, active=False), again(12, active=False), again(13)
    window = opened(frames.frame(frames.funded(), alerts=three))
    (row,) = [row for row in window.monitor.alerts.rows if row.isVisible()]
    assert row.number == 13
    assert row.title.full.endswith(f"{TIMES}3")
    assert window.monitor.alerts.badge.text() == "1"
    assert window.header.waiting.text() == "1 alert"
    tray, strip = Tray(window), CompactStrip()
    qtbot.addWidget(strip)
    tray.show_frame(frames.frame(frames.funded(), alerts=three), watched=True)
    strip.show_account(frames.frame(frames.funded(), alerts=three), frames.funded(), window.stop)
    assert tray.icon.toolTip().endswith("1 alert waiting")
    assert strip.count.text() == "1"
    QTest.mouseClick(row.ack, Qt.MouseButton.LeftButton)
    assert mailbox.sent == [Acknowledge(11), Acknowledge(12), Acknowledge(13)]


def test_an_occurrence_that_nobody_has_seen_stands_before_a_newer_one_that_was_seen(opened: Opener) -> None:
    window = opened(frames.frame(frames.funded(), alerts=(again(11), again(12, acknowledged_ms=frame_parts.NOW_MS))))
    assert [row.number for row in window.monitor.alerts.rows if row.isVisible()] == [11]


def test_what_is_shelved_needs_nobody_and_says_until_when(opened: Opener, mailbox: Mailbox) -> None:
    view = replace(frame_parts.ALERTS[1], shelved_until_ms=frame_parts.NOW_MS + 1_673_000)
    window = opened(frames.frame(frames.funded(), alerts=(view,)))
    row = window.monitor.alerts.rows[0]
    assert row.line.full == "shelved until 15:00 · by you"
    assert not row.ack.isVisible()
    assert not window.monitor.alerts.badge.isVisible()
    QTest.keyClick(window, Qt.Key.Key_Space)
    assert mailbox.sent == []


def test_one_that_waits_stands_before_a_newer_one_on_the_shelf(opened: Opener) -> None:
    failed, newer = again(11, escalated=True), again(12, shelved_until_ms=frame_parts.NOW_MS + 60_000)
    window = opened(frames.frame(frames.funded(), alerts=(failed, newer)))
    (row,) = [row for row in window.monitor.alerts.rows if row.isVisible()]
    assert (row.number, row.ack.isVisible()) == (11, True)


def test_space_scrolls_to_what_is_out_of_sight_and_acknowledges_it_only_then(opened: Opener, mailbox: Mailbox) -> None:
    many = tuple(replace(frame_parts.ALERTS[1], number=n, position=n) for n in range(1, 40))
    window = opened(frames.frame(frames.funded(), alerts=many))
    bar = window.monitor.alerts.area.verticalScrollBar()
    bar.setValue(bar.maximum())
    QTest.keyClick(window, Qt.Key.Key_Space)
    assert mailbox.sent == []
    QTest.keyClick(window, Qt.Key.Key_Space)
    assert len(mailbox.sent) == 1
