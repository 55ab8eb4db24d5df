"""What is said aloud: critical alerts that are new or climb, once each."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QWidget

from monitors.ports import Severity
from tests import frames
from tests.frame_parts import NOW_MS, alert
from ui.announcing import Announcer, aloud

GRAVE = alert(22, "margin.level_pct", 120.0, Severity.CRITICAL, raised_ms=NOW_MS)
HIGH = alert(23, "equity", 97_250.0, Severity.HIGH, raised_ms=NOW_MS)


def test_a_new_critical_alert_is_said_once_and_again_where_it_climbs() -> None:
    said, calm = list[str](), frames.frame(frames.funded())
    announcer = Announcer(said.append)
    announcer.hear(calm)
    for _ in range(2):
        announcer.hear(replace(calm, alerts=(GRAVE, HIGH)))
    assert said == ["Critical alert, Funded 100k: Margin level below 120 %"]
    announcer.hear(replace(calm, alerts=(replace(GRAVE, stage=1),)))
    assert said[1:] == ["Critical alert told again, Funded 100k: Margin level below 120 %"]


def test_what_stood_at_the_start_or_was_seen_is_not_said() -> None:
    said, calm = list[str](), frames.frame(frames.funded())
    announcer = Announcer(said.append)
    announcer.hear(replace(calm, alerts=(GRAVE,)))
    announcer.hear(replace(calm, alerts=(GRAVE, replace(GRAVE, number=30, acknowledged_ms=NOW_MS))))
    assert said == []


@pytest.fixture
def listening() -> Iterator[None]:
    QAccessible.setActive(True)
    yield
    QAccessible.setActive(False)


@pytest.mark.usefixtures("qapp", "listening")
def test_saying_it_aloud_harms_nothing_whether_somebody_listens() -> None:
    window = QWidget()
    aloud(window, "Critical alert")
    window.deleteLater()
