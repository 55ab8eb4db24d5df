"""The broker's door: every request that comes through it, with what the books and the journal's file held just then."""

from __future__ import annotations

import re
import sqlite3
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec

from app.store.audit import Damage, verify
from app.store.chain import head_file, noted
from bridge.simulator.backend import Refusal, Row
from bridge.simulator.book import BUY, Position
from bridge.simulator.dealing import market_order
from bridge.simulator.exchange import Exchange
from bridge.simulator.faults import Answer
from bridge.simulator.terminal import DeskTerminal
from monitors.kinds import DealReason, Entry
from tests.simulation.world import reverse

DEAL, PENDING, SLTP, MODIFY, REMOVE, CLOSE_BY = 1, 5, 6, 7, 8, 10
CLOSES = (DEAL, CLOSE_BY)
"""Requests that close."""
NO_LIST = -1
_NUMBER = re.compile(r"plimsoll [0-9a-f]{6} ([0-9a-f]+)")


@dataclass(slots=True, kw_only=True)
class Arrival:
    """One request as it stands at the broker's door; volumes in steps, `at_ms` in the world's UTC."""

    at_ms: int
    request: Row
    number: int | None
    held: Position | None
    """The position it names, as it was a moment before."""
    held_steps: int
    other: Position | None
    """The opposite one that it is to be closed by, as it was."""
    other_steps: int
    side: int
    steps: int | None
    login: int
    durable: Row | None
    """What the journal's file, or the spare one, said of the request then; None: nothing."""
    open_before: list[tuple[int, tuple[int, ...], str]]
    """Other requests that the journal's file called unsettled: number, positions, state."""
    due_ms: int = 0
    """When a late answer is carried out."""
    retcode: int | None = None
    life: int = 0
    """In which of the processes it was sent."""

    @property
    def position(self) -> int:
        return self.held.identifier if self.held else 0

    @property
    def positions(self) -> tuple[int, ...]:
        """Every position of which it closes something."""
        return tuple(p.identifier for p in (self.held, self.other) if p)

    @property
    def leaving(self) -> dict[int, int]:
        """Steps that would be left of each of them."""
        legs = ((self.held, self.held_steps), (self.other, self.other_steps))
        return {p.identifier: before - (self.steps or 0) for p, before in legs if p}

    @property
    def asked(self) -> int | None:
        """Steps that were to be closed; of two that close each other, those of the intent."""
        by_intent = self.request["action"] == CLOSE_BY and self.durable is not None
        return self.durable["steps"] if by_intent and self.durable else self.steps


def _legs(request: Row) -> tuple[int, ...]:
    return tuple(filter(None, (request["position"], request.get("by", 0))))


class Files:
    """The journal's file as another program reads it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._conn: sqlite3.Connection | None = None

    def _ask(self, query: str, *given: object) -> list[tuple[Any, ...]]:
        if self._conn is None:
            self._conn = sqlite3.connect(self._folder / "journal.db", isolation_level=None)
        return self._conn.execute(query, given).fetchall()

    def version(self) -> int:
        """Another number after every commit of the program's."""
        return int(self._ask("PRAGMA data_version")[0][0])

    def request(self, number: int) -> Row | None:
        """What is on disk of a request."""
        found = [r["request"] for r in self.spare() if r.get("request", {}).get("number") == number]
        rows = (
            []
            if found
            else self._ask("SELECT state, position, lots, capped, body FROM request WHERE number = ?", number)
        )
        if found:
            return {**found[-1], "state": found[-1].get("state", "sent"), "capped": found[-1].get("capped", True)}
        if not rows:
            return None
        state, position, lots, capped, body = rows[0]
        return {**msgspec.json.decode(body), "state": state, "position": position, "lots": lots, "capped": bool(capped)}

    def unsettled(self) -> list[tuple[int, tuple[int, ...], str]]:
        """Requests that are not settled on disk: number, positions, state."""
        found = self._ask("SELECT number, body, state FROM request WHERE state IN ('sent', 'unknown')")
        if not found:
            return []
        rows = [(number, _legs(msgspec.json.decode(body)), state) for number, body, state in found]
        later = {r["request"]["number"]: r["request"].get("state", "sent") for r in self.spare() if r.get("request")}
        return [row for row in rows if later.get(row[0], "sent") in ("sent", "unknown")]

    def halts(self, *, spare: bool = True) -> list[Row]:
        """Every halt that is on disk, in the journal and, unless that does not count, in the spare file."""
        rows = self._ask("SELECT value FROM state WHERE key LIKE 'memory:%' OR key LIKE 'unseen:%'")
        found = [memory["halt"] for (value,) in rows if (memory := msgspec.json.decode(value)).get("halt")]
        return found + [r["halt"] for r in self.spare() if spare and r.get("halt")]

    def alerts(self) -> dict[int, Row]:
        """Every alert on disk by number."""
        rows = self._ask("SELECT value FROM state WHERE key LIKE 'alert:%'")
        return {view["number"]: view for (value,) in rows if (view := msgspec.json.decode(value))}

    def protections(self) -> dict[str, Row]:
        """Stops that were sent to the broker and are not settled on disk, by position."""
        rows = self._ask("SELECT value FROM state WHERE key LIKE 'memory:%' OR key LIKE 'unseen:%'")
        return {
            key: sent for (value,) in rows for key, sent in msgspec.json.decode(value).get("protections", {}).items()
        }

    def damage(self) -> Damage | None:
        """The first row of the audit log that is not as it was written."""
        self.version()  # so that there is a connection
        assert self._conn is not None
        return verify(self._conn, noted(head_file(self._folder / "journal.db"))).damage

    def events(self) -> list[Row]:
        """The audit log's rows as they were told."""
        rows = self._ask("SELECT at, event, account, body FROM event ORDER BY number")
        return [{"at": at, "event": event, "account": account, **msgspec.json.decode(body)}
                for at, event, account, body in rows]  # fmt: skip

    def spare(self) -> list[Row]:
        """The lines of the spare file and of those taken over already."""
        return [msgspec.json.decode(line) for file in sorted(self._folder.glob("emergency*.jsonl"))
                for line in file.read_bytes().splitlines()]  # fmt: skip

    def close(self) -> None:
        if self._conn is not None:
            self._conn.close()


class Door:
    """The terminal's backend, with somebody who notes what comes through and plays the one fault that it lacks."""

    def __init__(
        self, behind: DeskTerminal, exchange: Exchange, files: Files, noted: Callable[[Arrival], None]
    ) -> None:
        self._behind = behind
        self._exchange = exchange
        self._files = files
        self._noted = noted
        self.arrivals: list[Arrival] = []
        self.reversals = 0
        self.blank_until_ms = 0
        self.life = 0

    def positions(self, *, ticket: int | None = None, symbol: str | None = None) -> list[Row]:
        """The list of positions; for a while the terminal may have none to give, which is not the same as none held."""
        if self._exchange.clock.utc_ms() < self.blank_until_ms:
            raise Refusal(NO_LIST)
        return self._behind.positions(ticket=ticket, symbol=symbol)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._behind, name)

    def send(self, request: Row) -> Row | None:
        """Note it, then let the broker judge it."""
        self._exchange.advance()
        arrival = self._arrival(request)
        self.arrivals.append(arrival)
        self._noted(arrival)
        if self.reversals and arrival.held and request["action"] == DEAL and self._exchange.desk().linked:
            self.reversals -= 1
            return self._reversed(arrival)
        queue = self._exchange.desk().faults.queue
        upcoming, waiting = (queue[0] if queue else None), len(queue)
        result = self._behind.send(request)
        arrival.retcode = None if result is None else result["retcode"]
        if len(queue) < waiting and isinstance(upcoming, Answer) and upcoming.executed and request["action"] in CLOSES:
            arrival.due_ms = arrival.at_ms + upcoming.late_ms
        return result

    def _arrival(self, request: Row) -> Arrival:
        desk = self._exchange.desk()
        held = desk.book.positions.get(request["position"])
        found = _NUMBER.match(request["comment"])
        number = int(found[1], 16) if found else None
        line = desk.market.lines.get(request["symbol"])
        steps = line.listing.steps(request["volume"]) if line else None
        other = desk.book.positions.get(request["position_by"]) if request["action"] == CLOSE_BY else None
        if request["action"] == CLOSE_BY:
            steps = min(held.steps, other.steps) if held and other else None
        return Arrival(
            at_ms=desk.now_ms, request=dict(request), number=number, held=held,
            held_steps=held.steps if held else 0, side=held.side if held else -1,
            other=other, other_steps=other.steps if other else 0, steps=steps, login=desk.account.login,
            durable=self._files.request(number) if number is not None else None,
            open_before=[row for row in self._files.unsettled() if row[0] != number], life=self.life,
        )  # fmt: skip

    def _reversed(self, arrival: Arrival) -> Row:
        desk, held, request = self._exchange.desk(), arrival.held, arrival.request
        assert held is not None
        order = market_order(desk, held.listing, request["type"], arrival.steps or 0, reason=DealReason.EXPERT,
                             magic=request["magic"], comment=request["comment"])  # fmt: skip
        reverse(desk, order, held.identifier)
        arrival.retcode = 10009
        return {"retcode": 10009, "comment": "Request executed", "request": dict(request), "order": order.ticket,
                "deal": desk.book.deals[-1].ticket, "volume": request["volume"], "price": order.price}  # fmt: skip

    def executed(self, number: int) -> dict[int, int]:
        """Steps that deals with that request's tag closed, by the broker's books and by position."""
        desk, closed = self._exchange.desk(), Counter[int]()
        for deal in desk.book.deals:
            found = _NUMBER.match(deal.comment)
            if found and int(found[1], 16) == number and deal.entry != Entry.IN:
                closed[deal.position_id] += desk.market.lines[deal.symbol].listing.steps(deal.lots) or 0
        return dict(closed)

    def opened(self) -> list[Any]:
        """Deals of ours that opened something."""
        return [
            d
            for d in self._exchange.desk().book.deals
            if _NUMBER.match(d.comment) and d.entry in (Entry.IN, Entry.INOUT)
        ]


def closing_side(side: int) -> int:
    """The side of an order that closes a position of this side."""
    return 1 - side if side >= 0 else BUY
