"""The pane of one alert: opened and closed by clicks and keys, what it says, and what it does to the charts."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from monitors.ports import Acknowledge, AlertView, Frame, Happening, Severity, Shelve
from monitors.trail import Trail
from tests import frame_parts, frames
from tests.ui.conftest import Mailbox, Opener
from ui import occurrence
from ui.main_window import MainWindow
from ui.panels.alert_trail import Picture, reach, span

MARGIN = next(alert for alert in frame_parts.ALERTS if alert.number == 1)


def happening(after_s: float, name: str, **facts: Any) -> Happening:
    return Happening(at_ms=MARGIN.raised_ms + round(after_s * 1_000), event=name, facts={"event": name, **facts})


HAPPENED = (
    happening(0, "alert", state="raised", value=148.9),
    happening(1, "plan", closes=[{"volume": 0.5, "symbol": "XAUUSD"}], rule="Margin level"),
    happening(1, "intent", request=7, volume=0.5, symbol="XAUUSD"),
    happening(2, "outcome", request=7, state="done", retcode=10009, filled=0.5),
    happening(3, "intent", request=8, volume=0.2, symbol="EURUSD"),
    happening(4, "outcome", request=8, state="refused", retcode=10018, filled=0.0),
    happening(9, "alert", state="escalated", value=143.3, stage=1),
)


def shown(*alerts: AlertView, **changes: Any) -> Frame:
    made = frames.frame(frames.funded(), alerts=alerts or frame_parts.ALERTS)
    return replace(made, occurrences={1: HAPPENED}, **changes)


def row_of(window: MainWindow, number: int) -> Any:
    return next(row for row in window.monitor.alerts.rows if row.number == number)


def test_a_click_on_a_row_opens_its_pane_and_another_click_closes_it(opened: Opener) -> None:
    window = opened(shown())
    detail = window.monitor.detail
    assert not detail.isVisible()
    QTest.mouseClick(row_of(window, 1), Qt.MouseButton.LeftButton)
    assert detail.isVisible()
    assert detail.name.full == "Margin level below 150\u202f%"
    QTest.mouseClick(row_of(window, 1), Qt.MouseButton.LeftButton)
    assert not detail.isVisible()


@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Enter])
def test_enter_on_a_row_opens_it_and_escape_closes_it(opened: Opener, key: Qt.Key) -> None:
    window = opened(shown())
    row_of(window, 1).setFocus()
    QTest.keyClick(row_of(window, 1), key)
    assert window.monitor.detail.isVisible()
    window.activateWindow()
    QTest.keyClick(window, Qt.Key.Key_Escape)
    assert not window.monitor.detail.isVisible()


def test_acknowledging_in_the_pane_is_that_alert_alone_and_leaves_the_pane_open(
    opened: Opener, mailbox: Mailbox
) -> None:
    window = opened(shown())
    window.monitor.open_detail(1)
    QTest.mouseClick(window.monitor.detail.seen, Qt.MouseButton.LeftButton)
    assert mailbox.sent == [Acknowledge(1)]
    mailbox.frame = replace(shown(replace(MARGIN, acknowledged_ms=frame_parts.NOW_MS)), number=2)
    window.poll()
    assert window.monitor.detail.isVisible()
    assert not window.monitor.detail.seen.isEnabled()
    assert window.monitor.detail.seen.text().startswith("Acknowledged ")


def test_an_alert_that_is_listed_no_more_closes_its_pane(opened: Opener, mailbox: Mailbox) -> None:
    window = opened(shown())
    window.monitor.open_detail(1)
    mailbox.frame = replace(shown(frame_parts.ALERTS[0]), number=2)
    window.poll()
    assert not window.monitor.detail.isVisible()
    assert window.monitor.charts.overlay.trip is None


def test_the_charts_give_way_and_show_when_it_tripped(opened: Opener) -> None:
    window = opened(shown())
    charts = window.monitor.charts
    assert charts.buttons["1H"].isVisible()
    window.monitor.open_detail(1)
    assert not charts.buttons["1H"].isVisible()
    assert charts.narrow.isVisible()
    assert charts.overlay.trip is not None
    assert charts.overlay.trip[0] == MARGIN.raised_ms / 1_000
    window.monitor.close_detail()
    assert charts.buttons["1H"].isVisible()
    assert charts.overlay.trip is None


def test_it_says_the_three_readings_and_what_happened(opened: Opener) -> None:
    worst = replace(MARGIN, worst=120.8, worst_ms=MARGIN.raised_ms + 5_000)
    window = opened(shown(worst))
    window.monitor.open_detail(1)
    detail = window.monitor.detail
    assert [one.figure.full for one in detail.readings] == ["143.3\u202f%", "148.9\u202f%", "120.8\u202f%"]
    assert detail.readings[2].name.full.startswith("lowest, ")
    assert detail.happened.texts == [
        "Raised at 148.9\u202f%", "Planned: close 0.50 XAUUSD", "Closed 0.50 XAUUSD, filled",
        "Not closed: 0.20 EURUSD refused", "Told again",
    ]  # fmt: skip


def test_what_to_do_is_a_line_a_sentence_and_says_what_comes_next_by_itself(opened: Opener) -> None:
    alert = replace(MARGIN, rule="Margin level", do="Close part of XAUUSD. Or add funds.")
    window = opened(shown(alert))
    window.monitor.open_detail(1)
    lines = window.monitor.detail.todo.texts
    assert lines[:2] == ["Close part of XAUUSD.", "Or add funds."]
    assert all(line.startswith("Do nothing: at ") for line in lines[2:])


def test_an_alarm_that_no_rule_raised_has_no_readings_and_no_picture(opened: Opener) -> None:
    alarm = replace(MARGIN, threshold=None, metric="journal", rule="Journal", why="the disk is full", value=None)
    window = opened(shown(alarm))
    window.monitor.open_detail(1)
    detail = window.monitor.detail
    assert not detail.trail.isVisible()
    assert not any(one.isVisible() for one in detail.readings)
    assert detail.why.text() == "the disk is full"


def test_closes_that_went_through_are_marked_in_the_picture(opened: Opener) -> None:
    window = opened(shown())
    window.monitor.open_detail(1)
    picture = window.monitor.detail.trail.picture
    assert picture.acted_ms == (MARGIN.raised_ms + 2_000,)
    assert (picture.threshold, picture.when) == (150.0, "below")
    assert occurrence.acted(()) == ()


def test_the_picture_begins_before_the_trip_and_holds_every_value() -> None:
    picture = Picture(tripped_ms=1_000_000, until_ms=1_090_000)
    assert span(picture) == (970_000, 1_090_000)
    assert span(replace(picture, until_ms=1_000_000)) == (980_000, 1_060_000)
    low, high = reach(np.array([130.0, 150.0]), [120.0, 1_000.0])
    assert low < 120.0
    assert 150.0 < high < 1_000.0
    low, high = reach(np.empty(0), [])
    assert low < 0.0
    assert high > 1.0


def test_a_picture_with_a_gap_and_one_without_any_record_are_drawn(opened: Opener) -> None:
    times = np.array([0, 1_000, 60_000, 61_000]) + MARGIN.raised_ms
    trail = Trail(times.astype(np.int64), np.array([149.0, 148.0, np.nan, 143.0]))
    view = replace(frames.funded(), trails={MARGIN.rule: trail})
    window = opened(replace(frames.frame(view, alerts=(MARGIN,)), occurrences={1: HAPPENED}))
    window.monitor.open_detail(1)
    drawn = window.monitor.detail.trail.grab().toImage()
    window.monitor.detail.trail.show_picture(Picture())
    assert window.monitor.detail.trail.grab().toImage() != drawn


def test_a_plan_of_many_closes_is_counted() -> None:
    closes = [{"volume": 0.5, "symbol": "XAUUSD"}] * 4
    plan = happening(1, "plan", closes=closes, rule="Margin level")
    assert [line.what for line in occurrence.lines(MARGIN, [plan], 2)] == ["Planned: close something of 4 positions"]


def test_it_can_be_shelved_for_a_while_and_taken_off(opened: Opener, mailbox: Mailbox) -> None:
    window = opened(shown())
    window.monitor.open_detail(MARGIN.number)
    shelve = window.monitor.detail.shelve
    assert shelve.isVisible()
    next(one for one in shelve.menu_of_times.actions() if one.text() == "1\u202fhour").trigger()
    assert mailbox.sent == [Shelve(MARGIN.number, 60.0)]
    mailbox.frame = replace(shown(replace(MARGIN, shelved_until_ms=frame_parts.NOW_MS + 1)), number=2)
    window.poll()
    QTest.mouseClick(shelve, Qt.MouseButton.LeftButton)
    assert mailbox.sent[1:] == [Shelve(MARGIN.number, 0.0)]


def test_a_critical_one_or_one_that_failed_offers_no_shelf(opened: Opener, mailbox: Mailbox) -> None:
    window = opened(shown(replace(MARGIN, severity=Severity.CRITICAL)))
    window.monitor.open_detail(MARGIN.number)
    assert not window.monitor.detail.shelve.isVisible()
    mailbox.frame = replace(shown(replace(MARGIN, escalated=True)), number=2)
    window.poll()
    assert not window.monitor.detail.shelve.isVisible()
