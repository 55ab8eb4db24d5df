"""Every wish passes here and is admitted, or denied with a reason a person can act on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from monitors.kinds import MarginMode
from monitors.model import Position
from monitors.reading import Reading
from monitors.zones import HOUR_MS, MINUTE_MS

SENDS_A_MINUTE = 5
SENDS_AN_HOUR_BASE, SENDS_AN_HOUR_PER_POSITION = 40, 4
SPREAD_TIMES = 5.0


class HaltKind(StrEnum):
    """How much is still sent: closes of new exposure; closes and cancels; a person's stop only."""

    RULE = "rule"
    STOP = "stop"
    FAULT = "fault"


class Source(StrEnum):
    """Who wishes."""

    RULE = "rule"
    UNDO = "undo"
    STOP = "stop"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """One position down to `target` steps. `uncapped`: what is held bounds it, not a count of sends."""

    position: int
    target: int
    source: Source
    episode: int | None = None
    hard: bool = True
    uncapped: bool = False
    by_person: bool = False


@dataclass(frozen=True, slots=True)
class Sent:
    """A send that happened: when (UTC epoch ms), for which position, how many lots, and whether the caps count it."""

    at_ms: int
    position: int
    lots: float
    capped: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Denial:
    """A wish turned down. `fault`: no sane plan needs this; the account is to be halted.

    `permission`: a person has to allow trading before anything can be sent.
    """

    reason: str
    fault: bool = False
    permission: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Circumstances:
    """What the gate looks at besides the wish itself; times in UTC epoch milliseconds."""

    armed: bool
    halt: HaltKind | None
    reading: Reading | None
    now_ms: int
    in_flight: frozenset[int] = frozenset()
    """Identifiers with an unresolved request."""
    symbols_in_flight: frozenset[str] = frozenset()
    sent: tuple[Sent, ...] = ()
    """Sends of the last day, oldest first."""
    lots_at_reset: float = 0.0
    lots_opened: float = 0.0
    worsens: str | None = None
    """Why the resulting book would be worse, where it would."""
    spreads: Mapping[str, float] = field(default_factory=dict)
    """Spread now over its median, by symbol."""
    journal_ok: bool = True
    rival: str = ""
    """Why this instance only watches: another one acts on the account."""


def admit(wish: Wish, around: Circumstances) -> Position | Denial:
    """The position to act on as it is now, or why not. Cheapest and most telling reasons first."""
    if around.halt is HaltKind.FAULT and not wish.by_person:
        return Denial(reason="halted by a fault: only a person's emergency stop may send")
    by_rule = wish.source is Source.RULE or (wish.source is Source.UNDO and around.halt is HaltKind.RULE)
    if by_rule and not around.armed:
        return Denial(reason="observe mode: nothing is sent by a rule")
    if around.rival and not wish.by_person:
        return Denial(reason=around.rival)
    if not around.journal_ok and not wish.by_person:
        return Denial(reason="the journal cannot be written: nothing is sent by itself")
    reading = around.reading
    if reading is None:
        return Denial(reason="no trustworthy reading")
    why_not = forbidden(reading)
    if why_not:
        return Denial(reason=why_not, permission=True)
    position = next((p for p in reading.snapshot.positions if p.identifier == wish.position), None)
    if position is None:
        return Denial(reason="the position is gone")
    if position.steps <= wish.target:
        return Denial(reason="the position is already at its target")
    return (
        _busy(position, reading, around)
        or _unwise(wish, position, around)
        or _capped(wish, position, reading, around)
        or position
    )


def forbidden(reading: Reading) -> str | None:
    """Why nothing may be traded on the account at all, where something forbids it."""
    terminal, account = reading.snapshot.terminal, reading.snapshot.account
    if not terminal.algo_allowed:
        return "algo trading is off in the terminal: press Algo Trading in MT5"
    if terminal.api_disabled:
        return "the Python API may not trade: allow it in MT5 under Tools, Options, Expert Advisors"
    if not account.trade_allowed:
        return "the account may not trade: the login is read-only or disabled"
    if not account.trade_expert:
        return "the broker forbids automated trading on this account"
    return None


def _busy(position: Position, reading: Reading, around: Circumstances) -> Denial | None:
    netting = reading.snapshot.account.margin_mode is MarginMode.NETTING
    if position.identifier in around.in_flight or (netting and position.symbol in around.symbols_in_flight):
        return Denial(reason="an earlier request for it is not settled")
    return None


def _unwise(wish: Wish, position: Position, around: Circumstances) -> Denial | None:
    if wish.source is Source.RULE and around.worsens:
        return Denial(reason=around.worsens)
    wide = around.spreads.get(position.symbol, 1.0)
    if wish.source is Source.RULE and not wish.hard and wide > SPREAD_TIMES:
        return Denial(reason=f"the spread is {wide:.1f} times its median; a soft rule waits")
    return None


def _capped(wish: Wish, position: Position, reading: Reading, around: Circumstances) -> Denial | None:
    if wish.uncapped:
        return None
    counted = [s for s in around.sent if s.capped]
    minute = [s for s in counted if s.at_ms > around.now_ms - MINUTE_MS and s.position == wish.position]
    if len(minute) >= SENDS_A_MINUTE:
        return Denial(reason=f"more than {SENDS_A_MINUTE} sends for one position in a minute", fault=True)
    held = reading.snapshot.positions
    hour = sum(s.at_ms > around.now_ms - HOUR_MS for s in counted)
    most = SENDS_AN_HOUR_PER_POSITION * len(held) + SENDS_AN_HOUR_BASE
    if hour >= most:
        return Denial(reason=f"more than {most} sends in an hour", fault=True)
    closed = sum(s.lots for s in around.sent if s.at_ms >= reading.history.day.start_ms)
    room = around.lots_at_reset + around.lots_opened
    wanted = reading.snapshot.instruments[position.symbol].lots(position.steps - wish.target)
    if closed + wanted > room + 1e-9:
        return Denial(reason=f"more lots closed in a day than were held and opened ({room:g})", fault=True)
    return None
