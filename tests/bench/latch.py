"""`python -m tests.bench.latch`: from the click to the latch on disk, in the real window, its terminals hung.

The three terminals hang for as long as it takes; a click on the stop, the wait for its `halt`, a reset, and again.
"""

from __future__ import annotations

import argparse
import json
import queue
import random
import sys
import threading
from typing import Any

import numpy as np
from PySide6.QtCore import QObject, Signal

from app.events import Event
from app.main import Program
from app.window.face import Face
from bridge.clock import SystemClock
from monitors.ports import Link, Reset
from tests.bench.window import Rehearsed, Work, shown
from tests.bridge.served.rehearse import Rehearse

LONG_S = 600.0
PATIENCE_S = 20.0


class Clicker(QObject):
    """Clicks in the window's thread, waits in its own."""

    click = Signal()

    def __init__(self, program: Program, terminals: Rehearsed, clicks: int, took_ms: list[float]) -> None:
        super().__init__()
        self._program, self._terminals, self._clicks = program, terminals, clicks
        self._clock, self._pause, self._chance = SystemClock(), threading.Event(), random.Random(1)  # noqa: S311
        self._told: queue.SimpleQueue[str] = queue.SimpleQueue()
        self._took_ms = took_ms

    def hear(self, told: Event) -> None:
        """The engine's event, told once what it tells of is on disk."""
        self._told.put(told["event"])

    def run(self) -> None:
        """Hang them, then click and reset as often as was asked."""
        while not self._all(Link.LIVE):
            self._pause.wait(0.05)
        for file in self._terminals.files.values():
            with Rehearse(file) as desk:
                desk.event("hang", seconds=LONG_S)
        while self._all(Link.LIVE):
            self._pause.wait(0.05)
        for _ in range(self._clicks):
            self._pause.wait(self._chance.uniform(0.05, 0.25))
            began_s = self._clock.monotonic()
            self.click.emit()
            self._await("halt")
            self._took_ms.append(1000 * (self._clock.monotonic() - began_s))
            self._program.loop.post(Reset())
            self._await("reset")

    def _await(self, wanted: str) -> None:
        while self._told.get(timeout=PATIENCE_S) != wanted:
            pass

    def _all(self, link: Link) -> bool:
        frame = self._program.mailbox.newest()
        return frame is not None and all(account.link is link for account in frame.accounts)


def measure(clicks: int) -> dict[str, Any]:
    """Milliseconds from click to latch."""
    took_ms: list[float] = []

    def begin(program: Program, terminals: Rehearsed, face: Face) -> Work:
        clicker = Clicker(program, terminals, clicks, took_ms)
        program.sinks = (clicker.hear,)
        clicker.click.connect(face.window.stop.strike)
        return clicker.run

    shown(begin)
    took = np.array(took_ms)
    shares = {f"p{share}_ms": round(float(np.percentile(took, share)), 1) for share in (50, 90, 99, 100)}
    return {"clicks": len(took), **shares}


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.latch", description=__doc__)
    parser.add_argument("--clicks", type=int, default=200, help="how often (default 200)")
    print(json.dumps(measure(parser.parse_args().clicks), indent=1))
    return 0


if __name__ == "__main__":
    sys.exit(main())
