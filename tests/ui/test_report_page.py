"""The page of the day's report: read beside the window's thread, what is not known is said, and saved as a file."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from threading import Event, get_ident

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from monitors.day_report import Audit, Report
from tests import frames, report_day
from tests.report_day import DAY, WHOSE, Kept
from tests.ui.conftest import Mailbox, Opener
from tests.ui.settling import settle
from tests.ui.test_room import clipped, clipped_cells
from ui.main_window import MainWindow
from ui.pages.report import ReportPage
from ui.panels.table import Table
from ui.text import MINUS

LEFT = Qt.MouseButton.LeftButton


LONG_MS = 30_000
"""A machine under load starts a thread late."""


@pytest.fixture
def kept() -> Kept:
    report_day.whole()  # made once, before anything waits for it
    return Kept()


def wait(qtbot: QtBot, page: ReportPage) -> None:
    qtbot.waitUntil(lambda: not (page.days.waiting or page.reading.waiting or page.saving.waiting), timeout=LONG_MS)


def opened_page(opened: Opener, qtbot: QtBot, kept: Kept, width: int = 1_280, height: int = 800) -> ReportPage:
    window = opened(frames.warning(), width, height)
    window.reports = kept
    QTest.keyClick(window, Qt.Key.Key_6, Qt.KeyboardModifier.AltModifier)
    return settled(window, qtbot)


def settled(window: MainWindow, qtbot: QtBot) -> ReportPage:
    """The page once nothing is awaited any more."""
    page = window.page
    assert isinstance(page, ReportPage)
    wait(qtbot, page)
    return page


@pytest.fixture
def page(opened: Opener, qtbot: QtBot, kept: Kept) -> ReportPage:
    return opened_page(opened, qtbot, kept)


def texts(table: Table) -> list[tuple[str, ...]]:
    return [row.texts for row in table.source.rows]


def test_it_shows_the_newest_day_of_the_chosen_account(page: ReportPage, kept: Kept) -> None:
    assert kept.asked == [(WHOSE.server, WHOSE.login, DAY)]
    assert page.day.currentText() == "Today, Mon 2 Mar 2026"
    assert page.figures.figures["Against holding"].number.full == "▲ saved 676.28"
    assert page.figures.figures["Result"].number.full.startswith(f"{MINUS}4\u202f")
    assert page.state.full == ""


def test_what_rules_closed_is_told_with_what_it_saved_or_cost(page: ReportPage) -> None:
    rows = texts(page.responses.table)
    assert [row[6] for row in rows] == ["▲ saved 394.26", "▲ saved 273.00", "▲ saved 164.50", "▼ cost 105.68",
                                        "▼ cost 49.80", "▲ saved 676.28"]  # fmt: skip
    assert rows[0][:4] == ("1", "14:18:04", "Margin level", "EURUSD 3.50 of 3.50")
    assert rows[-1][3] == "5 filled"


def test_each_alert_is_told_with_how_long_it_waited(page: ReportPage) -> None:
    rows = texts(page.alerts.table)
    assert (rows[2][2], rows[2][6], rows[-1][6]) == ("Margin level", "30:55", "not yet")
    assert page.alerts.sub.full == "9 raised, 8 acknowledged, no flood"
    shown = [severity.value for severity, (icon, _) in page.alerts.counts.items() if icon.isVisible()]
    assert shown == ["critical", "high", "medium", "low"]


def test_strategies_come_worst_first_and_the_best_positions_before_the_worst(page: ReportPage) -> None:
    names = [row[0] for row in texts(page.strategies.table)]
    assert (names[0], names[-1]) == ("London breakout M15", "All")
    rows = texts(page.positions.table)
    assert [row[0] for row in rows] == ["USDJPY ▼ sell", "AUDUSD ▲ buy", "GBPJPY ▲ buy", "EURGBP ▼ sell",
                                        "EURUSD ▲ buy", "XAUUSD ▼ sell"]  # fmt: skip
    assert rows[0][3] == "+1.50\u202fR"


def test_its_lists_show_whole_rows_and_the_sums_stay_in_sight(page: ReportPage) -> None:
    for list_ in (page.alerts.table, page.strategies.table, page.responses.table):
        row, seen = list_.rowHeight(0), list_.viewport().height()
        assert seen >= row
        assert seen % row == 0
    sum_ = page.strategies._list.sum
    assert sum_.isVisible()
    assert texts(page.strategies.table)[-1][0] == "All"
    assert sum_.geometry().bottom() <= page.strategies._list.height()


def test_the_curve_has_each_response_numbered_and_what_would_have_been_without_rules(page: ReportPage) -> None:
    assert [words for _, _, words in page.curve.overlay.discs] == ["1", "2"]
    assert "without rules 94\u202f992.00" in [words for words, _ in page.curve.overlay.notes[0].heads]
    assert [line.caption for line in page.curve.equity.lines] == ["Equity at 96 000, close 50 %", "Equity under 97 250"]
    assert len(page.curve.overlay.gaps) == 1


def test_the_audit_log_is_said_and_damage_stands_out(page: ReportPage) -> None:
    assert page.audit.full == "Audit log: 1\u202f284 rows, all verified, head 7c1e04a2"
    page._show(replace(report_day.whole(), audit=Audit(rows=9, checked=3, head="ab", damage="row 4 is missing")))
    assert page.audit.full == "Audit log not verified: row 4 is missing"
    page._show(replace(report_day.whole(), audit=None))
    assert page.audit.full == "No audit log lies beside this history"


def test_another_day_is_read_by_the_arrows_and_by_the_list(page: ReportPage, kept: Kept, qtbot: QtBot) -> None:
    assert not page.later.isEnabled()
    QTest.mouseClick(page.earlier, LEFT)
    wait(qtbot, page)
    page.day.setCurrentIndex(2)
    wait(qtbot, page)
    assert [day for _, _, day in kept.asked] == [DAY, "2026-02-27", "2026-02-26"]
    assert not page.earlier.isEnabled()
    QTest.mouseClick(page.again, LEFT)
    wait(qtbot, page)
    assert kept.asked[-1][2] == "2026-02-26"


def test_an_account_without_history_has_no_report_and_nothing_to_save(
    opened: Opener, mailbox: Mailbox, qtbot: QtBot, kept: Kept
) -> None:
    window = opened(frames.three_accounts())
    window.reports = kept
    window.show_page("Report")
    assert settled(window, qtbot).report is not None
    window.select_place(1)
    settle()
    shown = settled(window, qtbot)
    assert shown.state.full == "Nothing of this account was recorded yet"
    assert (shown.report, shown.html.isEnabled(), shown.day.count()) == (None, False, 0)
    assert texts(shown.responses.table) == []


def test_without_a_history_it_says_so(opened: Opener) -> None:
    window = opened(frames.warning())
    window.show_page("Report")
    assert isinstance(window.page, ReportPage)
    assert window.page.state.full == "No history is kept here"


def test_what_cannot_be_read_is_said_in_one_line(opened: Opener, qtbot: QtBot, kept: Kept) -> None:
    kept.trouble = "history.db: damaged"
    page = opened_page(opened, qtbot, kept)
    assert page.state.full == "Not read: history.db: damaged"
    assert page.report is None


def test_a_file_is_offered_under_the_accounts_name_and_day_and_saved(
    page: ReportPage, kept: Kept, qtbot: QtBot
) -> None:
    QTest.mouseClick(page.pdf, LEFT)
    assert page.dialog is not None
    assert page.dialog.isVisible()
    assert [Path(name).name for name in page.dialog.selectedFiles()] == ["Funded-100k-2026-03-02.pdf"]
    page.dialog.fileSelected.emit("/somewhere/r.pdf")
    page.dialog.close()
    wait(qtbot, page)
    assert kept.saved == [(WHOSE.server, WHOSE.login, DAY, Path("/somewhere/r.pdf"))]
    assert page.state.full == "Saved /somewhere/r.pdf"


def test_a_file_that_cannot_be_written_is_said_in_one_line(page: ReportPage, kept: Kept, qtbot: QtBot) -> None:
    kept.trouble = "No space left on device"
    page.save(Path("/somewhere/r.html"))
    wait(qtbot, page)
    assert page.state.full == "Not saved: No space left on device"


class Slow(Kept):
    """Reads only once it is let, and notes in which thread."""

    def __init__(self) -> None:
        super().__init__()
        self.let, self.threads = Event(), set[int]()

    def report(self, server: str, login: int, day: str) -> Report:
        self.threads.add(get_ident())
        self.let.wait(30)
        return Kept.report(self, server, login, day)


def test_the_window_goes_on_while_a_report_is_read(opened: Opener, mailbox: Mailbox, qtbot: QtBot) -> None:
    report_day.whole()
    slow = Slow()
    window = opened(frames.warning())
    window.reports = slow
    window.show_page("Report")
    page = window.page
    assert isinstance(page, ReportPage)
    qtbot.waitUntil(lambda: bool(slow.threads), timeout=LONG_MS)
    drawn = window.drawn
    mailbox.frame = replace(frames.calm(), number=99)
    window.poll()
    assert (window.drawn, page.report, page.state.full) == (drawn + 1, None, "Reading…")
    slow.let.set()
    wait(qtbot, page)
    assert get_ident() not in slow.threads


@pytest.mark.parametrize("size", [(1_180, 720), (1_280, 800), (1_920, 1_080)])
def test_nothing_on_it_is_cut(opened: Opener, qtbot: QtBot, kept: Kept, size: tuple[int, int]) -> None:
    page = opened_page(opened, qtbot, kept, *size)
    for _ in range(3):
        QApplication.processEvents()
    assert (clipped(page), clipped_cells(page)) == ([], [])
