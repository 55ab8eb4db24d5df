"""The history of alerts: read when it is opened, searched and filtered, and what cannot be read is said."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from monitors.ports import Severity
from tests import frames
from tests.frame_parts import NOW_MS, alert
from tests.ui.conftest import Opener
from tests.ui.test_room import clipped
from ui.alert_history import AlertHistory, Filter, PastAlert

PAST = [
    PastAlert(view=alert(9, "equity", 97_250.0, Severity.CRITICAL, raised_ms=NOW_MS)),
    PastAlert(view=replace(alert(8, "margin.level_pct", 150.0, Severity.HIGH, raised_ms=NOW_MS - 60_000), active=False,
                           acknowledged_ms=NOW_MS - 19_000, cleared_ms=NOW_MS - 10_000)),
    PastAlert(view=replace(alert(7, "position.profit", -50.0, Severity.LOW, raised_ms=NOW_MS - 90_000), account="Swing",
                           position=5_001, symbol="XAUUSD")),
]  # fmt: skip


class Source:
    """Gives what there is, or cannot."""

    def __init__(self) -> None:
        self.past: Sequence[PastAlert] = PAST
        self.trouble = ""
        self.reads = 0

    def read(self) -> Sequence[PastAlert]:
        self.reads += 1
        if self.trouble:
            raise OSError(self.trouble)
        return self.past


@pytest.fixture
def source() -> Source:
    return Source()


@pytest.fixture
def history(qtbot: QtBot, source: Source) -> Iterator[AlertHistory]:
    parent = QWidget()
    made = AlertHistory(source.read, parent)
    with qtbot.waitExposed(made):
        made.show()
    came(qtbot, made)
    yield made
    made.close()
    parent.deleteLater()


def came(qtbot: QtBot, history: AlertHistory) -> None:
    """What was asked for has come."""
    qtbot.waitUntil(lambda: not history.aside.waiting, timeout=30_000)


def shown(history: AlertHistory) -> list[str]:
    return [row.texts[2] for row in history.table.source.rows]


def test_it_shows_every_alert_with_how_long_each_took(history: AlertHistory) -> None:
    rows = history.table.source.rows
    assert [row.texts[1] for row in rows] == ["Funded 100k", "Funded 100k", "Swing"]
    assert (rows[1].texts[5], rows[1].texts[6]) == ("41\u202fs", "50\u202fs")
    assert rows[0].texts[6] == "active"
    assert history.count.text() == "3 of 3 alerts"


def test_typing_searches_rule_metric_symbol_and_position(history: AlertHistory) -> None:
    QTest.keyClicks(history.search, "xauusd 5001")
    assert len(shown(history)) == 1
    assert history.count.text() == "1 of 3 alerts"
    history.search.clear()
    QTest.keyClicks(history.search, "no such thing")
    assert shown(history) == []


@pytest.mark.parametrize(("wanted", "numbers"), [
    (Filter(), [9, 8, 7]),
    (Filter(severity=Severity.HIGH.rank), [9, 8]),
    (Filter(severity=Severity.CRITICAL.rank), [9]),
    (Filter(state="unseen"), [9, 7]),
    (Filter(state="active"), [9, 7]),
    (Filter(state="over"), [8]),
    (Filter(account="Swing"), [7]),
    (Filter(account="Swing", state="over"), []),
    (Filter(text="LEVEL_PCT"), [8]),
])  # fmt: skip
def test_a_filter_takes_what_fits_all_of_it(wanted: Filter, numbers: list[int]) -> None:
    assert [one.view.number for one in PAST if wanted.takes(one)] == numbers


def test_the_choices_filter_and_offer_every_account_there_is(history: AlertHistory) -> None:
    assert [history.account.itemText(n) for n in range(history.account.count())] == [
        "All accounts", "Funded 100k", "Swing",
    ]  # fmt: skip
    history.account.setCurrentIndex(2)
    assert len(shown(history)) == 1
    history.account.setCurrentIndex(0)
    history.severity.setCurrentIndex(3)
    assert len(shown(history)) == 1


def test_it_is_read_again_when_it_is_opened_and_by_a_click(history: AlertHistory, source: Source, qtbot: QtBot) -> None:
    before = source.reads
    history.close()
    history.show()
    came(qtbot, history)
    assert source.reads == before + 1
    source.past = PAST[:1]
    QTest.mouseClick(history.again, Qt.MouseButton.LeftButton)
    came(qtbot, history)
    assert len(shown(history)) == 1


def test_what_cannot_be_read_is_said_and_leaves_no_old_rows(
    history: AlertHistory, source: Source, qtbot: QtBot
) -> None:
    source.trouble = "history.db: cannot be read"
    history.read()
    came(qtbot, history)
    assert shown(history) == []
    assert history.count.text() == "history.db: cannot be read"


def test_without_an_alert_it_says_so(history: AlertHistory, source: Source, qtbot: QtBot) -> None:
    source.past = []
    history.read()
    came(qtbot, history)
    assert history.count.text() == "No alert was raised yet"


def test_nothing_in_it_is_cut(history: AlertHistory) -> None:
    assert clipped(history) == []


def test_the_list_has_a_way_to_it(opened: Opener) -> None:
    window, asked = opened(frames.warning()), list[int]()
    window.monitor.alerts.history_wanted.connect(lambda: asked.append(1))
    QTest.mouseClick(window.monitor.alerts.history, Qt.MouseButton.LeftButton)
    assert asked == [1]
