"""The port on a terminal that lives in processes of its own: started, watched, replaced, and never waited for long.

Lanes, each a process with its own pipe: `eyes` looks, `hand` sends; `history` and `warm-up` do what may take a minute,
and leave when they have rested. Used from one thread, which waits at most PATIENCE_S for a terminal that answers, and
not at all for one that is late.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from typing import TypeVar

from bridge import wire
from bridge.attach import Attachment
from bridge.lane import HOST, Lane, Outcome
from bridge.port import MINUTES, Awaited, CloseOrder, ProtectOrder, Receipt, Records, TerminalError, Unanswered
from bridge.session import BAD_ARGUMENTS
from monitors.model import Bars, Snapshot
from monitors.ports import Clock

R = TypeVar("R", bound=wire.Reply)

PATIENCE_S = 0.04
LOOK_S, SEND_S, HISTORY_S = 10.0, 10.0, 60.0
"""Deadlines after which a lane's host is replaced; a symbol's first ticks may take a terminal 45 s."""
STALE_S = 5.0
"""A look that took longer is half of then and half of now."""
RESTING_S = 30.0
AGAIN_S = 0.5
"""How long a terminal that refused is left alone before the next look."""
WARM_AGAIN_S = 5.0
"""How long a symbol is left alone after its ticks were asked for."""
WARMING_S = 60.0
"""How long a start waits for the ticks of what is held; after that it goes on by quotes."""


class Supervisor:
    """See Terminal. `send`, `cancel` and `protect` return at once; what came of them is asked for with `receipt`."""

    def __init__(self, attachment: Attachment, clock: Clock, command: Sequence[str] = HOST,
                 say: Callable[[str], None] = lambda _: None) -> None:  # fmt: skip
        """`say` is told, with the terminal's name, of every host that was lost."""

        def lane(name: str, deadline_s: float) -> Lane:
            return Lane(attachment, clock, deadline_s, command, lambda what: say(f"{attachment.name}, {name}: {what}"))

        deadlines = {"eyes": LOOK_S, "hand": SEND_S, "history": HISTORY_S, "warm-up": HISTORY_S}
        self._lanes = {name: lane(name, deadline_s) for name, deadline_s in deadlines.items()}
        self._eyes, self._hand, self._history, self._warmer = self._lanes.values()
        self._clock = clock
        self._attachment = attachment
        self._zone, self._doubt = attachment.clock, ""
        self._whose: tuple[int, str] | None = None
        self._warm: set[str] = set()
        self._warmed_by_s: float | None = None
        self._warm_again_s: dict[str, float] = {}
        self._begun = self._late = self._shaken = False
        self._cursors: dict[str, tuple[int, int]] = {}
        self._sends = 0
        self._sent: Awaited | None = None
        """The request that left last and was not asked about since."""
        self._not_before_s = 0.0
        self._refused = TerminalError("the terminal has not been asked yet")

    @property
    def pids(self) -> dict[str, int]:
        """The hosts that run, by lane."""
        return {name: lane.pid for name, lane in self._lanes.items() if lane.pid is not None}

    def look(self, deals_since_ms: int) -> Snapshot:
        """See the port. A look that comes late is given to the call after; one that took five seconds to nobody."""
        if not self._begun:
            self._begun = True
            for lane in (self._history, self._eyes, self._hand):
                lane.prepare()
        self._find_clock()
        self._rest()
        self._hand.open()
        now_s = self._clock.monotonic()
        if not self._eyes.asked("look"):
            if now_s < self._not_before_s:
                raise self._refused
            self._eyes.ask("look", lambda n: wire.Look(n, deals_since_ms, frozenset(self._warm), self._cursors))
        try:
            outcome, said = self._fetched(self._eyes, "look", wire.Looked)
        except Unanswered:
            raise
        except TerminalError as error:
            self._refused, self._not_before_s = error, self._clock.monotonic() + AGAIN_S
            self._shaken = True
            self._warm.clear()  # the terminal may be a new one, whose first ticks of a symbol can block
            raise
        if self._shaken:
            self._renew()
        if outcome.waited_s > STALE_S:
            raise TerminalError(f"the look took {outcome.waited_s:.1f} s: its parts are of different times")
        snapshot = wire.unpack(said.seen)
        whose = snapshot.account.login, snapshot.account.server
        self._cursors = said.cursors if self._whose in (None, whose) else {}
        self._whose = whose
        self._warm_up(said.cold, frozenset(p.symbol for p in snapshot.positions))
        if self._doubt and not snapshot.clock_doubt:
            return replace(snapshot, clock_doubt=self._doubt)
        return snapshot

    def records(self, deals_since_ms: int) -> Records:
        """See the port; over the history lane, and never waited for. Ask again with the same instant."""
        key = "records", deals_since_ms
        if not self._history.asked(key):
            self._history.ask(key, lambda n: wire.Read(n, deals_since_ms))
        _, said = self._fetched(self._history, key, wire.ReadOut, 0.0)
        if self._whose not in (None, (said.login, said.server)):
            raise TerminalError(f"the records are of another account: {said.login}")
        return said.records

    def bars(self, symbol: str, minutes: int, since_ms: int, until_ms: int) -> Bars:
        """See the port; over the history lane, and never waited for. Ask again with the same instants."""
        if minutes not in MINUTES:
            raise ValueError(f"there are no bars of {minutes} minutes")
        key = "bars", symbol, minutes, since_ms, until_ms
        if not self._history.asked(key):
            self._history.ask(key, lambda n: wire.ReadBars(n, symbol, minutes, since_ms, until_ms))
        _, said = self._fetched(self._history, key, wire.BarsOut, 0.0)
        return wire.unpack_bars(said)

    def send(self, order: CloseOrder) -> Awaited:
        """See the port; held back by the host where another account is logged in than the one looked at last."""
        return self._posted(lambda number, login, server: wire.Send(number, order, login, server))

    def cancel(self, ticket: int) -> Awaited:
        """See the port."""
        return self._posted(lambda number, login, server: wire.Cancel(number, ticket, login, server))

    def protect(self, order: ProtectOrder) -> Awaited:
        """See the port."""
        return self._posted(lambda number, login, server: wire.Protect(number, order, login, server))

    def receipt(self, awaited: Awaited) -> Receipt | None:
        """See the port. A request that was not answered in time, or whose host was lost, is unclear unless unsent.

        The first asking waits as a look does, so that one close can follow another at the pace of the terminal.
        """
        fresh, self._sent = awaited == self._sent, None
        outcome = self._hand.fetch(awaited, PATIENCE_S if fresh else 0.0)
        if outcome is None:
            known = self._hand.asked(awaited)
            return None if known else Receipt(retcode=None, text="nothing is known of this request")
        if isinstance(outcome.reply, wire.Answered):
            return outcome.reply.receipt
        trouble = outcome.trouble or _trouble(outcome.reply)
        unsent = not outcome.sent or isinstance(outcome.reply, wire.Failed)
        return Receipt(retcode=None, error=BAD_ARGUMENTS if unsent else 0, text=trouble.reason)

    def hang_up(self) -> None:
        """See the port; no host outlives it."""
        for lane in self._lanes.values():
            lane.part()
        for lane in self._lanes.values():
            lane.close()

    def _rest(self) -> None:
        """Let the lanes go that only a start, or trouble, needs."""
        for lane in (self._history, self._warmer):
            if lane.idle_s > RESTING_S:
                lane.rest()

    def _renew(self) -> None:
        """After trouble that is over, hosts that may hold a dead line are replaced before they are needed."""
        self._shaken = False
        self._hand.renew()
        self._history.renew()
        self._warmer.renew()
        self._hand.open()

    def _posted(self, message: Callable[[int, int, str], wire.Request]) -> Awaited:
        if self._whose is None:
            raise TerminalError("no account has been seen yet")
        self._sends += 1
        awaited, (login, server) = Awaited(self._sends), self._whose
        self._hand.ask(awaited, lambda number: message(number, login, server))
        self._sent = awaited
        return awaited

    def _fetched(self, lane: Lane, key: object, wanted: type[R], wait_s: float = PATIENCE_S) -> tuple[Outcome, R]:
        """The outcome and its reply of the kind wanted; Unanswered where none came yet, TerminalError otherwise."""
        outcome = lane.fetch(key, 0.0 if self._late else wait_s)
        if lane is self._eyes:
            self._late = outcome is None
        if outcome is None:
            raise lane.unanswered
        if not isinstance(outcome.reply, wanted):
            raise outcome.trouble or _trouble(outcome.reply)
        return outcome, outcome.reply

    def _find_clock(self) -> None:
        """Unanswered until the broker's zone is known; then the other lanes are told."""
        if self._zone:
            return
        now_s = self._clock.monotonic()
        if not self._history.asked("clock"):
            if now_s < self._not_before_s:
                raise self._refused
            self._history.ask("clock", wire.FindClock)
        try:
            _, said = self._fetched(self._history, "clock", wire.Clocked)
        except Unanswered as error:
            raise Unanswered(f"finding out the broker's clock: {error.reason}", error.remedy) from error
        except TerminalError as error:
            self._refused, self._not_before_s = error, now_s + AGAIN_S
            raise
        self._zone, self._doubt = said.zone, said.doubt
        for lane in self._lanes.values():
            lane.attachment = replace(self._attachment, clock=said.zone)

    def _warm_up(self, cold: frozenset[str], held: frozenset[str]) -> None:
        """Have the terminal fetch what it has no ticks of yet; a start waits for what is held, a minute at most."""
        now_s = self._clock.monotonic()
        if self._warmed_by_s is None:
            self._warmed_by_s = now_s + WARMING_S
        starting = now_s < self._warmed_by_s
        patience_s = PATIENCE_S if starting else 0.0
        for symbol in sorted(cold - self._warm, key=lambda symbol: (symbol not in held, symbol)):
            key = "warm", symbol
            if not self._warmer.asked(key):
                if now_s < self._warm_again_s.get(symbol, 0.0):
                    continue
                self._warm_again_s[symbol] = now_s + WARM_AGAIN_S
                self._warmer.ask(key, partial(wire.WarmUp, symbol=symbol))
            outcome = self._warmer.fetch(key, patience_s if symbol in held else 0.0)
            patience_s = patience_s if outcome else 0.0
            if outcome and isinstance(outcome.reply, wire.Done):
                self._warm.add(symbol)
        left = sorted((cold & held) - self._warm)
        if not left:
            self._warmed_by_s = 0.0
        elif starting:
            raise Unanswered(f"reading the ticks of {', '.join(left)}", "wait: a terminal may need a minute for it")


def _trouble(reply: wire.Reply | None) -> TerminalError:
    if isinstance(reply, wire.Failed):
        return TerminalError(reply.reason, reply.remedy)
    return TerminalError(f"the terminal's host answered otherwise than asked: {type(reply).__name__}")
