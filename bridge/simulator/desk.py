"""One account at its broker with the terminal in front of it, and the order in which things happen to them."""

from __future__ import annotations

import heapq
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol

from bridge.simulator.account import Account
from bridge.simulator.book import Book
from bridge.simulator.faults import Faults
from bridge.simulator.market import Line, Market
from monitors.zones import Zone

Step = Callable[["Desk"], None]


class Feed(Protocol):
    """Where quotes come from."""

    def until(self, end_ms: int) -> list[tuple[int, str, float, float]]:
        """Every quote not yet given that is due before `end_ms`, in time order: UTC ms, symbol, bid, ask."""


@dataclass(slots=True)
class Desk:
    """Everything that one `initialize` reaches. Times are UTC milliseconds.

    `linked` is the terminal's link to the broker. While it is cut, what happens at the broker's side waits, and
    happens at the reconnection with the times it had: meanwhile the terminal shows what it last knew. `lives`
    counts the terminal's starts, so that a connection to an earlier one is dead.
    """

    name: str
    account: Account
    market: Market
    on_quote: Callable[[Desk, Line], None]
    feed: Feed | None = None
    book: Book = field(default_factory=Book)
    faults: Faults = field(default_factory=Faults)
    now_ms: int = 0
    linked: bool = True
    alive: bool = True
    lives: int = 0
    algo_trading: bool = True
    api_disabled: bool = False
    hanging_until_ms: int = 0
    history_days: int | None = None
    requests: int = 0
    _timeline: list[tuple[int, int, bool, Step]] = field(default_factory=list)
    _counted: int = 0
    _held: deque[tuple[int, Step]] = field(default_factory=deque)

    @property
    def zone(self) -> Zone:
        return self.market.zone

    def at(self, utc_ms: int, step: Step, *, broker_side: bool = True) -> None:
        """Let something happen then; what is due at the same moment happens in the order it was asked for."""
        self._counted += 1
        heapq.heappush(self._timeline, (utc_ms, self._counted, broker_side, step))

    def advance(self, utc_ms: int) -> None:
        """Let everything happen that is due by `utc_ms`, in time order."""
        if utc_ms <= self.now_ms and self.feed is None and not (self._timeline and self._timeline[0][0] <= utc_ms):
            return  # the clock stands still between most calls
        while self._timeline and self._timeline[0][0] <= utc_ms:
            due = self._timeline[0][0]
            self._play(due)
            _, _, broker_side, step = heapq.heappop(self._timeline)
            if broker_side:
                self._at_broker(due, step)
            else:
                self.now_ms = max(self.now_ms, due)
                step(self)
        self._play(utc_ms + 1)
        self.now_ms = max(self.now_ms, utc_ms)

    def quote(self, name: str, bid: float, ask: float) -> None:
        """A price arrives; a closed market has none."""
        line = self.market.lines[name]
        if not line.trading:
            return
        broker_day = self.zone.to_wall_ms(self.now_ms) // 86_400_000
        line.move(self.now_ms, broker_day, line.listing.rounded(bid), line.listing.rounded(ask))
        self.on_quote(self, line)

    def cut(self) -> None:
        self.linked = False

    def relink(self) -> None:
        """The link is back: what the broker's side did meanwhile arrives, each with its own time."""
        self.linked = True
        now = self.now_ms
        while self._held and self.linked:
            self.now_ms, step = self._held.popleft()
            step(self)
        self.now_ms = now

    def _play(self, end_ms: int) -> None:
        if self.feed is None:
            return
        for utc_ms, name, bid, ask in self.feed.until(end_ms):
            if self.linked:
                self.now_ms = utc_ms
                self.quote(name, bid, ask)
            else:
                self._held.append((utc_ms, _quoting(name, bid, ask)))

    def _at_broker(self, utc_ms: int, step: Step) -> None:
        if self.linked:
            self.now_ms = max(self.now_ms, utc_ms)
            step(self)
        else:
            self._held.append((utc_ms, step))


def _quoting(name: str, bid: float, ask: float) -> Step:
    return lambda desk: desk.quote(name, bid, ask)
