"""`python -m tests.bench.faults`: three terminals in the real window, and what happens to one of them.

For each fault: how long until the state on the screen is right, the longest the other two went without a reading, and
how late the window's own timer came. JSON on stdout.
"""

from __future__ import annotations

import argparse
import json
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from PySide6.QtCore import Qt, QTimer

from app.main import Program
from app.window.face import Face
from bridge.clock import SystemClock
from monitors.ports import AccountFrame, Link
from tests.bench.window import Rehearsed, Work, shown

TICK_MS = 5


@dataclass(slots=True)
class Seen:
    """What a phase showed: seconds until it was right, the others' longest gap, and the timer's lateness."""

    name: str
    right_after_s: float | None = None
    text: str = ""
    others_gap_ms: float = 0.0
    late_ms: list[float] = field(default_factory=list)

    def report(self) -> dict[str, Any]:
        late = np.array(self.late_ms or [np.nan])
        return {
            "right_after_s": self.right_after_s, "state": self.text, "others_longest_gap_ms": round(self.others_gap_ms),
            "window_late_p50_ms": round(float(np.percentile(late, 50)), 1),
            "window_late_p99_ms": round(float(np.percentile(late, 99)), 1),
            "window_late_worst_ms": round(float(late.max()), 1),
        }  # fmt: skip


class Watching:
    """Runs the phases in a thread of its own while the window's thread paints."""

    def __init__(self, program: Program, terminals: Rehearsed, hang_s: float, phases: list[Seen]) -> None:
        self._program, self._terminals, self._hang_s = program, terminals, hang_s
        self._clock, self._pause = SystemClock(), threading.Event()
        self._phase = Seen("start")
        self._phases = phases
        phases.append(self._phase)
        self._ticked_s = self._clock.monotonic()

    def tick(self) -> None:
        """The window's timer: how late it is."""
        now_s = self._clock.monotonic()
        self._phase.late_ms.append(max(0.0, 1000 * (now_s - self._ticked_s) - TICK_MS))
        self._ticked_s = now_s

    def run(self) -> None:
        """Every fault once."""
        live = self._until(lambda frame: frame.link is Link.LIVE, 30.0)
        assert live, "never live"
        self._calm("calm")
        with self._terminals.order() as desk:
            desk.event("hang", seconds=self._hang_s)
        self._wait("hung", lambda f: f.link is not Link.LIVE and "not answered" in f.reason, stay_s=self._hang_s)
        self._wait("back from hanging", lambda f: f.link is Link.LIVE)
        with self._terminals.order() as desk:
            desk.fault("slow", seconds=0.05)
        self._wait("slow", lambda f: f.link is not Link.BLIND, stay_s=6.0)
        with self._terminals.order() as desk:
            desk.fault("garbage")
        self._wait("garbage", lambda f: f.link is not Link.LIVE, stay_s=4.0)
        with self._terminals.order() as desk:
            desk.fault("none")
        self._wait("back from garbage", lambda f: f.link is Link.LIVE)
        with self._terminals.order() as desk:
            desk.event("switch_account", login=4711)
        self._wait("swapped", lambda f: "another account" in f.reason and "4711" in f.reason, stay_s=3.0)
        self._terminals.kill("middle")
        self._wait("killed", lambda f: "not running" in f.reason, stay_s=3.0)
        self._terminals.start("middle")
        self._wait("restarted", lambda f: f.link is Link.LIVE)
        self._calm("calm again")

    def _calm(self, name: str) -> None:
        self._wait(name, lambda f: f.link is Link.LIVE, stay_s=5.0)

    def _wait(self, name: str, right: Callable[[AccountFrame], bool], stay_s: float = 2.0) -> None:
        self._phase = Seen(name)
        self._phases.append(self._phase)
        self._until(right, stay_s, stay=True)

    def _until(self, right: Callable[[AccountFrame], bool], most_s: float, *, stay: bool = False) -> bool:
        began_s, found = self._clock.monotonic(), False
        while self._clock.monotonic() - began_s < most_s:
            frame = self._program.mailbox.newest()
            accounts = {a.name: a for a in frame.accounts} if frame else {}
            now_ms = self._clock.utc_ms()
            for name in ("left", "right"):
                if stay and name in accounts and accounts[name].as_of_ms is not None:
                    gap = now_ms - (accounts[name].as_of_ms or 0)
                    self._phase.others_gap_ms = max(self._phase.others_gap_ms, gap)
            if not found and "middle" in accounts and right(accounts["middle"]):
                found = True
                self._phase.right_after_s = round(self._clock.monotonic() - began_s, 2)
                self._phase.text = f"{accounts['middle'].link}: {accounts['middle'].reason}"
                if not stay:
                    return True
            self._pause.wait(0.01)
        return found


def measure(hang_s: float) -> dict[str, Any]:
    """Every fault once."""
    phases: list[Seen] = []

    def begin(program: Program, terminals: Rehearsed, face: Face) -> Work:
        watching, timer = Watching(program, terminals, hang_s, phases), QTimer(face)
        timer.setTimerType(Qt.TimerType.PreciseTimer)
        timer.timeout.connect(watching.tick)
        timer.start(TICK_MS)
        return watching.run

    shown(begin)
    return {phase.name: phase.report() for phase in phases}


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.faults", description=__doc__)
    parser.add_argument("--hang", type=float, default=60.0, help="seconds that the middle terminal hangs (default 60)")
    print(json.dumps(measure(parser.parse_args().hang), indent=1))
    return 0


if __name__ == "__main__":
    sys.exit(main())
