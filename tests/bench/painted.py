"""`python -m tests.bench.painted`: from the snapshot on which a level trips to its painted row in the list of alerts.

Three terminals in the real window; the price of the middle one falls below a level and rises again. JSON on stdout.
"""

from __future__ import annotations

import argparse
import json
import queue
import random
import sys
import threading
from collections.abc import Callable
from typing import Any

import numpy as np
from PySide6.QtCore import QCoreApplication, QEvent, QObject, QTimer

from app.main import Program
from app.window.face import Face
from bridge.clock import SystemClock
from monitors.ports import Frame, Link
from tests.bench.window import Rehearsed, Work, shown
from ui.panels.alert_row import AlertRow

RULE = {"name": "Floor", "metric": "equity", "when": "below", "confirm": 1,
        "levels": [{"at": 9_980.0, "severity": "high", "action": "alert"}]}  # fmt: skip
HIGH, LOW, SPREAD = 1.10000, 1.09900, 0.00010
PATIENCE_S = 30.0


class Painted(QObject):
    """Sees the rows of the list painted; says of each alert when that was over, UTC ms."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._clock = SystemClock()
        self._known: set[int] = set()
        self.times: queue.SimpleQueue[tuple[int, int]] = queue.SimpleQueue()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 -- Qt's own name
        if event.type() == QEvent.Type.Paint and isinstance(watched, AlertRow) and watched.number not in self._known:
            self._known.add(watched.number)
            QTimer.singleShot(0, self, lambda number=watched.number: self._over(number))
        return False

    def _over(self, number: int) -> None:
        self.times.put((number, self._clock.utc_ms()))


class Tripping:
    """Lets the price fall and rise, in a thread of its own."""

    def __init__(self, program: Program, terminals: Rehearsed, painted: Painted, trips: int) -> None:
        self._program, self._terminals, self._painted, self._trips = program, terminals, painted, trips
        self._clock, self._pause, self._chance = SystemClock(), threading.Event(), random.Random(1)  # noqa: S311
        self.took_ms: list[int] = []

    def run(self) -> None:
        """As often as was asked."""
        self._until(lambda frame: all(view.link is Link.LIVE for view in frame.accounts))
        for _ in range(self._trips):
            self._pause.wait(self._chance.uniform(0.2, 0.6))
            self._quote(LOW)
            number, over_ms = self._painted.times.get(timeout=PATIENCE_S)
            self.took_ms.append(over_ms - self._raised_ms(number))
            self._quote(HIGH)
            self._until(lambda frame: not any(alert.active for alert in frame.alerts))

    def _quote(self, bid: float) -> None:
        with self._terminals.order() as desk:
            desk.event("quote", symbol="EURUSD", bid=bid, ask=bid + SPREAD)

    def _raised_ms(self, number: int) -> int:
        """When it was raised, which is in the beat of its snapshot and no later than a few milliseconds after it."""
        frame = self._program.mailbox.newest()
        found = [alert.raised_ms for alert in frame.alerts if alert.number == number] if frame else []
        if not found:
            raise RuntimeError(f"alert {number} was painted and is not listed")
        return found[0]

    def _until(self, right: Callable[[Frame], bool]) -> Frame:
        until = self._clock.monotonic() + PATIENCE_S
        while self._clock.monotonic() < until:
            frame = self._program.mailbox.newest()
            if frame is not None and right(frame):
                return frame
            self._pause.wait(0.02)
        raise RuntimeError("it never came to that")


def measure(trips: int) -> dict[str, Any]:
    """Milliseconds from raised to painted."""
    made: list[Tripping] = []

    def begin(program: Program, terminals: Rehearsed, face: Face) -> Work:
        painted = Painted(face)
        if application := QCoreApplication.instance():
            application.installEventFilter(painted)
        made.append(Tripping(program, terminals, painted, trips))
        return made[0].run

    shown(begin, [RULE])
    took = np.array(made[0].took_ms, dtype=float) if made[0].took_ms else np.array([np.nan])
    return {
        "painted_p50_ms": float(np.percentile(took, 50)), "painted_p99_ms": float(np.percentile(took, 99)),
        "painted_worst_ms": float(took.max()), "trips": len(made[0].took_ms),
    }  # fmt: skip


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.painted", description="From a trip to its row.")
    parser.add_argument("--trips", type=int, default=200, help="(200)")
    print(json.dumps(measure(parser.parse_args().trips), indent=2))
    return 0


if __name__ == "__main__":
    sys.exit(main())
