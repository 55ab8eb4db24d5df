"""A threshold dragged to another place becomes a proposal on the page of settings, and nothing more."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from app.config.draft import FileDraft
from tests import frames
from tests.ui.conftest import Opener
from ui.charts.plot import Chart, Line
from ui.main_window import MainWindow
from ui.pages.settings import SettingsPage

CONFIG = """
[[terminal]]
name = "Funded 100k"
[[rule]]
name = "Margin level"
metric = "margin.level_pct"
when = "below"
levels = [
  { at = 150.0, severity = "medium", action = "alert" },  # mine
  { at = 120.0, severity = "critical", action = "close_all" },
]
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    made = tmp_path / "config.toml"
    made.write_text(CONFIG, "utf-8")
    return made


@pytest.fixture
def window(opened: Opener, file: Path) -> MainWindow:
    made = opened(frames.warning())
    made.drafts = lambda: FileDraft(file, {})
    return made


def line_of(window: MainWindow, metric: str, at: float) -> tuple[Chart, Line]:
    charts = window.monitor.charts.charts
    chart = charts[{"equity": 0, "drawdown": 1, "margin": 2}[metric]]
    return chart, next(line for line in chart.lines if line.at == at)


def drag(window: MainWindow, chart: Chart, line: Line, to: float, *, let_go: bool = True) -> QWidget:
    canvas: QWidget = window.monitor.charts.canvas.viewport()
    x = round(chart.box.sceneBoundingRect().center().x())
    start, end = QPoint(x, round(chart.scale().pixel(line.at))), QPoint(x, round(chart.scale().pixel(to)))
    QTest.mousePress(canvas, Qt.MouseButton.LeftButton, pos=start)
    QTest.mouseMove(canvas, end)
    if let_go:
        QTest.mouseRelease(canvas, Qt.MouseButton.LeftButton, pos=end)
    return canvas


def test_it_is_typed_on_the_page_of_settings_and_not_saved(window: MainWindow, file: Path) -> None:
    chart, line = line_of(window, "margin", 150.0)
    drag(window, chart, line, 200.0)
    page = window.page
    assert isinstance(page, SettingsPage)
    assert page.section is not None
    assert page.section.title == "Margin level"
    (at,) = [f for f in page.section.fields if f.path == "rule[0].levels[0].at"]
    assert float(at.text) == pytest.approx(200.0, abs=5)
    assert page.foot.save.isEnabled()
    assert file.read_text("utf-8") == CONFIG


def test_while_it_is_dragged_the_chart_shows_where_to_and_does_not_pan(window: MainWindow) -> None:
    chart, line = line_of(window, "margin", 150.0)
    drag(window, chart, line, 200.0, let_go=False)
    proposed = window.monitor.charts.overlay.proposed
    assert proposed is not None
    assert proposed[2].startswith("Margin level: ")
    assert window.monitor.charts.live


def test_escape_lets_go_of_it_and_nothing_is_proposed(window: MainWindow) -> None:
    chart, line = line_of(window, "margin", 150.0)
    canvas = drag(window, chart, line, 200.0, let_go=False)
    QTest.keyClick(window, Qt.Key.Key_Escape)
    QTest.mouseRelease(canvas, Qt.MouseButton.LeftButton, pos=QPoint(200, 200))
    assert window.monitor.charts.overlay.proposed is None
    assert window.page is window.monitor


def test_a_click_that_does_not_move_it_proposes_nothing(window: MainWindow) -> None:
    chart, line = line_of(window, "margin", 150.0)
    drag(window, chart, line, 150.0)
    assert window.page is window.monitor


def test_a_drawdown_is_dragged_in_its_own_sign(window: MainWindow) -> None:
    told = list[tuple[str, float, float]]()
    window.monitor.charts.dragging.proposed.connect(lambda *given: told.append(given))
    chart, line = line_of(window, "drawdown", -4.0)
    drag(window, chart, line, -6.0)
    ((rule, at, wanted),) = told
    assert (rule, at) == (line.rule, 4.0)
    assert wanted == pytest.approx(6.0, abs=0.5)


def test_a_line_that_only_stands_on_the_axis_of_equity_cannot_be_dragged(window: MainWindow) -> None:
    chart = window.monitor.charts.charts[0]
    loss = next(line for line in chart.lines if "Daily loss" in line.caption)
    assert loss.rule == ""
    drag(window, chart, loss, loss.at + 500)
    assert window.page is window.monitor


def test_a_rule_that_the_file_does_not_have_is_said(window: MainWindow) -> None:
    window.show_page("Settings")
    window.page.propose("Margin level (held)", 120.0, 130.0)
    page = window.page
    assert isinstance(page, SettingsPage)
    assert page.foot.state.text() == "The file has no rule Margin level (held)"


def test_of_two_lines_that_lie_together_the_nearer_is_taken(window: MainWindow) -> None:
    told: list[tuple[str, float, float]] = []
    window.monitor.charts.dragging.proposed.connect(lambda *given: told.append(given))
    chart, first = line_of(window, "margin", 150.0)
    scale = chart.scale()
    beside = first.at - 3 / abs(scale.pixel(1.0) - scale.pixel(0.0))
    second = replace(first, at=beside)
    chart.lines = (first, second)
    drag(window, chart, second, 400.0)
    assert [at for _, at, _ in told] == [pytest.approx(beside)]
