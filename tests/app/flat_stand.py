"""A served simulated terminal with three positions, and the stop process on it."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from app.stopping.flattening import Launched, launch
from app.store.absorb import Record, readable
from app.store.latch import file_of
from bridge.attach import Attachment
from bridge.simulator import addressed, remote, wirecalls
from bridge.simulator.launch import launched
from monitors.outcomes import Request

PATIENCE_S = 30.0
SCENARIO = """
[scenario]
server_zone = "Europe/Athens"
[account]
login = 1001
server = "Demo"
balance = 100000.0
margin_mode = "{mode}"
[[symbol]]
name = "EURUSD"
base = "EUR"
profit = "USD"
bid = 1.10000
ask = 1.10010
[[symbol]]
name = "GBPUSD"
base = "GBP"
profit = "USD"
bid = 1.30000
ask = 1.30010
[[symbol]]
name = "AUDUSD"
base = "AUD"
profit = "USD"
bid = 0.70000
ask = 0.70010
[[position]]
id = 1
symbol = "EURUSD"
side = "buy"
volume = 0.30
open = 1.10000
[[position]]
id = 2
symbol = "GBPUSD"
side = "sell"
volume = 0.20
open = 1.30000
[[position]]
id = 3
symbol = "AUDUSD"
side = "buy"
volume = 0.10
open = 0.70000
"""


@dataclass
class Served:
    """`data` is the program's data folder, `file` says where the terminal answers."""

    file: Path
    data: Path
    login: int = 1001
    name: str = "main"

    @property
    def attachment(self) -> Attachment:
        """What leads to it."""
        return Attachment(name=self.name, backend="simulator", path=str(self.file), login=self.login)

    def happen(self, **event: Any) -> None:
        """An event of a scenario, now."""
        self._rehearse({"event": event})

    def spoil(self, kind: str, **more: Any) -> None:
        """Answers that go wrong from now on."""
        self._rehearse({"fault": {"kind": kind, **more}})

    def positions(self) -> list[Any]:
        """What the broker holds."""
        with self._module() as module:
            return list(module.positions_get())

    def deals(self) -> list[Any]:
        """What the broker booked by request."""
        return [deal for deal in self.history() if deal.comment.startswith("plimsoll")]

    def history(self) -> list[Any]:
        """All that the broker booked."""
        with self._module() as module:
            return list(module.history_deals_get(1, 2**31 - 1))

    def requests(self) -> dict[int, Request]:
        """What the stop process has on disk, by number, as each stands."""
        return {record.request.number: record.request for record in self.records() if record.request}

    def records(self) -> list[Record]:
        """All that it has on disk, those files included that were set aside."""
        files = sorted(self.data.glob(f"{file_of(self.data, self.name).stem}*.jsonl"))
        return [record for file in files for record in readable(file.read_bytes().splitlines())]

    @contextmanager
    def _module(self) -> Iterator[Any]:
        attached = remote.attach(self.attachment)
        assert attached.opened()
        try:
            yield attached.module
        finally:
            attached.module.shutdown()

    def _rehearse(self, frame: dict[str, Any]) -> None:
        address = addressed.read(self.file)
        assert address
        with (
            socket.create_connection((addressed.HOST, address.port), timeout=PATIENCE_S) as made,
            made.makefile("rwb") as line,
        ):
            wirecalls.put(line, {"secret": address.secret, "name": self.name, "login": self.login})
            assert "value" in (wirecalls.take(line) or {})
            wirecalls.put(line, frame)
            assert (answer := wirecalls.take(line)) == {"value": None}, answer


@contextmanager
def served(folder: Path, mode: str = "hedging", more: str = "") -> Iterator[Served]:
    """A terminal that answers at DATA/simulator.json; `more` is held beside the three positions."""
    data = folder / "data"
    data.mkdir(exist_ok=True)
    scenario = folder / "scenario.toml"
    scenario.write_text(SCENARIO.format(mode=mode) + more)
    with launched(data / "simulator.json", scenario=scenario, rehearse=True):
        yield Served(data / "simulator.json", data)


@dataclass
class Heard:
    """The lines of a stop process as they come."""

    lines: list[str] = field(default_factory=list)
    _news: threading.Condition = field(default_factory=threading.Condition)

    def __call__(self, line: str) -> None:
        with self._news:
            self.lines.append(line)
            self._news.notify_all()

    def until(self, wanted: Callable[[list[str]], bool]) -> None:
        """Wait for it."""
        with self._news:
            assert self._news.wait_for(lambda: wanted(self.lines), PATIENCE_S), self.lines

    def until_said(self, text: str) -> None:
        """Wait for a line that holds it."""
        self.until(lambda lines: any(text in line for line in lines))


@contextmanager
def closing(
    on: Served, *, data: Path | None = None, seconds: float | None = PATIENCE_S
) -> Iterator[tuple[Launched, Heard]]:
    """A stop process that does not outlive the test."""
    heard = Heard()
    process = launch(on.attachment, data or on.data, 0, seconds=seconds, heard=heard)
    try:
        yield process, heard
    finally:
        if process.code is None:
            process.kill()
        process.wait()
