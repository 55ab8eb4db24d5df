"""The deals of this month that were booked before the program ran, asked of the terminal once for each account."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from bridge.port import Terminal, TerminalError, Unanswered
from monitors.model import Account, Deal
from monitors.ports import Clock

NEVER_MS = 2**62
AGAIN_S = 5.0
"""How long a terminal that could not tell is left alone."""


class Month:
    """Of one terminal; it never waits for it."""

    def __init__(self, terminal: Terminal, clock: Clock, book: Callable[[Iterable[Deal]], None]) -> None:
        """`book` is handed the deals that come."""
        self._terminal = terminal
        self._clock = clock
        self._not_before_s = clock.monotonic()
        self._book = book
        self._known: dict[tuple[str, int], int] = {}

    def since_ms(self, account: Account, wanted_ms: int) -> int:
        """From when on all deals of the account are known, UTC epoch ms: `wanted_ms` or before once they have come.

        Later than any moment until then.
        """
        whose = account.server, account.login
        if whose not in self._known:
            if self._clock.monotonic() < self._not_before_s:
                return NEVER_MS
            try:
                found = self._terminal.records(wanted_ms - 1)
            except Unanswered:
                return NEVER_MS
            except TerminalError:
                self._not_before_s = self._clock.monotonic() + AGAIN_S
                return NEVER_MS
            self._book(found.deals)
            self._known[whose] = wanted_ms
        return self._known[whose]
