"""More alerts than a person can read: one row for all that is not critical, and the load beside it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from monitors.alert_load import AlertLoad
from monitors.ports import Acknowledge, Frame, Severity
from tests import frames
from tests.frame_parts import NOW_MS, alert
from tests.ui.conftest import Mailbox, Opener

CRITICAL = alert(99, "drawdown.max_pct", 4.0, Severity.CRITICAL, when="above", raised_ms=NOW_MS)
NEW = tuple(
    alert(n, "spread.points", 9.0, Severity.MEDIUM, when="above", raised_ms=NOW_MS - n, position=n)
    for n in range(1, 13)
)
OLD = alert(50, "equity", 97_250.0, Severity.HIGH, raised_ms=NOW_MS - 3_600_000)
LOW = alert(51, "equity", 97_260.0, Severity.LOW, raised_ms=NOW_MS - 3_600_000)
MORE = tuple(replace(NEW[0], number=n, position=n) for n in range(200, 320))
FLOOD = AlertLoad(last_hour=14, last_ten=13, peaks=(0,) * 23 + (13,))


def flooded() -> Frame:
    return replace(frames.frame(frames.funded(), alerts=(*NEW, CRITICAL, OLD)), load=FLOOD)


def shown(window: object) -> list[int]:
    return [row.number for row in window.monitor.alerts.rows if row.isVisible()]  # type: ignore[attr-defined]


def test_a_flood_is_one_row_and_what_is_critical_or_older_stands_by_itself(opened: Opener) -> None:
    window = opened(flooded())
    assert shown(window) == [99, 50]
    assert window.monitor.alerts.flood.isVisible()
    assert window.monitor.alerts.flood.title.full == "Flood: 13 new in 10\u202fmin"
    assert window.monitor.alerts.badge.text() == "14"


@pytest.mark.parametrize("unfolded", [False, True])
def test_it_stands_under_what_is_worse_and_over_what_is_not(opened: Opener, *, unfolded: bool) -> None:
    shown = replace(flooded(), alerts=(*flooded().alerts, LOW))
    window = opened(shown)
    if unfolded:
        QTest.mouseClick(window.monitor.alerts.flood.show_all, Qt.MouseButton.LeftButton)
        window.monitor.alerts.show_frame(shown, "")
        QApplication.processEvents()
    alerts = window.monitor.alerts
    tops = {row.number: row.y() for row in alerts.rows if row.isVisible()}
    assert 51 in tops
    above = {number for number, top in tops.items() if top < alerts.flood.y()}
    assert above == {99, 50}


def test_its_words_are_read_whole(opened: Opener) -> None:
    for severity in (Severity.MEDIUM, Severity.HIGH):
        alerts = tuple(replace(one, severity=severity, number=one.number + 100) for one in (*NEW, *NEW))
        window = opened(replace(flooded(), alerts=(*NEW, *alerts, *MORE)))
        flood = window.monitor.alerts.flood
        assert (flood.title.full, flood.line.full) == (flood.title.text(), flood.line.text())


def test_without_a_flood_every_alert_has_its_row(opened: Opener) -> None:
    window = opened(replace(flooded(), load=AlertLoad(last_ten=10)))
    assert len(shown(window)) == 14
    assert not window.monitor.alerts.flood.isVisible()


def test_it_can_be_unfolded_and_folded_again(opened: Opener, mailbox: Mailbox) -> None:
    window = opened(flooded())
    for number, count in ((2, 14), (3, 2)):
        QTest.mouseClick(window.monitor.alerts.flood.show_all, Qt.MouseButton.LeftButton)
        mailbox.frame = replace(flooded(), number=number)
        window.poll()
        assert len(shown(window)) == count


def test_one_click_acknowledges_those_folded_and_no_critical_one(opened: Opener, mailbox: Mailbox) -> None:
    window = opened(flooded())
    QTest.mouseClick(window.monitor.alerts.flood.ack, Qt.MouseButton.LeftButton)
    assert sorted(one.alert for one in mailbox.sent if isinstance(one, Acknowledge)) == list(range(1, 13))


def test_space_acknowledges_what_can_be_seen_and_nothing_folded(opened: Opener, mailbox: Mailbox) -> None:
    only = replace(frames.frame(frames.funded(), alerts=NEW), load=FLOOD)
    window = opened(only)
    QTest.keyClick(window, Qt.Key.Key_Space)
    assert mailbox.sent == []


def test_the_card_tells_the_load_and_the_flood(opened: Opener, mailbox: Mailbox) -> None:
    window = opened(replace(frames.warning(), load=AlertLoad(last_hour=5, last_ten=2, median_ack_s=41.0)))
    load = window.monitor.load
    assert load.remark.text() == "5 in the last hour"
    assert load.answer.text() == "median to Ack 41\u202fs"
    mailbox.frame = replace(flooded(), number=2)
    window.poll()
    assert load.remark.text() == "FLOOD: 13 in 10\u202fmin"
    assert load.answer.text() == "none acknowledged yet"
