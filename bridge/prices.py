"""The newest quotes and every new tick: of what is held no gap is allowed, of what lies beside it what can be had."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from bridge import decode
from bridge.port import TerminalError
from bridge.tickstream import TickStream
from monitors.model import Quote, Ticks
from monitors.zones import Zone


class Prices:
    """Reads prices; a crossed quote is replaced by the last sane one, a tenth of one real feed is.

    `asked` calls a function of the package by its name and raises TerminalError where nothing came back.
    """

    def __init__(self, mt5: Any, clock: Zone, asked: Callable[..., Any]) -> None:
        self._clock = clock
        self._asked = asked
        self.ticks = TickStream(mt5, clock)
        self.crossed = 0
        self.warm: frozenset[str] | None = None
        """Symbols whose ticks may be asked for, None for all: the first request for one can block most of a minute."""
        self.cold: frozenset[str] = frozenset()
        """Symbols of the last reading whose ticks were wanted and not asked for."""
        self._sane: dict[str, Quote] = {}

    def read(
        self, held: frozenset[str], pairs: frozenset[str], quoted: frozenset[str]
    ) -> tuple[dict[str, Quote], dict[str, Ticks]]:
        """Quotes of all three, ticks of what is held and of pairs; the first reading of a symbol has no new ticks.

        TerminalError where anything of what is held does not come. Of the others it is left out, and so is a quote
        that is not sane.
        """
        quotes: dict[str, Quote] = {}
        ticks: dict[str, Ticks] = {}
        followed = held | pairs
        self.ticks.keep_only(followed)
        self.cold = followed - self.warm if self.warm is not None else frozenset()
        for symbol in sorted(held):
            self._one(symbol, quotes, ticks)
        for symbol in sorted((pairs | quoted) - held):
            self._beside(symbol, quotes, ticks if symbol in pairs else None)
        return quotes, ticks

    def warm_up(self, symbol: str) -> None:
        """Have the terminal fetch the symbol's ticks, which may take it most of a minute the first time."""
        tick = self._asked("symbol_info_tick", symbol)
        self.ticks.follow(symbol, tick.time_msc)

    def _one(self, symbol: str, quotes: dict[str, Quote], ticks: dict[str, Ticks]) -> None:
        row = self._asked("symbol_info_tick", symbol)
        quotes[symbol] = self._uncrossed(symbol, decode.quote(row, self._clock))
        self._follow(symbol, row.time_msc, ticks)

    def _beside(self, symbol: str, quotes: dict[str, Quote], ticks: dict[str, Ticks] | None) -> None:
        try:
            row = self._asked("symbol_info_tick", symbol)
            quote = self._uncrossed(symbol, decode.quote(row, self._clock))
            if not quote.sane:
                return
            quotes[symbol] = quote
            if ticks is not None:
                self._follow(symbol, row.time_msc, ticks)
        except TerminalError:  # where it is the line that broke, the next question of the look says so
            return

    def _follow(self, symbol: str, newest_ms: int, ticks: dict[str, Ticks]) -> None:
        if symbol in self.cold:
            return
        if self.ticks.follows(symbol):
            ticks[symbol] = self.ticks.new(symbol)
        else:
            self.ticks.follow(symbol, newest_ms)

    def _uncrossed(self, symbol: str, shown: Quote) -> Quote:
        """The quote, or the last sane one in place of one whose bid is above its ask."""
        if shown.crossed:
            self.crossed += 1
            return self._sane.get(symbol, shown)
        if shown.sane:
            self._sane[symbol] = shown
        return shown
