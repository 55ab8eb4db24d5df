"""The archive's alerts for the window's history: newest first, with what their account is written in."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.archive.opening import FILE
from app.window.past_alerts import past_alerts
from monitors.ports import Severity
from tests.app.archive.parts import DAY, beat, written
from tests.app.archive.test_tables import alert


def test_they_come_newest_first_with_their_lives(tmp_path: Path) -> None:
    rows = [beat(DAY), alert(DAY, "raised"), alert(DAY + 5_000, "acknowledged"), alert(DAY + 60_000, "raised")]
    written(tmp_path / FILE, rows).close()
    newest, oldest = past_alerts(tmp_path)
    assert (newest.view.raised_ms, newest.view.acknowledged_ms, newest.view.active) == (DAY + 60_000, None, True)
    assert (oldest.view.acknowledged_ms, oldest.view.severity) == (DAY + 5_000, Severity.HIGH)
    assert oldest.digits == 2


def test_a_folder_without_an_archive_is_told(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="there is no archive"):
        past_alerts(tmp_path)
