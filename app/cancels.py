"""Cancelling pending orders: wanted once, tried until the order is gone, each try told."""

from __future__ import annotations

from app.events import Tell, event
from bridge.port import Receipt, Terminal, TerminalError
from monitors.model import Snapshot
from monitors.ports import Clock

DONE = 10009
AGAIN_S = 5.0


class Canceller:
    """Removing an order that waits adds no risk, so it passes no cap; tries of one order are five seconds apart."""

    def __init__(self, terminal: Terminal, clock: Clock, tell: Tell, account: str) -> None:
        self._terminal = terminal
        self._clock = clock
        self._tell = tell
        self._account = account
        self._wanted: dict[int, float] = {}
        """Ticket to when it may be tried (again), monotonic seconds."""

    def want(self, tickets: set[int]) -> None:
        """These orders are to go."""
        for ticket in tickets:
            self._wanted.setdefault(ticket, 0.0)

    def run(self, snapshot: Snapshot) -> None:
        """Try what is due; what is gone is forgotten."""
        waiting = {order.ticket: order for order in snapshot.orders}
        self._wanted = {ticket: at for ticket, at in self._wanted.items() if ticket in waiting}
        if not snapshot.terminal.algo_allowed or snapshot.terminal.api_disabled:
            return
        now = self._clock.monotonic()
        for ticket in [ticket for ticket, at in self._wanted.items() if at <= now]:
            self._wanted[ticket] = now + AGAIN_S
            try:
                receipt = self._terminal.cancel(ticket)
            except TerminalError as error:
                receipt = Receipt(retcode=None, text=error.reason)
            state = "unknown" if receipt.retcode is None else "done" if receipt.retcode == DONE else "refused"
            self._tell(event(self._clock.utc_ms(), "cancel", self._account, order=ticket,
                             symbol=waiting[ticket].symbol, state=state, retcode=receipt.retcode))  # fmt: skip
