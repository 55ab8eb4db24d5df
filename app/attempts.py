"""When a refused wish may go out again: a fresh price at once, a pause that grows, a market that opens."""

from __future__ import annotations

from dataclasses import dataclass

from monitors.model import Quote
from monitors.outcomes import Retry

PAUSES_S = (0.0, 1.0, 10.0, 20.0, 30.0)
"""After the first, second, … refusal in a row; six sends take more than a minute, so no retry reaches the cap."""
MARKET_PAUSE_S, MARKET_TICK_PAUSE_S = 30.0, 12.0


@dataclass(slots=True)
class Attempts:
    """The refusals of one position in a row."""

    refused: int = 0
    not_before_s: float = 0.0
    tick_after_s: float | None = None
    """A tick newer than the refusal lets it try from this monotonic second on."""
    quote: Quote | None = None
    """The quote at the refusal."""
    filling: int = 0
    """Which of the symbol's filling modes is next."""
    hopeless: bool = False
    """The last refusal was of the kind that repeating does not mend: it is tried again all the same, seldom."""

    def ready(self, now_s: float, quote: Quote | None) -> bool:
        """True where it may be tried now."""
        if now_s >= self.not_before_s:
            return True
        return self.tick_after_s is not None and now_s >= self.tick_after_s and quote != self.quote

    def refuse(self, retry: Retry, now_s: float, quote: Quote | None) -> None:
        """Count a refusal and set when the next try may be."""
        pause = PAUSES_S[min(self.refused, len(PAUSES_S) - 1)]
        self.refused += 1
        self.tick_after_s, self.quote = None, quote
        self.hopeless = retry is Retry.NEVER
        if self.hopeless:
            pause = MARKET_PAUSE_S
        elif retry is Retry.MARKET:
            pause, self.tick_after_s = MARKET_PAUSE_S, now_s + MARKET_TICK_PAUSE_S
        elif retry is Retry.FILLING:
            self.filling += 1
        elif retry in (Retry.LATER, Retry.PERMISSION):
            pause = max(pause, 1.0)
        self.not_before_s = now_s + pause
