"""The functions about symbols, prices, ticks, bars and the depth of market."""

from typing import Any, Final

import numpy as np

from bridge.simulator.backend import RATES, TICKS, Refusal, Rows
from bridge.simulator.face.arguments import GROUP_UNITS, c_int, date, exactly, string
from bridge.simulator.face.connection import Calls
from bridge.simulator.face.errors import FIRST, TOO_MANY, BadArgument, named
from bridge.simulator.face.groups import group_filter
from bridge.simulator.face.structures import STRUCTURES

_SYMBOL: Final = STRUCTURES["SymbolInfo"]
_TICK: Final = STRUCTURES["Tick"]
_BOOK: Final = STRUCTURES["BookInfo"]


class MarketCalls(Calls):
    """symbols_*, symbol_*, copy_*, market_book_*."""

    def symbols_total(self) -> int:
        return self._terminal.symbols_total()

    def symbols_get(self, /, *args: Any, **kwargs: Any) -> tuple[Any, ...]:
        """The only one that takes its group by position too; an empty group is every symbol."""
        if len(args) > 1:
            raise BadArgument(TOO_MANY)
        group = string(args[0], GROUP_UNITS, FIRST) if args else ""
        if "group" in kwargs:
            group = string(kwargs["group"], GROUP_UNITS, named("group"))
        rows = self._terminal.symbols()
        belongs = group_filter(group or "*")
        return tuple(_SYMBOL.fill(row) for row in rows if belongs(row["name"]))

    def symbol_info(self, *args: Any) -> Any:
        name = _only_symbol(args)
        return _SYMBOL.fill(self._terminal.symbol(name))

    def symbol_info_tick(self, *args: Any) -> Any:
        name = _only_symbol(args)
        return _TICK.fill(self._terminal.tick(name))

    def symbol_select(self, *args: Any) -> bool:
        """The second argument is taken by its truth, and is True when missing."""
        if len(args) == 1:
            args = (*args, True)
        symbol, enable = exactly(2, args)
        name, wanted = string(symbol), bool(enable)
        return self._terminal.select(name, wanted)

    def copy_ticks_from(self, *args: Any) -> Rows:
        symbol, since, count, flags = exactly(4, args)
        asked = string(symbol), date(since, self._last_error), c_int(count), c_int(flags)
        return _own(self._terminal.ticks_from(*asked), TICKS)

    def copy_ticks_range(self, *args: Any) -> Rows:
        symbol, since, until, flags = exactly(4, args)
        asked = string(symbol), date(since, self._last_error), date(until, self._last_error), c_int(flags)
        return _own(self._terminal.ticks_range(*asked), TICKS)

    def copy_rates_from(self, *args: Any) -> Rows:
        symbol, timeframe, since, count = exactly(4, args)
        asked = string(symbol), c_int(timeframe), date(since, self._last_error), c_int(count)
        return _own(self._terminal.rates_from(*asked), RATES)

    def copy_rates_from_pos(self, *args: Any) -> Rows:
        symbol, timeframe, start, count = exactly(4, args)
        asked = string(symbol), c_int(timeframe), c_int(start), c_int(count)
        return _own(self._terminal.rates_from_pos(*asked), RATES)

    def copy_rates_range(self, *args: Any) -> Rows:
        symbol, timeframe, since, until = exactly(4, args)
        asked = string(symbol), c_int(timeframe), date(since, self._last_error), date(until, self._last_error)
        return _own(self._terminal.rates_range(*asked), RATES)

    def market_book_add(self, *args: Any) -> bool:
        return self._subscribe(_only_symbol(args), enable=True)

    def market_book_release(self, *args: Any) -> bool:
        return self._subscribe(_only_symbol(args), enable=False)

    def market_book_get(self, *args: Any) -> tuple[Any, ...]:
        name = _only_symbol(args)
        return tuple(_BOOK.fill(row) for row in self._terminal.book(name))

    def _subscribe(self, name: str, *, enable: bool) -> bool:
        """False with (1, 'Success') whatever goes wrong, a missing connection included."""
        try:
            return self._terminal.book_subscribe(name, enable)
        except Refusal:
            return False


def _only_symbol(args: tuple[Any, ...]) -> str:
    return string(exactly(1, args)[0])


def _own(rows: Rows, dtype: np.dtype[np.void]) -> Rows:
    """A copy that nobody else holds, read-only as the package's arrays are."""
    copied = np.array(rows, dtype=dtype)
    copied.flags.writeable = False
    return copied
