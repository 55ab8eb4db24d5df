"""`python -m tests.bench.kills`: one process of a guard at work is killed with -9, again and again.

A trader opens positions again and again, a rule closes them all, and at random moments one of the guard's
processes dies. Afterwards: what is left running, what the broker booked, and what was said. JSON on stdout.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import signal
import sqlite3
import subprocess
import sys
import threading
from collections import Counter
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import psutil

from bridge.clock import SystemClock
from bridge.simulator.launch import launched
from monitors.outcomes import TAG
from tests.bench.quiet import scenario
from tests.bridge.served.clients import client
from tests.bridge.served.rehearse import Rehearse

CONFIG = """
[app]
mode = "armed"
data_dir = "{data}"
[[terminal]]
name = "main"
backend = "simulator"
path = "{file}"
login = 1001
[[rule]]
name = "Nothing may be held"
metric = "exposure.total"
when = "above"
confirm = 1
levels = [{{ at = 1.0, severity = "critical", action = "close_all" }}]
"""
KINDS = ("program", "eyes, hand or history", "watchdog")
GONE_S, EVERY_S, BATCH = 8.0, 0.5, 10


class Guard:
    """The guard as its user starts it, with all that it starts."""

    def __init__(self, folder: Path) -> None:
        self._log = (folder / "said.txt").open("ab")
        self._command = [sys.executable, "-m", "app", "run", "--headless", "--config", str(folder / "config.toml")]
        self._environment = {**os.environ, "XDG_STATE_HOME": str(folder)}
        self.start()

    def start(self) -> None:
        self.process = subprocess.Popen(self._command, env=self._environment, stdin=subprocess.DEVNULL,
                                        stdout=self._log, stderr=subprocess.STDOUT)  # fmt: skip

    def children(self) -> dict[str, list[psutil.Process]]:
        """The guard's processes by kind; those that are just ending are in none."""
        found: dict[str, list[psutil.Process]] = {kind: [] for kind in KINDS}
        try:
            own = psutil.Process(self.process.pid)
            found["program"].append(own)
            for child in own.children(recursive=True):
                line = " ".join(child.cmdline())
                kind = "watchdog" if "app.watchdog" in line else KINDS[1] if "bridge.host" in line else ""
                if kind:
                    found[kind].append(child)
        except psutil.NoSuchProcess:
            pass
        return found

    def close(self) -> int:
        self.process.send_signal(signal.SIGTERM)
        code = self.process.wait(30)
        self._log.close()
        return code


class Trader:
    """Opens ten positions whenever the account is flat, until told to stop: an episode has no more than three plans."""

    def __init__(self, file: Path) -> None:
        self._file, self._over, self.opened = file, threading.Event(), 0
        self._thread = threading.Thread(target=self._run)
        self._thread.start()

    def _run(self) -> None:
        with Rehearse(self._file) as desk:
            while not self._over.wait(EVERY_S):
                for _ in range(0 if desk.books()[1] else BATCH):
                    self.opened += 1
                    desk.event("open", id=self.opened, symbol="EURUSD", side="buy", volume=0.1)

    def close(self) -> None:
        self._over.set()
        self._thread.join()


def measure(times: int, seed: int) -> dict[str, Any]:
    chance, clock, pause = random.Random(seed), SystemClock(), threading.Event()  # noqa: S311 -- moments, no secrets
    with TemporaryDirectory(prefix="plimsoll-kills-") as made:
        folder, file = Path(made), Path(made) / "terminal.json"
        (folder / "scenario.toml").write_text(scenario(balance=1_000_000.0))
        (folder / "config.toml").write_text(CONFIG.format(data=(folder / "data").as_posix(), file=file.as_posix()))
        killed: Counter[str] = Counter()
        orphans: list[str] = []
        slowest = 0.0
        with launched(file, scenario=folder / "scenario.toml", rehearse=True):
            guard, trader = Guard(folder), Trader(file)
            pause.wait(3.0)
            while sum(killed.values()) < times:
                pause.wait(chance.uniform(0.05, 2.5))
                there = guard.children()
                kind = chance.choice([kind for kind in KINDS if there[kind]])
                rest = [p for group in there.values() for p in group]
                victim = chance.choice(there[kind])
                victim.send_signal(signal.SIGKILL)
                killed[kind] += 1
                if kind == "program":
                    guard.process.wait()
                    began_s = clock.monotonic()
                    _, left = psutil.wait_procs([p for p in rest if p != victim], GONE_S)
                    orphans += [" ".join(p.cmdline()) for p in left]
                    slowest = max(slowest, clock.monotonic() - began_s)
                    guard.start()
                    pause.wait(1.5)
            trader.close()
            flat_s = _flat_after(file, clock, pause)
            pause.wait(65.0)  # a request whose answer was lost counts as refused after a minute of silence
            code = guard.close()
            report = _books(file, trader.opened)
        left = [
            p.info["cmdline"] for p in psutil.process_iter(["cmdline"]) if made in " ".join(p.info["cmdline"] or ())
        ]
        said = (folder / "said.txt").read_text().splitlines()
        return {
            "killed": dict(killed), "orphans": orphans + left, "slowest_children_gone_s": round(slowest, 2),
            "positions_opened": trader.opened, "flat_after_s": flat_s, "exit": code, **report,
            **_journal(folder / "data" / "journal.db"),
            "said_host_lost": sum("another one is started" in line for line in said),
            "said_watchdog_lost": sum("the watchdog has ended" in line for line in said),
            "watchdog_log_lines": len((folder / "data" / "watchdog.log").read_text().splitlines()),
            "recovered": sum("recovered" in line for line in said),
        }  # fmt: skip


def _flat_after(file: Path, clock: SystemClock, pause: threading.Event) -> float | None:
    began_s = clock.monotonic()
    with Rehearse(file) as desk:
        while clock.monotonic() - began_s < 130:
            if not desk.books()[1]:
                return round(clock.monotonic() - began_s, 1)
            pause.wait(0.1)
    return None


def _books(file: Path, opened: int) -> dict[str, Any]:
    """What the broker booked: every position closed once and whole, nothing opened by us."""
    with client(file) as attached:
        deals = attached.module.history_deals_get(1, 2**31 - 1)
    out: Counter[int] = Counter()
    lots: Counter[int] = Counter()
    for deal in deals:
        if deal.entry == 1:
            out[deal.position_id] += 1
            lots[deal.position_id] += round(100 * deal.volume)
    return {
        "closed": len(out), "closed_more_than_once": sum(n > 1 for n in out.values()),
        "closed_more_than_held": sum(n > 10 for n in lots.values()),
        "opened_by_the_guard": sum(d.entry == 0 and d.comment.startswith(TAG) for d in deals),
        "not_closed": opened - len(out),
    }  # fmt: skip


def _journal(file: Path) -> dict[str, Any]:
    """By position: sends that overlapped an unsettled one; requests by how they ended."""
    with sqlite3.connect(f"file:{file}?mode=ro", uri=True) as found:
        states = dict(found.execute("SELECT state, count(*) FROM request GROUP BY state").fetchall())
        twice = found.execute(
            "SELECT count(*) FROM (SELECT position FROM request WHERE filled > 0 GROUP BY position HAVING count(*) > 1)"
        ).fetchone()[0]
    found.close()
    return {"requests": states, "positions_filled_twice": twice}


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.kills", description=__doc__)
    parser.add_argument("--times", type=int, default=200, help="processes to kill (default 200)")
    parser.add_argument("--seed", type=int, default=1, help="of the moments and of who dies (default 1)")
    args = parser.parse_args()
    print(json.dumps(measure(args.times, args.seed), indent=1))
    return 0


if __name__ == "__main__":
    sys.exit(main())
