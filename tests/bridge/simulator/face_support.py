"""A stand-in behind the face: three symbols, three positions, and answers forced on it by number."""

from typing import Any, Final

import numpy as np

from bridge.simulator.backend import RATES, TICKS, Refusal, Row, Rows
from bridge.simulator.face.fields import FIELDS
from bridge.simulator.face.structures import STRUCTURES

PATH: Final = r"C:\fake\terminal64.exe"
SYMBOLS: Final = ("EURUSD", "USDJPY", "XAUUSD")
NO_RECEIPT: Final = -10002
NOT_SENT: Final = -10001

_RATE: Final = (1700000000, 1.1, 1.3, 1.0, 1.2, 77, 12, 99)
_TICK: Final = (1700000000, 1.1, 1.2, 0.0, 5, 1700000000123, 6, 0.5)


class StandIn:
    """Answers every call with the same few rows, writes down what it was sent, and fails when told to.

    `forced` maps the name of one of its methods to a code to refuse it with; `dies_at` names the method at which the
    terminal closes the pipe; `rows` and `retcode` replace its positions and the answer to an order.
    """

    def __init__(self) -> None:
        self.connected = False
        self.sent: list[tuple[Any, ...]] = []
        self.forced: dict[str, int] = {}
        self.dies_at = ""
        self.dead = False
        self.rows: dict[str, list[Row]] = {
            "positions": [{"ticket": 101 + i, "symbol": name, "volume": 0.5} for i, name in enumerate(SYMBOLS)],
            "orders": [{"ticket": 201 + i, "symbol": name} for i, name in enumerate(SYMBOLS[:2])],
            "history_orders": [{"ticket": 301 + i, "symbol": name} for i, name in enumerate(SYMBOLS[:2])],
            "history_deals": [{"ticket": 401 + i, "symbol": name} for i, name in enumerate(SYMBOLS)],
            "symbols": [{"name": name} for name in SYMBOLS],
            "book": [{"type": 1, "price": 1.1, "volume": 2, "volume_dbl": 2.0}],
        }
        self.count: int | None = None
        self.quote = {"bid": 1001.123456789, "ask": 1002.123456789}
        self.retcode = 10009

    def start(
        self,
        path: str | None,
        login: int | None,
        password: str | None,
        server: str | None,
        timeout_ms: int,
        portable: bool,  # noqa: ARG002 - the seam's
    ) -> None:
        if path is None:
            raise Refusal(-10003, "IPC initialize failed, MetaTrader 5 x64 not found")
        if path != PATH:
            raise Refusal(-10003, f"IPC initialize failed, Process create failed '{path}'")
        self.connected, self.dead = True, False
        if any(given is not None for given in (login, password, server)):
            self.login(login or 0, password, server, timeout_ms)
        self._ask("start")

    def login(self, login: int, password: str | None, server: str | None, timeout_ms: int) -> None:  # noqa: ARG002 - the seam's
        self._ask("login", login, password or "", server or "")
        if password == "bad":  # noqa: S105 - it is
            raise Refusal(-6)

    def stop(self) -> None:
        self.connected = False

    def version(self) -> tuple[int, int, str]:
        self._ask("version")
        return 500, 6231, "27 Sep 2026"

    def terminal(self) -> Row:
        self._ask("terminal")
        return {"build": 6231, "connected": True}

    def account(self) -> Row:
        self._ask("account")
        return {"login": 5, "balance": 10000.0}

    def symbols_total(self) -> int:
        self._ask("symbols_total")
        return len(SYMBOLS) if self.count is None else self.count

    def symbols(self) -> list[Row]:
        return self._rows("symbols")

    def symbol(self, name: str) -> Row:
        self._known("symbol", name)
        return {"name": name}

    def select(self, name: str, enable: bool) -> bool:
        self._ask("select", name, enable)
        self._find(name)
        return True

    def tick(self, name: str) -> Row:
        self._known("tick", name)
        return {"time": 1700000000, **self.quote}

    def ticks_from(self, name: str, since_s: int, count: int, flags: int) -> Rows:
        return self._array("ticks_from", TICKS, name, since_s, count, flags)

    def ticks_range(self, name: str, since_s: int, until_s: int, flags: int) -> Rows:
        return self._array("ticks_range", TICKS, name, since_s, until_s, flags)

    def rates_from(self, name: str, timeframe: int, since_s: int, count: int) -> Rows:
        return self._array("rates_from", RATES, name, timeframe, since_s, count)

    def rates_from_pos(self, name: str, timeframe: int, start: int, count: int) -> Rows:
        return self._array("rates_from_pos", RATES, name, timeframe, start, count)

    def rates_range(self, name: str, timeframe: int, since_s: int, until_s: int) -> Rows:
        return self._array("rates_range", RATES, name, timeframe, since_s, until_s)

    def positions(self, *, ticket: int | None = None, symbol: str | None = None) -> list[Row]:
        return self._rows("positions", ticket=ticket, symbol=symbol)

    def orders(self, *, ticket: int | None = None, symbol: str | None = None) -> list[Row]:
        return self._rows("orders", ticket=ticket, symbol=symbol)

    def history_orders(self, since_s: int, until_s: int) -> list[Row]:
        return self._rows("history_orders", since_s, until_s)

    def history_deals(self, since_s: int, until_s: int) -> list[Row]:
        return self._rows("history_deals", since_s, until_s)

    def history_orders_of(self, *, ticket: int | None = None, position: int | None = None) -> list[Row]:
        return self._history_of("history_orders", ticket, position)

    def history_deals_of(self, *, ticket: int | None = None, position: int | None = None) -> list[Row]:
        return self._history_of("history_deals", ticket, position)

    def margin(self, action: int, name: str, volume: float, price: float) -> float:
        self._ask("margin", action, name, volume, price)
        return 109.91

    def profit(self, action: int, name: str, volume: float, open_price: float, close_price: float) -> float:
        self._ask("profit", action, name, volume, open_price, close_price)
        return -12.5

    def check(self, request: Row) -> Row:
        self._ask("check", request)
        return {"retcode": 0, "balance": 10000.0, "comment": "Done"}

    def send(self, request: Row) -> Row | None:
        try:
            self._ask("send", request)
        except Refusal as refusal:
            if refusal.code == NO_RECEIPT:
                return None
            raise
        return {"retcode": self.retcode, "deal": 1, "order": 2, "volume": 0.1, "comment": "Request executed"}

    def book(self, name: str) -> list[Row]:
        self._ask("book", name)
        self._find(name)
        return self.rows["book"]

    def book_subscribe(self, name: str, enable: bool) -> bool:
        self._ask("book_add" if enable else "book_release", name)
        self._find(name)
        return True

    def _ask(self, method: str, *args: Any) -> None:
        """What every call goes through: a dead pipe, the note of what was sent, a forced answer."""
        if self.dead:
            raise Refusal(NOT_SENT)
        self.sent.append((method, *args))
        if method == self.dies_at:
            self.dead = True
            raise Refusal(NO_RECEIPT)
        if method in self.forced:
            raise Refusal(self.forced[method])

    def _rows(self, method: str, *args: Any, **exact: Any) -> list[Row]:
        self._ask(method, *args, *(value for value in exact.values() if value is not None))
        return [row for row in self.rows[method] if all(v in (None, row[key]) for key, v in exact.items())]

    def _history_of(self, method: str, ticket: int | None, position: int | None) -> list[Row]:
        self._ask(f"{method}_of", ticket, position)
        return self.rows[method] if ticket is None else []

    def _array(self, method: str, dtype: np.dtype[np.void], name: str, *args: Any) -> Rows:
        self._ask(method, name, *args)
        self._find(name)
        row = _TICK if dtype == TICKS else _RATE
        return np.array([row] * (3 if self.count is None else self.count), dtype=dtype)

    def _known(self, method: str, name: str) -> None:
        self._ask(method, name)
        self._find(name)

    def _find(self, name: str) -> None:
        if name not in SYMBOLS:
            raise Refusal(-4)


def full_row(structure: str) -> Row:
    """A row with every field of a structure, each the zero of its type."""
    kinds = STRUCTURES[structure].kinds
    zeros = {"int": 0, "float": 0.0, "bool": False, "str": ""}
    return {field: zeros.get(kind) for field, kind in kinds.items()}


def wrong_types(value: Any) -> dict[str, str]:
    """The fields of a structure whose Python type is not the genuine one, each with the type it has.

    The face does not convert what a backend hands over: a volume of `1` would be turned away by the next order_send.
    """
    name = type(value).__name__
    assert name in FIELDS
    return {
        field: type(getattr(value, field)).__name__
        for field, kind in STRUCTURES[name].kinds.items()
        if type(getattr(value, field)).__name__ != kind
    }
