"""What host and supervisor say to each other: one JSON object a line, a closed set of messages, nothing executable."""

from __future__ import annotations

from typing import Any, Final

import msgspec
import numpy as np

from bridge.attach import Attachment
from bridge.port import CloseOrder, ProtectOrder, Receipt, Records, TerminalError
from monitors.model import (
    Account,
    Bars,
    Conversion,
    Deal,
    Instrument,
    PendingOrder,
    Position,
    Quote,
    Rates,
    Snapshot,
    TerminalState,
    Ticks,
)

VERSION: Final = 4
LONGEST: Final = 64 * 1024 * 1024
"""Bytes of a line; whatever is longer is no answer."""


class _Message(msgspec.Struct, forbid_unknown_fields=True):
    pass


class Attach(_Message, tag="attach"):
    """The first line to a host: whom it serves; it answers with Hello."""

    version: int
    attachment: Attachment


class Look(_Message, tag="look"):
    number: int
    deals_since_ms: int
    warm: frozenset[str]
    """Symbols whose ticks may be asked for."""
    cursors: dict[str, tuple[int, int]]
    """How far the ticks of each symbol have been read: the host may be a new one, and none is to be missed."""


class Read(_Message, tag="read"):
    """The broker's records since a UTC instant."""

    number: int
    deals_since_ms: int


class ReadBars(_Message, tag="bars"):
    """A symbol's bars of so many minutes that begin between two UTC instants."""

    number: int
    symbol: str
    minutes: int
    since_ms: int
    until_ms: int


class Send(_Message, tag="send"):
    """One close, for the account named and no other."""

    number: int
    order: CloseOrder
    login: int
    server: str


class Cancel(_Message, tag="cancel"):
    number: int
    ticket: int
    login: int
    server: str


class Protect(_Message, tag="protect"):
    """One stop brought nearer, for the account named and no other."""

    number: int
    order: ProtectOrder
    login: int
    server: str


class WarmUp(_Message, tag="warm"):
    """Have the terminal fetch a symbol's ticks."""

    number: int
    symbol: str


class FindClock(_Message, tag="clock"):
    """Which zone the broker's clock follows."""

    number: int


Request = Look | Read | ReadBars | Send | Cancel | Protect | WarmUp | FindClock


class Hello(_Message, tag="hello"):
    """The host is connected, as far as that goes, and takes requests."""

    version: int


class Failed(_Message, tag="failed"):
    """The terminal gave no trustworthy answer; for a send: nothing left."""

    number: int
    reason: str
    remedy: str = ""


class Seen(msgspec.Struct, forbid_unknown_fields=True):
    """A snapshot as it travels: arrays as lists, a rate or a tick's price that is no number as null."""

    taken_ms: int
    account: Account
    terminal: TerminalState
    positions: tuple[Position, ...]
    orders: tuple[PendingOrder, ...]
    closing: frozenset[int]
    deals: tuple[Deal, ...]
    quotes: dict[str, Quote]
    ticks: dict[str, tuple[list[int], list[float | None], list[float | None]]]
    instruments: dict[str, Instrument]
    rates: dict[str, tuple[float | None, float | None, float | None, float | None]]
    conversions: dict[str, Conversion]
    broker_zone: str
    world: str
    crossed: int
    clock_doubt: str


class Looked(_Message, tag="looked"):
    number: int
    seen: Seen
    cold: frozenset[str]
    """Symbols held, and pairs that convert, whose ticks were not asked for."""
    cursors: dict[str, tuple[int, int]]


class ReadOut(_Message, tag="records"):
    number: int
    login: int
    server: str
    records: Records


class BarsOut(_Message, tag="barsout"):
    """Bars as six columns of one length; a price that is no number as null."""

    number: int
    time_ms: list[int]
    open: list[float | None]
    high: list[float | None]
    low: list[float | None]
    close: list[float | None]
    spread: list[float | None]


class Answered(_Message, tag="answered"):
    number: int
    receipt: Receipt


class Done(_Message, tag="done"):
    number: int


class Clocked(_Message, tag="clocked"):
    """The broker's zone, and why it may be another where that is not certain."""

    number: int
    zone: str
    doubt: str = ""


Reply = Hello | Failed | Looked | ReadOut | BarsOut | Answered | Done | Clocked

PRICES: Final = ("open", "high", "low", "close", "spread")
"""The columns of bars that hold numbers with a fraction."""

_encode = msgspec.json.Encoder().encode
_reply = msgspec.json.Decoder(Reply)
_request = msgspec.json.Decoder(Attach | Request)


class Garbled(TerminalError):
    """What came is not of this protocol."""


def line(message: Attach | Request | Reply) -> bytes:
    """One message as a line; what is no number inside becomes null, which only rates and ticks may be."""
    return bytes(_encode(message)) + b"\n"


def request(text: bytes) -> Attach | Request:
    """The request in a line; Garbled where it is none."""
    decoded: Attach | Request = _decoded(_request, text)
    return decoded


def reply(text: bytes) -> Reply:
    """The reply in a line; Garbled where it is none, and TerminalError where one of its figures is no number."""
    decoded: Reply = _decoded(_reply, text)
    return decoded


def _decoded(decoder: msgspec.json.Decoder[Any], text: bytes) -> Any:
    try:
        return decoder.decode(text)
    except msgspec.ValidationError as error:
        if "Expected `float`, got `null`" in str(error):
            raise TerminalError(f"a figure is no number: {error}") from error
        raise Garbled(f"not of this protocol: {error}") from error
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise Garbled(f"not of this protocol: {error}") from error


def pack(snapshot: Snapshot) -> Seen:
    """A snapshot as it travels."""
    return Seen(
        taken_ms=snapshot.taken_ms, account=snapshot.account, terminal=snapshot.terminal,
        positions=snapshot.positions, orders=snapshot.orders, closing=snapshot.closing, deals=snapshot.deals,
        quotes=dict(snapshot.quotes),
        ticks={s: (t.time_ms.tolist(), t.bid.tolist(), t.ask.tolist()) for s, t in snapshot.ticks.items()},
        instruments=dict(snapshot.instruments),
        rates={s: (_number(r.margin_buy), _number(r.margin_sell), _number(r.profit), _number(r.loss))
               for s, r in snapshot.rates.items()},
        conversions=dict(snapshot.conversions),
        broker_zone=snapshot.broker_zone, world=snapshot.world, crossed=snapshot.crossed,
        clock_doubt=snapshot.clock_doubt,
    )  # fmt: skip


def unpack(seen: Seen) -> Snapshot:
    """The snapshot that travelled."""
    return Snapshot(
        taken_ms=seen.taken_ms, account=seen.account, terminal=seen.terminal, positions=seen.positions,
        orders=seen.orders, closing=seen.closing, deals=seen.deals, quotes=seen.quotes,
        ticks={symbol: _ticks(*columns) for symbol, columns in seen.ticks.items()},
        instruments=seen.instruments,
        rates={symbol: _rates(*row) for symbol, row in seen.rates.items()},
        conversions=seen.conversions,
        broker_zone=seen.broker_zone, world=seen.world, crossed=seen.crossed, clock_doubt=seen.clock_doubt,
    )  # fmt: skip


def pack_bars(number: int, bars: Bars) -> BarsOut:
    """Bars as they travel."""
    return BarsOut(number, bars.time_ms.tolist(), **{name: getattr(bars, name).tolist() for name in PRICES})


def unpack_bars(said: BarsOut) -> Bars:
    """The bars that travelled; TerminalError where they are no table."""
    if {len(getattr(said, name)) for name in PRICES} != {len(said.time_ms)}:
        raise TerminalError("the bars' columns are of different lengths")
    prices = {name: np.array(getattr(said, name), dtype=float) for name in PRICES}
    return Bars(time_ms=np.array(said.time_ms, dtype=np.int64), **prices)


def _ticks(time_ms: list[int], bid: list[float | None], ask: list[float | None]) -> Ticks:
    return Ticks(time_ms=np.array(time_ms, dtype=np.int64), bid=np.array(bid, dtype=float),
                 ask=np.array(ask, dtype=float))  # fmt: skip


def _rates(margin_buy: float | None, margin_sell: float | None, profit: float | None, loss: float | None) -> Rates:
    return Rates(margin_buy=_nan(margin_buy), margin_sell=_nan(margin_sell), profit=_nan(profit), loss=_nan(loss))


def _number(value: float) -> float | None:
    return None if value != value else value  # noqa: PLR0124 -- NaN is the one number that is not itself


def _nan(value: float | None) -> float:
    return float("nan") if value is None else value
