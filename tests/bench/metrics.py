"""`python -m tests.bench.metrics`: every metric of a beat, and the analysis that is shown, on the usual account."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from time import thread_time
from typing import Any

import numpy as np

from app.analyst import EVERY_S, Analyst
from app.archive.archivist import Archivist
from app.engine import Engine
from app.store.journal import Journal
from app.store.spare import SpareJournal
from bridge.clock import SystemClock
from bridge.simulator.clock import VirtualClock
from monitors.metrics import METRICS, value, values
from monitors.reading import Reading
from monitors.settings import Rule
from tests.bench.beats import START, START_MS, WARM, Shown, config, percentile
from tests.bench.market import POSITIONS, Market

BEATS = 1_000
ALL = [Rule(name=name, metric=name, when="above", levels=()) for name in METRICS]


@dataclass(slots=True)
class Timed:
    """Milliseconds of each beat, by the clock and of the processor."""

    wall: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)

    def report(self) -> dict[str, float]:
        """Percentiles."""
        wall, cpu = np.array(self.wall), np.array(self.cpu)
        return {"p50_ms": percentile(wall, 50), "p99_ms": percentile(wall, 99), "cpu_p50_ms": percentile(cpu, 50),
                "cpu_p99_ms": percentile(cpu, 99)}  # fmt: skip


def measured(reading: Reading) -> int:
    """Every metric of the account, and of every position where it judges each; how many figures that was."""
    each = [values(reading, rule) or {0: value(reading, rule)} for rule in ALL]
    return sum(map(len, each))


def measure(positions: int, beats: int, folder: Path) -> tuple[Timed, Timed]:
    """From decoded snapshot to every metric; and the analysis, made anew for every one of these readings."""
    clock, stopwatch, metrics, analyses = VirtualClock(START), SystemClock(), Timed(), Timed()
    terminal = Shown(Market(positions, START_MS))
    history = Archivist()
    engine = Engine(config(), clock, Journal(folder / "journal.db"), SpareJournal(None), lambda _: terminal, (),
                    history=history)  # fmt: skip
    try:
        engine.start()
        engine.beat()
        guard = next(iter(engine.guards.values()))
        analyst, memory = Analyst(guard, history), guard.keeper.memory
        for beat in range(-WARM, beats):
            taken_ms = terminal.prepare().taken_ms
            clock.advance_to(max(taken_ms, clock.utc_ms() + round(1_000 * EVERY_S)))
            cpu, began = thread_time(), stopwatch.monotonic()
            seen = guard.sight.look(None)
            reading = guard.sight.read(seen, memory, guard.settings.day).reading
            if reading is None:
                raise RuntimeError(f"no reading: {seen.reason}")
            measured(reading)
            _note(metrics, stopwatch.monotonic() - began, thread_time() - cpu, counted=beat >= 0)
            cpu, began = thread_time(), stopwatch.monotonic()
            analyst.analysis(reading)
            _note(analyses, stopwatch.monotonic() - began, thread_time() - cpu, counted=beat >= 0)
    finally:
        engine.close()
    return metrics, analyses


def _note(timed: Timed, wall_s: float, cpu_s: float, *, counted: bool) -> None:
    if counted:
        timed.wall.append(1000 * wall_s)
        timed.cpu.append(1000 * cpu_s)


def report(beats: int) -> dict[str, Any]:
    """All figures."""
    with TemporaryDirectory(prefix="plimsoll-bench-") as folder:
        metrics, analyses = measure(POSITIONS, beats, Path(folder))
    return {"metrics": len(ALL), "all metrics of a beat": metrics.report(), "analysis": analyses.report()}


if __name__ == "__main__":
    print(json.dumps(report(BEATS), indent=2))
