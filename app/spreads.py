"""The usual spread of every symbol held, so that a soft rule can tell a rollover from a market."""

from __future__ import annotations

from collections import deque
from statistics import median

from monitors.model import Snapshot

KEPT = 600
FEW = 30
"""With fewer spreads than this nothing is called unusual."""


class Spreads:
    """The spreads of the latest readings by symbol; the median of KEPT beats."""

    def __init__(self) -> None:
        self._seen: dict[str, deque[float]] = {}

    def note(self, snapshot: Snapshot) -> None:
        """Remember this reading's spreads."""
        for symbol, quote in snapshot.quotes.items():
            self._seen.setdefault(symbol, deque(maxlen=KEPT)).append(quote.ask - quote.bid)

    def times(self, snapshot: Snapshot) -> dict[str, float]:
        """Spread now over its median, by symbol; 1 where too little was seen or the median is 0."""
        found = {}
        for symbol, quote in snapshot.quotes.items():
            seen = self._seen.get(symbol, ())
            usual = median(seen) if len(seen) >= FEW else 0.0
            found[symbol] = (quote.ask - quote.bid) / usual if usual > 0 else 1.0
        return found
