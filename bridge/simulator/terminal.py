"""The terminal behind the face: one connection to one desk, with everything a client may ask of it."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import RLock

from bridge.simulator import execution, history, rows
from bridge.simulator.backend import Refusal, Row, Rows
from bridge.simulator.book import BUY, SELL
from bridge.simulator.clock import Clock
from bridge.simulator.desk import Desk
from bridge.simulator.market import Line
from bridge.simulator.valuation import margin_alone, trade_profit

CALL_FAILED, INVALID_PARAMS, NOT_FOUND, NOT_AUTHORISED = -1, -2, -4, -6
BROKEN_OFF, NO_PIPE, NO_CONNECTION = -10002, -10003, -10004
_NO_ANSWER = "IPC initialize failed, Pipe server didn't answer in 60 sec"


class DeskTerminal:
    """`Backend` for one desk. Every call first lets the world catch up with the clock, and waits out a hang."""

    def __init__(self, desk: Desk, clock: Clock, advance: Callable[[], None], lock: RLock) -> None:
        self._desk = desk
        self._clock = clock
        self._advance = advance
        self._lock = lock
        self._life: int | None = None

    @property
    def connected(self) -> bool:
        with self._lock:
            self._advance()
            return self._open

    @property
    def _open(self) -> bool:
        return self._desk.alive and self._life == self._desk.lives

    def start(
        self,
        path: str | None,  # noqa: ARG002 - one terminal, wherever it is said to be
        login: int | None,
        password: str | None,
        server: str | None,
        timeout_ms: int,  # noqa: ARG002 - it answers at once, or hangs
        portable: bool,  # noqa: ARG002
    ) -> None:
        with self._lock:
            self._life = None
            self._advance()
            self._wait_out_hang()
            if not self._desk.alive:
                raise Refusal(NO_PIPE, _NO_ANSWER)
            if login is not None:
                self._authorise(login, password, server)
            self._life = self._desk.lives

    def login(self, login: int, password: str | None, server: str | None, timeout_ms: int) -> None:  # noqa: ARG002
        with self._call():
            self._authorise(login, password, server)

    def stop(self) -> None:
        with self._lock:
            self._life = None

    def version(self) -> tuple[int, int, str]:
        with self._call():
            return 500, rows.BUILD, "1 Sep 2026"

    def terminal(self) -> Row:
        with self._call() as desk:
            return rows.terminal(desk)

    def account(self) -> Row:
        with self._call() as desk:
            return rows.account(desk)

    def symbols_total(self) -> int:
        with self._call() as desk:
            return len(desk.market.lines)

    def symbols(self) -> list[Row]:
        with self._call() as desk:
            return [rows.symbol(desk, line) for line in desk.market.lines.values()]

    def symbol(self, name: str) -> Row:
        with self._call() as desk:
            return rows.symbol(desk, desk.market.line(name))

    def select(self, name: str, enable: bool) -> bool:
        """A symbol that is held or ordered cannot leave the market watch."""
        with self._call() as desk:
            line = desk.market.line(name)
            held = [p.listing for p in desk.book.positions.values()] + [o.listing for o in desk.book.pendings.values()]
            if not enable and line.listing in held:
                raise Refusal(CALL_FAILED)
            line.selected = enable
            return True

    def tick(self, name: str) -> Row:
        with self._call() as desk:
            return rows.tick(desk, desk.market.line(name))

    def ticks_from(self, name: str, since_s: int, count: int, flags: int) -> Rows:
        with self._call() as desk:
            return self._charted(desk, name).tape.from_time(since_s, count, flags)

    def ticks_range(self, name: str, since_s: int, until_s: int, flags: int) -> Rows:
        with self._call() as desk:
            return self._charted(desk, name).tape.between(since_s, until_s, flags)

    def rates_from(self, name: str, timeframe: int, since_s: int, count: int) -> Rows:
        with self._call() as desk:
            return self._charted(desk, name).bars.from_time(timeframe, since_s, count)

    def rates_from_pos(self, name: str, timeframe: int, start: int, count: int) -> Rows:
        with self._call() as desk:
            return self._charted(desk, name).bars.from_position(timeframe, start, count)

    def rates_range(self, name: str, timeframe: int, since_s: int, until_s: int) -> Rows:
        with self._call() as desk:
            return self._charted(desk, name).bars.between(timeframe, since_s, until_s)

    def positions(self, *, ticket: int | None = None, symbol: str | None = None) -> list[Row]:
        with self._call() as desk:
            return [
                rows.position(desk, held) for held in desk.book.positions.values()
                if ticket in (None, held.ticket) and symbol in (None, held.listing.name)
            ]  # fmt: skip

    def orders(self, *, ticket: int | None = None, symbol: str | None = None) -> list[Row]:
        with self._call() as desk:
            return [
                rows.order(desk, held) for held in desk.book.pendings.values()
                if ticket in (None, held.ticket) and symbol in (None, held.listing.name)
            ]  # fmt: skip

    def history_orders(self, since_s: int, until_s: int) -> list[Row]:
        with self._call() as desk:
            return [rows.order(desk, done) for done in history.orders_between(desk, since_s, until_s)]

    def history_deals(self, since_s: int, until_s: int) -> list[Row]:
        with self._call() as desk:
            return [rows.deal(desk, done) for done in history.deals_between(desk, since_s, until_s)]

    def history_orders_of(self, *, ticket: int | None = None, position: int | None = None) -> list[Row]:
        with self._call() as desk:
            return [rows.order(desk, done) for done in history.orders_of(desk, ticket=ticket, position=position)]

    def history_deals_of(self, *, ticket: int | None = None, position: int | None = None) -> list[Row]:
        with self._call() as desk:
            return [rows.deal(desk, done) for done in history.deals_of(desk, ticket=ticket, position=position)]

    def margin(self, action: int, name: str, volume: float, price: float) -> float:
        with self._call() as desk:
            line = self._calculable(desk, action, name, volume, price)
            return margin_alone(desk.market, desk.account, line.listing, side=action, lots=volume, price=price)

    def profit(self, action: int, name: str, volume: float, open_price: float, close_price: float) -> float:
        with self._call() as desk:
            line = self._calculable(desk, action, name, volume, open_price, close_price)
            return trade_profit(
                desk.market,
                desk.account,
                line.listing,
                side=action,
                lots=volume,
                opened=open_price,
                closed=close_price,
            )

    def check(self, request: Row) -> Row:
        with self._call() as desk:
            return execution.check(desk, request)

    def send(self, request: Row) -> Row | None:
        with self._call() as desk:
            return execution.send(desk, request)

    def book(self, name: str) -> list[Row]:
        """This broker shows no depth of market."""
        with self._call() as desk:
            desk.market.line(name)
            return []

    def book_subscribe(self, name: str, enable: bool) -> bool:  # noqa: ARG002
        with self._call() as desk:
            desk.market.line(name)
            return True

    @contextmanager
    def _call(self) -> Iterator[Desk]:
        with self._lock:
            self._advance()
            if not self._open:
                raise Refusal(NO_CONNECTION)
            self._wait_out_hang()
            if not self._open:
                raise Refusal(BROKEN_OFF)
            yield self._desk

    def _wait_out_hang(self) -> None:
        """The world goes on meanwhile, and a new hang may join the old; the other terminals are not held up."""
        while self._desk.alive and (until := self._desk.hanging_until_ms) > self._clock.utc_ms():
            self._lock.release()
            try:
                self._clock.wait_until(until)
            finally:
                self._lock.acquire()
            self._advance()

    def _authorise(self, login: int, password: str | None, server: str | None) -> None:
        account = self._desk.account
        wrong_password = account.password is not None and password not in {None, account.password}
        if login != account.login or wrong_password or server not in {None, "", account.server}:
            raise Refusal(NOT_AUTHORISED)

    def _charted(self, desk: Desk, name: str) -> Line:
        """History of an unknown symbol is a failed call, not a missing one."""
        line = desk.market.lines.get(name)
        if line is None:
            raise Refusal(CALL_FAILED)
        return line

    def _calculable(self, desk: Desk, action: int, name: str, volume: float, *prices: float) -> Line:
        numbers = (volume, *prices)
        if action not in {BUY, SELL} or not all(math.isfinite(n) and n > 0 for n in numbers):
            raise Refusal(INVALID_PARAMS)
        return desk.market.line(name)
