"""The page of the first start: what is wrong comes first with its remedy, observing is chosen, arming is locked."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QFontMetrics
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from monitors.ports import Severity
from tests.first_run import FOUND, PATHS
from tests.ui.test_room import clipped
from ui.first_run import FirstRun, Found, terminal_name
from ui.focus_ring import INNER_PX, OUTER_PX
from ui.panels.tick import BOX_PX, WORDS_PX


@pytest.fixture
def page(qtbot: QtBot) -> Iterator[FirstRun]:
    made = FirstRun("")
    with qtbot.waitExposed(made):
        made.show()
    yield made
    made.close()
    made.deleteLater()
    QApplication.processEvents()


def click(which: object) -> None:
    QTest.mouseClick(which, Qt.MouseButton.LeftButton, pos=QPoint(9, 11))  # type: ignore[call-overload]


def words(page: FirstRun) -> list[str]:
    return [label.text() for label in page.findChildren(QLabel) if label.isVisible()]


def test_while_it_looks_nothing_can_be_started_but_the_demo(page: FirstRun) -> None:
    assert page.doctor.sub.full == "looking \u2026"
    assert not page.begin.isEnabled()
    assert not page.check.isEnabled()
    assert page.try_demo.isEnabled()


def test_what_is_to_be_fixed_stands_on_top_with_its_remedy(page: FirstRun) -> None:
    page.show_found(FOUND)
    remedies = [row.remedy.text() for row in page.rows if not row.remedy.isHidden()]
    assert remedies == [
        "\u2192 press Algo Trading in MetaTrader 5's toolbar",
        "\u2192 set login = 51023381 of this [[terminal]]",
    ]
    assert page.counts.text() == "1 to fix \u00b7 1 to know \u00b7 4 fine"
    assert [row.detail.text() for row in page.rows[:1]] == ["off: the terminal refuses every order of a program"]


def test_the_least_width_cuts_nothing(page: FirstRun) -> None:
    page.show_found(FOUND)
    page.resize(page.minimumSize())
    layout = page.layout()
    assert layout is not None
    assert page.width() >= layout.minimumSize().width()


def test_observing_is_chosen_and_arming_says_why_it_is_locked(page: FirstRun) -> None:
    assert page.modes.observe.isChecked()
    assert page.modes.locked.text() == "locked: observe first"
    page.show_found(FOUND)
    assert page.modes.locked.text() == "locked: 1 to fix"
    click(page.modes.armed)
    assert page.modes.observe.isChecked()
    assert not page.modes.armed.isChecked()


def test_the_terminals_that_are_ticked_are_those_that_are_started(page: FirstRun, qtbot: QtBot) -> None:
    page.show_found(FOUND)
    assert page.summary.text() == "2 terminals, observing"
    click(page.ticks[1])
    assert page.summary.text() == "1 terminal, observing"
    with qtbot.waitSignal(page.start) as started:
        click(page.begin)
    assert started.args == [(PATHS[0],)]
    page.show_found(FOUND)
    assert page.ticked == (PATHS[0],), "a new look keeps what a person chose"
    click(page.ticks[0])
    assert not page.begin.isEnabled()
    assert page.reason.text() == "Tick a terminal that runs."


def test_where_nothing_can_be_started_it_says_why(page: FirstRun) -> None:
    page.show_found(Found(findings=FOUND.findings, cannot="no MetaTrader 5 here"))
    assert not page.begin.isEnabled()
    assert page.reason.text() == "no MetaTrader 5 here"
    assert any("Plimsoll never starts one" in line for line in words(page))


def test_with_a_config_it_starts_with_its_terminals(qtbot: QtBot) -> None:
    page = FirstRun("/home/mara/config.toml")
    qtbot.addWidget(page)
    page.show_found(Found(findings=FOUND.findings))
    assert page.begin.isEnabled()
    assert page.reason.text() == "With the rules of /home/mara/config.toml"


def test_a_look_that_fails_is_a_finding(page: FirstRun) -> None:
    page.show_trouble("the disk is gone")
    assert [row.detail.text() for row in page.rows] == ["the disk is gone"]
    assert page.check.isEnabled()


def test_a_person_asks_for_a_look_and_for_the_demo(page: FirstRun, qtbot: QtBot) -> None:
    page.show_found(FOUND)
    for which, signal in ((page.search, page.again), (page.check, page.again), (page.try_demo, page.demo)):
        with qtbot.waitSignal(signal):
            click(which)


def test_worst_first_and_then_as_they_were_found() -> None:
    ranks = [None if one.severity is None else one.severity for one in FOUND.findings]
    assert ranks != sorted(ranks, key=lambda one: -1 if one is None else one.rank, reverse=True)
    assert Severity.HIGH in ranks


def test_it_opens_no_larger_than_its_screen(page: FirstRun) -> None:
    assert page.size().boundedTo(page.screen().availableSize()) == page.size()


def test_the_ring_of_the_focus_lies_beside_the_name_and_the_box(page: FirstRun) -> None:
    tick, ring = page.modes.observe, OUTER_PX + INNER_PX
    words = QFontMetrics(tick.font()).horizontalAdvance(tick.text())
    assert WORDS_PX + words + ring <= tick.width()
    assert tick.height() >= BOX_PX + 2 * ring


@pytest.mark.parametrize("size", [(1_366, 696), (910, 440)])
def test_on_a_small_screen_the_start_stays_in_sight(page: FirstRun, size: tuple[int, int]) -> None:
    page.resize(*size)
    page.show_found(FOUND)
    for _ in range(3):
        QApplication.processEvents()
    assert (page.width(), page.height()) == size
    button = page.begin
    assert page.rect().contains(QRect(button.mapTo(page, QPoint(0, 0)), button.size()))
    assert button.visibleRegion().boundingRect() == button.rect()


@pytest.mark.parametrize("size", [(1_000, 640), (1_280, 800), (1_920, 1_080)])
def test_nothing_on_it_is_cut(page: FirstRun, size: tuple[int, int]) -> None:
    page.resize(*size)
    page.show_found(FOUND)
    for _ in range(3):
        QApplication.processEvents()
    assert clipped(page) == []


@pytest.mark.parametrize(
    ("path", "name"),
    [(PATHS[0], "FTMO MetaTrader 5"), ("/home/mara/MT5/terminal64.exe", "MT5"), ("terminal64.exe", "terminal64.exe")],
)
def test_a_terminal_is_called_like_its_folder(path: str, name: str) -> None:
    assert terminal_name(path) == name
