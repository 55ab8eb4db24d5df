"""The desk's window: machines, accounts and Kafka, nothing that acts on any, and 200 cards that scroll."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication
from pytestqt.qtbot import QtBot

from monitors.desk import Counted, DeskView, Held, Machine, together
from monitors.ports import AccountFrame, Frame, Link
from tests import frames
from tests.frame_parts import ALERTS, NOW_MS
from tests.ui.test_room import clipped
from ui.desk_window import STALLED_POLLS, DeskWindow
from ui.panels.stop_short import StopShort
from ui.panels.strike import Strike


def accounts(count: int) -> tuple[AccountFrame, ...]:
    """So many, four on a machine; the last machine is silent."""
    kinds = [frames.calm_account(), frames.funded(), frames.observe().accounts[0]]
    made = [
        replace(kinds[n % 3], name=f"Account {n} @ pc-{n // 4}", machine=f"pc-{n // 4}", login=n + 1, broker_offset_s=0)
        for n in range(count)
    ]
    silent = made[-1].machine
    return tuple(
        replace(one, link=Link.SILENT, reason="silent since 12:20:00Z", as_of_ms=NOW_MS - 727_000)
        if one.machine == silent else one for one in made
    )  # fmt: skip


def view(count: int = 12, *, number: int = 1, away: str = "", silent: bool = True) -> DeskView:
    found = accounts(count)
    names = list(dict.fromkeys(one.machine for one in found))
    machines = tuple(
        Machine(name=name, accounts=4, silent=silent and name == names[-1], heard_ms=NOW_MS - 727_000) for name in names
    )
    alerts = tuple(replace(alert, account=found[5].name) for alert in ALERTS)
    legs = {"USD": -120_000.0, "EUR": 80_000.0, "JPY": 40_000.0}
    held = [Held(name=one.name, legs=None if one.link is Link.SILENT else legs, unit="USD", rate=1.0) for one in found]
    frame = Frame(number=number, at_ms=NOW_MS, accounts=found, alerts=alerts)
    return DeskView(frame=frame, machines=machines, together=together(held), away=away, last="pc-0  an event",
                    counted=Counted(events=12, doubled=1, missing=2, unreadable=3))  # fmt: skip


class Source:
    """Holds the newest view."""

    def __init__(self) -> None:
        self.view: DeskView | None = None

    def newest(self) -> DeskView | None:
        return self.view


@pytest.fixture
def source() -> Source:
    return Source()


@pytest.fixture
def window(qtbot: QtBot, source: Source) -> Iterator[DeskWindow]:
    made = DeskWindow(source, "kafka-1:9092")
    with qtbot.waitExposed(made):
        made.show()
    source.view = view()
    made.poll()
    QApplication.processEvents()
    yield made
    made.close()
    made.deleteLater()
    QApplication.processEvents()


def shown(window: DeskWindow) -> list[str]:
    return [tile.name for tile in window.page.tiles if not tile.isHidden()]


def test_it_counts_machines_and_accounts_and_says_what_came(window: DeskWindow) -> None:
    assert window.head.counts.text() == "12 accounts on 3 machines"
    assert (window.head.link.text(), window.head.where.text()) == ("Kafka connected", "kafka-1:9092")
    assert window.last.full == "pc-0  an event"
    assert window.counted.text() == "12 events · 1 doubled · 2 missing · 3 unreadable"
    assert len(shown(window)) == 12
    assert shown(window)[0] == "Account 5 @ pc-1"


def test_a_silent_machine_is_named_and_its_accounts_are_of_then(window: DeskWindow) -> None:
    assert not window.strip.isHidden()
    assert window.strip.headline.text() == "1 MACHINE SILENT"
    assert window.strip.sentence.full == "pc-2 since 12:20:00 UTC (4 accounts)"
    tile = next(tile for tile in window.page.tiles if tile.name == "Account 9 @ pc-2")
    assert (tile.mode.text(), tile.today.text(), tile.room.text()) == ("Silent", "no data", "unknown")
    assert tile.call.text() == "as of 12:20:00"
    assert tile.alert.full == "silent since 12:20:00Z"
    assert tile.equity.text().startswith("101")
    assert window.legs.left_out.full == "4 accounts not counted"
    assert window.legs.sub.full == "8 accounts in USD"


def test_the_strip_goes_once_all_speak(window: DeskWindow, source: Source) -> None:
    source.view = view(silent=False)
    window.poll()
    assert window.strip.isHidden()


def test_where_kafka_does_not_answer_that_goes_before_all_else(window: DeskWindow, source: Source) -> None:
    source.view = view(away="no broker answers at kafka-1:9092")
    window.poll()
    assert window.strip.headline.text() == "KAFKA NOT REACHED"
    assert window.head.link.text() == "Kafka not reached"


def test_before_anything_is_known_it_says_so(qtbot: QtBot) -> None:
    window = DeskWindow(Source(), "kafka-1:9092")
    qtbot.addWidget(window)
    assert window.head.counts.text() == "reading what is known"


def test_a_desk_that_hears_nothing_any_more_shows_no_figure_as_of_now(window: DeskWindow) -> None:
    for _ in range(STALLED_POLLS):
        window.poll()
    assert window.strip.headline.text() == "NOT LISTENING"
    assert {tile.mode.text() for tile in window.page.tiles} == {"Stalled"}


def test_nothing_on_it_acts_and_it_says_why(window: DeskWindow) -> None:
    assert window.findChildren(Strike) == []
    assert window.findChildren(StopShort) == []
    buttons = {one.text().rpartition(" ")[0] for one in window.findChildren(QAbstractButton)}
    assert buttons == set(window.page.filters)
    assert window.head.mode.text() == "READ-ONLY: stop on the machine itself"


def test_a_card_leads_nowhere_and_says_where_its_account_is(window: DeskWindow) -> None:
    QTest.mouseClick(window.page.tiles[0], Qt.MouseButton.LeftButton)
    assert window.notice.full == "Account 5 is shown whole on its machine, pc-1"


def test_a_card_says_account_and_machine(window: DeskWindow) -> None:
    tile = window.page.tiles[0]
    assert (tile.title.text(), tile.login.full) == ("Account 5", "6 · pc-1")


def test_of_two_hundred_accounts_only_those_in_sight_have_cards(window: DeskWindow, source: Source) -> None:
    source.view = view(200)
    window.poll()
    QApplication.processEvents()
    assert 12 <= len(window.page.tiles) <= 32
    area = window.page.area
    area.verticalScrollBar().setValue(area.verticalScrollBar().maximum())
    QApplication.processEvents()
    assert len(window.page.tiles) <= 32
    in_order = [
        tile.name for tile in sorted(window.page.tiles, key=lambda one: (one.y(), one.x())) if not tile.isHidden()
    ]
    assert len(set(in_order)) == len(in_order)
    last = window.page.grid._views[-1].name
    assert in_order[-1] == last
    assert window.page.tiles[[tile.name for tile in window.page.tiles].index(last)].visibleRegion().isEmpty() is False


def test_every_account_comes_into_sight_while_it_is_scrolled(window: DeskWindow, source: Source) -> None:
    source.view = view(200)
    window.poll()
    QApplication.processEvents()
    area = window.page.area
    seen = set[str]()
    for value in range(0, area.verticalScrollBar().maximum() + 1, 90):
        area.verticalScrollBar().setValue(value)
        QApplication.processEvents()
        seen |= {tile.name for tile in window.page.tiles if not tile.visibleRegion().isEmpty()}
    assert len(seen) == 200


def test_a_card_whose_account_is_the_same_is_not_filled_again(window: DeskWindow, source: Source) -> None:
    tile = window.page.tiles[0]
    tile.title.say("untouched")
    assert source.view is not None
    source.view = replace(source.view, frame=replace(source.view.frame, number=2, at_ms=NOW_MS + 250))
    window.poll()
    assert tile.title.text() == "untouched"


@pytest.mark.parametrize("width", [1_180, 1_440, 1_920])
def test_nothing_on_it_is_cut(window: DeskWindow, width: int) -> None:
    window.resize(width, 800)
    QApplication.processEvents()
    assert clipped(window) == []
