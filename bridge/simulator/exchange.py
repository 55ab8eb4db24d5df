"""The simulated world: a clock, the desks on it, and a terminal for each."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from threading import RLock

from bridge.simulator import overnight
from bridge.simulator.account import Account
from bridge.simulator.clock import Clock
from bridge.simulator.desk import Desk, Feed
from bridge.simulator.listing import Listing
from bridge.simulator.market import Market
from bridge.simulator.terminal import DeskTerminal
from bridge.simulator.triggers import on_quote
from monitors.zones import Zone


def new_desk(
    name: str,
    account: Account,
    listings: Iterable[Listing],
    zone: Zone,
    start_ms: int,
    *,
    feed: Feed | None = None,
    history_days: int | None = None,
) -> Desk:
    """An account without positions at a broker without prices, its nights counted from `start_ms`."""
    market = Market(zone=zone)
    for listing in listings:
        market.add(listing)
    desk = Desk(
        name=name,
        account=account,
        market=market,
        on_quote=on_quote,
        feed=feed,
        now_ms=start_ms,
        history_days=history_days,
    )
    overnight.schedule(desk, start_ms)
    return desk


class Exchange:
    """Everything that is simulated; safe to call from several threads, one call at a time.

    Whoever moves a desk himself while others may call holds the `lock`.
    """

    def __init__(self, clock: Clock, desks: Sequence[Desk]) -> None:
        self.clock = clock
        self.desks = {desk.name: desk for desk in desks}
        self.lock = RLock()
        self._terminals = {name: self.connection(name) for name in self.desks}

    def connection(self, account: str) -> DeskTerminal:
        """A connection of its own to the terminal of that name, as each process that attaches to it has one."""
        return DeskTerminal(self.desks[account], self.clock, self.advance, self.lock)

    def backend(self, account: str | None = None) -> DeskTerminal:
        """The terminal of the account of that name; None: of the first one. KeyError when there is none."""
        return self._terminals[next(iter(self._terminals)) if account is None else account]

    def desk(self, account: str | None = None) -> Desk:
        """The desk itself, for whoever moves the world rather than trades in it."""
        return self.desks[next(iter(self.desks)) if account is None else account]

    def hanging_until_ms(self, account: str | None = None) -> int:
        """Until when (UTC) no call of that terminal returns; in the past: it does not hang."""
        with self.lock:
            self.advance()
            return self.desk(account).hanging_until_ms

    def advance(self) -> None:
        """Let everything happen that is due by the clock's now; cheap when nothing is."""
        with self.lock:
            now = self.clock.utc_ms()
            for desk in self.desks.values():
                desk.advance(now)
