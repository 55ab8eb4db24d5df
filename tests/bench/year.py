"""`python -m tests.bench.year`: all drawdown figures of a year of seconds, beside bare numpy and two libraries."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np

from bridge.clock import SystemClock
from monitors import falls
from monitors.model import Floats, Ints

POINTS = 31_536_000
"""Seconds of a year."""
RUNS = 5
PEERS = ("empyrical-reloaded==0.7.1", "quantstats==0.0.86")
HOME = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "plimsoll-peers"
ROOT = Path(__file__).resolve().parents[2]


def record(points: int, seed: int = 1) -> tuple[Ints, Floats]:
    """Time in UTC epoch ms and equity of a random walk to the cent that never reaches nought."""
    chance = np.random.default_rng(seed)
    walk = np.cumsum(chance.normal(0.0, 0.4, points))
    equity = np.round(100_000.0 * np.exp(walk / 100_000.0), 2)
    return 1_767_225_600_000 + 1_000 * np.arange(points, dtype=np.int64), equity


def bare(time_ms: Ints, equity: Floats) -> tuple[float, float, int, Ints]:
    """The same figures by whole-array passes of numpy and nothing else."""
    peak = np.maximum.accumulate(equity)
    depth = peak - equity
    share = depth / peak
    under = depth > 0
    turns = np.flatnonzero(under[1:] != under[:-1])
    starts, back = turns[0::2], turns[1::2] + 1
    bounds = np.column_stack((starts[: len(back)], back)).ravel()
    lowest = np.minimum.reduceat(equity, bounds)[0::2]
    worst = np.argsort((equity[starts[: len(back)]] - lowest) / equity[starts[: len(back)]])[::-1][:10]
    return float(depth.max()), float(100 * share.max()), int(time_ms[share.argmax()]), worst


def timed(act: Callable[[], Any], runs: int = RUNS) -> tuple[float, Any]:
    """The shortest of several runs, seconds, and what it gave."""
    clock, took, found = SystemClock(), [], None
    for _ in range(runs):
        began = clock.monotonic()
        found = act()
        took.append(clock.monotonic() - began)
    return min(took), found


def peers(path: Path) -> dict[str, Any]:
    """What the libraries need for it, in an environment that is made once in the cache folder."""
    python = HOME / "bin" / "python"
    if not python.exists():
        uv = next(iter(sorted((ROOT / ".tools").glob("uv-*/uv"))), Path("uv"))
        subprocess.run([uv, "venv", "--quiet", "--clear", HOME, "--python", sys.executable], check=True)
        subprocess.run([uv, "pip", "install", "--quiet", "--python", python, *PEERS], check=True)
    script = Path(__file__).with_name("peers.py")
    done = subprocess.run([python, script, path], check=True, capture_output=True, text=True)
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def main(points: int = POINTS) -> int:
    """Measure and print."""
    time_ms, equity = record(points)
    ours_s, ours = timed(lambda: falls.figures(time_ms, equity))
    numpy_s, plain = timed(lambda: bare(time_ms, equity))
    if abs(ours.relative_pct - plain[1]) > 1e-9 or abs(ours.maximal - plain[0]) > 1e-9:
        raise RuntimeError(f"the figures differ: {ours.relative_pct} and {plain[1]}")
    with TemporaryDirectory(prefix="plimsoll-bench-") as folder:
        path = Path(folder) / "equity.npy"
        np.save(path, equity)
        others = peers(path)
    report = {
        "points": points,
        "all_drawdown_figures_s": round(ours_s, 3),
        "bare_numpy_s": round(numpy_s, 3),
        "over_bare_numpy": round(ours_s / numpy_s, 2),
        "deepest_pct": round(ours.relative_pct, 6),
        "libraries": others,
        "times_faster": {name: round(found["s"] / ours_s, 1) for name, found in others.items()},
    }
    print(json.dumps(report, indent=2))
    return 0


if __name__ == "__main__":
    sys.exit(main())
