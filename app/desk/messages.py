"""What a machine tells the desk, as JSON: an event or an account's state; whatever comes in is held against it."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec
from msgspec import Meta

from app.words import plain, words
from monitors.ports import Link, Severity

VERSION = 1
LARGEST = 256_000
"""Bytes of a message; what is larger is no message of ours."""

Name = Annotated[str, Meta(max_length=200)]
Words = Annotated[str, Meta(max_length=2_000)]
Count = Annotated[int, Meta(ge=0, le=2**53)]
Moment = Annotated[int, Meta(ge=0, le=253_402_300_799_999)]
"""UTC epoch milliseconds, up to the year 9999."""
Number = Annotated[float, Meta(ge=-1e18, le=1e18)]
Figure = Number | Words | None
"""A number, or why there is none; None where there is nothing to say."""


class BadMessage(ValueError):
    """What came is no message of ours; it is counted and passed over."""


class _Sent(msgspec.Struct, frozen=True, kw_only=True):
    version: Annotated[int, Meta(ge=VERSION, le=VERSION)] = VERSION
    machine: Annotated[str, Meta(min_length=1, max_length=64)]
    run: Annotated[str, Meta(min_length=1, max_length=40)]
    """Another with every start of the machine's program."""
    number: Annotated[int, Meta(ge=1, le=2**53)]
    """From 1 in each run, events and states each by themselves: what comes twice has the same."""


class Told(_Sent, frozen=True, kw_only=True):
    """One event of the contract, as the stream has it."""

    event: dict[str, Any]


class _Of(msgspec.Struct, frozen=True, kw_only=True):
    at: Annotated[str, Meta(max_length=40)]
    event: Annotated[str, Meta(max_length=40)]
    account: Name


class Money(msgspec.Struct, frozen=True, kw_only=True):
    """The terminal's own figures, account currency."""

    currency: Annotated[str, Meta(max_length=16)]
    digits: Annotated[int, Meta(ge=0, le=8)]
    balance: Number
    credit: Number
    profit: Number
    equity: Number
    margin: Number
    margin_free: Number


class Limit(msgspec.Struct, frozen=True, kw_only=True):
    """The level to which the least is left; where none has a room, the first that there is."""

    rule: Name
    metric: Name
    when: Name
    at: Number
    severity: Severity
    value: Figure


class Alarm(msgspec.Struct, frozen=True, kw_only=True):
    """An alert that is active and waits for a person."""

    number: Annotated[int, Meta(ge=-(2**53), le=2**53)]
    rule: Name
    metric: Name
    when: Name
    value: Number | None
    threshold: Number | None
    severity: Severity
    raised_ms: Moment
    symbol: Name = ""
    position: Count | None = None


class Leg(msgspec.Struct, frozen=True, kw_only=True):
    """One currency's net, in account currency, long positive."""

    currency: Annotated[str, Meta(max_length=16)]
    net: Number


class State(_Sent, frozen=True, kw_only=True):
    """One account at one moment."""

    at_ms: Moment
    beat: Count
    account: Name
    server: Name
    login: Count
    mode: Name
    mode_reason: Words
    link: Link
    reason: Words
    as_of_ms: Moment | None
    call_ms: Number
    money: Money | None
    today: Figure
    margin_level: Figure
    limit: Limit | None
    alerts: Annotated[tuple[Alarm, ...], Meta(max_length=50)]
    """Worst first."""
    halt: Words | None
    """Why nothing new may be opened; None where it may."""
    legs: Annotated[tuple[Leg, ...], Meta(max_length=200)] | None
    """None while it is not known what is held."""
    unit: Annotated[str, Meta(max_length=16)]
    """The display currency of that machine."""
    rate: Figure
    """Of that currency for one unit of account currency."""


_encoder = msgspec.json.Encoder()
_told, _state = msgspec.json.Decoder(Told), msgspec.json.Decoder(State)


def encoded(message: Told | State) -> bytes:
    """One line of JSON."""
    return _encoder.encode(message)


def told(data: bytes | None) -> Told:
    """An event that can also be said in words, or BadMessage."""
    try:
        found = _told.decode(_fit(data))
        msgspec.convert(found.event, _Of)
        words(found.event)
    except (msgspec.MsgspecError, KeyError, TypeError, ValueError, AttributeError, RecursionError) as error:
        raise BadMessage(plain(str(error))) from error
    return found


def state(data: bytes | None) -> State:
    """The state of an account, or BadMessage."""
    try:
        return _state.decode(_fit(data))
    except (msgspec.MsgspecError, ValueError, RecursionError) as error:
        raise BadMessage(plain(str(error))) from error


def _fit(data: bytes | None) -> bytes:
    if data is None or len(data) > LARGEST:
        raise BadMessage("nothing, or more than a message holds")
    return data
