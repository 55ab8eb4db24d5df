"""Fifty positions on recorded ticks: a terminal that shows them look by look, and what plain arithmetic says."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq

from bridge.port import Awaited, CloseOrder, ProtectOrder, Receipt, Records
from bridge.simulator.clock import VirtualClock
from monitors.kinds import Entry, Side
from monitors.model import (
    Account,
    Bars,
    Conversion,
    Deal,
    Floats,
    Instrument,
    Ints,
    Position,
    Quote,
    Rates,
    Snapshot,
    TerminalState,
    Ticks,
)
from tests.builders import NO_BARS, account, deal, instrument, position

FOLDER = Path(__file__).parents[3] / "shared" / "data" / "ticks"
FILES = {"EURUSD": "EURUSD_oanda_20140501-20140509.parquet", "XAUUSD": "XAUUSD_oanda_20140502-20140507.parquet"}
SYMBOLS: Mapping[str, Instrument] = {
    "EURUSD": instrument("EURUSD"),
    "XAUUSD": instrument("XAUUSD", digits=3, point=0.001),
}
BALANCE = 100_000.0


@dataclass(frozen=True, slots=True)
class Tape:
    """Recorded ticks of both symbols: time, bid and ask each."""

    ticks: Mapping[str, tuple[Ints, Floats, Floats]]

    @staticmethod
    def read(begin_ms: int, end_ms: int) -> Tape:
        """A stretch of the files, and the last tick before it."""
        found = {}
        for symbol, name in FILES.items():
            table = pq.read_table(FOLDER / name)
            time, bid, ask = (table[column].to_numpy() for column in ("time_msc", "bid", "ask"))
            first, last = np.searchsorted(time, (begin_ms, end_ms), side="right")
            found[symbol] = time[first - 1 : last], bid[first - 1 : last], ask[first - 1 : last]
        return Tape(found)

    def events(self) -> list[tuple[int, str, float, float]]:
        """All ticks in order of time, symbols in order of their names where times tie."""
        rows = [
            (time, symbol, bid, ask)
            for symbol in sorted(self.ticks)
            for time, bid, ask in zip(*(column.tolist() for column in self.ticks[symbol]), strict=True)
        ]
        return sorted(rows, key=lambda row: row[:2])

    def quotes(self, at_ms: int) -> dict[str, Quote]:
        """The newest quotes at that moment."""
        found = {}
        for symbol, (time, bid, ask) in self.ticks.items():
            i = int(np.searchsorted(time, at_ms, side="right")) - 1
            found[symbol] = Quote(time_ms=int(time[i]), bid=float(bid[i]), ask=float(ask[i]))
        return found


def profit(held: Position, quotes: Mapping[str, Quote]) -> float:
    """Euros, to the cent: the closing price less the opening one, and the worse side of EURUSD for gold."""
    price = quotes[held.symbol].closing(held.side)
    moved = price - held.open if held.side is Side.BUY else held.open - price
    dollars = moved * held.lots * (100.0 if held.symbol == "XAUUSD" else 100_000.0)
    if held.symbol == "EURUSD":
        return round(dollars / price, 2)
    return round(dollars / (quotes["EURUSD"].ask if dollars >= 0 else quotes["EURUSD"].bid), 2)


@dataclass(frozen=True, slots=True)
class Change:
    """At that moment the position holds so many steps; 0: it is closed."""

    at_ms: int
    identifier: int
    steps: int


@dataclass(slots=True)
class Account50:
    """What is opened, cut and closed when: twenty from before the beginning, thirty within, some cut or closed."""

    tape: Tape
    changes: list[Change]
    sold: dict[int, Position] = field(default_factory=dict)

    @staticmethod
    def plan(tape: Tape, begin_ms: int, end_ms: int, seed: int = 4) -> Account50:
        """At most one change in any ten seconds, none in the millisecond of a tick."""
        chance = random.Random(seed)  # noqa: S311 -- the same test every time
        busy = {row[0] for row in tape.events()}
        slots = list(range(begin_ms, end_ms, 10_000))[1:]
        chance.shuffle(slots)
        changes = [Change(begin_ms - 1_000, n, chance.randint(2, 60)) for n in range(1, 21)]

        def moment(after_ms: int) -> int:
            slot = next(s for s in slots if s > after_ms)
            slots.remove(slot)
            return next(ms for ms in iter(lambda: slot + chance.randrange(10_000), None) if ms not in busy)

        changes += [Change(moment(begin_ms), n, chance.randint(2, 60)) for n in range(21, 51)]
        for n in range(1, 16):
            opened = next(c for c in changes if c.identifier == n)
            changes.append(Change(moment(begin_ms), n, opened.steps // 2 if n < 6 else 0))
        return Account50(tape, sorted(changes, key=lambda c: c.at_ms))

    def after(self, held: Position | None, change: Change, quotes: Mapping[str, Quote]) -> Position | None:
        """What the position is after this change."""
        if held is not None:
            return replace(held, steps=change.steps, lots=change.steps / 100) if change.steps else None
        n = change.identifier
        symbol, side = ("EURUSD", "XAUUSD")[n % 2], (Side.BUY, Side.SELL)[n // 2 % 2]
        return position(
            n, symbol, side, change.steps / 100, open=quotes[symbol].closing(side.opposite), opened_ms=change.at_ms,
            stop=1.0 if n % 3 else 0.0,
        )  # fmt: skip


@dataclass
class TapeTerminal:
    """Shows the account at the clock's time: its positions, its deals so far, and the ticks since the last look."""

    plan: Account50
    clock: VirtualClock
    held: dict[int, Position] = field(default_factory=dict)
    deals: list[Deal] = field(default_factory=list)
    balance: float = BALANCE
    done: int = 0
    looked_ms: int = 0

    def look(self, deals_since_ms: int) -> Snapshot:
        """Everything, as the port wants it."""
        now = self.clock.utc_ms()
        self._carry_out(now)
        quotes = self.plan.tape.quotes(now)
        shown = tuple(
            replace(p, price=quotes[p.symbol].closing(p.side), profit=profit(p, quotes)) for p in self.held.values()
        )
        since, self.looked_ms = self.looked_ms or now, now
        return Snapshot(
            taken_ms=now, account=self._account(shown),
            terminal=TerminalState(connected=True, algo_allowed=True), positions=shown,
            deals=tuple(d for d in self.deals if d.time_ms >= deals_since_ms), quotes=quotes,
            ticks={name: part for name, part in self._ticks(since, now) if len(part)}, instruments=SYMBOLS,
            rates=dict.fromkeys(SYMBOLS, Rates(margin_buy=1_000.0, margin_sell=1_000.0, profit=0.7, loss=0.7)),
            conversions={"USD": Conversion(symbol="EURUSD", inverse=True)},
        )  # fmt: skip

    def records(self, deals_since_ms: int) -> Records:
        """Positions and deals."""
        booked = tuple(d for d in self.deals if d.time_ms >= deals_since_ms)
        return Records(positions=tuple(self.held.values()), deals=booked)

    def bars(self, symbol: str, minutes: int, since_ms: int, until_ms: int) -> Bars:  # noqa: ARG002 -- the port's
        """None are kept."""
        return NO_BARS

    def send(self, order: CloseOrder) -> Receipt | Awaited:
        raise AssertionError(f"nothing is to be sent: {order}")

    def protect(self, order: ProtectOrder) -> Receipt | Awaited:
        raise AssertionError(f"no stop is to be set: {order}")

    def cancel(self, ticket: int) -> Receipt | Awaited:
        raise AssertionError(f"nothing is to be cancelled: {ticket}")

    def receipt(self, awaited: Awaited) -> Receipt | None:
        raise AssertionError(f"nothing was sent: {awaited}")

    def hang_up(self) -> None:
        """Nothing to let go."""

    def _carry_out(self, now: int) -> None:
        while self.done < len(self.plan.changes) and self.plan.changes[self.done].at_ms <= now:
            change = self.plan.changes[self.done]
            self.done += 1
            quotes, was = self.plan.tape.quotes(change.at_ms), self.held.get(change.identifier)
            becomes = self.plan.after(was, change, quotes)
            gained = round(profit(was, quotes) - (profit(becomes, quotes) if becomes else 0.0), 2) if was else 0.0
            self.balance = round(self.balance + gained, 2)
            self.deals.append(deal(
                self.done, position=change.identifier, time_ms=change.at_ms, profit=gained,
                entry=Entry.OUT if was else Entry.IN,
            ))  # fmt: skip
            self.held.pop(change.identifier, None)
            if becomes:
                self.held[change.identifier] = becomes

    def _account(self, shown: tuple[Position, ...]) -> Account:
        floating = round(sum(p.profit for p in shown), 2)
        made = account(balance=self.balance, profit=floating, margin=1.0, currency="EUR")
        return replace(made, equity=round(made.equity, 2))

    def _ticks(self, since: int, now: int) -> Iterator[tuple[str, Ticks]]:
        for symbol, (time, bid, ask) in self.plan.tape.ticks.items():
            cut = slice(*np.searchsorted(time, (since, now), side="right"))
            yield symbol, Ticks(time_ms=time[cut], bid=bid[cut], ask=ask[cut])


@dataclass
class Told:
    """What plain arithmetic says of one position."""

    best: float = 0.0
    worst: float = 0.0
    best_points: float = 0.0
    worst_points: float = 0.0
    under_ms: int = 0
    value: float = 0.0
    since_ms: int = 0

    def worth(self, held: Position, quotes: Mapping[str, Quote], at_ms: int) -> None:
        """From this moment on it is worth this much."""
        self.lasts(at_ms)
        self.value = profit(held, quotes)
        price = quotes[held.symbol].closing(held.side)
        points = held.side.sign * (price - held.open) / SYMBOLS[held.symbol].point
        self.best, self.worst = max(self.best, self.value), min(self.worst, self.value)
        self.best_points, self.worst_points = max(self.best_points, points), min(self.worst_points, points)

    def lasts(self, until_ms: int) -> None:
        """It was worth so much until now."""
        self.under_ms += (until_ms - self.since_ms) if self.value < 0 else 0
        self.since_ms = until_ms


def recompute(plan: Account50, begin_ms: int, end_ms: int) -> tuple[dict[int, Told], list[tuple[int, float]]]:
    """By position, and equity after every event: every position anew, in the order in which things came."""
    told: dict[int, Told] = {}
    held: dict[int, Position] = {}
    quotes = plan.tape.quotes(begin_ms)
    balance, path, changes = BALANCE, list[tuple[int, float]](), list(plan.changes)

    def until(at_ms: int) -> None:
        nonlocal balance
        while changes and changes[0].at_ms <= at_ms:
            change = changes.pop(0)
            n, was = change.identifier, held.pop(change.identifier, None)
            at = max(begin_ms, change.at_ms)
            becomes = plan.after(was, change, quotes if change.at_ms >= begin_ms else plan.tape.quotes(change.at_ms))
            if was:
                balance += profit(was, quotes) - (profit(becomes, quotes) if becomes else 0.0)
                told[n].lasts(at)
            if becomes:
                held[n] = becomes
                told.setdefault(n, Told(since_ms=at)).worth(becomes, quotes, at)
            path.append((at, round(balance + sum(told[i].value for i in held), 2)))

    until(begin_ms)
    for at_ms, symbol, bid, ask in plan.tape.events():
        if at_ms <= begin_ms:
            continue
        until(at_ms)
        quotes[symbol] = Quote(time_ms=at_ms, bid=bid, ask=ask)
        for n, p in held.items():
            if symbol in (p.symbol, "EURUSD"):
                told[n].worth(p, quotes, at_ms)
        path.append((at_ms, round(balance + sum(told[n].value for n in held), 2)))
    until(end_ms)
    for n in held:
        told[n].lasts(end_ms)
    return told, path
