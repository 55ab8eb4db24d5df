"""What the symbols held have done lately: their bars, brought one symbol a beat, and how they move together."""

from __future__ import annotations

from dataclasses import dataclass, field

from bridge.port import Terminal, TerminalError, Unanswered
from monitors.correlation import Correlations, correlations
from monitors.model import Bars, Snapshot
from monitors.ports import Clock
from monitors.settings import AnalysisSettings
from monitors.zones import DAY_MS, MINUTE_MS, zone

AGAIN_S = 5.0
"""How long a terminal that could not give bars is left alone."""
FEWEST = 2
"""One symbol moves together with nothing."""


@dataclass(frozen=True, slots=True)
class _Round:
    """What bars are wanted: those that were complete at `until_ms`, on one broker's server."""

    server: str
    world: str
    until_ms: int
    minutes: int
    days: float

    @property
    def place(self) -> tuple[str, str]:
        """Where the symbols are those of their names: elsewhere they may be others."""
        return self.server, self.world

    @property
    def span(self) -> tuple[int, int, int]:
        """Minutes, since and until as the port wants them, which counts the last instant in."""
        return self.minutes, self.until_ms - round(self.days * DAY_MS), self.until_ms - 1


@dataclass(slots=True)
class _Brought:
    """The bars of one round so far."""

    of: _Round | None = None
    bars: dict[str, Bars] = field(default_factory=dict)
    refused: set[str] = field(default_factory=set)
    """Symbols that the terminal gave no bars of when it was last asked."""
    told: frozenset[str] = frozenset()
    """Symbols that the correlations told last are of."""


class Market:
    """One account's, called once a beat; it asks anew when a bar is complete or another symbol is held."""

    def __init__(self, terminal: Terminal, clock: Clock, settings: AnalysisSettings) -> None:
        self.settings = settings
        self._terminal = terminal
        self._clock = clock
        self._brought = _Brought()
        self._asking: tuple[_Round, str] | None = None
        """A question that the terminal has not answered yet; it is asked until it is."""
        self._not_before_s = clock.monotonic()
        self._known: Correlations | None = None

    def correlations(self, snapshot: Snapshot) -> Correlations | None:
        """Of the symbols held, as of the newest bars that could be had; None before there are any. Raises nothing.

        While bars are on their way, or the terminal gives none, what was known last stands: it says itself of which
        symbols and until when it is.
        """
        held = frozenset(p.symbol for p in snapshot.positions)
        if self._asking is None and len(held) >= FEWEST:
            self._choose(self._wanted(snapshot), held)
        if self._asking is not None:
            self._ask(*self._asking)
        self._tell(held)
        return self._known

    def _wanted(self, snapshot: Snapshot) -> _Round:
        """The round of now: it ends where the bar that is forming began on the broker's clock."""
        clock, step_ms = zone(snapshot.broker_zone), self.settings.correlation_minutes * MINUTE_MS
        began_ms = clock.to_utc_ms(clock.to_wall_ms(snapshot.taken_ms) // step_ms * step_ms)
        return _Round(snapshot.account.server, snapshot.world, began_ms, self.settings.correlation_minutes,
                      self.settings.correlation_days)  # fmt: skip

    def _choose(self, wanted: _Round, held: frozenset[str]) -> None:
        """The next symbol to ask about: one that was not asked about yet, then one that was refused."""
        brought = self._brought
        if brought.of != wanted:
            if brought.of is not None and brought.of.place != wanted.place:
                self._known = None
            brought = self._brought = _Brought(of=wanted)
        missing = held - brought.bars.keys()
        if missing and self._clock.monotonic() >= self._not_before_s:
            self._asking = wanted, min(missing, key=lambda symbol: (symbol in brought.refused, symbol))

    def _ask(self, wanted: _Round, symbol: str) -> None:
        try:
            bars = self._terminal.bars(symbol, *wanted.span)
        except Unanswered:
            return
        except TerminalError:
            self._asking, self._not_before_s = None, self._clock.monotonic() + AGAIN_S
            self._brought.refused.add(symbol)
            return
        self._asking = None
        self._brought.bars[symbol] = bars
        self._brought.refused.discard(symbol)

    def _tell(self, held: frozenset[str]) -> None:
        """Correlate anew once every symbol was asked about and something came that was not told yet."""
        brought = self._brought
        there = held & brought.bars.keys()
        if brought.of is None or len(there) < FEWEST or held - there - brought.refused or there <= brought.told:
            return
        brought.told = there
        self._known = correlations({symbol: brought.bars[symbol] for symbol in sorted(there)},
                                   minutes=brought.of.minutes, days=brought.of.days,
                                   until_ms=brought.of.until_ms)  # fmt: skip
