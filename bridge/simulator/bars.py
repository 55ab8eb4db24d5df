"""Bars of one symbol: M1 kept from its ticks, every longer timeframe made from those."""

from __future__ import annotations

from typing import Any

import numpy as np

from bridge.simulator.backend import RATES, Refusal, Rows
from bridge.simulator.tape import Tape
from monitors.model import Ints

MINUTE, DAY, WEEK = 60, 86_400, 604_800
_HOURS, _WEEKS, _MONTHS = 0x4000, 0x8000, 0xC000
_MINUTES = {1, 2, 3, 4, 5, 6, 10, 12, 15, 20, 30}
_SUNDAY_S = 3 * DAY  # 4 January 1970; MetaTrader's weeks begin on Sunday
INVALID_PARAMS = -2


def bar_starts(times_s: Ints, timeframe: int) -> Ints:
    """The broker second at which each moment's bar begins; Refusal(-2) for a timeframe that does not exist."""
    if timeframe in _MINUTES:
        seconds = timeframe * MINUTE
    elif timeframe & _MONTHS == _HOURS and timeframe - _HOURS in {1, 2, 3, 4, 6, 8, 12, 24}:
        seconds = (timeframe - _HOURS) * 3600
    elif timeframe == _WEEKS + 1:
        return (times_s - _SUNDAY_S) // WEEK * WEEK + _SUNDAY_S
    elif timeframe == _MONTHS + 1:
        months = times_s.astype("datetime64[s]").astype("datetime64[M]").astype("datetime64[s]")
        firsts: Ints = months.astype(np.int64)
        return firsts
    else:
        raise Refusal(INVALID_PARAMS)
    return times_s // seconds * seconds


def merged(bars: Rows, starts: Ints) -> Rows:
    """Bars with the same start made into one, in order."""
    if not len(bars):
        return bars
    first = np.flatnonzero(np.r_[True, starts[1:] != starts[:-1]])
    last = np.r_[first[1:] - 1, len(bars) - 1]
    out = np.zeros(len(first), dtype=RATES)
    out["time"] = starts[first]
    out["open"] = bars["open"][first]
    out["high"] = np.maximum.reduceat(bars["high"], first)
    out["low"] = np.minimum.reduceat(bars["low"], first)
    out["close"] = bars["close"][last]
    out["tick_volume"] = np.add.reduceat(bars["tick_volume"], first)
    out["spread"] = np.minimum.reduceat(bars["spread"], first)
    return out


class Bars:
    """A symbol's bid bars in broker time, brought up to its tape when they are asked for."""

    def __init__(self, tape: Tape, digits: int) -> None:
        self._tape = tape
        self._per_unit = 10.0**digits
        self._done: Rows = np.empty(0, dtype=RATES)
        self._seen = 0

    def load(self, bars: Rows) -> None:
        """History from elsewhere: M1 bars in broker time that end before the first tick."""
        self._done = np.concatenate([bars.astype(RATES), self._done])

    def minutes(self) -> Rows:
        """Every M1 bar, the forming one last."""
        times, bids, asks = self._tape.since(self._seen)
        self._seen = self._tape.dropped + len(self._tape)
        sound = (bids > 0) & (asks > 0)
        if sound.any():
            fresh = self._as_bars(times[sound] // 1000, bids[sound], asks[sound])
            tail = len(self._done) - 1 if len(self._done) else 0  # the last one may still be forming
            both = np.concatenate([self._done[tail:], fresh])
            self._done = np.concatenate([self._done[:tail], merged(both, bar_starts(both["time"], 1))])
        return self._done

    def _as_bars(self, times_s: Ints, bids: np.ndarray[Any, Any], asks: np.ndarray[Any, Any]) -> Rows:
        ticks = np.zeros(len(times_s), dtype=RATES)
        ticks["time"] = times_s
        for field in ("open", "high", "low", "close"):
            ticks[field] = bids
        ticks["tick_volume"] = 1
        ticks["spread"] = np.rint((asks - bids) * self._per_unit)
        return merged(ticks, bar_starts(times_s, 1))

    def of(self, timeframe: int) -> Rows:
        minutes = self.minutes()
        return merged(minutes, bar_starts(minutes["time"], timeframe)) if timeframe != 1 else minutes

    def from_time(self, timeframe: int, since_s: int, count: int) -> Rows:
        """At most `count` bars that begin at or before `since_s`, oldest first (so MetaTrader counts back)."""
        bars = self.of(timeframe)
        end = int(np.searchsorted(bars["time"], since_s, side="right"))
        return bars[max(end - max(count, 0), 0) : end].copy()

    def from_position(self, timeframe: int, start: int, count: int) -> Rows:
        """At most `count` bars that end with the `start`-th from the newest."""
        bars = self.of(timeframe)
        end = max(len(bars) - max(start, 0), 0)
        return bars[max(end - max(count, 0), 0) : end].copy()

    def between(self, timeframe: int, since_s: int, until_s: int) -> Rows:
        bars = self.of(timeframe)
        return bars[(bars["time"] >= since_s) & (bars["time"] <= until_s)].copy()
