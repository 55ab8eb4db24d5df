"""The usual spread of every symbol held, so that a soft rule can tell a rollover from a market."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections import deque
from dataclasses import dataclass, field

from monitors.model import Snapshot

KEPT = 600
FEW = 30
"""With fewer spreads than this nothing is called unusual."""


@dataclass(slots=True)
class _Seen:
    """One symbol's latest spreads, by age and by size, so that their median costs nothing when it is asked for."""

    by_age: deque[float] = field(default_factory=deque)
    by_size: list[float] = field(default_factory=list)

    def add(self, spread: float) -> None:
        """Take in the newest and let go of the oldest beyond KEPT."""
        self.by_age.append(spread)
        insort(self.by_size, spread)
        if len(self.by_age) > KEPT:
            del self.by_size[bisect_left(self.by_size, self.by_age.popleft())]

    @property
    def usual(self) -> float:
        """The median; 0 where too little was seen."""
        count = len(self.by_size)
        return (self.by_size[(count - 1) // 2] + self.by_size[count // 2]) / 2 if count >= FEW else 0.0


class Spreads:
    """The spreads of the latest readings by symbol; the median of KEPT beats."""

    def __init__(self) -> None:
        self._seen: dict[str, _Seen] = {}

    def note(self, snapshot: Snapshot) -> None:
        """Remember this reading's spreads."""
        for symbol, quote in snapshot.quotes.items():
            seen = self._seen.get(symbol)
            if seen is None:
                seen = self._seen[symbol] = _Seen()
            seen.add(quote.ask - quote.bid)

    def times(self, snapshot: Snapshot) -> dict[str, float]:
        """Spread now over its median, by symbol; 1 where too little was seen or the median is 0."""
        found = {}
        for symbol, quote in snapshot.quotes.items():
            seen = self._seen.get(symbol)
            usual = seen.usual if seen else 0.0
            found[symbol] = (quote.ask - quote.bid) / usual if usual > 0 else 1.0
        return found
