"""The life of a request: intent, send, settle, retry; one open request a position, and no claim without proof."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace

from app.attempts import Attempts
from app.events import Tell, event
from app.keeper import Keeper
from app.live import Live
from app.pace import Pace
from app.request_log import RequestLog
from app.store.absorb import Record
from bridge.port import Awaited, CloseOrder, Receipt, Records, Terminal, TerminalError
from monitors import lots as volumes
from monitors.filling import choices
from monitors.gate import Circumstances, Denial, Sent, Source, Wish, admit
from monitors.model import Deal, Instrument, Position, Quote, Snapshot
from monitors.outcomes import NOT_SENT, Request, Retry, Settlement, State, meaning, settle, tag
from monitors.ports import Clock
from monitors.zones import MINUTE_MS

ALARMING = (Retry.MARKET, Retry.PERMISSION, Retry.NEVER)
"""Refusals that wait for the world or for a person."""
STEP_MS = 1000
"""UTC that runs so far apart from the monotonic clock between two beats was set, or the machine slept."""
SHOWN_WITHIN_S = 5.0
"""How long the list of positions may lag behind a proven fill."""


class Executor:
    """Sends what the gate admits and settles what was sent. `on_fault` halts the account."""

    def __init__(self, keeper: Keeper, terminal: Terminal, clock: Clock, tell: Tell, *, owner: str,
                 on_fault: Callable[[str], None], on_alarm: Callable[[str], int],
                 on_all_clear: Callable[[int], None],
                 yields: Callable[[], bool] = lambda: False) -> None:  # fmt: skip
        """`yields` says, before each send, whether another process is to be left alone with the account."""
        self._keeper = keeper
        self._terminal = terminal
        self._log = RequestLog(keeper, clock)
        self._clock = clock
        self._tell = tell
        self._owner = owner
        self._on_fault = on_fault
        self._on_alarm = on_alarm
        self._on_all_clear = on_all_clear
        self._yields = yields
        self._pace = Pace(clock)
        self._live = Live()
        self._clocks: tuple[int, float] | None = None
        """UTC (ms) and the monotonic second of the latest beat."""
        self.last_said = ""

    def recover(self) -> list[int]:
        """Take up the requests that the journal holds open for this account; their numbers."""
        self._live = Live(requests={request.number: request for request in self._log.open()})
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
        return [r for r in self._live.requests.values() if r.open]

    @property
    def since_ms(self) -> int | None:
        """From when deals are needed to settle what is open, UTC epoch ms."""
        opened = [r.sent_ms for r in self.open_requests]
        return min(opened) - 60_000 if opened else None

    def busy(self, position: int) -> bool:
        """True while a request for the position is open or its fill is not shown yet."""
        return position in self._live.shown_as or any(r.position == position for r in self.open_requests)

    def states(self) -> dict[int, str]:
        """What is under way, by position, in words for its row."""
        found = {
            position: f"refused {a.refused} x, {'act in MT5' if a.hopeless else 'retrying'}"
            for position, a in self._live.attempts.items() if a.refused
        }  # fmt: skip
        for request in self.open_requests:
            unclear = request.state is State.UNKNOWN
            found[request.position] = "answer unknown, settling" if unclear else "closing"
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
        self._live.instruments.update(snapshot.instruments)
        self._live.seen(self._clock)
        if not self._live.requests and not self._live.shown_as:
            return
        held = {p.identifier: p for p in snapshot.positions}
        now_s = self._clock.monotonic()
        for request in self.open_requests:
            if request.number not in self._live.awaiting:  # its receipt tells more than half a fill does
                self._settle(request, held.get(request.position), snapshot.deals)
        self._live.shown_as = {
            position: (steps, until) for position, (steps, until) in self._live.shown_as.items()
            if position in held and held[position].steps > steps and now_s < until
        }  # fmt: skip

    def _follow_clock(self) -> None:
        """A clock that was set makes no open request older: a restart would take it for silent long enough."""
        utc_ms, now_s = self._clock.utc_ms(), self._clock.monotonic()
        before_ms, before_s = self._clocks or (utc_ms, now_s)
        self._clocks = utc_ms, now_s
        stepped = utc_ms - before_ms - round((now_s - before_s) * 1000)
        if abs(stepped) > STEP_MS:
            for request in self.open_requests:
                instrument = self._live.instruments.get(request.symbol) or self._log.instrument(request.symbol)
                self._live.requests[request.number] = moved = replace(request, stepped_ms=request.stepped_ms + stepped)
                if instrument is not None:
                    self._log.write(moved, instrument, by_person=True)

    @property
    def under_way(self) -> bool:
        """Whether a receipt is awaited: the next close goes out as soon as it is there."""
        return bool(self._live.awaiting)

    def unseen(self) -> None:
        """No reading in this beat: the broker's records say nothing."""
        self._live.seen_since_s = None

    def collect(self) -> None:
        """Once a beat: take the receipts of requests that were on their way."""
        self._follow_clock()
        for number, (awaited, quote) in tuple(self._live.awaiting.items()):
            receipt = self._terminal.receipt(awaited)
            if receipt is not None:
                self._answered(self._live.requests[number], receipt, quote, receipt.records)
                del self._live.awaiting[number]

    def run(self, wishes: Iterable[Wish], around: Circumstances) -> None:
        """One request for each wish that the gate admits; paced, except where what is held bounds it."""
        sent = list(around.sent)
        for wish in wishes:
            if self._yields() or self._live.awaiting:  # what is queued but not sent would look like sent to a restart
                break
            reading, attempts = around.reading, self._live.attempts.get(wish.position)
            position = _find(reading.snapshot if reading else None, wish.position)
            quote = reading.snapshot.quotes.get(position.symbol) if reading and position else None
            if attempts and not attempts.ready(self._clock.monotonic(), quote):
                continue
            if not wish.uncapped and self._pace.often(wish.position, sent):
                continue
            verdict = admit(wish, self._now(around, sent))
            if isinstance(verdict, Denial):
                self._deny(wish, verdict)
                continue
            if not wish.uncapped and not self._pace.ready:
                continue
            self._live.told.pop(wish.position, None)
            instrument = reading.snapshot.instruments[verdict.symbol]  # type: ignore[union-attr]  # admitted: there is one
            request = self._send(wish, verdict, instrument, around)
            if request:
                sent.append(Sent(request.sent_ms, request.position, instrument.lots(request.steps), request.capped))

    def sent_lately(self) -> tuple[Sent, ...]:
        """Sends of the last day, oldest first."""
        return self._log.lately()

    def _now(self, around: Circumstances, sent: list[Sent]) -> Circumstances:
        """The circumstances with what this beat itself has sent, and with the halt that its answers may have begun."""
        opened, halt = self.open_requests, self._keeper.memory.halt
        return replace(
            around,
            halt=halt.kind if halt else None,
            sent=tuple(sent),
            journal_ok=self._keeper.ok,
            in_flight=frozenset(r.position for r in opened) | frozenset(self._live.shown_as),
            symbols_in_flight=frozenset(r.symbol for r in opened),
        )

    def _deny(self, wish: Wish, denial: Denial) -> None:
        if self._live.told.get(wish.position) != denial.reason:
            self._live.told[wish.position] = denial.reason
            self._tell(event(self._clock.utc_ms(), "denied", self._keeper.name, position=wish.position,
                             reason=denial.reason))  # fmt: skip
        if denial.permission:
            self._alarm("", denial.reason)
        if denial.fault and not wish.by_person:
            self._on_fault(denial.reason)

    def _send(self, wish: Wish, position: Position, instrument: Instrument, around: Circumstances) -> Request | None:
        """Write the intent, send, and settle what the answer settles; None where the intent could not be written."""
        steps = volumes.requests(instrument, position.steps - wish.target)[0]
        modes = choices(instrument)
        attempts = self._live.attempts.setdefault(position.identifier, Attempts())
        known = max((d.ticket for d in around.reading.snapshot.deals), default=0) if around.reading else 0
        number = self._log.number(by_person=wish.by_person)
        if number is None:
            return None
        request = Request(
            number=number, episode=wish.episode if wish.source is Source.RULE else None, position=position.identifier,
            symbol=position.symbol, side=position.side, steps=steps, held=position.steps, deal_floor=known,
            sent_ms=self._clock.utc_ms(), tag=tag(self._owner, number), capped=not wish.uncapped,
        )  # fmt: skip
        self._live.instruments[position.symbol] = instrument
        told = event(request.sent_ms, "intent", self._keeper.name, request=number, episode=request.episode,
                     position=request.position, symbol=request.symbol, side=str(position.side.opposite),
                     volume=instrument.lots(steps))  # fmt: skip
        if not self._log.write(request, instrument, by_person=wish.by_person):
            return None
        self._tell(told)
        self._live.requests[number] = request
        self._live.sent_s[number] = self._clock.monotonic()
        self._pace.count(position.identifier, capped=request.capped)
        order = CloseOrder(
            ticket=position.ticket, symbol=position.symbol, side=position.side.opposite, lots=instrument.lots(steps),
            filling=modes[attempts.filling % len(modes)], magic=position.magic, comment=request.tag,
            held=position.lots,
        )  # fmt: skip
        quote = around.reading.snapshot.quotes.get(request.symbol) if around.reading else None
        answer = self._ask(order)
        if isinstance(answer, Awaited):
            self._live.awaiting[number] = answer, quote
        else:
            self._answered(request, answer, quote, self._records(request, answer, quote))
        return request

    def _ask(self, order: CloseOrder) -> Receipt | Awaited:
        try:
            return self._terminal.send(order)
        except TerminalError as error:
            return Receipt(retcode=None, text=error.reason)

    def _answered(self, request: Request, receipt: Receipt, quote: Quote | None, records: Records | None) -> None:
        """A definite refusal is one; a clear yes is proven at once where it can be; the unclear is unknown first."""
        said = meaning(receipt.retcode)
        request = replace(request, retcode=receipt.retcode, order=receipt.order, state=State.UNKNOWN)
        if said.refused or (receipt.retcode is None and receipt.error in NOT_SENT):
            retry = said.retry if said.refused else Retry.LATER
            attempts = self._live.attempts.setdefault(request.position, Attempts())
            attempts.refuse(retry, self._clock.monotonic(), quote)
            if retry in ALARMING:
                self._alarm(request.symbol, said.name if said.refused else receipt.text)
            self._conclude(request, Settlement(state=State.REFUSED, filled=0))
            return
        proof = self._proof(request, records) if said.accepted and records else None
        if proof:
            self._conclude(request, proof)
        else:
            self._outcome(request)

    def _alarm(self, symbol: str, why: str) -> None:
        """Something only a person can change keeps a close from going out; said once until a close goes through."""
        if (symbol, why) not in self._live.alarms:
            text = f"{symbol}: {why}" if symbol else why
            self._live.alarms[symbol, why] = self._on_alarm(text)

    def _records(self, request: Request, receipt: Receipt, quote: Quote | None) -> Records | None:
        """The broker's records right after a yes, as far as they can be had; this machine's clock may be ahead."""
        if not meaning(receipt.retcode).accepted:
            return None
        try:
            return self._terminal.records(min(request.sent_ms, quote.time_ms if quote else request.sent_ms) - MINUTE_MS)
        except TerminalError:
            return None

    def _proof(self, request: Request, records: Records) -> Settlement | None:
        held = next((p for p in records.positions if p.identifier == request.position), None)
        return settle(request, records.deals, held, self._live.instruments[request.symbol], 0.0)

    def _settle(self, request: Request, position: Position | None, deals: tuple[Deal, ...]) -> None:
        instrument = self._live.instruments.get(request.symbol)
        if instrument is None:
            instrument = self._log.instrument(request.symbol)
        if instrument is None:
            return
        proof = settle(request, deals, position, instrument, self._live.silence_s(request, self._clock))
        if proof:
            self._live.instruments[request.symbol] = instrument
            self._conclude(request, proof)

    def _conclude(self, request: Request, proof: Settlement) -> None:
        attempts = self._live.attempts.setdefault(request.position, Attempts())
        if proof.filled:
            attempts.refused, attempts.not_before_s, attempts.hopeless = 0, 0.0, False
            for key in [key for key in self._live.alarms if key[0] in ("", request.symbol)]:
                self._on_all_clear(self._live.alarms.pop(key))
            self._live.shown_as[request.position] = (request.held - proof.filled,
                                                     self._clock.monotonic() + SHOWN_WITHIN_S)  # fmt: skip
        self._outcome(replace(request, state=proof.state, filled=proof.filled))
        if proof.reversed:
            self._on_fault(f"request {request.number} left {request.symbol} on the other side: it met another close")

    def _outcome(self, request: Request) -> None:
        instrument = self._live.instruments[request.symbol]
        self._live.requests[request.number] = request
        if not request.open:
            del self._live.requests[request.number]
            self._live.sent_s.pop(request.number, None)
        self._log.write(request, instrument, by_person=True)
        filled = instrument.lots(request.filled)
        self._tell(event(self._clock.utc_ms(), "outcome", self._keeper.name, request=request.number,
                         state=str(request.state), retcode=request.retcode, filled=filled))  # fmt: skip
        self.last_said = f"closed {filled:g} {request.symbol}" if filled else f"{request.symbol}: {request.state}"


def _find(snapshot: Snapshot | None, identifier: int) -> Position | None:
    return next((p for p in snapshot.positions if p.identifier == identifier), None) if snapshot else None
