"""The life of a request: intent, send, settle, retry; one open request a position, and no claim without proof."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import partial

from app.drafting import drawn, order
from app.events import Tell, event
from app.fillings import Fillings
from app.keeper import Keeper
from app.live import Live
from app.pace import Pace
from app.request_log import RequestLog
from app.settling import Settling
from app.store.absorb import Record
from bridge.port import Awaited, CloseOrder, Receipt, Terminal, TerminalError
from monitors.closeby import paired
from monitors.fifo import in_turn
from monitors.gate import Circumstances, Denial, Sent, Wish, admit, forbidden
from monitors.latency import Stopwatch
from monitors.model import Instrument, Position, Quote, Snapshot
from monitors.outcomes import Request, State
from monitors.ports import Clock
from monitors.projection import worsens
from monitors.promises import broken
from monitors.reading import Reading

BOTH = 2
ANSWERS = 100
"""The newest answers whose time is counted."""
BURST_S = 0.25
"""For so long closes follow each other on one reading, each as soon as the one before is answered."""


class Executor:
    """Sends what the gate admits and settles what was sent. `on_fault` halts the account."""

    def __init__(self, keeper: Keeper, terminal: Terminal, clock: Clock, tell: Tell, *, owner: str,
                 on_fault: Callable[[str], None], on_alarm: Callable[[str], int],
                 on_all_clear: Callable[[int], None],
                 yields: Callable[[], bool] = lambda: False) -> None:  # fmt: skip
        """`yields` says, before each send, whether another process is to be left alone with the account."""
        self._keeper = keeper
        self._terminal = terminal
        self._log = RequestLog(keeper, clock, tell)
        self._fillings = Fillings(keeper)
        self._settling = Settling(clock, self._log, self._fillings, on_fault=on_fault, on_alarm=on_alarm,
                                  on_all_clear=on_all_clear)  # fmt: skip
        self._clock = clock
        self._tell = tell
        self._owner = owner
        self._on_fault = on_fault
        self._yields = yields
        self._pace = Pace(clock)
        self.took = Stopwatch(ANSWERS)
        """From send to answer, of closes that the broker answered."""

    @property
    def _live(self) -> Live:
        return self._settling.live

    @property
    def last_said(self) -> str:
        """The last outcome, or what was noted since, in words."""
        return self._settling.said

    @last_said.setter
    def last_said(self, text: str) -> None:
        self._settling.said = text

    def recover(self) -> list[int]:
        """Take up the requests that the journal holds open for this account; their numbers."""
        self._settling.live = Live(requests={request.number: request for request in self._log.open()})
        self._live.resume(self._clock, self._keeper.memory.history)
        return sorted(self._live.requests)

    def take_up(self, left: Iterable[Record]) -> None:
        """What another process sent for this account and left unsettled; its own requests it settles as before."""
        own = [r for r in left if (r.server, r.login) == (self._keeper.server, self._keeper.login)]
        latest = {record.request.number: record.request for record in own if record.request}
        fresh = {n: request for n, request in latest.items() if request.open and n not in self._live.requests}
        self._live.requests |= fresh

    @property
    def open_requests(self) -> list[Request]:
        """Requests whose outcome is not proven, oldest first."""
        return self._live.open_requests

    @property
    def since_ms(self) -> int | None:
        """From when deals are needed to settle what is open, UTC epoch ms."""
        return min((request.since_ms for request in self.open_requests), default=None)

    def busy(self, position: int) -> bool:
        """True while a request for the position is open or its fill is not shown yet."""
        return position in self._live.blocked

    def states(self) -> dict[int, str]:
        """What is under way, by position, in words for its row."""
        found = {
            position: f"refused {a.refused} x, {'act in MT5' if a.hopeless else 'retrying'}"
            for position, a in self._live.attempts.items() if isinstance(position, int)
        }  # fmt: skip
        for request in self.open_requests:
            unclear = request.state is State.UNKNOWN
            found |= dict.fromkeys(request.positions, "answer unknown, settling" if unclear else "closing")
        return found

    @property
    def refusing(self) -> bool:
        """Whether the broker has refused something that is still wanted."""
        return any(attempts.refused for attempts in self._live.attempts.values())

    def hurry(self) -> None:
        """A person's press tries again at once whatever waits after a refusal."""
        self._live.attempts.clear()

    def settle(self, snapshot: Snapshot) -> None:
        """Hold every open request against the broker's records."""
        if forbidden(snapshot):
            self._live.permitted()
        self._settling.hold_against(snapshot)

    @property
    def under_way(self) -> bool:
        """Whether a receipt is awaited: the next close goes out as soon as it is there."""
        return bool(self._live.awaiting)

    def unseen(self) -> None:
        """No reading: the broker's records say nothing."""
        self._live.seen_since_s = None

    def collect(self) -> None:
        """Once a beat, and between two sends: take the receipts of requests that were on their way."""
        self._settling.follow_clock()
        for number, (awaited, quote) in tuple(self._live.awaiting.items()):
            receipt = self._terminal.receipt(awaited)
            if receipt is not None:
                self._answered(self._live.requests[number], receipt, quote)
                del self._live.awaiting[number]

    def run(self, wishes: Iterable[Wish], around: Circumstances) -> None:
        """One request for each wish that the gate admits; paced, except where what is held bounds it."""
        sent, until_s = list(around.sent), self._clock.monotonic() + BURST_S
        for wish in self._arranged(wishes, around):
            if self._clock.monotonic() < until_s:
                self.collect()
            if self._yields() or self._live.awaiting:  # what is queued but not sent would look like sent to a restart
                break
            reading = around.reading
            if reading and not self._ready(wish.position, reading.snapshot):
                continue
            if not wish.uncapped and any(self._pace.often(leg, sent) for leg in wish.legs):
                continue
            verdict = admit(wish, self._now(wish, around, sent))
            if isinstance(verdict, Denial):
                self._deny(wish, verdict)
                continue
            if not wish.uncapped and not self._pace.ready(sent):
                continue
            self._live.told.pop(wish.position, None)
            seen = reading.snapshot  # type: ignore[union-attr]  # admitted: there is one
            instrument = seen.instruments[verdict.symbol]
            request = self._send(wish, verdict, instrument, seen)
            if request:
                lots = instrument.lots(request.steps)
                sent.append(Sent(request.sent_ms, request.position, lots, request.capped, request.by, request.number))

    def turn_down(self, wishes: Iterable[Wish], denial: Denial) -> None:
        """Say why these are not even tried, whatever else stands in their way now."""
        for wish in wishes:
            self._deny(wish, denial)

    def sent_lately(self) -> tuple[Sent, ...]:
        """Sends of the last day, oldest first."""
        return self._log.lately()

    def _arranged(self, wishes: Iterable[Wish], around: Circumstances) -> list[Wish]:
        """The wishes in the order that the account asks for, those for both legs of a hedge joined."""
        wishes = list(wishes)
        if around.reading is None:
            return wishes
        seen, live = around.reading.snapshot, self._live
        waiting = {w.position for w in wishes if w.position in live.blocked or w.position in seen.closing
                   or not self._ready(w.position, seen)}  # fmt: skip
        return in_turn(paired(wishes, seen, barred=live.barred, waiting=waiting, unseen=live.shown_as), seen)

    def _ready(self, identifier: int, snapshot: Snapshot) -> bool:
        position = snapshot.position(identifier)
        if position is None:
            return True  # the gate says that it is gone
        quote = snapshot.quotes.get(position.symbol)
        return self._live.ready(identifier, position.symbol, self._clock.monotonic(), quote)

    def _now(self, wish: Wish, around: Circumstances, sent: list[Sent]) -> Circumstances:
        """The circumstances with what this beat has sent, the halt that its answers began, and what a pair leaves."""
        halt = self._keeper.memory.halt
        return replace(
            around,
            halt=halt.kind if halt else None,
            sent=tuple(sent),
            journal_ok=self._keeper.ok,
            worsens=around.worsens or (self._pair_worsens(wish, around.reading) if around.reading else None),
            in_flight=self._live.blocked,
            symbols_in_flight=frozenset(r.symbol for r in self.open_requests),
        )

    @staticmethod
    def _pair_worsens(wish: Wish, reading: Reading) -> str | None:
        legs = [p for p in reading.snapshot.positions if p.identifier in wish.legs]
        if not wish.by or len(legs) < BOTH:
            return None
        closed = min(p.steps for p in legs)
        return worsens({p.identifier: p.steps - closed for p in legs}, reading)

    def _deny(self, wish: Wish, denial: Denial) -> None:
        if self._live.told.get(wish.position) != denial.reason:
            self._live.told[wish.position] = denial.reason
            advice = {"do": denial.do} if denial.do else {}
            self._tell(event(self._clock.utc_ms(), "denied", self._keeper.name, position=wish.position,
                             reason=denial.reason, **advice))  # fmt: skip
        if denial.permission:
            self._settling.alarm("", f"{denial.reason}: {denial.do}")
        if denial.fault and not wish.by_person:
            self._on_fault(denial.reason)

    def _send(self, wish: Wish, position: Position, instrument: Instrument, seen: Snapshot) -> Request | None:
        """Write the intent, send, and settle what the answer settles; None where the intent could not be written."""
        legs = position, seen.position(wish.by) if wish.by else None
        busy = self._live.blocked
        draw = partial(drawn, wish=wish, legs=legs, instrument=instrument, seen=seen, now_ms=self._clock.utc_ms(),
                       owner=self._owner, fillings=self._fillings, newest_deal=self._newest_deal)  # fmt: skip
        self._live.instruments[position.symbol] = instrument
        request = self._log.intend(draw, instrument, by_person=wish.by_person)
        if request is None:
            return None
        self._live.requests[request.number] = request
        wrong = broken(position, wish.target, side=position.side.opposite, steps=request.steps,
                       durable=self._log.holds(request), in_flight=not busy.isdisjoint(request.positions))  # fmt: skip
        if wrong:
            self._settling.withhold(request, wrong)
            return request
        self._live.sent_s[request.number] = self._clock.monotonic()
        self._live.probe(request.symbol, self._clock.monotonic())
        self._pace.count(request.number, request.positions, capped=request.capped)
        quote, answer = seen.quotes.get(request.symbol), self._ask(order(request, legs, instrument))
        if isinstance(answer, Awaited):
            self._live.awaiting[request.number] = answer, quote
        else:
            self._answered(request, answer, quote)
        return request

    def _answered(self, request: Request, receipt: Receipt, quote: Quote | None) -> None:
        sent_s = self._live.sent_s.get(request.number)
        if receipt.retcode is not None and sent_s is not None:
            self.took.note(self._clock.monotonic() - sent_s)
        self._settling.answered(request, receipt, quote)

    @property
    def _newest_deal(self) -> int:
        ledger = self._keeper.memory.ledger
        return max(ledger.deals, default=0) if ledger else 0

    def _ask(self, order: CloseOrder) -> Receipt | Awaited:
        try:
            return self._terminal.send(order)
        except TerminalError as error:
            return Receipt(retcode=None, text=error.reason)
