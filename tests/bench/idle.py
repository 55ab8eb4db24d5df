"""`python -m tests.bench.idle`: what the real window costs on three terminals on which nothing happens.

Percent of one core of the program with its hosts, the simulated terminals apart. JSON on stdout.
"""

from __future__ import annotations

import argparse
import json
import sys
import threading
from typing import Any

import psutil

from app.main import Program
from app.window.face import Face
from bridge.clock import SystemClock
from monitors.ports import Link
from tests.bench.window import Rehearsed, Work, shown

START_S, WARM_S = 60.0, 10.0


def spent(without: set[int]) -> float:
    """Processor seconds of this process and all below it but these."""
    own = psutil.Process()
    processes = [own, *(one for one in own.children(recursive=True) if one.pid not in without)]
    return sum(sum(one.cpu_times()[:2]) for one in processes)


def measure(seconds: float) -> dict[str, Any]:
    """Once all three are seen and have been for a while."""
    clock, pause, found = SystemClock(), threading.Event(), dict[str, Any]()

    def begin(program: Program, terminals: Rehearsed, face: Face) -> Work:
        def work() -> None:
            until = clock.monotonic() + START_S
            while clock.monotonic() < until:
                frame = program.mailbox.newest()
                if frame and all(view.link is Link.LIVE for view in frame.accounts):
                    break
                pause.wait(0.1)
            pause.wait(WARM_S)
            apart = set(terminals.pids.values())
            drawn, before, began = face.window.drawn, spent(apart), clock.monotonic()
            pause.wait(seconds)
            wall = clock.monotonic() - began
            found["core_percent"] = round(100 * (spent(apart) - before) / wall, 1)
            found["frames_drawn_a_second"] = round((face.window.drawn - drawn) / wall, 1)
            found["seconds"] = round(wall, 1)

        return work

    shown(begin)
    return found


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.idle", description="What an idle window costs.")
    parser.add_argument("--seconds", type=float, default=60.0, help="after ten of warming up (60)")
    print(json.dumps(measure(parser.parse_args().seconds), indent=2))
    return 0


if __name__ == "__main__":
    sys.exit(main())
