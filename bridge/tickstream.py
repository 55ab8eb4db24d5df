"""Every tick of the symbols held, none twice: a cursor on `time_msc` and a count within the millisecond."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from bridge.port import TerminalError
from monitors.model import Ticks
from monitors.zones import Zone

BATCH = 4096
LARGEST = 1_048_576
COPY_TICKS_INFO = 1


@dataclass(slots=True)
class _Cursor:
    last_ms: int
    """Broker milliseconds of the newest tick taken."""
    within: int
    """How many ticks of that millisecond were taken."""


class TickStream:
    """Reads what is new; a symbol's first reading only sets its cursor."""

    def __init__(self, mt5: Any, clock: Zone) -> None:
        self._mt5 = mt5
        self._clock = clock
        self._cursors: dict[str, _Cursor] = {}

    def follow(self, symbol: str, newest_ms: int) -> None:
        """Start at broker time `newest_ms`, the tick shown now."""
        rows = self._rows(symbol, newest_ms)
        self._cursors[symbol] = _Cursor(newest_ms, int(np.count_nonzero(rows["time_msc"] == newest_ms)))

    def follows(self, symbol: str) -> bool:
        """True once `follow` has set a cursor."""
        return symbol in self._cursors

    @property
    def cursors(self) -> dict[str, tuple[int, int]]:
        """Symbol to the broker milliseconds of the newest tick taken, and how many of that millisecond were."""
        return {symbol: (cursor.last_ms, cursor.within) for symbol, cursor in self._cursors.items()}

    @cursors.setter
    def cursors(self, given: Mapping[str, tuple[int, int]]) -> None:
        self._cursors = {symbol: _Cursor(*cursor) for symbol, cursor in given.items()}

    def keep_only(self, symbols: frozenset[str]) -> None:
        """Forget the cursors of symbols no longer held."""
        self._cursors = {symbol: cursor for symbol, cursor in self._cursors.items() if symbol in symbols}

    def new(self, symbol: str) -> Ticks:
        """All ticks since the last call, oldest first."""
        cursor = self._cursors[symbol]
        rows = self._rows(symbol, cursor.last_ms)
        times = rows["time_msc"]
        first, after = (int(np.searchsorted(times, cursor.last_ms, side=side)) for side in ("left", "right"))
        fresh = rows[min(first + cursor.within, after) :]  # a terminal may forget a tick; the next is new all the same
        if len(fresh):
            last = int(times[-1])
            cursor.last_ms, cursor.within = last, int(np.count_nonzero(times == last))
        utc = self._clock.to_utc(fresh["time_msc"].astype(np.int64))
        return Ticks(time_ms=utc, bid=fresh["bid"].astype(float), ask=fresh["ask"].astype(float))

    def _rows(self, symbol: str, since_ms: int) -> Any:
        """From the second of `since_ms` to the newest; asks for more until the batch is not full."""
        count = BATCH
        while True:
            rows = self._mt5.copy_ticks_from(symbol, max(1, since_ms // 1000), count, COPY_TICKS_INFO)
            if rows is None:
                raise TerminalError(f"{symbol}: no ticks, {self._mt5.last_error()[1]}")
            if len(rows) < count or count >= LARGEST:
                return rows
            count *= 8
