"""A chart begins with what was recorded of the account before this run."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from app.archive.facts import RISK_FIGURES, Risk
from app.archive.recorded import recorded
from monitors.series import COLUMNS, Series
from tests.app.archive.parts import DAY, WHOSE, beat, written

HOUR = 3_600_000
NOW = DAY + 10 * HOUR


def risk(at_ms: int, drawdown: float) -> Risk:
    known = {"equity": 1.0, "balance": 1.0, "floating": 0.0, "margin": 0.0, "margin_free": 1.0,
             "max_drawdown_pct": drawdown, "margin_level_pct": 250.0}  # fmt: skip
    return Risk(WHOSE, at_ms, False, 0, tuple(known.get(name) for name in RISK_FIGURES))


def test_the_curve_of_yesterday_and_of_an_hour_ago_is_there_with_a_gap_between(tmp_path: Path) -> None:
    path = tmp_path / "history.db"
    old = [beat(DAY - 40 * HOUR + 1_000 * n, 9_000.0 + n) for n in range(30)]
    new = [beat(NOW - HOUR + 1_000 * n, 9_500.0, low=9_400.0) for n in range(30)]
    written(path, old, [*new, risk(NOW - HOUR, 3.5)]).close()
    rows = dict(zip(COLUMNS, recorded(path, "Demo", 1001, NOW), strict=True))
    assert np.all(np.diff(rows["time_s"]) >= 0)
    assert np.nanmin(rows["equity"][rows["time_s"] > (NOW - 2 * HOUR) / 1000]) == 9_400.0
    assert 9_029.0 in rows["equity"]
    assert np.isnan(rows["equity"]).any()
    assert set(rows["drawdown_pct"][-3:]) == {3.5}
    assert np.isnan(rows["drawdown_pct"][0])


def test_without_an_archive_or_with_another_account_there_is_nothing(tmp_path: Path) -> None:
    assert recorded(tmp_path / "none.db", "Demo", 1001, NOW).shape == (5, 0)
    written(tmp_path / "history.db", [beat(DAY)]).close()
    assert recorded(tmp_path / "history.db", "Demo", 1002, NOW).shape == (5, 0)


def test_a_series_goes_on_after_the_rows_it_begins_with() -> None:
    series = Series(begun=np.arange(15.0).reshape(5, 3))
    series.append(9.0, 1.0, 2.0, 3.0, 4.0)
    assert series.view().column("time_s").tolist() == [0.0, 1.0, 2.0, 9.0]
    assert series.view().column("equity").tolist() == [3.0, 4.0, 5.0, 1.0]
