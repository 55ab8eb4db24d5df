"""What crosses between host and supervisor: every snapshot as it was, and nothing that is not of the protocol."""

from __future__ import annotations

import json
import math
from dataclasses import fields, is_dataclass
from enum import Enum
from types import UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge import wire
from bridge.attach import Attachment
from bridge.port import CloseOrder, ProtectOrder, Receipt, Records, TerminalError
from monitors.kinds import Side
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
from tests.builders import account, position, quote

WHOLE = st.integers(-(2**62), 2**62)
REAL = st.floats(allow_nan=False, allow_infinity=False)
MAYBE_REAL = st.one_of(REAL, st.just(math.nan))
TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
NUMBER = 7
PROTECT = ProtectOrder(
    ticket=1, symbol="EURUSD", side=Side.BUY, held=0.3, before=0.0, stop=1.0900000000000001, target=1.2
)
ORDER = CloseOrder(
    ticket=1,
    symbol="EURUSD",
    side=Side.SELL,
    lots=0.1,
    held=0.3,
    filling=1,
    magic=7,
    comment='a "b"\n\\',
    identifiers=(1, 2),
)


def facts(kind: type[Any]) -> st.SearchStrategy[Any]:
    """Any fact of that kind, every field of it drawn."""
    hints = get_type_hints(kind)
    return st.builds(kind, **{field.name: values(hints[field.name]) for field in fields(kind)})


def values(kind: Any) -> st.SearchStrategy[Any]:
    if get_origin(kind) in (Union, UnionType):
        return st.one_of(*(values(one) for one in get_args(kind)))
    if kind is type(None):
        return st.none()
    if isinstance(kind, type) and issubclass(kind, Enum):
        return st.sampled_from(list(kind))
    if is_dataclass(kind):
        return facts(kind)  # type: ignore[arg-type]  # a class here, never an instance
    return {bool: st.booleans(), int: WHOLE, float: REAL, str: TEXT}[kind]


@st.composite
def tick_columns(draw: st.DrawFn) -> Ticks:
    rows = draw(st.lists(st.tuples(WHOLE, MAYBE_REAL, MAYBE_REAL), max_size=4))
    time_ms, bid, ask = zip(*rows, strict=True) if rows else ((), (), ())
    return Ticks(time_ms=np.array(time_ms, np.int64), bid=np.array(bid, float), ask=np.array(ask, float))


RATES = st.builds(Rates, margin_buy=MAYBE_REAL, margin_sell=MAYBE_REAL, profit=MAYBE_REAL, loss=MAYBE_REAL)


def several(kind: type[Any]) -> st.SearchStrategy[tuple[Any, ...]]:
    return st.lists(facts(kind), max_size=3).map(tuple)


def by_symbol(what: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    return st.dictionaries(TEXT, what, max_size=3)


SNAPSHOTS = st.builds(
    Snapshot, taken_ms=WHOLE, account=facts(Account), terminal=facts(TerminalState), positions=several(Position),
    orders=several(PendingOrder), deals=several(Deal), quotes=by_symbol(facts(Quote)), ticks=by_symbol(tick_columns()),
    instruments=by_symbol(facts(Instrument)), rates=by_symbol(RATES),
    conversions=by_symbol(facts(Conversion)), broker_zone=TEXT, world=TEXT, crossed=WHOLE,
    clock_doubt=TEXT,
)  # fmt: skip


def looked(snapshot: Snapshot) -> wire.Looked:
    return wire.Looked(NUMBER, wire.pack(snapshot), frozenset({"COLD"}), {"EURUSD": (5, 2)})


def plain(seen: Snapshot) -> dict[str, Any]:
    """Its fields as what compares, numbers that are none included."""
    return {
        field.name: repr(getattr(seen, field.name)) for field in fields(Snapshot) if field.name != "ticks"
    } | {
        f"ticks of {symbol}": (t.time_ms.tolist(), str(t.bid.tolist()), str(t.ask.tolist()))
        for symbol, t in seen.ticks.items()
    }  # fmt: skip


@given(SNAPSHOTS)
def test_a_snapshot_arrives_as_it_left(snapshot: Snapshot) -> None:
    text = wire.line(looked(snapshot))
    assert text.count(b"\n") == 1, "one line, whatever a comment holds"
    arrived = wire.reply(text)
    assert isinstance(arrived, wire.Looked)
    assert (arrived.cold, arrived.cursors) == (frozenset({"COLD"}), {"EURUSD": (5, 2)})
    seen = wire.unpack(arrived.seen)
    assert plain(seen) == plain(snapshot)
    for ticks in seen.ticks.values():
        assert [str(column.dtype) for column in (ticks.time_ms, ticks.bid, ticks.ask)] == [
            "int64",
            "float64",
            "float64",
        ]


REPLIES: list[wire.Reply] = [
    wire.Hello(wire.VERSION),
    wire.Failed(NUMBER, "why", "what to do"),
    wire.ReadOut(NUMBER, 1, "Demo", Records(positions=(position(1),), deals=())),
    wire.BarsOut(NUMBER, [60_000], [1.0], [1.2], [None], [1.1], [3.0]),
    wire.Answered(NUMBER, Receipt(retcode=None, error=-10002, text="ü")),
    wire.Answered(NUMBER, Receipt(retcode=10009, order=3, records=Records(positions=(), deals=()))),
    wire.Done(NUMBER),
    wire.Clocked(NUMBER, "UTC", "why not"),
]
ASKED = wire.Look(NUMBER, 1, frozenset({"EURUSD"}), {"EURUSD": (5, 2)})
REQUESTS: list[wire.Attach | wire.Request] = [
    wire.Attach(wire.VERSION, Attachment(name="main", backend="mt5", path="C:\\x", login=1, server="S", clock="UTC")),
    ASKED,
    wire.Read(NUMBER, 1),
    wire.ReadBars(NUMBER, "EURUSD", 15, 1, 2),
    wire.Send(NUMBER, ORDER, 1, "Demo"),
    wire.Cancel(NUMBER, 9, 1, "Demo"),
    wire.Protect(NUMBER, PROTECT, 1, "Demo"),
    wire.WarmUp(NUMBER, "EURUSD"),
    wire.FindClock(NUMBER),
]


@pytest.mark.parametrize("said", REPLIES, ids=lambda said: type(said).__name__)
def test_every_reply_arrives_as_it_left(said: wire.Reply) -> None:
    assert wire.reply(wire.line(said)) == said


@pytest.mark.parametrize("asked", REQUESTS, ids=lambda asked: type(asked).__name__)
def test_every_request_arrives_as_it_left(asked: wire.Request) -> None:
    assert wire.request(wire.line(asked)) == asked


def test_these_are_all_the_messages_there_are() -> None:
    assert {type(said) for said in REPLIES} | {wire.Looked} == set(get_args(wire.Reply))
    assert {type(asked) for asked in REQUESTS} == {wire.Attach, *get_args(wire.Request)}


@pytest.mark.parametrize("equity", [math.nan, math.inf])
def test_an_equity_that_is_no_number_is_no_reading_and_the_field_is_named(equity: float) -> None:
    broken = account()
    object.__setattr__(broken, "equity", equity)
    line = wire.line(
        looked(Snapshot(taken_ms=1, account=broken, terminal=TerminalState(connected=True, algo_allowed=True)))
    )
    with pytest.raises(TerminalError, match=r"no number.*seen\.account\.equity") as raised:
        wire.reply(line)
    assert not isinstance(raised.value, wire.Garbled)


def with_field(message: wire.Attach | wire.Request | wire.Reply, **more: Any) -> bytes:
    return json.dumps(json.loads(wire.line(message)) | more).encode()


DEEP = b'{"type":"looked","number":1,"seen":{"account":{"x":' + b"[" * 100_000 + b"]" * 100_000 + b"}}}"
GARBAGE = [
    b"",
    b"\n",
    b"\x00\xff no answer to anything\n",
    b"[]\n",
    b"{}\n",
    b"null\n",
    b'{"type":"exec","number":1}\n',
    b'{"type":"done"}\n',
    b'{"type":"done","number":"1"}\n',
    b'{"type":"done","number":1}{"type":"done","number":2}\n',
    b'{"type":"failed","number":1,"reason":"\xff"}\n',
    b'{"type":"cancel","number":1e400,"ticket":1,"login":1,"server":""}\n',
    wire.line(wire.Done(1))[:-3],
    with_field(wire.Done(1), more=1),
    with_field(wire.Cancel(1, 2, 3, "S"), more=1),
    with_field(ASKED, warm="EURUSD"),
    DEEP,
]


@pytest.mark.parametrize("text", GARBAGE, ids=lambda text: repr(text[:30]))
def test_what_is_not_of_the_protocol_is_garbled_both_ways(text: bytes) -> None:
    for read in (wire.reply, wire.request):
        with pytest.raises(wire.Garbled):
            read(text)


@given(st.binary(max_size=60))
def test_no_bytes_at_all_raise_anything_else(text: bytes) -> None:
    with pytest.raises(wire.Garbled):
        wire.reply(text)


@pytest.mark.parametrize("said", REPLIES, ids=lambda said: type(said).__name__)
def test_a_reply_is_no_request(said: wire.Reply) -> None:
    with pytest.raises(wire.Garbled):
        wire.request(wire.line(said))


@pytest.mark.parametrize("asked", REQUESTS, ids=lambda asked: type(asked).__name__)
def test_a_request_is_no_reply(asked: wire.Request) -> None:
    with pytest.raises(wire.Garbled):
        wire.reply(wire.line(asked))


def test_an_order_whose_volume_is_no_number_is_refused() -> None:
    text = wire.line(wire.Send(1, ORDER, 1, "Demo")).replace(b'"lots":0.1', b'"lots":null')
    with pytest.raises(TerminalError, match="lots"):
        wire.request(text)


def test_bars_arrive_as_they_left() -> None:
    bars = Bars(time_ms=np.array([60_000, 120_000]), open=np.array([1.0, 1.1]), high=np.array([1.2, math.nan]),
                low=np.array([0.9, 1.0]), close=np.array([1.1, 1.0]), spread=np.array([3.0, 0.0]))  # fmt: skip
    arrived = wire.reply(wire.line(wire.pack_bars(NUMBER, bars)))
    assert isinstance(arrived, wire.BarsOut)
    assert repr(wire.unpack_bars(arrived)) == repr(bars)


def test_bars_that_are_no_table_are_no_bars() -> None:
    with pytest.raises(TerminalError, match="lengths"):
        wire.unpack_bars(wire.BarsOut(NUMBER, [1, 2], [1.0, 1.0], [1.0, 1.0], [1.0, 1.0], [1.0], [1.0, 1.0]))


def test_a_tick_without_a_price_is_no_reason_to_lose_the_others() -> None:
    ticks = Ticks(time_ms=np.array([1, 2], np.int64), bid=np.array([math.nan, 1.1]), ask=np.array([1.2, math.inf]))
    snapshot = Snapshot(taken_ms=1, account=account(), terminal=TerminalState(connected=True, algo_allowed=True),
                        quotes={"EURUSD": quote(1.1)}, ticks={"EURUSD": ticks})  # fmt: skip
    arrived = wire.reply(wire.line(looked(snapshot)))
    assert isinstance(arrived, wire.Looked)
    seen = wire.unpack(arrived.seen).ticks["EURUSD"]
    assert str([*seen.bid.tolist(), *seen.ask.tolist()]) == "[nan, 1.1, 1.2, nan]"
