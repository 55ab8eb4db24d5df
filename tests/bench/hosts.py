"""What a terminal in processes of its own costs: a snapshot through a pipe, and three idle terminals.

`python -m tests.bench.hosts PAIRS` is the child of the first: it sends a prepared snapshot for every line it reads.
"""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Iterable
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from statistics import median
from typing import Any

import msgspec
import numpy as np
import psutil

from bridge import wire
from bridge.attach import Attachment
from bridge.children import die_with_parent, python, spawn
from bridge.clock import SystemClock
from bridge.port import TerminalError
from bridge.simulator.launch import launched
from bridge.supervisor import Supervisor
from monitors.model import Conversion, Snapshot
from tests.bench.beats import START_MS, percentile
from tests.bench.market import POSITIONS, Market
from tests.bench.quiet import scenario

HELD, PAIRS, TERMINALS = 50, 7, 3
WARM = 50
POLL_S, START_S = 0.1, 30.0


def snapshot(pairs: int = 0) -> Snapshot:
    """50 positions and 500 ticks over 50 symbols; beside them so many pairs that only convert, as busy as any."""
    seen = Market(POSITIONS, START_MS).step()
    copied = {f"{name}.p": name for name in [*seen.quotes][:pairs]}
    return replace(
        seen, positions=seen.positions[:HELD],
        quotes={**seen.quotes, **{pair: seen.quotes[name] for pair, name in copied.items()}},
        ticks={**seen.ticks, **{pair: seen.ticks[name] for pair, name in copied.items()}},
        instruments={**seen.instruments, **{pair: seen.instruments[name] for pair, name in copied.items()}},
        conversions={**seen.conversions, **{pair: Conversion(symbol=pair, inverse=False) for pair in copied}},
    )  # fmt: skip


def looked(seen: Snapshot, number: int) -> wire.Looked:
    """As a host answers."""
    cursors = {symbol: (int(ticks.time_ms[-1]), 1) for symbol, ticks in seen.ticks.items()}
    return wire.Looked(number, wire.pack(seen), frozenset(), cursors)


def piped(rounds: int, pairs: int = PAIRS) -> dict[str, Any]:
    """Asked for, packed, written, read, decoded and unpacked, against encoding and decoding the same facts alone."""
    clock = SystemClock()
    times = []
    child = spawn(python("tests.bench.hosts", str(pairs)), stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    with child:
        if child.stdin is None or child.stdout is None:
            raise RuntimeError("a child without pipes")
        for _ in range(rounds + WARM):
            began = clock.monotonic()
            child.stdin.write(b"\n")
            child.stdin.flush()
            text = child.stdout.readline()
            said = wire.reply(text)
            if not isinstance(said, wire.Looked):
                raise TypeError(f"the child answered {said}")
            wire.unpack(said.seen)
            times.append(1000 * (clock.monotonic() - began))
    took, alone = np.array(times[WARM:]), _alone(rounds, pairs)
    return {
        "p50_ms": percentile(took, 50), "p99_ms": percentile(took, 99), "bytes": len(text),
        "msgspec_alone_p50_ms": round(median(alone), 3),
        "over_msgspec_alone": round(float(np.median(took)) / median(alone), 2),
    }  # fmt: skip


def _alone(rounds: int, pairs: int) -> list[float]:
    clock, seen, decoder = SystemClock(), wire.pack(snapshot(pairs)), msgspec.json.Decoder(wire.Seen)
    times = []
    for _ in range(rounds + WARM):
        began = clock.monotonic()
        decoder.decode(msgspec.json.encode(seen))
        times.append(1000 * (clock.monotonic() - began))
    return times[WARM:]


def idle(folder: Path, seconds: float) -> dict[str, Any]:
    """Percent of one core for three terminals looked at ten times a second while nothing happens on them."""
    clock, own = SystemClock(), psutil.Process()
    (folder / "quiet.toml").write_text(scenario(("buy", 0.3), ("sell", 0.1)), encoding="utf-8")
    with ExitStack() as open_:
        files = [folder / f"{number}.json" for number in range(TERMINALS)]
        served = [open_.enter_context(launched(file, scenario=folder / "quiet.toml")) for file in files]
        watched = [Supervisor(Attachment(name=file.stem, backend="simulator", path=str(file)), clock) for file in files]
        for supervisor in watched:
            open_.callback(supervisor.hang_up)
        _looked_at(watched, clock, START_S, until_all_seen=True)
        hosts = [pid for supervisor in watched for pid in supervisor.pids.values()]
        before, began = (_spent([own.pid]), _spent(hosts), _spent(served)), clock.monotonic()
        looks = _looked_at(watched, clock, seconds)
        wall = clock.monotonic() - began
        here, there, terminals = (now - then for now, then in zip(
            (_spent([own.pid]), _spent(hosts), _spent(served)), before, strict=True))  # fmt: skip
    return {
        "core_percent": round(100 * (here + there) / wall, 2), "supervisors_percent": round(100 * here / wall, 2),
        "hosts_percent": round(100 * there / wall, 2), "simulated_terminals_percent": round(100 * terminals / wall, 2),
        "terminals": TERMINALS, "hosts": len(hosts), "looks": looks, "seconds": round(wall, 1),
    }  # fmt: skip


def _looked_at(watched: list[Supervisor], clock: SystemClock, seconds: float, *, until_all_seen: bool = False) -> int:
    """Look at each, a beat every POLL_S; the looks that brought something."""
    until, looks = clock.monotonic() + seconds, 0
    while clock.monotonic() < until:
        began, seen = clock.monotonic(), 0
        for supervisor in watched:
            try:
                supervisor.look(0)
                seen += 1
            except TerminalError:
                continue
        looks += seen
        if until_all_seen and seen == len(watched):
            return looks
        threading.Event().wait(max(0.0, POLL_S - (clock.monotonic() - began)))
    if until_all_seen:
        raise RuntimeError("not all of the terminals could be looked at")
    return looks


def _spent(pids: Iterable[int]) -> float:
    """Processor seconds of these processes."""
    return sum(sum(psutil.Process(pid).cpu_times()[:2]) for pid in pids)


def main(pairs: int) -> int:
    """Answer every line with the snapshot, packed anew."""
    die_with_parent()
    seen = snapshot(pairs)
    for number, _ in enumerate(sys.stdin.buffer):
        sys.stdout.buffer.write(wire.line(looked(seen, number)))
        sys.stdout.buffer.flush()
    return 0


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1])))
