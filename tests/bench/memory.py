"""`python -m tests.bench.memory --minutes 30`: what the program holds while the demo runs, and how fast that grows.

The first fifth is warming up; of the rest a line is laid through. JSON on stdout.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable
from typing import Any

import numpy as np
import psutil
from PySide6.QtCore import QTimer

from app.main import Program
from app.window.face import Face
from bridge.clock import SystemClock
from tests.bench.window import played

SPEED, SAMPLES, MB = 20.0, 180, 1e6


class Held:
    """Resident memory and Python's blocks over time.

    `gc.get_objects` would hold a tuple that another thread is about to grow, which then fails there.
    """

    def __init__(self) -> None:
        self._clock, self._own = SystemClock(), psutil.Process()
        self._began_s = self._clock.monotonic()
        self.rows: list[tuple[float, float, int]] = []

    def watch(self, face: Face, every_s: float) -> None:
        """A sample every so many seconds."""
        self._timer = QTimer(face)
        self._timer.timeout.connect(self._sample)
        self._timer.start(round(1_000 * every_s))

    def _sample(self) -> None:
        self.rows.append(
            (self._clock.monotonic() - self._began_s, self._own.memory_info().rss / MB, sys.getallocatedblocks())
        )


def measure(minutes: float, speed: float) -> dict[str, Any]:
    """Megabytes at the beginning and at the end of what is counted, and their slope an hour."""
    held, seconds = Held(), 60 * minutes

    def begin(_program: Program) -> Callable[[Face], None]:
        return lambda face: held.watch(face, max(0.5, seconds / SAMPLES))

    played(begin, speed, seconds)
    counted = np.array(held.rows[len(held.rows) // 5 :])
    time_s, rss, objects = counted.T
    slope = np.polyfit(time_s, rss, 1)[0] if len(counted) > 2 else float("nan")
    return {
        "first_mb": round(rss[0], 1), "last_mb": round(rss[-1], 1), "most_mb": round(rss.max(), 1),
        "grows_mb_an_hour": round(3_600 * slope, 2), "blocks_first": int(objects[0]),
        "blocks_last": int(objects[-1]), "minutes": minutes, "speed": speed, "samples": len(counted),
    }  # fmt: skip


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.memory", description="Memory while the demo runs.")
    parser.add_argument("--minutes", type=float, default=30.0, help="(30)")
    parser.add_argument("--speed", type=float, default=SPEED, help="of the demo (20)")
    args = parser.parse_args()
    print(json.dumps(measure(args.minutes, args.speed), indent=2))
    return 0


if __name__ == "__main__":
    sys.exit(main())
