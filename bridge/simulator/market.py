"""The prices of one terminal: a line per symbol, and what a currency is worth in another."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from itertools import pairwise

from bridge.simulator.backend import Refusal
from bridge.simulator.bars import Bars
from bridge.simulator.listing import Listing
from bridge.simulator.tape import FLAG_ASK, FLAG_BID, Tape
from monitors.zones import Zone

NOT_FOUND = -4
BRIDGES = ("USD", "EUR")  # through which a rate without a pair of its own is made


@dataclass(slots=True, kw_only=True)
class Line:
    """A symbol's present quote with its day's extremes; `utc_ms` 0: never quoted."""

    listing: Listing
    tape: Tape
    bars: Bars
    bid: float = 0.0
    ask: float = 0.0
    utc_ms: int = 0
    flags: int = 0
    day: int = -1
    first: float = 0.0
    bid_high: float = 0.0
    bid_low: float = 0.0
    ask_high: float = 0.0
    ask_low: float = 0.0
    trading: bool = True
    selected: bool = True

    @property
    def quoted(self) -> bool:
        """Whether the present quote is one to trade at."""
        return self.bid > 0 and self.ask > 0 and math.isfinite(self.bid) and math.isfinite(self.ask)

    def price(self, *, buy: bool) -> float:
        return self.ask if buy else self.bid

    def move(self, utc_ms: int, broker_day: int, bid: float, ask: float) -> None:
        """Take the next quote, as it comes: zero, crossed and NaN quotes are news too."""
        changed = (FLAG_BID if bid != self.bid else 0) | (FLAG_ASK if ask != self.ask else 0)
        self.flags = changed or FLAG_BID | FLAG_ASK
        self.bid, self.ask, self.utc_ms = bid, ask, utc_ms
        self.tape.append(utc_ms, bid, ask)
        if not self.quoted:
            return
        if broker_day != self.day:
            self.day, self.first = broker_day, bid
            self.bid_high = self.bid_low = bid
            self.ask_high = self.ask_low = ask
        self.bid_high, self.bid_low = max(self.bid_high, bid), min(self.bid_low, bid)
        self.ask_high, self.ask_low = max(self.ask_high, ask), min(self.ask_low, ask)


@dataclass(slots=True, kw_only=True)
class Market:
    """Every symbol of the broker, in the order listed."""

    zone: Zone
    lines: dict[str, Line] = field(default_factory=dict)
    _pairs: dict[tuple[str, str], str] = field(default_factory=dict)

    def add(self, listing: Listing) -> Line:
        tape = Tape(self.zone)
        line = Line(listing=listing, tape=tape, bars=Bars(tape, listing.digits))
        self.lines[listing.name] = line
        if listing.base != listing.profit:
            self._pairs.setdefault((listing.base, listing.profit), listing.name)
        return line

    def line(self, name: str) -> Line:
        """Refusal(-4) when there is no such symbol."""
        found = self.lines.get(name)
        if found is None:
            raise Refusal(NOT_FOUND)
        return found

    def pair(self, one: str, other: str) -> str | None:
        """The symbol that prices one of the two currencies in the other."""
        return self._pairs.get((one, other)) or self._pairs.get((other, one))

    def route(self, source: str, target: str) -> tuple[str, ...] | None:
        """The currencies passed from `source` to `target`; None when the broker's pairs do not lead there."""
        if source == target:
            return (source,)
        if self.pair(source, target):
            return (source, target)
        others = sorted({currency for pair in self._pairs for currency in pair}, key=lambda c: (c not in BRIDGES, c))
        for middle in others:
            if self.pair(source, middle) and self.pair(middle, target):
                return (source, middle, target)
        return None

    def rate(self, source: str, target: str, *, high: bool) -> float:
        """Units of `target` for one of `source`, at the side of each pair that makes it high or low.

        A profit converts low and a loss high: the worse side for the account, as MetaTrader's trade_tick_value_profit
        and _loss show. 0.0 while a pair on the way has no price.
        """
        route = self.route(source, target)
        if route is None:
            raise Refusal(NOT_FOUND)
        rate = 1.0
        for here, there in pairwise(route):
            rate *= self._step(here, there, high=high)
        return rate

    def _step(self, source: str, target: str, *, high: bool) -> float:
        direct = self._pairs.get((source, target))
        if direct is not None:
            line = self.lines[direct]
            return line.price(buy=high) if line.quoted else 0.0
        line = self.lines[self._pairs[target, source]]
        return 1 / line.price(buy=not high) if line.quoted else 0.0
