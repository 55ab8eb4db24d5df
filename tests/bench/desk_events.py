"""`python -m tests.bench.desk_events`: many events told to the desk while its broker goes away and comes back.

Counts what the broker's readers get: lost, doubled after the doubles were dropped; and how long a beat takes beside it,
over one that tells nobody. JSON on stdout.
"""

from __future__ import annotations

import argparse
import json
import sys
import threading
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from app.desk.doubles import Doubles
from app.desk.outbox import FILE
from app.desk.publisher import Publisher
from app.mailbox import Mailbox
from bridge.clock import SystemClock
from monitors.ports import Frame
from monitors.settings import DeskSettings
from tests.app.desk.parts import Read, blind, reader
from tests.bench.beats import Run, measure, percentile
from tests.bench.market import POSITIONS
from tests.kafka import Cluster, cluster

LONGEST_S = 300.0
CLOCK = SystemClock()


class Told:
    """Tells so many events after each beat; the broker is away in the middle third."""

    def __init__(self, events: int, beats: int, poll_s: float, broker: Cluster | None, folder: Path) -> None:
        self._events, self._beats, self._poll_s, self._broker = events, beats, poll_s, broker
        self._beat = self.told = 0
        self._pause, self._began_s = threading.Event(), CLOCK.monotonic()
        self.mailbox, self.said = Mailbox(), list[str]()
        self.most_mb = 0.0
        self._folder = folder
        self.publisher = None if broker is None else Publisher(
            DeskSettings(brokers=broker.brokers, machine="bench"), folder, self.mailbox.newest, CLOCK, self.said.append
        )  # fmt: skip

    def beaten(self, frame: Frame) -> None:
        """After a beat: the desk's sampling finds its frame, and the events of it are told."""
        self.mailbox.put(frame)
        self._beat += 1
        if self._broker is not None and self.publisher is not None:
            if self._beat == self._beats // 3:
                self._broker.go()
            elif self._beat == 2 * self._beats // 3:
                self._broker.come_back()
            due = min(self._events, round(self._events * self._beat / self._beats))
            for _ in range(due - self.told):
                self.told += 1
                self.publisher.tell(blind(self.told, frame.accounts[0].name))
            if (file := self._folder / FILE).exists():
                self.most_mb = max(self.most_mb, file.stat().st_size / 1e6)
        self._began_s += self._poll_s
        self._pause.wait(max(0.0, self._began_s - CLOCK.monotonic()))


def run(events: int, beats: int, poll_s: float, broker: Cluster | None, folder: Path) -> tuple[Run, Told]:
    folder.mkdir()
    told = Told(events, beats, poll_s, broker, folder)
    sink = told.publisher.tell if told.publisher else lambda _: None
    return measure(POSITIONS, beats, folder / "journal.db", sink, told.beaten), told


def report(events: int, beats: int, poll_s: float) -> dict[str, Any]:
    """The same beats without a desk and with one."""
    with TemporaryDirectory(prefix="plimsoll-bench-") as made, cluster() as broker, reader(broker.brokers) as read:
        alone, _ = run(0, beats, poll_s, None, Path(made) / "alone")
        beside, told = run(events, beats, poll_s, broker, Path(made) / "beside")
        assert told.publisher is not None
        began_s, doubles, pause = CLOCK.monotonic(), Doubles(), threading.Event()
        own, came = dict[str, int](), list[Read]()
        while CLOCK.monotonic() - began_s < LONGEST_S and len(own) < events:
            came = read()
            own = {one.body["event"]["reason"]: one.number for one in came if one.body["event"]["event"] == "blind"}
            pause.wait(0.2)
        drained_s = CLOCK.monotonic() - began_s
        told.publisher.close()
        came = read()
        kept = [one for one in came if doubles.take(one.body["machine"], one.body["run"], one.number)]
        reasons = [one.body["event"]["reason"] for one in kept if one.body["event"]["event"] == "blind"]
    return {
        "events": events, "lost": events - len(set(reasons)), "doubled": len(reasons) - len(set(reasons)),
        "sent_twice_and_dropped": len(came) - len(kept), "missing_numbers": doubles.missing,
        **{f"beat_p{share}_over_alone": round(percentile(beside.times, share) / percentile(alone.times, share), 2)
           for share in (50, 90, 99)},
        "beat_p50_ms": [percentile(alone.times, 50), percentile(beside.times, 50)],
        "beat_p99_ms": [percentile(alone.times, 99), percentile(beside.times, 99)],
        "all_there_after_the_last_s": round(drained_s, 1), "outbox_most_mb": round(told.most_mb, 1), "said": told.said,
    }  # fmt: skip


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.desk_events", description=__doc__)
    parser.add_argument("--events", type=int, default=100_000, help="told to the desk (default 100000)")
    parser.add_argument("--beats", type=int, default=1_000, help="over which they are told (default 1000)")
    parser.add_argument("--poll-ms", type=float, default=100.0, help="from one beat to the next (default 100)")
    args = parser.parse_args()
    print(json.dumps(report(args.events, args.beats, args.poll_ms / 1000), indent=1))
    return 0


if __name__ == "__main__":
    sys.exit(main())
