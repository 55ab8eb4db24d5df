"""Every text has the room it needs, at the sizes people use."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QPushButton, QWidget

from monitors.ports import Frame
from tests import frames, pages
from tests.ui import crowd
from tests.ui.conftest import Opener
from ui import theme
from ui.pages.menu import PAGES
from ui.panels.card import Elided
from ui.panels.chip import Chip
from ui.panels.table import Table

SIZES = [(1_180, 720), (1_280, 800), (1_920, 1_080)]


def clipped(window: QWidget) -> list[str]:
    """Labels, buttons and chips whose text is wider or higher than its place, or that lie outside their parent."""
    labels = [label for label in window.findChildren(QLabel) if label.isVisible()]
    found = [whole(label) for label in labels if not label_fits(label)]
    for button in window.findChildren(QAbstractButton):
        if button.isVisible() and isinstance(button, QPushButton):
            wide = QFontMetrics(button.font()).horizontalAdvance(button.text())
            found += [button.text()] if wide + 2 > button.width() else []
        if button.isVisible() and isinstance(button, Chip):
            found += [button.account] if button.width() < button.sizeHint().width() else []
    return found


def whole(label: QLabel) -> str:
    """The text that a label was asked to show."""
    return label.full if isinstance(label, Elided) else label.text()


def label_fits(label: QLabel) -> bool:
    metrics, place = QFontMetrics(label.font()), label.contentsRect()
    words = whole(label)
    if label.wordWrap():
        return metrics.boundingRect(place, Qt.TextFlag.TextWordWrap, words).height() <= place.height() + 1
    inside = label.parentWidget()
    outside = inside is not None and label.geometry().right() > inside.width()
    return (
        metrics.horizontalAdvance(words) <= place.width() + 1 and metrics.height() <= place.height() + 2 and not outside
    )


def clipped_cells(window: QWidget) -> list[str]:
    """Cells and heads of the visible tables that would be cut."""
    found = list[str]()
    for table in window.findChildren(Table):
        model = table.source
        for place, column in enumerate(model.columns if table.isVisible() else ()):
            if table.isColumnHidden(place):
                continue
            room = table.columnWidth(place) - 16
            head = QFontMetrics(table.horizontalHeader().font()).horizontalAdvance(column.head)
            found += [column.head] if head > room else []
            font = theme.font(12, theme.STRONG if column.bold else theme.MEDIUM)
            wide = QFontMetrics(font)
            found += [row.texts[place] for row in model.rows if wide.horizontalAdvance(row.texts[place]) > room]
    return found


@pytest.mark.parametrize("size", SIZES, ids=["1180x720", "1280x800", "1920x1080"])
@pytest.mark.parametrize("name", list(frames.ALL))
def test_no_text_is_cut(name: str, size: tuple[int, int], opened: Opener) -> None:
    window = opened(frames.ALL[name](), *size)
    assert (window.width(), window.height()) == size
    assert clipped(window) == []
    assert clipped_cells(window) == []


@pytest.mark.parametrize("size", SIZES, ids=["1180x720", "1280x800", "1920x1080"])
def test_no_text_of_an_alerts_pane_is_cut(size: tuple[int, int], opened: Opener) -> None:
    window = opened(frames.warning(), *size)
    for alert in frames.warning().alerts:
        window.monitor.open_detail(alert.number)
        QApplication.processEvents()
        assert window.monitor.detail.isVisible()
        assert clipped(window) == []
        window.monitor.close_detail()


PAGE_FRAMES: dict[str, Callable[[], Frame]] = {
    "analysed": frames.analysed_frame,
    "rolling": frames.rolling,
    "remembered": frames.remembered,
    "desk": frames.desk_frame,
    "empty": frames.empty,
    "crowd": lambda: crowd.frame(1),
}


@pytest.mark.parametrize("size", SIZES, ids=["1180x720", "1280x800", "1920x1080"])
@pytest.mark.parametrize("name", list(PAGE_FRAMES))
def test_no_text_is_cut_on_any_page(name: str, size: tuple[int, int], opened: Opener) -> None:
    window = opened(PAGE_FRAMES[name](), *size)
    for page in PAGES[1:]:
        window.show_page(page)
        for _ in range(3):
            QApplication.processEvents()
        assert (window.width(), window.height()) == size
        assert (page, clipped(window), clipped_cells(window)) == (page, [], [])


@pytest.mark.parametrize("place", [1, 2], ids=["euro", "observing"])
def test_no_text_is_cut_on_the_other_accounts(place: int, opened: Opener) -> None:
    window = opened(frames.three_accounts())
    window.select_place(place)
    QApplication.processEvents()
    assert clipped(window) == []


def test_a_text_that_does_not_fit_is_found(opened: Opener) -> None:
    window = opened(frames.warning())
    window.monitor.account._rows["Equity"].say("0" * 60, "#FFFFFF")
    assert clipped(window) == ["0" * 60]


@pytest.mark.parametrize("mode", ["armed", "observe"])
@pytest.mark.parametrize("size", SIZES[:2], ids=["1180x720", "1280x800"])
def test_every_chip_is_whole_in_the_header_of_every_page(size: tuple[int, int], mode: str, opened: Opener) -> None:
    found = frames.desk_frame()
    accounts = tuple(replace(view, mode=mode, mode_reason="as the config says") for view in found.accounts)
    window = opened(replace(found, accounts=accounts), *size)
    for name in PAGES:
        window.show_page(name)
        QApplication.processEvents()
        header = window.header
        assert header.area.viewport().width() >= sum(chip.width() + 8 for chip in header.chips) - 8, name
        assert clipped(header) == [], name
    window.show_page(PAGES[0])
    QApplication.processEvents()
    window.resize(1_920, 1_080)
    QApplication.processEvents()
    assert not any(chip.narrow for chip in window.header.chips)
    assert window.header.day.text().startswith("server UTC+2")


def test_a_long_call_moves_nothing_in_the_header(opened: Opener) -> None:
    window = opened(frames.calm())
    before = window.header.calls.geometry()
    calm = frames.calm()
    slow = replace(calm, number=2, accounts=tuple(replace(one, call_ms=124.0) for one in calm.accounts))
    window.header.show_frame(slow, 0)
    QApplication.processEvents()
    assert window.header.calls.geometry() == before
    assert clipped(window.header) == []


def test_the_result_of_a_strategy_is_whole_in_a_small_window(opened: Opener) -> None:
    view, found = frames.full(), pages.analysis()
    long = (("London breakout M15", pages.statistics(5, 4, 4.33, 1.9, 0.2, -101_222.0)),)
    results = replace(found.results, statistics=long)
    window = opened(frames.frame(replace(view, analysis=replace(found, results=results))), 1_180, 720)
    window.show_page("Results")
    QApplication.processEvents()
    assert clipped_cells(window) == []
