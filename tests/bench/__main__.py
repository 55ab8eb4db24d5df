"""`python -m tests.bench`: one JSON object on stdout, times in milliseconds."""

from __future__ import annotations

import argparse
import json
import os
import platform
import sys
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np

from tests.bench import bare, beats, hosts, start
from tests.bench.market import POSITIONS, SYMBOLS, TICKS

TENFOLD = 10


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description="How long a beat and a start take here.")
    parser.add_argument("--beats", type=int, default=1_000, help="beats of a run (default 1000)")
    parser.add_argument("--starts", type=int, default=5, help="starts of each window (default 5)")
    parser.add_argument("--idle", type=float, default=20.0, help="seconds of looking at idle terminals (default 20)")
    args = parser.parse_args()
    print(json.dumps(report(args.beats, args.starts, args.idle), indent=2))
    return 0


def report(count: int, starts: int, idle_s: float) -> dict[str, Any]:
    """All figures; those that the goals are about come first."""
    with TemporaryDirectory(prefix="plimsoll-bench-") as folder:
        usual = beats.measure(POSITIONS, count, Path(folder) / "usual.db")
        tenfold = beats.measure(TENFOLD * POSITIONS, count, Path(folder) / "tenfold.db")
        idle = hosts.idle(Path(folder), idle_s)
    in_memory = beats.measure(POSITIONS, count, None)
    numpy_alone = bare.measure(POSITIONS, count, beats.START_MS)
    shown = start.measure(starts)
    piped = hosts.piped(count)
    return {
        "beat_p50_ms": beats.percentile(usual.times, 50),
        "beat_p99_ms": beats.percentile(usual.times, 99),
        "beat_10x_positions_p99_ms": beats.percentile(tenfold.times, 99),
        "beat_over_numpy": round(float(np.median(usual.times) / np.median(numpy_alone)), 2),
        "start_over_bare_qt": round(start.ratio(shown), 3),
        "host_snapshot_p99_ms": piped["p99_ms"],
        "three_idle_terminals_core_percent": idle["core_percent"],
        "details": {
            "beats": count,
            "symbols": SYMBOLS,
            "ticks_a_beat": TICKS,
            "positions": POSITIONS,
            "rules": len(beats.config().rules),
            "beat": _spread(usual),
            "beat_10x_positions": _spread(tenfold),
            "beat_10x_positions_over_beat": _times(usual, tenfold),
            "beat_with_the_journal_in_memory": _spread(in_memory),
            "host_snapshot": piped,
            "idle_terminals": idle,
            "numpy_p50_ms": beats.percentile(numpy_alone, 50),
            "start_ms": {which: round(1000 * median(took), 1) for which, took in shown.items()},
            "machine": {
                "python": platform.python_version(),
                "numpy": np.__version__,
                "system": platform.platform(),
                "cpus": os.cpu_count(),
                "load": os.getloadavg()[0] if hasattr(os, "getloadavg") else None,
            },
        },
    }  # fmt: skip


def _spread(run: beats.Run) -> dict[str, Any]:
    """The spread of one run, and what its beats told of."""
    return {
        **{f"p{share}_ms": beats.percentile(run.times, share) for share in (50, 90, 99)},
        "worst_ms": beats.percentile(run.times, 100),
        **{f"cpu_p{share}_ms": beats.percentile(np.array(run.cpu_ms), share) for share in (50, 99)},
        **{f"frame_p{share}_ms": beats.percentile(np.array(run.frames_ms), share) for share in (50, 99)},
        "with_a_plan_p50_ms": round(median(run.planned_ms), 3) if run.planned_ms else None,
        "told": run.told,
    }


def _times(usual: beats.Run, tenfold: beats.Run) -> dict[str, float]:
    """Ten times the positions over the usual number of them."""
    return {
        f"p{share}": round(beats.percentile(tenfold.times, share) / beats.percentile(usual.times, share), 2)
        for share in (50, 99)
    }


if __name__ == "__main__":
    sys.exit(main())
