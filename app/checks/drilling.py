"""`python -m app.checks.drilling`: a look at one account, or one small close of it with everything measured."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Sequence
from dataclasses import replace

from app.checks.drill import Answer, Book, Closing, Held, Outcome, Question
from bridge import oneshot
from bridge.attach import attach, session
from bridge.clock import SystemClock
from bridge.examine import FILLINGS, KINDS
from bridge.port import CloseOrder, Receipt, TerminalError
from bridge.session import Session
from monitors.filling import choices
from monitors.model import Deal, Instrument, Position, Snapshot
from monitors.outcomes import NOT_SENT, Request, Retry, Settlement, State, meaning, settle
from monitors.ports import Clock

PROOF_S, PAUSE_S = 10.0, 0.005
"""How long the broker's records are asked for the close, and how often."""
LATELY_MS = 60_000


def closed(terminal: Session, closing: Closing, clock: Clock, pause: Callable[[], object]) -> Outcome:
    """Send the close and follow it through the broker's records; sent once, and again only after 10030.

    `pause` waits between two readings of the records.
    """
    terminal.for_closing()
    seen = terminal.look(clock.utc_ms() - LATELY_MS)
    position = seen.position(closing.position)
    if (seen.account.login, seen.account.server) != (closing.login, closing.server):
        return Outcome(state=State.REFUSED, why=f"another account is logged in now: {seen.account.login}")
    if position is None or position.steps != closing.held:
        return Outcome(state=State.REFUSED, why="the position has changed meanwhile; nothing was sent")
    answers, receipt, sent_s = _sent(terminal, position, seen.instruments[position.symbol], closing, clock)
    last = meaning(receipt.retcode)
    requested = seen.quotes[position.symbol].closing(position.side)
    if last.refused or (receipt.retcode is None and receipt.error in NOT_SENT):
        why = last.name if last.refused else f"nothing was sent: {receipt.text}"
        return Outcome(state=State.REFUSED, why=why, answers=answers, requested=requested)
    followed = _Followed(terminal, clock, pause, sent_s)
    return followed.outcome(seen, position, closing, answers, receipt)


def _sent(terminal: Session, position: Position, instrument: Instrument, closing: Closing,
          clock: Clock) -> tuple[tuple[Answer, ...], Receipt, float]:  # fmt: skip
    """One request, and the next filling mode only after a definite answer that this one is not accepted.

    The answers, the last receipt and when its request went out.
    """
    answers: list[Answer] = []
    receipt, began = Receipt(retcode=None), clock.monotonic()
    for filling in choices(instrument):
        order = CloseOrder(ticket=position.ticket, symbol=position.symbol, side=position.side.opposite,
                           lots=instrument.lots(closing.steps), held=position.lots, filling=filling,
                           magic=position.magic, comment=closing.comment,
                           identifiers=(position.identifier,))  # fmt: skip
        began = clock.monotonic()
        try:
            receipt = terminal.ask(order)
        except TerminalError as error:
            receipt = Receipt(retcode=None, text=error.reason)
        said = meaning(receipt.retcode)
        answers.append(Answer(filling=FILLINGS[filling], retcode=receipt.retcode, said=said.name, text=receipt.text,
                              answer_ms=_ms(clock.monotonic() - began)))  # fmt: skip
        if said.retry is not Retry.FILLING:
            break
    return tuple(answers), receipt, began


class _Followed:
    """The broker's records from the moment of a send until they show all of it, or for so long."""

    def __init__(self, terminal: Session, clock: Clock, pause: Callable[[], object], sent_s: float) -> None:
        self._terminal = terminal
        self._clock = clock
        self._pause = pause
        self._sent_s = sent_s
        self._shown_ms: float | None = None
        self._booked_ms: float | None = None
        self._proof: Settlement | None = None
        self._deals: list[Deal] = []

    def outcome(self, seen: Snapshot, position: Position, closing: Closing, answers: tuple[Answer, ...],
                receipt: Receipt) -> Outcome:  # fmt: skip
        """The close as it is proven; unknown where it is not."""
        instrument = seen.instruments[position.symbol]
        request = Request(
            number=0, episode=None, position=position.identifier, symbol=position.symbol, side=position.side,
            steps=closing.steps, held=closing.held, sent_ms=seen.taken_ms,
            deal_floor=max((d.ticket for d in seen.deals), default=0), tag=closing.comment, state=State.UNKNOWN,
            order=receipt.order,
        )  # fmt: skip
        self._follow(request, instrument)
        requested = seen.quotes[position.symbol].closing(position.side)
        outcome = Outcome(state=self._proof.state if self._proof else State.UNKNOWN, answers=answers,
                          order=receipt.order, shown_ms=self._shown_ms, booked_ms=self._booked_ms,
                          requested=requested)  # fmt: skip
        if not self._proof:
            outcome = replace(outcome, why=f"nothing in the broker's records within {PROOF_S:.0f} s; it may still come")
        if not self._deals:
            return outcome
        filled = _average(self._deals)
        worse = (requested - filled) if position.side.sign > 0 else (filled - requested)
        return replace(outcome, filled=filled, comment=self._deals[0].comment,
                       slippage_points=round(worse / instrument.point, 1) + 0.0)  # fmt: skip

    def _follow(self, request: Request, instrument: Instrument) -> None:
        while self._since_ms() < PROOF_S * 1000:
            try:
                records = self._terminal.records(request.sent_ms - LATELY_MS)
            except TerminalError:
                self._pause()
                continue
            held = next((p for p in records.positions if p.identifier == request.position), None)
            self._deals = [d for d in records.deals if d.position == request.position and d.closes
                           and d.ticket > request.deal_floor]  # fmt: skip
            if self._shown_ms is None and (held is None or held.steps < request.held):
                self._shown_ms = self._since_ms()
            if self._booked_ms is None and self._deals:
                self._booked_ms = self._since_ms()
            self._proof = settle(request, records.deals, held, instrument, age_s=0.0) or self._proof
            if None not in (self._shown_ms, self._booked_ms, self._proof):
                return
            self._pause()

    def _since_ms(self) -> float:
        return _ms(self._clock.monotonic() - self._sent_s)


def _average(deals: Sequence[Deal]) -> float:
    return sum(d.price * d.lots for d in deals) / sum(d.lots for d in deals)


def _ms(seconds: float) -> float:
    return round(seconds * 1000, 3)


def _run(question: Question) -> Book | Outcome:
    clock, attached = SystemClock(), attach(question.attachment)
    terminal = session(question.attachment, clock, attached)
    if question.closing:
        return closed(terminal, question.closing, clock, lambda: threading.Event().wait(PAUSE_S))
    terminal.for_closing()
    seen = terminal.look(clock.utc_ms())
    kind = attached.module.account_info().trade_mode
    return Book(
        login=seen.account.login, server=seen.account.server, kind=KINDS[kind] if kind < len(KINDS) else f"kind {kind}",
        connected=seen.terminal.connected,
        held=tuple(Held(position=p, instrument=seen.instruments[p.symbol]) for p in seen.positions),
    )  # fmt: skip


if __name__ == "__main__":
    sys.exit(oneshot.answer(_run, Question))
