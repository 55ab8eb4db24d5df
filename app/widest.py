"""The widest spread of every symbol in the last 24 hours, an hour at a time, as far as it was seen."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from monitors.model import Snapshot
from monitors.zones import HOUR_MS

HOURS = 24
Hours = dict[str, dict[int, float]]
"""Symbol to hour since the epoch to the widest spread seen in it, in price; kept in the memory."""


def note(known: Hours, snapshot: Snapshot) -> None:
    """Take in every tick of the reading; hours that are over and more than a day old are let go."""
    hour = snapshot.taken_ms // HOUR_MS
    for symbol, quote in snapshot.quotes.items():
        ticks, wide = snapshot.ticks.get(symbol), quote.ask - quote.bid
        if ticks is not None and len(ticks):
            wide = float(np.fmax.reduce(ticks.ask - ticks.bid, initial=wide))
        hours = known.setdefault(symbol, {})
        if hour not in hours:
            for old in [one for one in hours if one <= hour - HOURS]:
                del hours[old]
        hours[hour] = max(hours.get(hour, 0.0), wide)


def widest(known: Mapping[str, Mapping[int, float]], now_ms: int) -> dict[str, float]:
    """By symbol, in price."""
    first = now_ms // HOUR_MS - HOURS
    return {symbol: max((wide for hour, wide in hours.items() if hour > first), default=0.0)
            for symbol, hours in known.items()}  # fmt: skip
