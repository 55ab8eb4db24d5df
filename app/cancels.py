"""Cancelling pending orders: tried as long as they are wanted and there, each new answer told."""

from __future__ import annotations

from dataclasses import dataclass

from app.events import Tell, event
from bridge.port import Awaited, Receipt, Terminal, TerminalError
from monitors.model import Snapshot
from monitors.ports import Clock

DONE = 10009
PAUSES_S = (5.0, 10.0, 30.0)


@dataclass(slots=True)
class _Wanted:
    symbol: str
    tries: int = 0
    not_before_s: float = 0.0
    told: tuple[str, int | None] | None = None
    awaited: Awaited | None = None


class Canceller:
    """Removing an order that waits adds no risk, so it passes no cap; tries of one order are ever further apart."""

    def __init__(self, terminal: Terminal, clock: Clock, tell: Tell, account: str) -> None:
        self._terminal = terminal
        self._clock = clock
        self._tell = tell
        self._account = account
        self._wanted: dict[int, _Wanted] = {}

    def run(self, snapshot: Snapshot, tickets: set[int]) -> None:
        """Try those of these orders that are due; what is gone, or wanted no longer, is forgotten."""
        waiting = {order.ticket: order for order in snapshot.orders}
        self._collect()
        known, under_way = self._wanted, {t: w for t, w in self._wanted.items() if w.awaited}
        now_wanted = {t: known.get(t, _Wanted(waiting[t].symbol)) for t in sorted(tickets) if t in waiting}
        self._wanted = under_way | now_wanted
        if under_way or not snapshot.terminal.algo_allowed or snapshot.terminal.api_disabled:
            return
        now = self._clock.monotonic()
        for ticket, wanted in self._wanted.items():
            if wanted.not_before_s <= now:
                wanted.not_before_s = now + PAUSES_S[min(wanted.tries, len(PAUSES_S) - 1)]
                wanted.tries += 1
                self._try(ticket, wanted)
                if wanted.awaited:  # one at a time, so that no close waits behind a row of them
                    break

    def _try(self, ticket: int, wanted: _Wanted) -> None:
        try:
            answer = self._terminal.cancel(ticket)
        except TerminalError as error:
            answer = Receipt(retcode=None, text=error.reason)
        if isinstance(answer, Awaited):
            wanted.awaited = answer
        else:
            self._answered(ticket, wanted, answer)

    def _collect(self) -> None:
        """The receipt of the one under way, though its order may be gone by now."""
        for ticket, wanted in self._wanted.items():
            receipt = self._terminal.receipt(wanted.awaited) if wanted.awaited else None
            if receipt is not None:
                wanted.awaited = None
                self._answered(ticket, wanted, receipt)

    def _answered(self, ticket: int, wanted: _Wanted, receipt: Receipt) -> None:
        state = "unknown" if receipt.retcode is None else "done" if receipt.retcode == DONE else "refused"
        if wanted.told != (state, receipt.retcode):
            wanted.told = state, receipt.retcode
            self._tell(event(self._clock.utc_ms(), "cancel", self._account, order=ticket, symbol=wanted.symbol,
                             state=state, retcode=receipt.retcode))  # fmt: skip
