"""The equity record: what is written comes back, thinned as it ages, with its lows, highs and gaps."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import numpy as np
import pytest

from app.archive.levels import LEVELS
from app.archive.reader import Reader
from app.archive.store import Store
from monitors.zones import DAY_MS, HOUR_MS, MINUTE_MS
from tests.app.archive.parts import DAY, beat, points, written


def test_every_beat_of_the_last_minutes_comes_back(tmp_path: Path) -> None:
    beats = [beat(DAY + 100 * n, 10_000.0 + n / 100, low=9_999.0) for n in range(1_500)]
    found = written(tmp_path / "history.db", beats[:700], beats[700:]).equity(1, DAY, DAY + 150_000, 2_000)
    assert found.time_ms.tolist() == [b.time_ms for b in beats]
    assert np.allclose(found.last, [b.equity for b in beats], atol=1e-9, rtol=0)
    assert set(found.low.tolist()) == {9_999.0}
    assert set(found.balance.tolist()) == {10_000.0}


def test_the_lowest_tick_of_a_beat_is_in_its_column(tmp_path: Path) -> None:
    beats = [beat(DAY + 100 * n, low=8_500.0 if n == 777 else None) for n in range(1_000)]
    found = written(tmp_path / "history.db", beats).equity(1, DAY, DAY + 100_000, 10)
    assert found.low.tolist() == [10_000.0] * 7 + [8_500.0] + [10_000.0] * 2
    assert found.high.tolist() == [10_000.0] * 10


def test_a_restart_within_a_minute_goes_on_with_its_block(tmp_path: Path) -> None:
    path = tmp_path / "history.db"
    written(path, [beat(DAY + 100)]).close()
    assert written(path, [beat(DAY + 20_000)]).equity(1, DAY, DAY + MINUTE_MS).time_ms.tolist()[0] == DAY + 100
    (blocks,) = sqlite3.connect(path).execute("SELECT count(*) FROM equity").fetchone()
    assert blocks == 1


def test_half_a_minute_without_a_beat_is_a_gap_and_a_quiet_minute_is_none(tmp_path: Path) -> None:
    quiet = [beat(DAY + 1_000 * n) for n in range(60)]
    found = written(tmp_path / "history.db", quiet, [beat(DAY + 90_000)]).equity(1, DAY, DAY + 120_000, 100)
    assert np.isnan(found.last).nonzero()[0].tolist() == [len(found) - 2]


@pytest.fixture(scope="module")
def aged(tmp_path_factory: pytest.TempPathFactory) -> Reader:
    """Ninety days of a point every ten seconds: a slow wave, and one deep tick on the second day."""
    path = tmp_path_factory.mktemp("aged") / "history.db"
    store = Store(path)
    store.write([beat(DAY + 1)])
    for day in range(90):
        with store._db.atomic():
            time = DAY + day * DAY_MS + 10_000 * np.arange(8_640)
            made = points(time, 1_000_000 + 500 * np.sin(time / DAY_MS), 0)
            made[2, 100] = 250_000 if day == 1 else 0
            if day < 88:  # by the hour, which takes a tenth of the time; the last days beat by beat
                for hour in range(0, 8_640, 360):
                    some = made[:, hour : hour + 360]
                    store._curve._put(1, LEVELS[1], int(some[0, 0]) // HOUR_MS * HOUR_MS, some)
                made = made[:, -1:]
            store._curve.add(1, made)
            store._curve.roll(1)
    store.close()
    return Reader(path)


def held(reader: Reader) -> dict[int, tuple[float, float]]:
    """By level the days of its first block and of its last point."""
    rows = reader.db.conn.execute("SELECT level, min(start_ms), max(until_ms) FROM equity GROUP BY level")
    return {level: ((first - DAY) / DAY_MS, (last - DAY) / DAY_MS) for level, first, last in rows}


def test_detail_is_let_go_as_it_ages_and_nothing_before_it_is_rolled_up(aged: Reader) -> None:
    kept = held(aged)
    for level in LEVELS[:3]:
        assert level.kept_ms is not None
        first, last = kept[level.number]
        assert 90 - first == pytest.approx(level.kept_ms / DAY_MS, abs=level.block_ms / DAY_MS + 0.1)
        assert 90 - last <= LEVELS[1].block_ms / DAY_MS * (0 if level.number == 0 else 4) + 0.01
    assert kept[3][0] == 0
    assert kept[5] == pytest.approx((-2, 62), abs=0.1)  # a block of 32 days began two days before


@pytest.mark.parametrize("columns", [1, 60, 500, 2_000])
@pytest.mark.parametrize(
    ("since", "until"), [(0.0, 90.0), (0.5, 3.0), (80.0, 90.0), (89.9, 90.0), (20.0, 60.0), (1.0, 1.1)]
)
def test_any_range_has_its_points_in_order_without_a_gap_and_no_more_than_asked(
    aged: Reader, since: float, until: float, columns: int
) -> None:
    lo, hi = DAY + round(since * DAY_MS), DAY + round(until * DAY_MS)
    found = aged.equity(1, lo, hi, columns)
    assert len(found) <= columns + 1
    assert len(found) >= min(columns, (hi - lo) / HOUR_MS) * 0.7
    assert (np.diff(found.time_ms) > 0).all()
    assert np.isfinite(found.last).all()
    assert lo - HOUR_MS < found.time_ms[0] <= lo + HOUR_MS
    assert hi - max(HOUR_MS, (hi - lo) / columns) * 1.1 <= found.time_ms[-1] < hi
    wave = 10_000 + 5 * np.sin(found.time_ms / DAY_MS)
    assert np.abs(found.high - wave).max() <= 10 * max(HOUR_MS, (hi - lo) / columns) / DAY_MS + 0.02


def test_a_single_deep_tick_is_still_there_after_three_months(aged: Reader) -> None:
    whole = aged.equity(1, DAY, DAY + 90 * DAY_MS, 300)
    assert np.nanmin(whole.low) == pytest.approx(7_500.0, abs=10)
    assert whole.time_ms[whole.low.argmin()] < DAY + 2 * DAY_MS


def test_a_torn_block_is_a_gap_and_stops_nothing(tmp_path: Path) -> None:
    path = tmp_path / "history.db"
    written(path, [beat(DAY + 1_000 * n) for n in range(180)]).close()
    conn = sqlite3.connect(path)
    conn.execute("UPDATE equity SET block = x'00' WHERE start_ms = ?", (DAY + MINUTE_MS,))
    conn.commit()
    conn.close()
    found = Reader(path).equity(1, DAY, DAY + 180_000)
    assert np.isnan(found.last).sum() == 1
    assert np.isfinite(found.last).sum() == 120


def test_an_account_without_a_record_has_an_empty_range(tmp_path: Path) -> None:
    assert len(written(tmp_path / "history.db").equity(7, DAY, DAY + DAY_MS)) == 0
