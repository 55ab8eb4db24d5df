"""When a refused wish may go out again: a fresh price at once, a pause that grows, a market that opens."""

from __future__ import annotations

from dataclasses import dataclass

from monitors.model import Quote
from monitors.outcomes import Meaning, Retry

PAUSES_S = (0.0, 1.0, 10.0, 20.0, 30.0)
"""After the first, second, … refusal in a row; six sends take more than a minute, so no retry reaches the cap."""
SELDOM_S, MARKET_TICK_PAUSE_S = 30.0, 12.0
LEAST_S = {Retry.LATER: 1.0}
AFTER_QUICK_S = 10.0
WORLD = (Retry.MARKET, Retry.PERMISSION, Retry.NEVER)
"""Refusals that wait for the world or for a person: nothing is quick about them."""


@dataclass(slots=True)
class Attempts:
    """The refusals in a row of one position, or of all that share a symbol or an account."""

    refused: int = 0
    not_before_s: float = 0.0
    tick_after_s: float | None = None
    """A tick newer than the refusal lets it try from this monotonic second on."""
    quote: Quote | None = None
    """The quote at the refusal."""
    retry: Retry | None = None
    """What the last refusal asked for."""
    hopeless: bool = False
    """Trying soon did not mend it, and a person was told: it is tried again all the same, seldom."""

    def ready(self, now_s: float, quote: Quote | None) -> bool:
        """True where it may be tried now."""
        if now_s >= self.not_before_s:
            return True
        return self.tick_after_s is not None and now_s >= self.tick_after_s and quote != self.quote

    def refuse(self, said: Meaning, now_s: float, quote: Quote | None) -> None:
        """Count a refusal and set when the next try may be."""
        pause = max(PAUSES_S[min(self.refused, len(PAUSES_S) - 1)], LEAST_S.get(said.retry, 0.0))
        self.refused += 1
        self.tick_after_s, self.quote, self.retry = None, quote, said.retry
        self.hopeless = self.refused > said.quick
        if said.retry in WORLD:
            pause = SELDOM_S
        elif self.hopeless:
            pause = max(pause, AFTER_QUICK_S)
        if said.retry is Retry.MARKET:
            self.tick_after_s = now_s + MARKET_TICK_PAUSE_S
        self.not_before_s = now_s + pause

    def probe(self, now_s: float) -> None:
        """One is on its way to find out; the others wait for what it meets."""
        self.not_before_s, self.tick_after_s = now_s + SELDOM_S, None
