"""A chart is told of an account's past what was recorded of it: extremes, gaps, and what was done then."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from app.archive.facts import RISK_FIGURES, Risk, Told
from app.archive.recorded import recorded
from app.events import event
from monitors.acts import Act, ActKind
from monitors.series import COLUMNS
from monitors.stretch import Recorded, Stretch
from tests.app.archive.parts import DAY, WHOSE, beat, written

HOUR = 3_600_000
NOW = DAY + 10 * HOUR


def risk(at_ms: int, drawdown: float, level: float = 250.0) -> Risk:
    known = {"equity": 1.0, "balance": 1.0, "floating": 0.0, "margin": 0.0, "margin_free": 1.0,
             "max_drawdown_pct": drawdown, "margin_level_pct": level}  # fmt: skip
    return Risk(WHOSE, at_ms, False, 0, tuple(known.get(name) for name in RISK_FIGURES))


def stretch(since_ms: int, until_ms: int = NOW, columns: int = 1_000, login: int = 1001) -> Stretch:
    return Stretch(server="Demo", login=login, since_ms=since_ms, until_ms=until_ms, columns=columns)


def figures(found: Recorded) -> dict[str, Any]:
    return {name: found.rows.column(name) for name in COLUMNS}


def test_what_was_recorded_is_there_with_the_gap_between(tmp_path: Path) -> None:
    path = tmp_path / "history.db"
    old = [beat(DAY - 40 * HOUR + 1_000 * n, 9_000.0 + n) for n in range(30)]
    new = [beat(NOW - HOUR + 1_000 * n, 9_500.0, low=9_400.0) for n in range(30)]
    written(path, old, [*new, risk(NOW - HOUR, 3.5)]).close()
    found = recorded(path, stretch(DAY - 48 * HOUR))
    rows = figures(found)
    assert np.all(np.diff(rows["time_s"]) >= 0)
    assert np.nanmin(rows["equity"][rows["time_s"] > (NOW - 2 * HOUR) / 1000]) == 9_400.0
    assert 9_029.0 in rows["equity"]
    assert found.oldest_ms is not None
    assert found.oldest_ms <= DAY - 40 * HOUR
    seen = np.isfinite(rows["equity"])
    assert np.flatnonzero(np.diff(seen)).size == 3, "a gap between both, and one where the program ended an hour ago"
    assert not seen[-1]
    assert set(rows["drawdown_pct"][-4:-1]) == {3.5}
    assert np.isnan(rows["drawdown_pct"][0])


@pytest.mark.parametrize("columns", [3, 50])
def test_a_spike_of_drawdown_and_margin_level_is_in_its_column_and_the_last_value_behind_it(
    tmp_path: Path, columns: int
) -> None:
    path = tmp_path / "history.db"
    beats = [beat(DAY + 10_000 * n) for n in range(360)]
    risks = [risk(b.time_ms, 9.0 if n == 200 else 2.0, 60.0 if n == 201 else 300.0) for n, b in enumerate(beats)]
    written(path, beats, risks).close()
    rows = figures(recorded(path, stretch(DAY, DAY + HOUR, columns)))
    assert np.nanmax(rows["drawdown_pct"]) == 9.0
    assert np.nanmin(rows["margin_level_pct"]) == 60.0
    deep = rows["time_s"][np.nanargmax(rows["drawdown_pct"])]
    assert abs(deep - (DAY / 1_000 + 2_000)) <= HOUR / 1_000 / columns
    assert rows["drawdown_pct"][-1] == 2.0


def test_a_record_that_reaches_the_end_has_no_gap_behind_it(tmp_path: Path) -> None:
    written(tmp_path / "history.db", [beat(DAY + 100 * n) for n in range(600)]).close()
    assert np.isfinite(recorded(tmp_path / "history.db", stretch(DAY, DAY + 60_000)).rows.column("equity")).all()


def test_without_an_archive_or_with_another_account_there_is_nothing(tmp_path: Path) -> None:
    assert len(recorded(tmp_path / "none.db", stretch(DAY)).rows) == 0
    written(tmp_path / "history.db", [beat(DAY)]).close()
    other = recorded(tmp_path / "history.db", stretch(DAY, login=1002))
    assert (len(other.rows), other.acts, other.oldest_ms) == (0, (), None)


def test_what_was_done_comes_along_with_the_level_that_it_was_done_for(tmp_path: Path) -> None:
    def told(at_ms: int, name: str, **facts: Any) -> Told:
        return Told(WHOSE, event(at_ms, name, "main", **facts))

    level: dict[str, Any] = {"rule": "Margin", "metric": "margin.level_pct", "threshold": 120.0, "value": 119.0}
    events = [
        told(DAY, "alert", alert=1, episode=4, severity="critical", state="raised", **level),
        told(DAY + 1, "plan", episode=4, rule="Margin", expects={},
             closes=[{"position": 7, "symbol": "EURUSD", "volume": 0.5}]),
        told(DAY + 2, "intent", request=1, episode=4, position=7, symbol="EURUSD", side="sell", volume=0.5),
        told(DAY + 9, "outcome", request=1, state="done", retcode=10009, filled=0.5),
        told(DAY + 10, "intent", request=2, episode=4, position=8, symbol="EURUSD", side="sell", volume=0.5),
        told(DAY + 11, "outcome", request=2, state="refused", retcode=10018, filled=0.0),
        told(DAY + 20, "halt", scope="account", reason="Margin below 80", kind="rule"),
        told(DAY + 30, "halt", scope="account", reason="emergency stop by click", kind="stop"),
        told(DAY + 40, "reset", scope="account", reason="reset by a person"),
    ]  # fmt: skip
    written(tmp_path / "history.db", [beat(DAY)], events).close()
    assert recorded(tmp_path / "history.db", stretch(DAY)).acts == (
        Act(at_ms=DAY + 1, kind=ActKind.PLAN, closes=(("EURUSD", 0.5),), **level),
        Act(at_ms=DAY + 9, kind=ActKind.CLOSE, closes=(("EURUSD", 0.5),), **level),
        Act(at_ms=DAY + 20, kind=ActKind.HALT, reason="Margin below 80"),
        Act(at_ms=DAY + 30, kind=ActKind.STOP, reason="emergency stop by click"),
        Act(at_ms=DAY + 40, kind=ActKind.RESET, reason="reset by a person"),
    )
