"""The benchmark runs, and prints the figures that the goals are about; how large they are is never tested."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.bench import beats
from tests.bench.market import POSITIONS, SWING_BEATS, Market

ROOT = Path(__file__).resolve().parents[1]
KEYS = ["beat_p50_ms", "beat_p99_ms", "beat_10x_positions_p99_ms", "beat_over_numpy", "start_over_bare_qt",
        "host_snapshot_p99_ms", "three_idle_terminals_core_percent", "details"]  # fmt: skip


@pytest.mark.timeout(300)
def test_it_prints_one_json_object_with_the_figures_of_the_goals_first() -> None:
    command = [sys.executable, "-m", "tests.bench", "--beats", "3", "--starts", "1", "--idle", "1"]
    printed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    found = json.loads(printed)
    assert list(found) == KEYS
    assert all(isinstance(found[key], float) and found[key] > 0 for key in KEYS[:-1])


def test_plans_are_made_in_every_swing_and_no_beat_fails() -> None:
    run = beats.measure(POSITIONS, 2 * SWING_BEATS, None)
    assert len(run.took_ms) == 2 * SWING_BEATS
    assert len(run.planned_ms) == 2


def test_ten_times_the_positions_are_the_same_account() -> None:
    one, ten = (Market(count, beats.START_MS).step() for count in (POSITIONS, 10 * POSITIONS))
    assert len(ten.positions) == 10 * len(one.positions)
    assert sum(p.steps for p in ten.positions) == sum(p.steps for p in one.positions)
    assert ten.account.margin == one.account.margin
    assert ten.account.equity == pytest.approx(one.account.equity, abs=5)


def test_a_market_moves_every_symbol_ten_times_a_beat_in_order_of_time() -> None:
    snapshot = Market(POSITIONS, beats.START_MS).step()
    assert len(snapshot.ticks) == 50
    assert all(len(t) == 10 and (t.time_ms[1:] >= t.time_ms[:-1]).all() for t in snapshot.ticks.values())
    assert all((t.bid < t.ask).all() for t in snapshot.ticks.values())
