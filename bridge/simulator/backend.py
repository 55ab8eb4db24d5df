"""The seam between the simulated terminal's face and the exchange behind it."""

from __future__ import annotations

from typing import Any, Protocol

import numpy as np

Row = dict[str, Any]
"""One structure as a dict: keys are the genuine structure's field names; a missing field is the zero of its type."""

Rows = np.ndarray[Any, np.dtype[np.void]]
"""A packed array with the genuine package's dtype."""

TICKS = np.dtype(
    [
        ("time", "<i8"),
        ("bid", "<f8"),
        ("ask", "<f8"),
        ("last", "<f8"),
        ("volume", "<u8"),
        ("time_msc", "<i8"),
        ("flags", "<u4"),
        ("volume_real", "<f8"),
    ]
)
RATES = np.dtype(
    [
        ("time", "<i8"),
        ("open", "<f8"),
        ("high", "<f8"),
        ("low", "<f8"),
        ("close", "<f8"),
        ("tick_volume", "<u8"),
        ("spread", "<i4"),
        ("real_volume", "<u8"),
    ]
)


class Refusal(Exception):
    """A call the simulated terminal answers with an error; the face turns it into None or False and last_error."""

    def __init__(self, code: int, text: str | None = None) -> None:
        """`code` as last_error()[0], negative; `text` None: the package's own words for that code."""
        super().__init__(code, text)
        self.code = code
        self.text = text


class Backend(Protocol):
    """What the face calls, after it has checked the arguments and `connected`.

    Every time that crosses this seam is broker wall-clock time as epoch seconds or milliseconds, like the genuine
    package's. Every call may raise `Refusal`.
    """

    @property
    def connected(self) -> bool:
        """Whether an IPC connection is open: after `start`, before `stop` or the terminal's death."""

    def start(
        self,
        path: str | None,
        login: int | None,
        password: str | None,
        server: str | None,
        timeout_ms: int,
        portable: bool,
    ) -> None: ...
    def login(self, login: int, password: str | None, server: str | None, timeout_ms: int) -> None: ...
    def stop(self) -> None: ...
    def version(self) -> tuple[int, int, str]: ...
    def terminal(self) -> Row: ...
    def account(self) -> Row: ...
    def symbols_total(self) -> int: ...
    def symbols(self) -> list[Row]:
        """All symbols; the face filters `group=`."""

    def symbol(self, name: str) -> Row:
        """One symbol; Refusal(-4) when unknown."""

    def select(self, name: str, enable: bool) -> bool: ...
    def tick(self, name: str) -> Row: ...
    def ticks_from(self, name: str, since_s: int, count: int, flags: int) -> Rows: ...
    def ticks_range(self, name: str, since_s: int, until_s: int, flags: int) -> Rows: ...
    def rates_from(self, name: str, timeframe: int, since_s: int, count: int) -> Rows: ...
    def rates_from_pos(self, name: str, timeframe: int, start: int, count: int) -> Rows: ...
    def rates_range(self, name: str, timeframe: int, since_s: int, until_s: int) -> Rows: ...
    def positions(self, *, ticket: int | None = None, symbol: str | None = None) -> list[Row]: ...
    def orders(self, *, ticket: int | None = None, symbol: str | None = None) -> list[Row]: ...
    def history_orders(self, since_s: int, until_s: int) -> list[Row]: ...
    def history_deals(self, since_s: int, until_s: int) -> list[Row]: ...
    def history_orders_of(self, *, ticket: int | None = None, position: int | None = None) -> list[Row]: ...
    def history_deals_of(self, *, ticket: int | None = None, position: int | None = None) -> list[Row]: ...
    def margin(self, action: int, name: str, volume: float, price: float) -> float: ...
    def profit(self, action: int, name: str, volume: float, open_price: float, close_price: float) -> float: ...
    def check(self, request: Row) -> Row:
        """`request` holds all 17 fields of TradeRequest."""

    def send(self, request: Row) -> Row | None:
        """None: the terminal gave no answer; the face says (-10002, 'IPC recv failed')."""

    def book(self, name: str) -> list[Row]: ...
    def book_subscribe(self, name: str, enable: bool) -> bool: ...
