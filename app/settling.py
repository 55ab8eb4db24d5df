"""From an answer to an outcome: what the broker's records prove of a request, and what a refusal means for the next."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from app.attempts import Attempts
from app.fillings import Fillings
from app.live import Live
from app.request_log import RequestLog
from app.told import Told
from bridge.port import Receipt, Records
from monitors.model import Deal, Position, Quote, Snapshot
from monitors.outcomes import Meaning, Reach, Request, Retry, Settlement, State, meant, settle
from monitors.ports import Clock

STEP_MS = 1000
"""UTC that runs so far apart from the monotonic clock between two beats was set, or the machine slept."""
SHOWN_WITHIN_S = 5.0
"""How long the list of positions may lag behind a proven fill."""
NOT_FOR_THE_PAIR = (10036, 10039)
"""Refusals of a close-by that say nothing against closing by each other: a leg is gone, or being closed."""
ALL_REFUSED = "no filling mode that the symbol allows is accepted"


class Settling:
    """Claims nothing that is not proven. `live` is what is under way; `said` the last outcome in words."""

    def __init__(self, clock: Clock, log: RequestLog, fillings: Fillings, *,
                 on_fault: Callable[[str], None], on_alarm: Callable[[str], int],
                 on_all_clear: Callable[[int], None]) -> None:  # fmt: skip
        self.live = Live()
        self.said = ""
        self._told = Told()
        self._clock = clock
        self._log = log
        self._fillings = fillings
        self._on_fault = on_fault
        self._on_alarm = on_alarm
        self._on_all_clear = on_all_clear
        self._clocks = clock.utc_ms(), clock.monotonic()
        """UTC (ms) and the monotonic second of the latest beat."""

    def follow_clock(self) -> None:
        """Once a beat: a clock that was set makes no request older, or a restart would take it for silent too long."""
        utc_ms, now_s = self._clock.utc_ms(), self._clock.monotonic()
        before_ms, before_s = self._clocks
        self._clocks = utc_ms, now_s
        stepped = utc_ms - before_ms - round((now_s - before_s) * 1000)
        for request in self.live.open_requests if abs(stepped) > STEP_MS else ():
            self.live.requests[request.number] = moved = replace(request, stepped_ms=request.stepped_ms + stepped)
            instrument = self.live.instruments.get(request.symbol) or self._log.instrument(request.symbol)
            if instrument is not None:
                self._log.correct(moved, instrument)

    def hold_against(self, snapshot: Snapshot) -> None:
        """Hold every open request against what the broker shows now, and forget what is over."""
        live, now_s = self.live, self._clock.monotonic()
        live.instruments.update(snapshot.instruments)
        live.seen(self._clock)
        held = {p.identifier: p for p in snapshot.positions}
        for request in live.open_requests:
            if request.number not in live.awaiting:  # its receipt tells more than half a fill does
                self._settle(request, held, snapshot.deals, waiting=bool(snapshot.closing & {*request.positions}))
        live.shown_as = {
            position: (steps, until) for position, (steps, until) in live.shown_as.items()
            if position in held and held[position].steps > steps and now_s < until
        }  # fmt: skip
        for position in [p for p in live.attempts if isinstance(p, int) and p not in held]:
            del live.attempts[position]
        self._all_clear({p.symbol for p in snapshot.positions})

    def answered(self, request: Request, receipt: Receipt, quote: Quote | None) -> None:
        """A definite refusal is one; a clear yes is proven at once where it can be; the unclear is unknown first."""
        said = meant(receipt.retcode, receipt.error)
        request = replace(request, retcode=receipt.retcode, order=receipt.order, state=State.UNKNOWN)
        if said.refused:
            self._refused(request, said, receipt, quote)
            self._conclude(request, Settlement(state=State.REFUSED, filled=0))
            return
        proof = self._proof(request, receipt.records) if said.accepted and receipt.records else None
        if proof:
            self._conclude(request, proof)
        else:
            self._outcome(request)

    def withhold(self, request: Request, why: str) -> None:
        """It was about to break a promise: it is not sent, and nothing more is by itself."""
        self._on_fault(why)  # first, or a kill between the two would leave a settled request and no halt
        self._conclude(request, Settlement(state=State.REFUSED, filled=0))

    def alarm(self, symbol: str, why: str) -> None:
        """Something only a person can change keeps a close from going out; said once until a close goes through."""
        if (symbol, why) not in self.live.alarms:
            text = f"{symbol}: {why}" if symbol else why
            self.live.alarms[symbol, why] = self._on_alarm(text)

    def _refused(self, request: Request, said: Meaning, receipt: Receipt, quote: Quote | None) -> None:
        """When what was refused may go out again, and whether a person has to know."""
        now_s, live = self._clock.monotonic(), self.live
        answered = receipt.retcode is not None
        if request.by and answered and said.reach is Reach.POSITION and receipt.retcode not in NOT_FOR_THE_PAIR:
            live.barred.add(request.symbol)  # each leg by itself then, at once
            return
        why = said.name if answered else receipt.text or said.name
        if said.retry is Retry.FILLING:
            left = self._fillings.refused(live.instruments[request.symbol])
            said, why = (said, why) if left else (replace(said, quick=0, retry=Retry.NEVER), ALL_REFUSED)
        places = live.places(request.position, request.symbol, request.by)
        reached = {Reach.POSITION: places[:-2], Reach.SYMBOL: places[:-1], Reach.ACCOUNT: places}[said.reach]
        for place in places:
            if place in reached:
                live.attempts.setdefault(place, Attempts()).refuse(said, now_s, quote)
            elif answered and isinstance(place, str):
                live.attempts.pop(place, None)  # it was answered: what held for all of them holds no more
        if live.attempts[request.position].hopeless:
            self.alarm("" if said.reach is Reach.ACCOUNT else request.symbol, why)

    def _all_clear(self, held: set[str]) -> None:
        """An alarm about a symbol that is not held any more is over, whoever closed it."""
        for key in [key for key in self.live.alarms if key[0] and key[0] not in held]:
            self._on_all_clear(self.live.alarms.pop(key))

    def _proof(self, request: Request, records: Records) -> Settlement | None:
        held = {p.identifier: p for p in records.positions}
        return settle(request, records.deals, held.get(request.position), self.live.instruments[request.symbol], 0.0,
                      by=held.get(request.by))  # fmt: skip

    def _settle(self, request: Request, held: dict[int, Position], deals: tuple[Deal, ...], *, waiting: bool) -> None:
        instrument = self.live.instruments.get(request.symbol) or self._log.instrument(request.symbol)
        if instrument is None:
            return
        proof = settle(request, deals, held.get(request.position), instrument,
                       self.live.silence_s(request, self._clock), by=held.get(request.by), waiting=waiting)  # fmt: skip
        if proof:
            self.live.instruments[request.symbol] = instrument
            self._conclude(request, proof)

    def _conclude(self, request: Request, proof: Settlement) -> None:
        if proof.filled:
            self._went_through(request, proof.filled)
        if proof.reversed:  # before it is settled, for the same reason
            self._on_fault(f"request {request.number} left {request.symbol} on the other side: it met another close")
        self._outcome(replace(request, state=proof.state, filled=proof.filled))

    def _went_through(self, request: Request, filled: int) -> None:
        live, until_s = self.live, self._clock.monotonic() + SHOWN_WITHIN_S
        for place in live.places(request.position, request.symbol, request.by):
            live.attempts.pop(place, None)
        for key in [key for key in live.alarms if key[0] in ("", request.symbol)]:
            self._on_all_clear(live.alarms.pop(key))
        for position, before in zip(request.positions, (request.held, request.by_held), strict=False):
            live.shown_as[position] = before - filled, until_s
        if request.filling >= 0:
            self._fillings.worked(request.symbol, request.filling)

    def _outcome(self, request: Request) -> None:
        live, instrument = self.live, self.live.instruments[request.symbol]
        live.requests[request.number] = request
        if not request.open:
            del live.requests[request.number]
            live.sent_s.pop(request.number, None)
        self._log.outcome(request, instrument)
        self.said = self._told.outcome(request, instrument)
