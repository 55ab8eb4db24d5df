"""Every wish passes here and is admitted, or denied with a reason a person can act on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from monitors import closeby, fifo
from monitors.kinds import MarginMode
from monitors.model import Position, Snapshot
from monitors.reading import Reading
from monitors.zones import HOUR_MS, MINUTE_MS

STALE_S = 5.0
"""A reading older than this is of another market."""
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
    HAND = "hand"
    """A person, for one position: admitted in observe mode too, and held to all the rest."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """One position down to `target` steps. `uncapped`: what is held bounds it, not a count of sends.

    `by`: the opposite position that it is closed by, which itself may go down to `by_target`; 0: none.
    """

    position: int
    target: int
    source: Source
    episode: int | None = None
    hard: bool = True
    uncapped: bool = False
    by_person: bool = False
    by: int = 0
    by_target: int = 0

    @property
    def legs(self) -> tuple[int, ...]:
        """The positions of which it closes something."""
        return (self.position, self.by) if self.by else (self.position,)


@dataclass(frozen=True, slots=True)
class Sent:
    """A send that happened: when (UTC epoch ms), for which position, how many lots, and whether the caps count it.

    `by`: the position that it was closed by; 0: none. `number`: of its request.
    """

    at_ms: int
    position: int
    lots: float
    capped: bool = True
    by: int = 0
    number: int = 0

    def of(self, position: int) -> bool:
        """Whether it closed something of that position."""
        return position in (self.position, self.by)


@dataclass(frozen=True, slots=True, kw_only=True)
class Denial:
    """A wish turned down. `fault`: no sane plan needs this; the account is to be halted.

    `permission`: a person has to allow trading before anything can be sent. `do`: what a person can do about it;
    empty where waiting is all.
    """

    reason: str
    do: str = ""
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
    age_s: float = 0.0
    """How old the reading is, by the monotonic clock."""
    guarded: tuple[str, int] | None = None
    """Server and login of the account whose state is kept; None where none was recognised yet."""


def admit(wish: Wish, around: Circumstances) -> Position | Denial:
    """The position to act on as it is now, or why not. Cheapest and most telling reasons first."""
    if around.halt is HaltKind.FAULT and not wish.by_person:
        return Denial(reason="halted by a fault: only a person's emergency stop may send",
                      do="look at MT5 and the alert, then reset by hand")  # fmt: skip
    by_rule = wish.source is Source.RULE or (wish.source is Source.UNDO and around.halt is HaltKind.RULE)
    if by_rule and not around.armed:
        return Denial(reason="observe mode: nothing is sent by a rule", do='set app.mode = "armed" to let rules act')
    if around.rival and not wish.by_person:
        return Denial(reason=around.rival, do="end one of the two programs")
    if not around.journal_ok and not wish.by_person:
        return Denial(reason="the journal cannot be written: nothing is sent by itself",
                      do="make room on the disk, or close what holds the file")  # fmt: skip
    reading = around.reading
    unfit = _unfit(reading, around)
    if reading is None or unfit:
        return Denial(reason=unfit, do="see that MT5 runs, is connected and shows this account")
    barred = forbidden(reading.snapshot)
    if barred:
        return barred
    position = reading.snapshot.position(wish.position)
    if position is None:
        return Denial(reason="the position is gone")
    if position.steps <= wish.target:
        return Denial(reason="the position is already at its target")
    return (
        _busy(wish, position, reading, around)
        or _unable(wish, position, reading.snapshot)
        or _unwise(wish, position, around)
        or _capped(wish, position, reading, around)
        or position
    )


def _unfit(reading: Reading | None, around: Circumstances) -> str:
    """Why this reading is none to send on; empty where it is fresh and of the account that is guarded."""
    if reading is None:
        return "no trustworthy reading"
    if around.age_s > STALE_S:
        return f"the reading is {around.age_s:.0f} s old"
    account = reading.snapshot.account
    if around.guarded not in (None, (account.server, account.login)):
        return f"another account is shown: {account.login}"
    return ""


def forbidden(snapshot: Snapshot) -> Denial | None:
    """What a person has to allow before anything can be sent; None where all is allowed."""
    terminal, account = snapshot.terminal, snapshot.account
    if not terminal.algo_allowed:
        return _permission("algo trading is off in the terminal", "press Algo Trading in MT5's toolbar")
    if terminal.api_disabled:
        return _permission("the Python API may not trade", "allow it in MT5 under Tools, Options, Expert Advisors")
    if not account.trade_allowed:
        return _permission("the account may not trade: the login is read-only or disabled",
                           "log in to MT5 with the master password")  # fmt: skip
    if not account.trade_expert:
        return _permission(
            "the broker forbids automated trading on this account", "close in MT5 by hand; ask the broker"
        )
    return None


def _permission(reason: str, do: str) -> Denial:
    return Denial(reason=reason, do=do, permission=True)


def _busy(wish: Wish, position: Position, reading: Reading, around: Circumstances) -> Denial | None:
    netting = reading.snapshot.account.margin_mode is MarginMode.NETTING
    in_flight = around.in_flight & {*wish.legs}
    if in_flight or (netting and position.symbol in around.symbols_in_flight):
        return Denial(reason="an earlier request for it is not settled")
    if reading.snapshot.closing & {*wish.legs}:
        return Denial(reason="a close order for it waits at the broker")
    return None


def _unable(wish: Wish, position: Position, snapshot: Snapshot) -> Denial | None:
    """What the broker would refuse: legs that do not fit each other, a younger position before the oldest."""
    why = closeby.unfit(wish, position, snapshot) if wish.by else None
    if why:
        return Denial(reason=why)
    oldest = fifo.older(position, snapshot)
    if oldest:
        first = f"#{oldest.identifier} is older and goes first"
        return Denial(reason=f"this account closes the oldest {position.symbol} position first: {first}")
    return None


def _unwise(wish: Wish, position: Position, around: Circumstances) -> Denial | None:
    if wish.source is Source.RULE and around.worsens:
        return unwise(around.worsens)
    wide = around.spreads.get(position.symbol, 1.0)
    if wish.source is Source.RULE and waits_for_spread(wide, hard=wish.hard):
        return Denial(reason=f"the spread is {wide:.1f} times its median; a soft rule waits")
    return None


def unwise(why: str) -> Denial:
    """What a plan gets whose book would be worse than the one there is."""
    return Denial(reason=why, do="look at the hedge in MT5: its legs go together or not at all")


def waits_for_spread(times: float, *, hard: bool) -> bool:
    """Whether a rule waits while the spread is so many times its median; a hard one never does."""
    return not hard and times > SPREAD_TIMES


def _capped(wish: Wish, position: Position, reading: Reading, around: Circumstances) -> Denial | None:
    if wish.uncapped:
        return None
    counted = [s for s in around.sent if s.capped]
    minute = [s for s in counted if s.at_ms > around.now_ms - MINUTE_MS]
    if any(sum(s.of(leg) for s in minute) >= SENDS_A_MINUTE for leg in wish.legs):
        return _insane(f"more than {SENDS_A_MINUTE} sends for one position in a minute")
    held = reading.snapshot.positions
    hour = sum(s.at_ms > around.now_ms - HOUR_MS for s in counted)
    most = SENDS_AN_HOUR_PER_POSITION * len(held) + SENDS_AN_HOUR_BASE
    if hour >= most:
        return _insane(f"more than {most} sends in an hour")
    closed = sum(s.lots for s in around.sent if s.at_ms >= reading.history.day.start_ms)
    room = around.lots_at_reset + around.lots_opened
    by = next((p.steps for p in held if p.identifier == wish.by), None)
    steps = position.steps - wish.target if by is None else min(position.steps, by)
    wanted = reading.snapshot.instruments[position.symbol].lots(steps)
    if closed + wanted > room + 1e-9:
        return _insane(f"more lots closed in a day than were held and opened ({room:g})")
    return None


def _insane(reason: str) -> Denial:
    return Denial(reason=reason, do="look at MT5 and at what was sent, then reset by hand", fault=True)
