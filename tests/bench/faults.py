"""`python -m tests.bench.faults`: three terminals in the real window, and what happens to one of them.

For each fault: how long until the state on the screen is right, the longest the other two went without a reading, and
how late the window's own timer came. JSON on stdout.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import sys
import threading
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Self

import numpy as np
from PySide6.QtCore import Qt, QTimer

from app.config import from_table
from app.main import Program, guard
from app.window.face import Face, leave
from bridge.clock import SystemClock
from bridge.simulator.launch import launched
from monitors.ports import AccountFrame, Link
from tests.bridge.served.rehearse import Rehearse
from ui.application import prepare

NAMES = ("left", "middle", "right")
TICK_MS = 5
SCENARIO = """
[scenario]
[account]
login = {login}
balance = 10000.0
[[symbol]]
name = "EURUSD"
base = "EUR"
profit = "USD"
bid = 1.10000
ask = 1.10010
[[position]]
id = 1
symbol = "EURUSD"
side = "buy"
volume = 0.30
open = 1.10000
"""


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


class Rehearsed:
    """The three terminals, each a process of its own, and what is done to the middle one."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.files = {name: folder / f"{name}.json" for name in NAMES}
        self._ends: dict[str, AbstractContextManager[int]] = {}
        self.pids: dict[str, int] = {}
        for number, name in enumerate(NAMES):
            (folder / f"{name}.toml").write_text(SCENARIO.format(login=1001 + number))
            self.start(name)

    def start(self, name: str) -> None:
        manager = launched(self.files[name], scenario=self.folder / f"{name}.toml", rehearse=True)
        self.pids[name] = manager.__enter__()
        self._ends[name] = manager

    def kill(self, name: str) -> None:
        os.kill(self.pids[name], signal.SIGKILL)
        self._ends.pop(name).__exit__(None, None, None)

    def order(self) -> Rehearse:
        return Rehearse(self.files["middle"])

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for end in self._ends.values():
            end.__exit__(None, None, None)


class Watching:
    """Runs the phases in a thread of its own while the window's thread paints."""

    def __init__(self, program: Program, terminals: Rehearsed, hang_s: float) -> None:
        self._program, self._terminals, self._hang_s = program, terminals, hang_s
        self._clock, self._pause = SystemClock(), threading.Event()
        self._phase = Seen("start")
        self.phases: list[Seen] = [self._phase]
        self._ticked_s = self._clock.monotonic()

    def tick(self) -> None:
        """The window's timer: how late it is."""
        now_s = self._clock.monotonic()
        self._phase.late_ms.append(max(0.0, 1000 * (now_s - self._ticked_s) - TICK_MS))
        self._ticked_s = now_s

    def run(self) -> None:
        try:
            self._run()
        finally:
            leave()

    def _run(self) -> None:
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
        self.phases.append(self._phase)
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


def configured(terminals: Rehearsed) -> dict[str, Any]:
    """A config for them, its data and locks beside theirs."""
    os.environ["XDG_STATE_HOME"] = str(terminals.folder)
    table = [{"name": name, "backend": "simulator", "path": str(file), "login": 1001 + number}
             for number, (name, file) in enumerate(terminals.files.items())]  # fmt: skip
    return {"app": {"data_dir": str(terminals.folder / "data")}, "terminal": table}


def measure(hang_s: float) -> dict[str, Any]:
    """Every fault once."""
    application = prepare(sys.argv[:1], offscreen="DISPLAY" not in os.environ)
    with TemporaryDirectory(prefix="plimsoll-faults-") as made, Rehearsed(Path(made)) as terminals:
        program = guard(from_table(configured(terminals), source="bench"), print)
        face, watching = Face(program, None, attended=False), Watching(program, terminals, hang_s)
        timer = QTimer(face)
        timer.setTimerType(Qt.TimerType.PreciseTimer)
        timer.timeout.connect(watching.tick)
        face.show()
        timer.start(TICK_MS)
        thread = threading.Thread(target=watching.run)
        thread.start()
        application.exec()
        thread.join()
        timer.stop()
        face.close()
    return {phase.name: phase.report() for phase in watching.phases}


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.faults", description=__doc__)
    parser.add_argument("--hang", type=float, default=60.0, help="seconds that the middle terminal hangs (default 60)")
    print(json.dumps(measure(parser.parse_args().hang), indent=1))
    return 0


if __name__ == "__main__":
    sys.exit(main())
