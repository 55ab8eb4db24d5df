"""Where a click leads: a limit to its setting, an alert to its plan, the banner to the reset or to its alert."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from app.config.draft import FileDraft
from monitors.ports import Severity
from tests import frames
from tests.ui.conftest import Opener
from tests.ui.test_dragging import CONFIG
from ui.pages.exposure import ExposurePage
from ui.pages.settings import SettingsPage

LEFT = Qt.MouseButton.LeftButton


def test_a_limit_leads_to_its_setting_by_mouse_and_by_key(opened: Opener, tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text(CONFIG, "utf-8")
    window = opened(frames.warning())
    window.drafts = lambda: FileDraft(tmp_path / "config.toml", {})
    rows = window.monitor.limits._rows
    QTest.mouseClick(next(row for row in rows if row.rule == "Margin level"), LEFT)
    page = window.page
    assert isinstance(page, SettingsPage)
    assert page.section is not None
    assert page.section.title == "Margin level"
    window.show_page("Monitor")
    other = next(row for row in rows if row.rule != "Margin level")
    QTest.keyClick(other, Qt.Key.Key_Space)
    assert window.page is page
    assert page.foot.state.text() == f"The file has no rule {other.rule}"


def test_an_alert_leads_to_the_plan_of_its_own_rule(opened: Opener) -> None:
    frame = frames.analysed_frame()
    view = frame.accounts[0]
    assert view.analysis is not None
    farthest = view.analysis.distances[-1]
    alert = replace(frames.warning().alerts[0], rule=farthest.rule, threshold=farthest.at, episode=1)
    window = opened(replace(frame, alerts=(alert,)))
    window.monitor.open_detail(alert.number)
    QTest.mouseClick(window.monitor.detail.plan, LEFT)
    page = window.page
    assert isinstance(page, ExposurePage)
    assert page.plan.list.selected == (farthest.rule, farthest.at)
    page.point_at("No such rule", None)
    assert page.plan.list.selected == (farthest.rule, farthest.at)


@pytest.mark.parametrize("page", ["Monitor", "Exposure"])
def test_the_banner_of_a_stop_leads_to_the_hold_that_resets(opened: Opener, page: str) -> None:
    window = opened(frames.latched())
    window.show_page(page)
    QTest.mouseClick(window.banner, LEFT)
    assert window.page is window.monitor
    assert window.focusWidget() is window.stop.hold


def test_the_banner_of_an_alert_leads_to_its_pane_and_stays_there(opened: Opener) -> None:
    frame = frames.warning()
    alert = replace(frame.alerts[0], severity=Severity.CRITICAL, escalated=True, acknowledged_ms=None, active=True)
    window = opened(replace(frame, alerts=(alert,)))
    window.show_page("Risk")
    for _ in range(2):
        QTest.keyClick(window.banner, Qt.Key.Key_Return)
        assert window.page is window.monitor
        assert window.monitor.opened == alert.number
