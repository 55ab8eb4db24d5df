"""What is not another than before is neither set nor painted again; another fact, and another look, is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import pytest
from PySide6.QtCore import QEvent, QObject, QRect
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QApplication, QWidget

from monitors.ports import AccountFrame, Frame
from tests import frames
from tests.ui.conftest import Mailbox, Opener
from tests.ui.settling import settle
from ui.main_window import MainWindow
from ui.panels.card import Figure
from ui.panels.chip import FIGURES_TOP


class Painted(QObject):
    """Counts by kind what the window's parts are told, and where each was painted last."""

    def __init__(self) -> None:
        super().__init__()
        self.told: Counter[QEvent.Type] = Counter()
        self.where: dict[QWidget, list[QRect]] = {}

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 -- Qt's own
        self.told[event.type()] += 1
        if isinstance(watched, QWidget) and isinstance(event, QPaintEvent):
            self.where.setdefault(watched, []).extend(event.region())  # type: ignore[arg-type]  # it can be walked
        return False


@contextmanager
def watched(*widgets: QWidget) -> Iterator[Painted]:
    settle()
    seen = Painted()
    for widget in widgets:
        widget.installEventFilter(seen)
    yield seen
    settle()
    for widget in widgets:
        widget.removeEventFilter(seen)


def everything(window: MainWindow) -> list[QWidget]:
    """Every part but the charts, and what they stand in."""
    charts = window.monitor.charts
    parts = [one for one in window.findChildren(QWidget) if one is not charts]
    return [one for one in parts if not charts.isAncestorOf(one) and not one.isAncestorOf(charts)]


def drawn(window: MainWindow, mailbox: Mailbox, frame: Frame) -> None:
    """Draw it as the next frame."""
    assert mailbox.frame is not None
    mailbox.frame = replace(frame, number=mailbox.frame.number + 1)
    window.poll()


def ticked(frame: Frame) -> Frame:
    """The first position's price and profit, and what hangs on them, are others."""
    first, *rest = frame.accounts
    assert first.account is not None
    held = replace(first.positions[0], price=4_185.10, profit=-2_464.00)
    account = replace(first.account, equity=97_406.55, profit=-2_723.45)
    level = {**first.metrics, "margin.level_pct": 140.1}
    moved: AccountFrame = replace(
        first, account=account, positions=(held, *first.positions[1:]), metrics=level, tick_age_s=0.2
    )
    return replace(frame, accounts=(moved, *rest))


@pytest.mark.parametrize("name", list(frames.ALL))
def test_a_frame_that_shows_the_same_paints_sets_and_lays_out_nothing(
    name: str, opened: Opener, mailbox: Mailbox
) -> None:
    frame = frames.ALL[name]()
    window = opened(frame)
    drawn(window, mailbox, frame)
    with watched(*everything(window)) as seen:
        drawn(window, mailbox, frame)
    assert not seen.where
    kinds = (QEvent.Type.ToolTipChange, QEvent.Type.LayoutRequest, QEvent.Type.PaletteChange, QEvent.Type.StyleChange)
    assert [kind for kind in kinds if seen.told[kind]] == []


def test_a_tick_paints_gauge_chip_and_cells_and_not_what_stands_still(opened: Opener, mailbox: Mailbox) -> None:
    frame = frames.warning()
    window = opened(frame)
    page, chip, table = window.monitor, window.header.chips[0], window.monitor.positions.table
    still = (page.stop, page.stop.button, page.alerts, page.load, page.automation)
    with watched(page.gauge.arc, chip, table.viewport(), *still) as seen:
        drawn(window, mailbox, ticked(frame))
    assert {page.gauge.arc, chip, table.viewport()} <= set(seen.where)
    assert not {*still} & set(seen.where)
    assert min(place.top() for place in seen.where[chip]) == FIGURES_TOP, "its name stands still"
    columns = {table.columnAt(place.center().x()) for place in seen.where[table.viewport()]}
    assert columns == {4, 7}, "the price, and the profit"
    assert {table.rowAt(place.center().y()) for place in seen.where[table.viewport()]} == {0}


def test_equity_that_leaves_the_margin_level_where_it_is_leaves_the_gauge(opened: Opener, mailbox: Mailbox) -> None:
    frame = frames.warning()
    window = opened(frame)
    moved = replace(ticked(frame).accounts[0], metrics=frame.accounts[0].metrics)
    with watched(window.monitor.gauge.arc, window.monitor.account) as seen:
        drawn(window, mailbox, replace(frame, accounts=(moved,)))
    assert set(seen.where) == {window.monitor.account}


def test_a_tick_of_as_many_figures_lays_nothing_out_in_header_limits_and_status(
    opened: Opener, mailbox: Mailbox
) -> None:
    frame = frames.warning()
    window = opened(frame)
    drawn(window, mailbox, frame)
    with watched(window, window.header, window.status, window.monitor.positions) as seen:
        drawn(window, mailbox, ticked(frame))
    assert seen.told[QEvent.Type.LayoutRequest] == 0


def test_another_look_paints_what_shows_the_same(opened: Opener, mailbox: Mailbox) -> None:
    frame = frames.warning()
    window = opened(frame)
    page = window.monitor
    parts = (page.gauge.arc, window.header.chips[0], page.positions.table.viewport(), page.stop, page.alerts.rows[0])
    before = window.header.waiting.styleSheet()
    with watched(*parts) as seen:
        window.wear("light", "plimsoll")
    assert set(seen.where) == {*parts}
    assert window.header.waiting.styleSheet() != before


def test_a_gauge_of_another_size_draws_its_scale_anew(opened: Opener) -> None:
    small = opened(frames.warning())
    small.resize(1_920, 1_080)
    QApplication.processEvents()
    fresh = opened(frames.warning(), 1_920, 1_080)
    QApplication.processEvents()
    assert small.monitor.gauge.arc.grab().toImage() == fresh.monitor.gauge.arc.grab().toImage()


def test_an_age_goes_on_while_all_else_stands_still(opened: Opener, mailbox: Mailbox) -> None:
    frame = frames.warning()
    window = opened(frame)
    clock, until = window.header.time.text(), window.header.day.text()
    drawn(window, mailbox, replace(frame, at_ms=frame.at_ms + 1_000))
    assert window.header.time.text() != clock
    assert window.header.day.text() != until
    waiting = replace(frame.alerts[3], stage=1, escalated=True)
    drawn(window, mailbox, replace(frame, alerts=(waiting,)))
    before = window.monitor.alerts.rows[0].line.full
    drawn(window, mailbox, replace(frame, alerts=(waiting,), at_ms=frame.at_ms + 1_000))
    assert window.monitor.alerts.rows[0].line.full != before


def test_the_room_of_the_header_is_measured_again_where_a_figure_grows(opened: Opener, mailbox: Mailbox) -> None:
    frame = frames.three_accounts()
    window = opened(frame, 1_180, 720)
    rich = [replace(one, name=f"{one.name} of another year") for one in frame.accounts]
    assert not any(chip.narrow for chip in window.header.chips)
    drawn(window, mailbox, replace(frame, accounts=tuple(rich)))
    QApplication.processEvents()
    assert all(chip.narrow for chip in window.header.chips)
    assert all(chip.width() >= chip.sizeHint().width() for chip in window.header.chips)
    drawn(window, mailbox, frame)
    assert not any(chip.narrow for chip in window.header.chips)


@pytest.mark.parametrize("words", ["\u2014", "2\u202f553.45 of 4\u202f000", ""])
def test_a_figure_is_as_large_as_if_it_had_said_nothing_before(words: str) -> None:
    fresh, used = Figure(words), Figure("2\u202f553.45 of 40\u202f000")
    used.say(words)
    assert used.size() == fresh.size()
    assert used.minimumSize() == fresh.minimumSize()


def test_a_chip_says_what_its_colours_do_not_show_beside_an_alert(opened: Opener, mailbox: Mailbox) -> None:
    window = opened(frames.warning())
    chip = window.header.chips[0]
    drawn(window, mailbox, replace(frames.latched(), alerts=frames.warning().alerts))
    assert "halted" in chip.accessibleName()
    drawn(window, mailbox, frames.warning())
    assert "halted" not in chip.accessibleName()


def test_a_label_that_says_nothing_any_more_says_nothing_to_a_screen_reader(opened: Opener, mailbox: Mailbox) -> None:
    window = opened(frames.ALL["blind"]())
    assert window.monitor.limits.remark.accessibleName() == "not judged"
    drawn(window, mailbox, frames.warning())
    assert window.monitor.limits.remark.accessibleName() == ""
