"""Hourly bars of a currency pair as a broker of any clock would keep them: trading hours told by New York's own."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cache
from zoneinfo import ZoneInfo

import numpy as np

from monitors.model import Ints
from monitors.zones import HOUR_MS, zone

FRIDAY, SATURDAY, SUNDAY = 4, 5, 6
FIRST, LAST = (round(datetime(year, 1, 1, tzinfo=UTC).timestamp()) * 1000 for year in (2024, 2029))


def utc(text: str) -> int:
    """UTC epoch milliseconds of an ISO time without a zone."""
    return round(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp() * 1000)


def trades(utc_ms: int) -> bool:
    """Whether currencies trade at that moment."""
    there = datetime.fromtimestamp(utc_ms / 1000, UTC).astimezone(ZoneInfo("America/New_York"))
    if there.weekday() == FRIDAY:
        return there.hour < 17
    return there.weekday() != SATURDAY and (there.weekday() != SUNDAY or there.hour >= 17)


@cache
def _hours() -> Ints:
    return np.array([ms for ms in range(FIRST, LAST, HOUR_MS) if trades(ms)], dtype=np.int64)


def hours(since: int, until: int) -> Ints:
    """The hours of trading between two UTC moments."""
    every = _hours()
    return every[np.searchsorted(every, since) : np.searchsorted(every, until)]


def bars(name: str, since: int, until: int) -> Ints:
    """The starts of a broker's bars of those hours, on its wall; a clock on the half hour cuts each hour in two."""
    clock, traded = zone(name), hours(since, until)
    ends = np.concatenate([clock.to_wall(traded), clock.to_wall(traded + HOUR_MS - 1)])
    return np.unique(ends // HOUR_MS * HOUR_MS)
