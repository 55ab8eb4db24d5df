"""What tests and drills may order of a served terminal: events, answers gone wrong, and a look into the books."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from io import BufferedIOBase
from typing import Any

from bridge.simulator import events
from bridge.simulator.exchange import Exchange
from bridge.simulator.link import books
from bridge.simulator.scenario_events import read_events
from bridge.simulator.tables import Table

KINDS = ("slow", "garbage", "silent", "none")
FOREVER = 2**31
_GARBAGE = b"\x00\xff no answer to anything\n"


@dataclass(slots=True)
class _Fault:
    """What becomes of the answers of a desk, for so many more of them."""

    kind: str
    seconds: float
    times: int


class Rehearsal:
    """Shared by all clients; what it is told concerns the desk of the client who tells it."""

    def __init__(self, exchange: Exchange) -> None:
        self._exchange = exchange
        self._lock = threading.Lock()
        self._faults: dict[str, _Fault] = {}

    def obey(self, account: str, frame: dict[str, Any]) -> dict[str, Any]:
        """Carry out one verb; `{"wrong": [...]}` says what is wrong with it.

        `event`: a table as a scenario's [[event]], without `at`, that happens now. `books`: what the broker holds.
        `fault`: `kind` slow (by `seconds`), garbage, silent or none, for the next `times` answers, else for all.
        """
        match frame:
            case {"event": dict(table)}:
                return self._happen(account, table)
            case {"fault": dict(table)}:
                return self._spoil(account, table)
            case {"books": _}:
                with self._exchange.lock:
                    self._exchange.advance()
                    return {"value": books(self._exchange, account)}
        return {"wrong": ["should be an event, a fault or books"]}

    def pass_on(self, account: str, stream: BufferedIOBase) -> bool:
        """Whether the answer goes out as it is, now or late; garbage in its place is sent here, silence is not."""
        kind, seconds = self._next(account)
        if kind == "slow":
            clock = self._exchange.clock
            clock.wait_until(clock.utc_ms() + round(seconds * 1000))
        elif kind == "garbage":
            stream.write(_GARBAGE)
            stream.flush()
        return kind not in {"garbage", "silent"}

    def _next(self, account: str) -> tuple[str, float]:
        with self._lock:
            fault = self._faults.get(account)
            if fault is None or not fault.times:
                return "none", 0.0
            fault.times -= 1
            return fault.kind, fault.seconds

    def _happen(self, account: str, raw: dict[str, Any]) -> dict[str, Any]:
        wrong: list[str] = []
        exchange = self._exchange
        with exchange.lock:
            exchange.advance()
            desk = exchange.desk(account)
            ordered, _ = read_events([Table({**raw, "at": 0}, "event", wrong)], desk)
            if not wrong:
                for event in ordered:
                    events.happen(desk, desk.now_ms, event.kind, event.facts)
                exchange.advance()
        return {"wrong": wrong} if wrong or not ordered else {"value": None}

    def _spoil(self, account: str, raw: dict[str, Any]) -> dict[str, Any]:
        wrong: list[str] = []
        table = Table(raw, "fault", wrong)
        fault = _Fault(
            kind=table.choice("kind", KINDS),
            seconds=table.number("seconds", 0.0, least=0),
            times=table.whole("times", FOREVER, least=1),
        )
        table.finish()
        if not wrong:
            with self._lock:
                self._faults[account] = fault
        return {"wrong": wrong} if wrong else {"value": None}
