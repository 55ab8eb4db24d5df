"""The widest spread of every symbol in the last 24 hours, an hour at a time, as far as it was seen."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from monitors.model import Snapshot
from monitors.zones import HOUR_MS

HOURS = 24
DECIMALS = 10
"""More than any price has; what a difference of two adds beyond them is noise that a journal need not hold."""
Hours = dict[str, dict[int, float]]
"""Symbol to hour since the epoch to the widest spread seen in it, in price; kept in the memory."""


def note(known: Hours, snapshot: Snapshot, now_ms: int) -> None:
    """Take in every tick of the reading; what is more than a day old is let go as another hour begins.

    `now_ms` is the reading's moment: a clock that is set forward and back would empty the day.
    """
    hour = now_ms // HOUR_MS
    for symbol, quote in snapshot.quotes.items():
        ticks, wide = snapshot.ticks.get(symbol), quote.ask - quote.bid
        if ticks is not None and len(ticks):
            wide = float(np.fmax.reduce(ticks.ask - ticks.bid, initial=wide))
        if hour not in known.get(symbol, ()):
            _let_go(known, hour - HOURS)
        hours = known.setdefault(symbol, {})
        hours[hour] = max(hours.get(hour, 0.0), round(wide, DECIMALS))


def _let_go(known: Hours, until: int) -> None:
    for symbol, hours in tuple(known.items()):
        kept = {hour: wide for hour, wide in hours.items() if hour > until}
        known[symbol] = kept
        if not kept:
            del known[symbol]


def widest(known: Mapping[str, Mapping[int, float]], now_ms: int) -> dict[str, float]:
    """By symbol, in price."""
    first = now_ms // HOUR_MS - HOURS
    return {symbol: max((wide for hour, wide in hours.items() if hour > first), default=0.0)
            for symbol, hours in known.items()}  # fmt: skip
