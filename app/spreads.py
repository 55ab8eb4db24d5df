"""The usual spread of every symbol quoted, so that a soft rule can tell a rollover from a market."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections import deque
from dataclasses import dataclass, field

from monitors.gate import SPREAD_TIMES
from monitors.model import Snapshot
from monitors.ports import Clock

KEPT = 1800
"""Half an hour at one spread a second."""
FEW = 30
"""The first spreads are taken from every beat; with fewer than these nothing is called unusual."""


@dataclass(slots=True)
class _Usual:
    seen: deque[float] = field(default_factory=deque)
    ordered: list[float] = field(default_factory=list)
    """The same by size: a median of so many would cost a whole beat if they were sorted each time."""
    taken_s: float = 0.0
    unusual: int = 0
    """Wide spreads in a row that were not learnt; as many as are kept are the new usual."""

    @property
    def middle(self) -> float:
        """The median; 0 before anything was seen."""
        count = len(self.ordered)
        return (self.ordered[(count - 1) // 2] + self.ordered[count // 2]) / 2 if count else 0.0

    def add(self, spread: float) -> None:
        """Take in the newest and let go of the oldest beyond KEPT."""
        self.seen.append(spread)
        insort(self.ordered, spread)
        if len(self.seen) > KEPT:
            del self.ordered[bisect_left(self.ordered, self.seen.popleft())]


class Spreads:
    """The median spread by symbol; a spread called unusual is not learnt, or a long rollover would become the rule."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._usual: dict[str, _Usual] = {}

    def forget(self) -> None:
        """Begin anew: the spreads before a sleep are not those of now."""
        self._usual.clear()

    def note(self, snapshot: Snapshot) -> None:
        """Remember this reading's spreads, once a second."""
        now = self._clock.monotonic()
        for symbol, quote in snapshot.quotes.items():
            usual = self._usual.setdefault(symbol, _Usual())
            if len(usual.seen) < FEW or now - usual.taken_s >= 1.0:
                usual.taken_s = now
                _learn(usual, quote.ask - quote.bid)

    def times(self, snapshot: Snapshot) -> dict[str, float]:
        """Spread now over its median, by symbol; 1 where too little was seen or the median is 0."""
        found = {}
        for symbol, quote in snapshot.quotes.items():
            usual = self._usual.get(symbol)
            known = usual is not None and len(usual.seen) >= FEW and usual.middle > 0
            found[symbol] = (quote.ask - quote.bid) / usual.middle if usual is not None and known else 1.0
        return found


def _learn(usual: _Usual, spread: float) -> None:
    if len(usual.seen) >= FEW and spread > SPREAD_TIMES * usual.middle > 0:
        usual.unusual += 1
        if usual.unusual < KEPT:
            return
        usual.seen.clear()
        usual.ordered.clear()
    usual.unusual = 0
    usual.add(spread)
