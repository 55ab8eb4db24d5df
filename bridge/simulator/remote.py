"""The client's end of a simulated terminal in another process: MetaTrader5's face, every call a blocking round trip."""

from __future__ import annotations

import contextlib
import socket
from io import BufferedRWPair
from pathlib import Path
from typing import Any

from bridge.attach import Attached, Attachment
from bridge.port import Replaced, TerminalError
from bridge.simulator import addressed, wirecalls
from bridge.simulator.backend import Refusal, Row, Rows
from bridge.simulator.face.module import as_module

NOT_SENT, NO_RECEIPT, NO_TERMINAL, NO_CONNECTION = -10001, -10002, -10003, -10004
_NOT_FOUND = "IPC initialize failed, MetaTrader 5 x64 not found"
_NO_ANSWER = "IPC initialize failed, Pipe server didn't answer in 60 sec"


def attach(attachment: Attachment) -> Attached:
    """The face on the simulated terminal whose address stands in the file `attachment.path`.

    TerminalError, here and from `ready`, where none runs or where it knows no such login; `ready` raises Replaced
    where another one runs now than was attached to.
    """
    file = Path(attachment.path)
    address = _found(file, attachment)
    backend = RemoteBackend(file, attachment.name, attachment.login)
    module = as_module(backend)

    def ready() -> None:
        if not backend.alive and _found(file, attachment).world != address.world:
            raise Replaced("the simulated terminal was started anew")

    return Attached(module=module, connect=module.initialize, ready=ready, zone=address.zone, world=address.world)


def _found(file: Path, attachment: Attachment) -> addressed.Address:
    address = addressed.running(file)
    if address is None:
        remedy = f"start it: python -m bridge.simulator.serve {file}"
        raise TerminalError("the simulated terminal is not running", remedy)
    addressed.chosen(address.accounts, attachment.name, attachment.login)
    return address


class RemoteBackend:
    """`Backend` over a socket: no call has a timeout, and what breaks is told as the package tells of its pipe."""

    def __init__(self, file: Path, name: str, login: int) -> None:
        self._file = file
        self._hello = {"name": name, "login": login}
        self._socket: socket.socket | None = None
        self._stream: BufferedRWPair | None = None
        self._connected = False

    @property
    def connected(self) -> bool:
        """True from `start` to `stop`, a broken line included: the package notices that only when it sends."""
        return self._connected

    @property
    def alive(self) -> bool:
        """Whether the line is open, as far as is known without asking."""
        return self._connected and self._stream is not None

    def start(
        self,
        path: str | None,
        login: int | None,
        password: str | None,
        server: str | None,
        timeout_ms: int,
        portable: bool,
    ) -> None:
        """Open the line and attach; `path` is not looked at, the file says where the terminal is."""
        self.stop()
        self._open()
        try:
            self._ask("start", path, login, password, server, timeout_ms, portable)
        except Refusal:
            self._drop()
            raise
        self._connected = True

    def stop(self) -> None:
        self._drop()
        self._connected = False

    def login(self, login: int, password: str | None, server: str | None, timeout_ms: int) -> None:
        self._ask("login", login, password, server, timeout_ms)

    def version(self) -> tuple[int, int, str]:
        major, build, date = self._ask("version")
        return major, build, date

    def terminal(self) -> Row:
        return self._row("terminal")

    def account(self) -> Row:
        return self._row("account")

    def symbols_total(self) -> int:
        return int(self._ask("symbols_total"))

    def symbols(self) -> list[Row]:
        return self._rows("symbols")

    def symbol(self, name: str) -> Row:
        return self._row("symbol", name)

    def select(self, name: str, enable: bool) -> bool:
        return bool(self._ask("select", name, enable))

    def tick(self, name: str) -> Row:
        return self._row("tick", name)

    def ticks_from(self, name: str, since_s: int, count: int, flags: int) -> Rows:
        return self._array("ticks_from", name, since_s, count, flags)

    def ticks_range(self, name: str, since_s: int, until_s: int, flags: int) -> Rows:
        return self._array("ticks_range", name, since_s, until_s, flags)

    def rates_from(self, name: str, timeframe: int, since_s: int, count: int) -> Rows:
        return self._array("rates_from", name, timeframe, since_s, count)

    def rates_from_pos(self, name: str, timeframe: int, start: int, count: int) -> Rows:
        return self._array("rates_from_pos", name, timeframe, start, count)

    def rates_range(self, name: str, timeframe: int, since_s: int, until_s: int) -> Rows:
        return self._array("rates_range", name, timeframe, since_s, until_s)

    def positions(self, *, ticket: int | None = None, symbol: str | None = None) -> list[Row]:
        return self._rows("positions", ticket=ticket, symbol=symbol)

    def orders(self, *, ticket: int | None = None, symbol: str | None = None) -> list[Row]:
        return self._rows("orders", ticket=ticket, symbol=symbol)

    def history_orders(self, since_s: int, until_s: int) -> list[Row]:
        return self._rows("history_orders", since_s, until_s)

    def history_deals(self, since_s: int, until_s: int) -> list[Row]:
        return self._rows("history_deals", since_s, until_s)

    def history_orders_of(self, *, ticket: int | None = None, position: int | None = None) -> list[Row]:
        return self._rows("history_orders_of", ticket=ticket, position=position)

    def history_deals_of(self, *, ticket: int | None = None, position: int | None = None) -> list[Row]:
        return self._rows("history_deals_of", ticket=ticket, position=position)

    def margin(self, action: int, name: str, volume: float, price: float) -> float:
        return float(self._ask("margin", action, name, volume, price))

    def profit(self, action: int, name: str, volume: float, open_price: float, close_price: float) -> float:
        return float(self._ask("profit", action, name, volume, open_price, close_price))

    def check(self, request: Row) -> Row:
        return self._row("check", request)

    def send(self, request: Row) -> Row | None:
        """See Backend; an order that was written and not answered may have been carried out."""
        answer: Row | None = self._ask("send", request)
        return answer

    def book(self, name: str) -> list[Row]:
        return self._rows("book", name)

    def book_subscribe(self, name: str, enable: bool) -> bool:
        return bool(self._ask("book_subscribe", name, enable))

    def _row(self, call: str, *given: Any) -> Row:
        row: Row = self._ask(call, *given)
        return row

    def _rows(self, call: str, *given: Any, **named: Any) -> list[Row]:
        rows: list[Row] = self._ask(call, *given, **named)
        return rows

    def _array(self, call: str, *given: Any) -> Rows:
        rows: Rows = self._ask(call, *given)
        return rows

    def _ask(self, call: str, *given: Any, **named: Any) -> Any:
        return self._exchange({"call": call, "given": given, "named": named})

    def _exchange(self, frame: dict[str, Any]) -> Any:
        """One round trip; an answer that cannot be read is none, and the line stays open."""
        if self._stream is None:
            raise Refusal(NOT_SENT if self._connected else NO_CONNECTION)
        code = NOT_SENT
        try:
            with contextlib.suppress(OSError):
                wirecalls.put(self._stream, frame)
                code = NO_RECEIPT
                answer = wirecalls.take(self._stream)
                if answer is not None:
                    return wirecalls.outcome(answer)
        except wirecalls.Garbled as error:
            raise Refusal(NO_RECEIPT) from error
        self._drop()
        raise Refusal(code)

    def _open(self) -> None:
        address = addressed.running(self._file)
        if address is None:
            raise Refusal(NO_TERMINAL, _NOT_FOUND)
        try:
            self._socket = socket.create_connection((addressed.HOST, address.port))
            self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        except OSError as error:
            self._drop()
            raise Refusal(NO_TERMINAL, _NO_ANSWER) from error
        self._stream = self._socket.makefile("rwb")
        try:
            self._exchange({"secret": address.secret, **self._hello})
        except Refusal:
            self._drop()
            raise

    def _drop(self) -> None:
        line, self._socket, self._stream = (self._stream, self._socket), None, None
        for end in line:
            if end is not None:
                with contextlib.suppress(OSError):  # what was not sent yet goes with it
                    end.close()
