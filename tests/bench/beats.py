"""Whole beats, from snapshot to plan, and the frames after them: real engine and journal, a terminal in memory."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from time import thread_time

import numpy as np
import tomli

from app.config import from_table
from app.engine import Engine
from app.events import Event, Tell
from app.store.journal import Journal
from app.store.spare import SpareJournal
from bridge.clock import SystemClock
from bridge.port import Awaited, CloseOrder, ProtectOrder, Receipt, Records
from bridge.simulator.clock import VirtualClock, epoch_ms
from monitors.model import Bars, Floats, Snapshot
from monitors.ports import Frame
from monitors.settings import Config
from tests.bench.market import Market
from tests.builders import NO_BARS

START = datetime(2026, 3, 2, 8, tzinfo=UTC)
START_MS = epoch_ms(START)
RULES = Path(__file__).with_name("rules.toml")
WARM = 50
"""Beats that are not counted: caches fill, and the first plans are made."""


class Shown:
    """A terminal that shows the snapshot prepared for it; nothing can be sent."""

    def __init__(self, market: Market) -> None:
        self._market = market
        self._upcoming = market.step()

    def prepare(self) -> Snapshot:
        """Make the next snapshot, outside the time that is measured."""
        self._upcoming = self._market.step()
        return self._upcoming

    def look(self, deals_since_ms: int) -> Snapshot:  # noqa: ARG002 -- the port's signature
        return self._upcoming

    def records(self, deals_since_ms: int) -> Records:  # noqa: ARG002 -- the same
        return Records(positions=self._upcoming.positions, deals=())

    def bars(self, symbol: str, minutes: int, since_ms: int, until_ms: int) -> Bars:  # noqa: ARG002 -- the same
        return NO_BARS

    def send(self, order: CloseOrder) -> Receipt:  # noqa: ARG002 -- the same
        return Receipt(retcode=None, text="the benchmark sends nothing")

    def protect(self, order: ProtectOrder) -> Receipt:  # noqa: ARG002 -- the same
        return Receipt(retcode=None, text="the benchmark sets no stop")

    def cancel(self, ticket: int) -> Receipt:  # noqa: ARG002 -- the same
        return Receipt(retcode=None, text="the benchmark cancels nothing")

    def receipt(self, awaited: Awaited) -> Receipt | None:  # noqa: ARG002 -- the same
        return None

    def hang_up(self) -> None:
        """Nothing to let go."""


@dataclass(slots=True)
class Run:
    """What the beats of one run took, milliseconds each, and how many of them told of what."""

    took_ms: list[float] = field(default_factory=list)
    planned_ms: list[float] = field(default_factory=list)
    """Of those, the beats in which a plan was made."""
    told: dict[str, int] = field(default_factory=dict)
    frames_ms: list[float] = field(default_factory=list)
    """What drawing up the frame took after each beat, the analysis included where one was due."""
    cpu_ms: list[float] = field(default_factory=list)
    """What the same beats took of the processor: without the disk, and without what else the machine did."""

    @property
    def times(self) -> Floats:
        return np.array(self.took_ms)


def config() -> Config:
    """The twenty rules, in observe mode: what they would close is planned, judged by the gate and told."""
    return from_table(tomli.loads(RULES.read_text(encoding="utf-8")), source=str(RULES))


def measure(positions: int, beats: int, journal: Path | None, sink: Tell = lambda _: None,
            beaten: Callable[[Frame], None] = lambda _: None) -> Run:  # fmt: skip
    """So many beats on that many positions; `journal` None keeps the journal in memory.

    `sink` is told every event too; `beaten` gets each frame, outside the time that is measured.
    """
    clock, stopwatch, run = VirtualClock(START), SystemClock(), Run()
    terminal = Shown(Market(positions, START_MS))

    def count(told: Event) -> None:
        run.told[told["event"]] = run.told.get(told["event"], 0) + 1

    engine = Engine(config(), clock, Journal(journal), SpareJournal(None), lambda _: terminal, (count, sink))
    try:
        engine.start()
        for beat in range(-WARM, beats):
            taken_ms = terminal.prepare().taken_ms
            clock.advance_to(taken_ms)
            plans, cpu, began = run.told.get("plan", 0), thread_time(), stopwatch.monotonic()
            engine.beat()
            took, cpu = 1000 * (stopwatch.monotonic() - began), 1000 * (thread_time() - cpu)
            began = stopwatch.monotonic()
            frame = engine.frame()
            drawn = 1000 * (stopwatch.monotonic() - began)
            beaten(frame)
            if beat < 0:
                continue
            run.took_ms.append(took)
            run.frames_ms.append(drawn)
            run.cpu_ms.append(cpu)
            if run.told.get("plan", 0) > plans:
                run.planned_ms.append(took)
    finally:
        engine.close()
    if engine.faults:
        raise RuntimeError(f"a beat failed: {engine.faults[-1]}")
    return run


def percentile(times: Floats, share: float) -> float:
    """Milliseconds, to a microsecond."""
    return round(float(np.percentile(times, share)), 3)
