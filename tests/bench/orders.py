"""`python -m tests.bench.orders`: from a quote to the intent on disk, and a close beyond the terminal's answer.

The real loop, engine, journal and hosts on a terminal in a process of its own. Quotes come at moments of their own, so
that a part of the time is the wait for the next look, which `poll_ms` decides; what the program adds is told apart.
"""

from __future__ import annotations

import argparse
import json
import os
import queue
import random
import sys
import threading
from collections.abc import Callable
from contextlib import AbstractContextManager
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np

from app.attachments import attachment
from app.config import from_table
from app.engine import Engine
from app.events import Event
from app.loop import Loop
from app.mailbox import Mailbox
from app.store.folder import JOURNAL, SPARE
from app.store.journal import Journal
from app.store.spare import SpareJournal
from bridge.clock import SystemClock
from bridge.port import Terminal
from bridge.simulator.launch import launched
from bridge.supervisor import Supervisor
from monitors.model import Snapshot
from monitors.ports import EmergencyStop, Link, Reset
from monitors.settings import Config, TerminalSettings
from tests.bench.quiet import scenario
from tests.bridge.served.clients import client
from tests.bridge.served.rehearse import Rehearse

BID, DROP, BALANCE = 1.10000, 1.09000, 10_000_000.0
PATIENCE_S = 20.0
DEAL, BUY, SELL, IOC = 1, 0, 1, 1
RULE = {"name": "Loss", "metric": "equity", "when": "below", "confirm": 1, "rearm": 1.0,
        "levels": [{"at": BALANCE - 80, "severity": "critical", "action": "close_all"}]}  # fmt: skip


class Timed(Supervisor):
    """Notes when the look that is under way was begun."""

    began_s = 0.0

    def look(self, deals_since_ms: int) -> Snapshot:
        if not self._eyes.asked("look"):
            self.began_s = self._clock.monotonic()
        return super().look(deals_since_ms)


class Bench:
    """The program in a thread, its terminal in a process, and a broker's desk to move prices at."""

    def __init__(self, folder: Path, poll_ms: int) -> None:
        file = folder / "terminal.json"
        (folder / "scenario.toml").write_text(scenario(balance=BALANCE), encoding="utf-8")
        self._terminal: AbstractContextManager[int] = launched(file, scenario=folder / "scenario.toml", rehearse=True)
        self._terminal.__enter__()
        self.file, self.clock, self.told = file, SystemClock(), queue.SimpleQueue[tuple[float, float, Event]]()
        self.desk = Rehearse(file)
        self._identifier = 0
        self._folder = folder
        table = {"name": "main", "backend": "simulator", "path": str(file), "login": 1001}
        self._config: Config = from_table({"app": {"mode": "armed", "poll_ms": poll_ms}, "terminal": [table],
                                           "rule": [RULE]}, source="bench")  # fmt: skip
        self.mailbox = Mailbox()
        self.loop = Loop(self._engine, poll_ms, self.clock, self.mailbox)
        self._thread = threading.Thread(target=self.loop.run)
        self._thread.start()
        self._until(lambda: self._link() is Link.LIVE)

    def _engine(self) -> Engine:
        (settings,) = self._config.terminals

        def connect(_: TerminalSettings) -> Terminal:
            self.eyes = Timed(attachment(settings, self._folder), self.clock)
            return self.eyes

        return Engine(self._config, self.clock, Journal(self._folder / JOURNAL), SpareJournal(self._folder / SPARE),
                      connect, (self._heard,))  # fmt: skip

    def _heard(self, told: Event) -> None:
        self.told.put((self.clock.monotonic(), self.eyes.began_s, told))

    def open(self, count: int) -> None:
        """So many positions, and the program sees them."""
        for _ in range(count):
            self._identifier += 1
            self.desk.event("open", id=self._identifier, symbol="EURUSD", side="buy", volume=0.1)
        self._until(lambda: self.held() == count)

    def price(self, bid: float) -> None:
        self.desk.event("quote", symbol="EURUSD", bid=bid, ask=round(bid + 0.0001, 5))

    def held(self) -> int:
        frame = self.mailbox.newest()
        return len(frame.accounts[0].positions) if frame and frame.accounts else -1

    def hear(self, name: str) -> tuple[float, float]:
        """When the next event of that name was told, and when the look before it was begun."""
        while True:
            at_s, looked_s, told = self.told.get(timeout=PATIENCE_S)
            if told["event"] == name:
                return at_s, looked_s

    def flat(self) -> None:
        self._until(lambda: self.held() == 0)

    def restore(self) -> None:
        """Pay in what was lost, so that the rule arms again, and let the program see it."""
        figures, _ = self.desk.books()
        self.desk.event("deposit", amount=round(BALANCE - (figures["balance"] or 0.0), 2))
        self._until(lambda: self._equity() == BALANCE)

    def close(self) -> None:
        self.loop.stop()
        self._thread.join()
        self.desk.close()
        self._terminal.__exit__(None, None, None)

    def _equity(self) -> float | None:
        frame = self.mailbox.newest()
        return frame.accounts[0].account.equity if frame and frame.accounts[0].account else None

    def _link(self) -> Link | None:
        frame = self.mailbox.newest()
        return frame.accounts[0].link if frame and frame.accounts else None

    def _until(self, true: Callable[[], bool]) -> None:
        pause, began_s = threading.Event(), self.clock.monotonic()
        while not true():
            if self.clock.monotonic() - began_s > PATIENCE_S:
                raise TimeoutError("the program did not get there")
            pause.wait(0.01)


def quotes(bench: Bench, count: int) -> dict[str, Any]:
    """From the quote at the terminal to the intent on disk: all of it, the wait for the next look, and the rest."""
    chance, pause = random.Random(1), threading.Event()  # noqa: S311 -- moments, no secrets
    total, program = [], []
    for _ in range(count):
        bench.open(1)
        pause.wait(chance.uniform(0.1, 0.3))
        bench.price(DROP)
        there_s = bench.clock.monotonic()
        on_disk_s, looked_s = bench.hear("intent")
        total.append(1000 * (on_disk_s - there_s))
        program.append(1000 * (on_disk_s - max(there_s, looked_s)))
        bench.flat()
        bench.price(BID)
        bench.restore()
    return {"quotes": count, "quote_to_intent": spread(total), "of_it_the_program": spread(program),
            "of_it_waiting_for_a_look": spread([a - b for a, b in zip(total, program, strict=True)])}  # fmt: skip


def closes(bench: Bench, positions: int, times: int) -> dict[str, Any]:
    """An emergency stop on so many: milliseconds from one send to the next, and the terminal's own answers."""
    sends, calls, between = list[float](), list[float](), list[float]()
    for _ in range(times):
        bench.open(positions)
        for send_ms, all_ms in answered(bench, positions):
            sends.append(send_ms)
            calls.append(all_ms)
        bench.flat()
        bench.restore()
        bench.open(positions)
        bench.loop.post(EmergencyStop()).result(PATIENCE_S)
        at_s = [bench.hear("intent")[0] for _ in range(positions)]
        between += [1000 * (later - earlier) for earlier, later in pairwise(at_s)]
        bench.flat()
        bench.restore()
        bench.loop.post(Reset()).result(PATIENCE_S)
    return {"positions": positions, "times": times, "order_send_alone": spread(sends),
            "all_calls_of_a_close_alone": spread(calls), "a_close": spread(between),
            "beyond_all_calls_mean_ms": round(float(np.mean(between) - np.mean(calls)), 2),
            "beyond_all_calls_p50_ms": round(float(np.median(between) - np.median(calls)), 2),
            "beyond_order_send_p50_ms": round(float(np.median(between) - np.median(sends)), 2)}  # fmt: skip


def answered(bench: Bench, count: int) -> list[tuple[float, float]]:
    """What the terminal needs for each of so many closes asked over a line of its own, in ms: the send, and all calls.

    All: whose account it is, the position and its price before the send; its deals, the order's and what is left after.
    """
    took = []
    with client(bench.file) as attached:
        mt5 = attached.module
        for held in mt5.positions_get()[:count]:
            began_s = bench.clock.monotonic()
            mt5.account_info()
            mt5.positions_get(ticket=held.ticket)
            order = {"action": DEAL, "symbol": held.symbol, "volume": held.volume, "type": SELL,
                     "position": held.ticket, "price": mt5.symbol_info_tick(held.symbol).bid, "deviation": 100,
                     "type_filling": IOC}  # fmt: skip
            send_s = bench.clock.monotonic()
            found = mt5.order_send(order)
            sent_s = bench.clock.monotonic()
            if found is None or found.retcode != 10009:
                raise RuntimeError(f"the terminal did not close: {found}")
            mt5.history_deals_get(position=held.identifier)
            mt5.history_deals_get(ticket=found.order)
            mt5.positions_get(symbol=held.symbol)
            took.append((1000 * (sent_s - send_s), 1000 * (bench.clock.monotonic() - began_s)))
    return took


def synced(folder: Path) -> list[float]:
    """Milliseconds that this disk takes to sync one page, which a commit does at least once."""
    clock, took = SystemClock(), []
    with (folder / "page").open("wb") as file:
        for _ in range(100):
            file.write(bytes(4096))
            file.flush()
            began_s = clock.monotonic()
            os.fsync(file.fileno())
            took.append(1000 * (clock.monotonic() - began_s))
    return took


def spread(took_ms: list[float]) -> dict[str, float]:
    """A histogram in five figures."""
    found = {f"p{share}_ms": round(float(np.percentile(took_ms, share)), 2) for share in (50, 90, 99)}
    return {**found, "max_ms": round(max(took_ms), 2), "mean_ms": round(float(np.mean(took_ms)), 2)}


def measure(count: int, positions: int, times: int, poll_ms: int, place: Path | None) -> dict[str, Any]:
    with TemporaryDirectory(prefix="plimsoll-orders-", dir=place) as folder:
        bench = Bench(Path(folder), poll_ms)
        try:
            return {
                "poll_ms": poll_ms,
                "a_sync": spread(synced(Path(folder))),
                **quotes(bench, count),
                "closes": closes(bench, positions, times),
            }
        finally:
            bench.close()


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.orders", description=__doc__)
    parser.add_argument("--quotes", type=int, default=200, help="how many trip the rule (default 200)")
    parser.add_argument("--positions", type=int, default=50, help="closed one after another (default 50)")
    parser.add_argument("--times", type=int, default=3, help="how often (default 3)")
    parser.add_argument("--poll-ms", type=int, default=100, help="of the program (default 100)")
    parser.add_argument("--folder", type=Path, help="where the journal lies, /dev/shm to leave the disk out of it")
    args = parser.parse_args()
    print(json.dumps(measure(args.quotes, args.positions, args.times, args.poll_ms, args.folder), indent=1))
    return 0


if __name__ == "__main__":
    sys.exit(main())
