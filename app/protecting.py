"""Stops at the broker while a backstop stands: one at a time, only nearer, claimed once the broker shows them."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace

from app.attempts import WORLD, Attempts
from app.consents import Offer
from app.events import Tell, event
from app.keeper import Keeper
from app.memory import Protection
from bridge.port import Awaited, ProtectOrder, Receipt, Terminal, TerminalError
from monitors.backstop import Backstop, Stop, plan
from monitors.gate import forbidden
from monitors.kinds import Side
from monitors.model import Position, Quote, Snapshot
from monitors.outcomes import Retry, meant
from monitors.ports import Clock
from monitors.reading import Reading

PACE_S, LOOK_S = 0.2, 0.5
"""Between two requests; between two searches for stops that found nothing to send."""
CHANGE_S = 60.0
"""A position's stop is changed at most so often, after the first time."""
SHOWN_S, ABSENT_S = 5.0, 60.0
"""How long a stop that was answered with yes may take to be shown; after how long unshown it counts as not set."""
NO_CHANGES, INVALID_STOPS = 10025, 10016
PATIENT = 3
"""Refusals in a row after which a person is told."""


@dataclass(slots=True, kw_only=True)
class _Tried:
    """What this process knows of one position."""

    attempts: Attempts = field(default_factory=Attempts)
    changed_s: float | None = None
    sent_s: float = 0.0
    retcode: int | None = None
    told: str = ""
    alarm: int = 0


class Protector:
    """Adds no risk and closes nothing: a stop that it sends is always nearer than the one the position has."""

    def __init__(self, keeper: Keeper, terminal: Terminal, clock: Clock, tell: Tell, *,
                 on_alarm: Callable[[str, str], int], on_all_clear: Callable[[int], None]) -> None:  # fmt: skip
        """`on_alarm` raises an alarm of what a person must know and do, and gives its number."""
        self._keeper = keeper
        self._terminal = terminal
        self._clock = clock
        self._tell = tell
        self._on_alarm = on_alarm
        self._on_all_clear = on_all_clear
        self._tried: dict[int, _Tried] = {}
        self._awaited: tuple[int, Awaited, Quote | None] | None = None
        self._not_before_s = 0.0
        self._denied = ""

    def collect(self) -> None:
        """Take the receipt of the request that was on its way."""
        if self._awaited:
            position, awaited, quote = self._awaited
            receipt = self._terminal.receipt(awaited)
            if receipt is not None:
                self._awaited = None
                self._answered(position, receipt, quote)

    def settle(self, snapshot: Snapshot) -> None:
        """Hold what was sent against the stops that the broker shows; only those prove that one stands."""
        held = {p.identifier: p for p in snapshot.positions}
        for identifier, sent in tuple(self._keeper.memory.protections.items()):
            if self._awaited and self._awaited[0] == identifier:
                continue
            tried = self._known(identifier)
            position, waited_s = held.get(identifier), self._clock.monotonic() - tried.sent_s
            if position is None:
                self._conclude(identifier, sent, "gone")
            elif _stands(position, sent.stop):
                tried.attempts = Attempts()
                self._conclude(identifier, sent, "done")
            elif waited_s >= ABSENT_S:
                self._conclude(identifier, sent, "refused")
            elif waited_s >= SHOWN_S:
                self._say(identifier, sent, "unknown")
        for identifier in self._tried.keys() - held.keys():
            self._calm(identifier)
            del self._tried[identifier]

    def run(self, reading: Reading, offers: Iterable[Offer], spreads: Mapping[str, float],
            busy: Callable[[int], bool], by_hand: Mapping[int, Stop] | None = None) -> None:  # fmt: skip
        """Send the next stop that is due. `offers` stand and were agreed to; `busy` positions are left alone.

        `by_hand` are stops that a person asked for, by position: they go first, and wait for no earlier change.
        """
        now_s = self._clock.monotonic()
        if self._awaited or now_s < self._not_before_s or not self._keeper.ok:
            return
        self._not_before_s = now_s + LOOK_S
        asked = by_hand or {}
        wanted = {**asked, **{p: s for p, s in nearest(reading, offers, spreads).items() if p not in asked}}
        barred = forbidden(reading.snapshot) if wanted else None
        if barred:
            if barred.reason != self._denied:
                self._tell(event(self._clock.utc_ms(), "denied", self._keeper.name, position=next(iter(wanted)),
                                 reason=barred.reason, do=barred.do))  # fmt: skip
            self._denied = barred.reason
            return
        self._denied = ""
        for identifier, stop in wanted.items():
            quote = reading.snapshot.quotes.get(stop.position.symbol)
            if not busy(identifier) and self._due(identifier, now_s, quote, rests=identifier not in asked):
                self._not_before_s = now_s + PACE_S
                self._send(stop, quote)
                return

    def _due(self, identifier: int, now_s: float, quote: Quote | None, *, rests: bool) -> bool:
        if identifier in self._keeper.memory.protections:
            return False
        tried = self._tried.get(identifier)
        if tried is None:
            return True
        rested = not rests or tried.changed_s is None or now_s - tried.changed_s >= CHANGE_S
        return rested and tried.attempts.ready(now_s, quote)

    def _send(self, stop: Stop, quote: Quote | None) -> None:
        """The intent is on disk before anything leaves; where the disk does not take it nothing does."""
        held, memory = stop.position, self._keeper.memory
        sent = Protection(symbol=held.symbol, stop=stop.planned, target=held.target, sent_ms=self._clock.utc_ms())
        memory.protections[held.identifier] = sent
        try:
            self._keeper.write()
        except sqlite3.Error as error:
            del memory.protections[held.identifier]
            self._keeper.broken(error)
            return
        tried = self._known(held.identifier)
        tried.sent_s, tried.retcode, tried.told = self._clock.monotonic(), None, ""
        self._say(held.identifier, sent, "sent")
        order = ProtectOrder(ticket=held.ticket, symbol=held.symbol, side=held.side, held=held.lots, before=held.stop,
                             stop=stop.planned, target=held.target)  # fmt: skip
        try:
            answer = self._terminal.protect(order)
        except TerminalError as error:
            answer = Receipt(retcode=None, text=error.reason)
        if isinstance(answer, Awaited):
            self._awaited = held.identifier, answer, quote
        else:
            self._answered(held.identifier, answer, quote)

    def _answered(self, identifier: int, receipt: Receipt, quote: Quote | None) -> None:
        """A refusal is one at once; a yes waits until the broker shows the stop, and what is unclear does too."""
        sent, tried = self._keeper.memory.protections.get(identifier), self._known(identifier)
        tried.retcode = receipt.retcode
        if sent is None:
            return
        said = meant(receipt.retcode, receipt.error)
        if said.refused and receipt.retcode != NO_CHANGES:
            if receipt.retcode == INVALID_STOPS:
                said = replace(said, retry=Retry.LATER)  # the price came near meanwhile: another stop will do
            tried.attempts.refuse(said, self._clock.monotonic(), quote)
            self._conclude(identifier, sent, "refused")
            if not tried.alarm and (said.retry in WORLD or tried.attempts.refused >= PATIENT):
                why = receipt.text if receipt.retcode is None else said.name
                do = f"Set a stop at {sent.stop:.10g} in MT5, position {identifier}."
                tried.alarm = self._on_alarm(f"{sent.symbol}: a protective stop could not be set: {why}", do)
        elif not said.accepted and receipt.retcode != NO_CHANGES:
            self._say(identifier, sent, "unknown")

    def _conclude(self, identifier: int, sent: Protection, state: str) -> None:
        tried = self._known(identifier)
        if state == "done":
            tried.changed_s = tried.sent_s
            self._calm(identifier)
        del self._keeper.memory.protections[identifier]
        self._keeper.save()
        self._say(identifier, sent, state)

    def _say(self, identifier: int, sent: Protection, state: str) -> None:
        """Each new state once."""
        tried = self._known(identifier)
        if tried.told != state:
            tried.told = state
            self._tell(event(self._clock.utc_ms(), "protect", self._keeper.name, position=identifier,
                             symbol=sent.symbol, stop=sent.stop, target=sent.target, state=state,
                             retcode=tried.retcode))  # fmt: skip

    def _known(self, identifier: int) -> _Tried:
        """What is known of a position; one that the run before sent a stop for waits as if it had been sent now."""
        if identifier not in self._tried:
            self._tried[identifier] = _Tried(sent_s=self._clock.monotonic())
        return self._tried[identifier]

    def _calm(self, identifier: int) -> None:
        tried = self._tried.get(identifier)
        if tried and tried.alarm:
            self._on_all_clear(tried.alarm)
            tried.alarm = 0


def nearest(reading: Reading, offers: Iterable[Offer], spreads: Mapping[str, float]) -> dict[int, Stop]:
    """The stops that are to be set, by position: of several levels' plans the nearest to the price."""
    found: dict[int, Stop] = {}
    for offer in offers:
        made = plan(reading, offer.rule, offer.within, spreads)
        for stop in made.changes if isinstance(made, Backstop) else ():
            known = found.get(stop.position.identifier)
            if known is None or _stands(stop.position, known.planned, than=stop.planned):
                found[stop.position.identifier] = stop
    return found


def _stands(position: Position, stop: float, *, than: float | None = None) -> bool:
    """Whether the position's stop, or another, is at least as near to the price as `stop`."""
    other = position.stop if than is None else than
    if other <= 0:
        return False
    return other >= stop - 1e-9 if position.side is Side.BUY else other <= stop + 1e-9
