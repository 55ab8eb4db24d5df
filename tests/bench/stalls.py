"""`python -m tests.bench.stalls`: how long the window's thread stands still while the demo runs twenty times as fast.

Three accounts, a million points behind each chart; a 5 ms timer of the window's thread is watched. JSON on stdout.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
from PySide6.QtCore import Qt, QTimer

from app.mailbox import Mailbox
from app.main import Program
from app.window.face import Face
from bridge.clock import SystemClock
from monitors.model import Floats
from monitors.ports import AccountFrame, Frame
from monitors.series import COLUMNS, Series
from tests.bench.window import played

TICK_MS, SPEED, WARM_S, START_S, STEP_S = 5, 20.0, 5.0, 10.0, 0.1
ACCOUNT_MS, END_S = 4_000, 2.0
"""Another account is looked at so often."""


class Long(Mailbox):
    """The worker's mailbox; what it holds looks as if each account had been watched for many points already."""

    def __init__(self, inner: Mailbox, points: int) -> None:
        super().__init__()
        self._inner, self._points = inner, points
        self._series: dict[str, Series] = {}
        self._made: Frame | None = None

    def newest(self) -> Frame | None:
        """The newest frame with the longer record."""
        frame = self._inner.newest()
        if frame is not None and (self._made is None or self._made.number != frame.number):
            self._made = replace(frame, accounts=tuple(map(self._lengthened, frame.accounts)))
        return self._made

    @property
    def whole(self) -> bool:
        """Whether every account has its record."""
        return self._made is not None and len(self._series) == len(self._made.accounts)

    def _lengthened(self, view: AccountFrame) -> AccountFrame:
        if view.series is None or not len(view.series):
            return view
        now = view.series.columns[:, -1]
        if view.name not in self._series:
            self._series[view.name] = _long(self._points, now)
        self._series[view.name].append(*now)
        return replace(view, series=self._series[view.name].view())


def _long(points: int, now: Floats) -> Series:
    """So many rows before this one, a walk that ends at it."""
    series, walk = Series(2 * points), np.cumsum(np.random.default_rng(1).normal(0, 0.2, points))
    series._buffer = np.full((len(COLUMNS), 2 * points), np.nan)
    series._buffer[:, :points] = now[:, None]
    series._buffer[0, :points] -= STEP_S * np.arange(points, 0, -1)
    series._buffer[1, :points] += walk - walk[-1]
    series._used = points
    return series


class Watched:
    """The lateness of a timer in the window's thread, once everything has been built and painted."""

    def __init__(self, program: Program, points: int, seconds: float) -> None:
        self._seconds = seconds
        self._long = program.mailbox = Long(program.mailbox, points)
        self._clock = SystemClock()
        self._began_s = self._ticked_s = self._clock.monotonic()
        self._place = 0
        self.gaps_ms: list[float] = []

    def watch(self, face: Face) -> None:
        """Show all there is, look at one account after the other, and measure."""
        face.window.monitor.charts.choose("1Y")
        self._timer, self._turn = QTimer(face), QTimer(face)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._tick)
        self._timer.start(TICK_MS)
        self._turn.timeout.connect(lambda: self._next(face))
        self._turn.start(ACCOUNT_MS)

    def _tick(self) -> None:
        now_s = self._clock.monotonic()
        if not self._long.whole:
            self._began_s = now_s
        elif WARM_S < now_s - self._began_s < WARM_S + self._seconds:  # and not while the program ends
            self.gaps_ms.append(max(0.0, 1_000 * (now_s - self._ticked_s) - TICK_MS))
        self._ticked_s = now_s

    def _next(self, face: Face) -> None:
        self._place = (self._place + 1) % 3
        face.window.select_place(self._place)


def measure(seconds: float, speed: float, points: int) -> dict[str, Any]:
    """Milliseconds that the timer came late."""
    made: list[Watched] = []

    def begin(program: Program) -> Callable[[Face], None]:
        made.append(Watched(program, points, seconds))
        return made[0].watch

    played(begin, speed, START_S + WARM_S + seconds + END_S)
    gaps = np.array(made[0].gaps_ms or [np.nan])
    return {
        "stall_p99_ms": round(float(np.percentile(gaps, 99)), 1), "stall_worst_ms": round(float(gaps.max()), 1),
        "stall_p50_ms": round(float(np.percentile(gaps, 50)), 1), "ticks": len(gaps), "seconds": seconds,
        "speed": speed, "points": points,
    }  # fmt: skip


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.stalls", description="Stalls of the window's thread.")
    parser.add_argument("--seconds", type=float, default=60.0, help="after fifteen of warming up (60)")
    parser.add_argument("--speed", type=float, default=SPEED, help="of the demo (20)")
    parser.add_argument("--points", type=int, default=1_000_000, help="behind each chart (1000000)")
    args = parser.parse_args()
    print(json.dumps(measure(args.seconds, args.speed, args.points), indent=2))
    return 0


if __name__ == "__main__":
    sys.exit(main())
