"""The report as a PDF: made without a display, every row on it once, and no page overfull."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from dataclasses import replace
from html import unescape
from pathlib import Path

import pytest
from PySide6.QtCore import QBuffer, QIODevice
from PySide6.QtGui import QFontMetricsF, QPainter
from PySide6.QtSvg import QSvgGenerator
from PySide6.QtWidgets import QApplication

from app.report.making import Heading, sheet
from app.report.paper import Pages, paint
from app.report.sheet import Sheet
from app.report.writing import write
from monitors.day_report import Audit, Report
from monitors.record import AlertRecord
from tests import report_day
from tests.report_day import DAY
from tests.test_packaging import ROOT
from ui import application, theme

HEADING = Heading(since=DAY, until=DAY, written_ms=report_day.BEGAN, config="3f9a12c4")


@pytest.fixture(scope="session")
def qapp() -> QApplication:
    return application.prepare(["plimsoll"], offscreen=True)


@pytest.fixture(autouse=True)
def fonts(qapp: QApplication) -> None:
    """They are measured on every page."""


def of(report: Report) -> Sheet:
    return sheet(report, HEADING)


def painted(made: Sheet) -> list[str]:
    """The texts of each page."""
    found = []
    for page in Pages(made).pages:
        buffer, generator = QBuffer(), QSvgGenerator()
        buffer.open(QIODevice.OpenModeFlag.WriteOnly)
        generator.setOutputDevice(buffer)
        painter = QPainter(generator)
        for part in page:
            part(painter)
        painter.end()
        texts = re.findall(r"<text[^>]*>([^<]*)</text>", bytes(buffer.data().data()).decode())
        found.append("\n".join(unescape(words).strip() for words in texts))
    return found


def alert(number: int) -> AlertRecord:
    raised = report_day.BEGAN + 60_000 * number
    return AlertRecord(number=number, account="main", rule=f"Rule{number:04d}", metric="equity", severity="high",
                       threshold=None, value=1.0, position=None, raised_ms=raised, acknowledged_ms=raised + 5_000,
                       cleared_ms=None, escalated_ms=None, episode=None)  # fmt: skip


def test_paper_leaves_the_windows_figures_of_one_width() -> None:
    painted(of(report_day.whole()))
    for weight in (theme.MEDIUM, theme.STRONG):
        wide = QFontMetricsF(theme.font(12, weight))
        assert wide.horizontalAdvance("1111") == wide.horizontalAdvance("0000")


def test_it_says_what_the_page_says() -> None:
    words = "\n".join(painted(of(report_day.whole())))
    for shown in ("Day report", "Monday, 2 March 2026", "▲ saved 676.28", "▼ cost 105.68", "not yet", "4 of 7",
                  "London breakout M15", "+1.50", "Audit log: 1\u202f284 rows, all verified"):  # fmt: skip
        assert shown in words, shown


def test_a_table_that_is_too_long_goes_on_overleaf_with_every_row_once() -> None:
    report = replace(report_day.whole(), alerts=tuple(map(alert, range(60))))
    pages = painted(of(report))
    assert len(pages) == 3
    assert sorted(re.findall(r"Rule\d{4}", "".join(pages))) == [f"Rule{n:04d}" for n in range(60)]
    assert "Alerts, continued" in pages[1]


def test_many_responses_fill_as_many_pages_as_they_need() -> None:
    found = report_day.whole()
    report = replace(found, responses=found.responses * 60, closes=found.closes * 60)
    pages = painted(of(report))
    assert "".join(pages).count("GBPJPY 0.40 of 0.40 asked") == 60
    assert all(page.strip() for page in pages)
    assert "Responses, continued" in pages[2]
    assert "Responses, continued, continued" not in "".join(pages)


def test_a_word_longer_than_its_column_is_broken_and_not_lost() -> None:
    long = replace(alert(1), rule="W" * 120)
    words = "".join(painted(of(replace(report_day.whole(), alerts=(long,)))))
    assert words.replace("\n", "").count("W" * 120) == 1


def test_an_empty_report_is_a_page_that_says_so() -> None:
    found = report_day.whole()
    none = replace(found.equity, **{name: getattr(found.equity, name)[:0] for name in found.equity.__slots__})
    empty = replace(found, equity=none, without=found.without[:0], opening=None, alerts=(), responses=(), closes=(),
                    trades=(), as_deals=None, audit=Audit(rows=3, checked=1, head="ab", damage="row 2 is gone"),
                    falls=replace(found.falls, pct=found.falls.pct[:0], listed=()))  # fmt: skip
    (page,) = painted(of(empty))
    assert "Nothing was recorded in this range." in page
    assert "row 2 is gone" in page


def test_a_file_is_a_pdf_where_its_name_says_so(tmp_path: Path) -> None:
    made = of(report_day.whole())
    write(made, tmp_path / "r.PDF")
    write(made, tmp_path / "r.html")
    assert (tmp_path / "r.PDF").read_bytes().startswith(b"%PDF-")
    assert (tmp_path / "r.PDF").read_bytes().rstrip().endswith(b"%%EOF")
    assert (tmp_path / "r.html").read_text(encoding="utf-8").startswith("<!doctype html>")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["r.PDF", "r.html"]


def test_what_cannot_be_written_is_told_and_leaves_what_was_there(tmp_path: Path) -> None:
    (tmp_path / "r.pdf.new").mkdir()
    with pytest.raises(OSError, match=r"r\.pdf"):
        paint(of(report_day.whole()), tmp_path / "r.pdf.new")


def test_the_command_needs_no_display(tmp_path: Path) -> None:
    folder = report_day.write(tmp_path / "data")
    unseen = {name: value for name, value in os.environ.items()
              if name not in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")}  # fmt: skip
    command = (sys.executable, "-m", "app", "report", "--data", str(folder), "--out", str(tmp_path / "r.pdf"))
    done = subprocess.run(command, cwd=ROOT, env=unseen, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, f"{tmp_path / 'r.pdf'}: Funded 100k, 2026-03-02\n")
    assert (tmp_path / "r.pdf").stat().st_size > 20_000
