"""`python -m tests.bench.stream`: what fifty clients of the stream, and one that reads nothing, cost the engine.

Four spans of one run: no client, the clients twice, the clients and the one that never reads; what the process grew by
in the third, it would have grown by in the fourth without that one. The clients are a process of
their own, as a browser is; a frame is stamped when it is handed over, and a message's age is taken where it arrives.
"""

from __future__ import annotations

import argparse
import base64
import json
import os
import selectors
import socket
import subprocess
import sys
from dataclasses import dataclass, field, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from time import process_time, thread_time
from typing import Any

import numpy as np
import psutil

from app.engine import Engine
from app.events import epoch_ms
from app.store.journal import Journal
from app.store.spare import SpareJournal
from app.stream.server import Stream
from app.stream.token import Token
from bridge.clock import SystemClock
from bridge.simulator.clock import VirtualClock
from monitors.settings import StreamSettings
from tests.bench.beats import START, START_MS, Shown, config, percentile
from tests.bench.market import POSITIONS, Market

PERIOD_S = 0.05
"""Twenty frames a second."""
WARM_S = 2.0
AT = slice(len('{"at":"'), len('{"at":"2026-03-02T08:00:05.000Z'))
MAIN = "main"


@dataclass(slots=True)
class Span:
    """What each beat with its frame and its hand-over took, milliseconds, and the memory of the process at the end."""

    beats: list[float] = field(default_factory=list)
    handed: list[float] = field(default_factory=list)
    """Of that the hand-over to the stream."""
    cpu: list[float] = field(default_factory=list)
    """What the beats took of the processor: without what else the machine did."""
    rss: int = 0
    core: float = 0.0
    """Of one core, what the whole process took."""


class Guarding:
    """The real engine on a market in memory, paced by this machine's clock."""

    def __init__(self, stream: Stream) -> None:
        self._stream = stream
        self._clock, self._watch = VirtualClock(START), SystemClock()
        self._terminal = Shown(Market(POSITIONS, START_MS))
        self._engine = Engine(config(), self._clock, Journal(None), SpareJournal(None), lambda _: self._terminal,
                              (stream.tell,))  # fmt: skip
        self._engine.start()

    def run(self, seconds: float) -> Span:
        """Beats for so long."""
        span, selector, whole = Span(), selectors.DefaultSelector(), process_time()
        end_s = self._watch.monotonic() + WARM_S + seconds
        while (began := self._watch.monotonic()) < end_s:
            self._clock.advance_to(self._terminal.prepare().taken_ms)
            started, cpu = self._watch.monotonic(), thread_time()
            self._engine.beat()
            frame = self._engine.frame()
            stamped, before = replace(frame, at_ms=self._watch.utc_ms()), self._watch.monotonic()
            self._stream.put(stamped)
            done = self._watch.monotonic()
            if began > end_s - seconds:
                span.beats.append(1000 * (done - started))
                span.handed.append(1000 * (done - before))
                span.cpu.append(1000 * (thread_time() - cpu))
            selector.select(max(0.0, PERIOD_S - (done - began)))
        selector.close()
        span.core = (process_time() - whole) / (seconds + WARM_S)
        span.rss = psutil.Process().memory_info().rss
        return span

    def close(self) -> None:
        self._engine.close()


def measure(clients: int, seconds: float) -> dict[str, Any]:
    """The figures of the goals first."""
    with socket.create_server(("127.0.0.1", 0)) as held:
        port = int(held.getsockname()[1])
    with TemporaryDirectory(prefix="plimsoll-bench-") as folder:
        token = Token(Path(folder), None, SystemClock())
        stream = Stream(StreamSettings(enabled=True, port=port), (MAIN,), token, 50, print)
        guarding = Guarding(stream)
        try:
            spans, ages = _spans(guarding, port, token.current(), clients, seconds)
        finally:
            guarding.close()
            stream.close()
    alone, first, served, deaf = spans
    grown = (deaf.rss - served.rss) - (served.rss - first.rss)
    return {
        "growth_for_one_that_never_reads_mib": round(grown / 2**20, 2),
        "engine_to_client_p99_ms": _share(ages, 99),
        "beat_p50_over_without": round(_share(deaf.beats, 50) / _share(alone.beats, 50), 3),
        "beat_p99_over_without": round(_share(deaf.beats, 99) / _share(alone.beats, 99), 3),
        "details": {
            "clients": clients,
            "messages": len(ages),
            "messages_a_second_and_client": round(len(ages) / clients / (3 * (seconds + WARM_S)), 1),
            "engine_to_client_p50_ms": _share(ages, 50),
            "beat_cpu_p50_over_without": round(_share(deaf.cpu, 50) / _share(alone.cpu, 50), 3),
            "core_percent_alone_and_served": [round(100 * span.core, 1) for span in (alone, deaf)],
            "hand_over_p99_ms": _share(deaf.handed, 99),
            **{f"beat_{name}_p{share}_ms": _share(span.beats, share) for share in (50, 99)
               for name, span in (("alone", alone), ("served", served), ("with_a_deaf_one", deaf))},
            "load": os.getloadavg()[0] if hasattr(os, "getloadavg") else None,
        },
    }  # fmt: skip


def _spans(guarding: Guarding, port: int, token: str, clients: int, seconds: float) -> tuple[list[Span], list[float]]:
    spans = [guarding.run(seconds)]
    command = [sys.executable, "-m", "tests.bench.stream", "--read", str(port), "--clients", str(clients)]
    readers = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert readers.stdin is not None
    assert readers.stdout is not None
    readers.stdin.write(f"{token}\n")
    readers.stdin.flush()
    readers.stdout.readline()
    spans += [guarding.run(seconds), guarding.run(seconds)]
    deaf = joined(port, token)
    spans.append(guarding.run(seconds))
    ages = json.loads(readers.communicate("end\n")[0])
    deaf.close()
    return spans, ages


def joined(port: int, token: str) -> socket.socket:
    """A client that was let in, its socket as it is; it hears everything, and reads what it likes."""
    line = socket.create_connection(("127.0.0.1", port))
    key = base64.b64encode(bytes(16)).decode()
    head = ("GET /stream HTTP/1.1", f"Host: 127.0.0.1:{port}", f"Authorization: Bearer {token}", "Connection: Upgrade",
            "Upgrade: websocket", f"Sec-WebSocket-Key: {key}", "Sec-WebSocket-Version: 13", "", "")  # fmt: skip
    line.sendall("\r\n".join(head).encode())
    answer = b""
    while not answer.endswith(b"\r\n\r\n"):
        answer += line.recv(1)
    if not answer.startswith(b"HTTP/1.1 101"):
        raise RuntimeError(answer.decode())
    return line


def read(port: int, clients: int) -> None:
    """As so many clients: the ages of all updates, milliseconds, once stdin says more."""
    ages: list[float] = []
    token, clock, selector = sys.stdin.readline().strip(), SystemClock(), selectors.DefaultSelector()
    for _ in range(clients):
        selector.register(joined(port, token), selectors.EVENT_READ, bytearray())
    selector.register(sys.stdin, selectors.EVENT_READ, None)
    print("joined", flush=True)
    while True:
        for key, _ in selector.select():
            if key.data is None:
                print(json.dumps(ages))
                return
            assert isinstance(key.fileobj, socket.socket)
            held: bytearray = key.data
            held += key.fileobj.recv(1 << 18)
            now_ms = clock.utc_ms()
            ages += [now_ms - epoch_ms(body[AT].decode()) for body in _messages(held) if b'"event":"update"' in body]


def _messages(held: bytearray) -> list[bytes]:
    """The whole text frames at the front of what was received, taken away from it."""
    found = []
    while len(held) > 1:
        size, head = held[1], 2
        if size == 126:
            size, head = int.from_bytes(held[2:4]), 4
        elif size == 127:
            size, head = int.from_bytes(held[2:10]), 10
        if len(held) < head + size:
            break
        if held[0] == 0x81:  # text, whole
            found.append(bytes(held[head : head + size]))
        del held[: head + size]
    return found


def _share(times: list[float], share: float) -> float:
    return percentile(np.array(times), share)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.stream", description=__doc__)
    parser.add_argument("--clients", type=int, default=50, help="how many (default 50)")
    parser.add_argument("--seconds", type=float, default=30.0, help="of each span (default 30)")
    parser.add_argument("--read", type=int, metavar="PORT", help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.read:
        read(args.read, args.clients)
    else:
        print(json.dumps(measure(args.clients, args.seconds), indent=1))
    return 0


if __name__ == "__main__":
    sys.exit(main())
