"""`python -m tests.bench.desk`: the desk's window on 200 accounts that change once a second, over a real cluster.

How late the window's own timer comes while it is looked at and scrolled. JSON on stdout.
"""

from __future__ import annotations

import argparse
import json
import sys
import threading
from collections.abc import Callable
from typing import Any

import msgspec
import numpy as np
from confluent_kafka import Producer
from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QApplication

from app.desk.listener import Listener
from app.desk.messages import State, encoded
from bridge.clock import SystemClock
from monitors.settings import DeskSettings
from tests.app.desk.parts import state
from tests.bench.beats import percentile
from tests.kafka import cluster
from ui import application
from ui.desk_window import DeskWindow

TICK_MS, SCROLL_MS, SCROLL_PX, WARM_S = 5, 50, 40, 5.0
A_MACHINE = 4
CLOCK = SystemClock()


class Machines:
    """So many accounts, each with another equity and another room once a second, spread over the second."""

    def __init__(self, brokers: str, accounts: int) -> None:
        self._producer: Producer | None = Producer({"bootstrap.servers": brokers, "log_level": 0, "linger.ms": 5})
        first = state()
        self._states = [
            msgspec.structs.replace(first, machine=f"pc-{n // A_MACHINE:02}", account=f"Account {n}", login=n + 1,
                                    alerts=first.alerts if n % 10 == 0 else ())
            for n in range(accounts)
        ]  # fmt: skip
        self._over = threading.Event()
        self.sent = 0

    def run(self) -> None:
        """Until `stop`."""
        random, began_s, producer = np.random.default_rng(1), CLOCK.monotonic(), self._producer
        assert producer is not None
        while not self._over.is_set():
            place, second = self.sent % len(self._states), self.sent // len(self._states)
            sent = self._moved(self._states[place], second + 1, float(random.normal(0, 500)))
            producer.produce("plimsoll.accounts", encoded(sent), f"{sent.machine}/{sent.login}")
            producer.poll(0)
            self.sent += 1
            self._over.wait(max(0.0, began_s + self.sent / len(self._states) - CLOCK.monotonic()))
        producer.flush(5)
        del producer
        self._producer = None

    def stop(self) -> None:
        self._over.set()

    @staticmethod
    def _moved(sent: State, number: int, by: float) -> State:
        assert sent.money is not None
        assert sent.limit is not None
        money = msgspec.structs.replace(sent.money, equity=sent.money.equity + by, profit=sent.money.profit + by)
        limit = msgspec.structs.replace(sent.limit, value=150.0 + abs(by) / 10)
        return msgspec.structs.replace(sent, number=number, beat=number, at_ms=CLOCK.utc_ms(), money=money, limit=limit,
                                       today=by, margin_level=150.0 + abs(by) / 10)  # fmt: skip


def measure(accounts: int, seconds: float) -> dict[str, Any]:
    """One look at the desk; the first seconds, in which cards are made, apart."""
    app = application.prepare(sys.argv[:1], offscreen=True)
    late: list[tuple[float, float]] = []
    with cluster() as broker:
        listener, machines = Listener(DeskSettings(brokers=broker.brokers), CLOCK), Machines(broker.brokers, accounts)
        threads = [threading.Thread(target=listener.run), threading.Thread(target=machines.run)]
        window = DeskWindow(listener, broker.brokers)
        for thread in threads:
            thread.start()
        window.show()
        began_s = CLOCK.monotonic()
        ticked = [began_s]

        def tick() -> None:
            now_s = CLOCK.monotonic()
            late.append((now_s - began_s, max(0.0, 1000 * (now_s - ticked[0]) - TICK_MS)))
            ticked[0] = now_s

        ticking, scrolling = QTimer(window), QTimer(window)
        ticking.setTimerType(Qt.TimerType.PreciseTimer)
        ticking.timeout.connect(tick)
        ticking.start(TICK_MS)
        scrolling.timeout.connect(_scroller(window))
        scrolling.start(SCROLL_MS)
        QTimer.singleShot(round(1000 * (WARM_S + seconds)), app.exit)
        app.exec()
        view = listener.newest()
        listener.stop()
        machines.stop()
        for thread in threads:
            thread.join()
        tiles = len(window.page.tiles)
        window.close()
        QApplication.processEvents()
    warm = np.array([ms for at_s, ms in late if at_s < WARM_S])
    steady = np.array([ms for at_s, ms in late if at_s >= WARM_S])
    return {
        "accounts": len(view.frame.accounts) if view else 0, "seconds": seconds, "states": machines.sent,
        "stall_p50_ms": percentile(steady, 50), "stall_p99_ms": percentile(steady, 99),
        "stall_worst_ms": percentile(steady, 100), "stall_while_cards_are_made_worst_ms": percentile(warm, 100),
        "cards": tiles,
        "silent": sum(machine.silent for machine in view.machines) if view else None,
    }  # fmt: skip


def _scroller(window: DeskWindow) -> Callable[[], None]:
    """Down the page and up again, a little at a time."""
    bar, way = window.page.area.verticalScrollBar(), [SCROLL_PX]

    def scroll() -> None:
        before = bar.value()
        bar.setValue(before + way[0])
        if bar.value() == before:
            way[0] = -way[0]

    return scroll


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.desk", description=__doc__)
    parser.add_argument("--accounts", type=int, default=200, help="told of once a second each (default 200)")
    parser.add_argument("--seconds", type=float, default=60.0, help="looked at after the first five (default 60)")
    args = parser.parse_args()
    print(json.dumps(measure(args.accounts, args.seconds), indent=1))
    return 0


if __name__ == "__main__":
    sys.exit(main())
