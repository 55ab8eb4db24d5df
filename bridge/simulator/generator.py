"""Ticks that never were, from a seed: spreads, volatility, the day's rhythm, gaps and weekends as real ones have.

Fitted to OANDA's EURUSD of 1 to 9 May 2014 (321,559 ticks: minute volatility 0.90 bp with heavy tails, 0.55 ticks a
second in bunches, a median gap of 0.18 s against a mean of 1.8 s, spread 1.2 pips and eight times that at the 99th
percentile, 2.5 to 6 times the night's ticks after 12:00 UTC, 48 hours of weekend with a gap of 8 bp) and its XAUUSD
(842,469 ticks: 2.4 bp, 2.4 ticks a second, an hour's break each day, a weekend gap of 17 bp).
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass

import numpy as np

from bridge.simulator.tape import Floats
from monitors.model import Ints
from monitors.zones import NEW_YORK_CLOSE, zone

HOUR_MS, MINUTE_MS = 3_600_000, 60_000
_SATURDAY, _SUNDAY = 2, 3  # days since 1 January 1970, a Thursday, modulo 7
_TAIL = 4.0  # degrees of freedom of a minute's volatility
_BUNCHING = 0.9  # spread of the logarithm of a minute's activity
_GAP_BP = 12.0
_OFF_HOURS = 4.0  # spreads in the hour after the New York close
# Each UTC hour's part of the day: ticks, and minute volatility, in units of their average.
_ACTIVITY = np.array([
    0.41, 0.36, 0.38, 0.24, 0.22, 0.34, 0.96, 1.39, 1.18, 0.98, 0.89, 1.54,
    3.10, 2.60, 2.60, 1.39, 0.82, 0.82, 0.60, 0.48, 0.53, 0.38, 0.22, 0.14,
])  # fmt: skip
_VOLATILITY = np.array([
    0.56, 0.53, 0.54, 0.41, 0.39, 0.54, 1.10, 1.50, 1.03, 0.92, 0.89, 1.50,
    2.20, 1.66, 2.00, 1.28, 0.89, 1.07, 0.77, 0.57, 0.66, 0.63, 0.45, 0.41,
])  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Character:
    """How a symbol moves: price at the start, spread in price units, minute volatility in bp, ticks a second."""

    price: float
    spread: float
    minute_bp: float
    per_second: float
    daily_break: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Script:
    """A move laid over the noise: the logarithm of the price at moments, straight lines between them."""

    utc_ms: Ints
    log_moves: Floats

    def at(self, utc_ms: Ints) -> Floats:
        moved: Floats = np.interp(utc_ms, self.utc_ms, self.log_moves)
        return moved


class Generated:
    """A symbol's ticks, made by the hour as they are needed; the same seed, symbol and start give the same ticks.

    `always_open`: a market that knows no weekend and no break.
    """

    def __init__(self, *, seed: int, symbol: str, character: Character, start_ms: int, script: Script | None,
                 always_open: bool = False) -> None:  # fmt: skip
        self._seed = (seed, zlib.crc32(symbol.encode()))
        self._character = character
        self._script = script
        self._always_open = always_open
        self._zone = zone(NEW_YORK_CLOSE)
        self._start_ms = start_ms
        self._hour = start_ms // HOUR_MS
        self._log_price = float(np.log(character.price))
        self._was_closed = False
        self.utc_ms: Ints = np.array([start_ms], dtype=np.int64)
        self.bids: Floats = np.array([character.price - character.spread / 2])
        self.asks: Floats = np.array([character.price + character.spread / 2])
        self.dropped = 0
        self._before = 0
        """How many of the ticks here the last call but one had made."""

    def ensure(self, end_ms: int) -> None:
        """Have every tick before `end_ms`; those go that were there before the last call that made some.

        Whoever shares these ticks has had them by then: all desks of a world advance together.
        """
        made = []
        while self._hour * HOUR_MS < end_ms:
            made.append(self._make_hour())
            self._hour += 1
        if made:
            last, self._before = self._before, len(self.utc_ms) - self._before
            self.dropped += last
            self.utc_ms = np.concatenate([self.utc_ms[last:], *(hour[0] for hour in made)])
            self.bids = np.concatenate([self.bids[last:], *(hour[1] for hour in made)])
            self.asks = np.concatenate([self.asks[last:], *(hour[2] for hour in made)])

    def _make_hour(self) -> tuple[Ints, Floats, Floats]:
        rng = np.random.default_rng([*self._seed, self._hour])
        if self._closed():
            self._was_closed = True
            return np.empty(0, dtype=np.int64), np.empty(0), np.empty(0)
        if self._was_closed:
            self._was_closed = False
            self._log_price += float(rng.normal(0, _GAP_BP * 1e-4))
        character, of_day = self._character, self._hour % 24
        activity = np.exp(rng.normal(-(_BUNCHING**2) / 2, _BUNCHING, 60)) * _ACTIVITY[of_day] * character.per_second
        counts = np.maximum(rng.poisson(activity * 60), 1)
        minute = np.repeat(np.arange(60), counts)
        times = np.sort(minute * MINUTE_MS + rng.integers(0, MINUTE_MS, len(minute)))
        scale = np.sqrt(_TAIL / rng.chisquare(_TAIL, 60)) * np.sqrt((_TAIL - 2) / _TAIL)
        sigma = scale * _VOLATILITY[of_day] * character.minute_bp * 1e-4 / np.sqrt(counts)
        logs = self._log_price + np.cumsum(rng.normal(0, 1, len(minute)) * sigma[minute])
        utc = times + self._hour * HOUR_MS
        live = utc > self._start_ms
        early = int(len(live) - live.sum())
        if early:  # the hour was under way already: its price is the one to go on from
            logs += self._log_price - logs[early - 1]
        spreads = character.spread * np.exp(rng.normal(0, 0.2, len(minute))) * self._spread_factor()
        self._log_price = float(logs[-1])
        logs = logs[live] if self._script is None else logs[live] + self._script.at(utc[live])
        mids, halves = np.exp(logs), spreads[live] / 2
        return utc[live], mids - halves, mids + halves

    def _broker_hour(self) -> int:
        return self._zone.to_wall_ms(self._hour * HOUR_MS) // HOUR_MS

    def _closed(self) -> bool:
        if self._always_open:
            return False
        day, hour = divmod(self._broker_hour(), 24)
        return day % 7 in {_SATURDAY, _SUNDAY} or (self._character.daily_break and hour == 0)

    def _spread_factor(self) -> float:
        return _OFF_HOURS if self._broker_hour() % 24 == 0 else 1.0


def past_minutes(*, seed: int, symbol: str, character: Character, end_ms: int, minutes: int) -> tuple[Ints, Floats]:
    """UTC starts and closes of the `minutes` trading minutes that lead up to the price at `end_ms`."""
    clock_zone = zone(NEW_YORK_CLOSE)
    last = end_ms // MINUTE_MS
    starts = np.arange(last - minutes, last, dtype=np.int64) * MINUTE_MS
    days = clock_zone.to_wall(starts) // (24 * HOUR_MS) % 7
    starts = starts[(days != _SATURDAY) & (days != _SUNDAY)]
    rng = np.random.default_rng([seed, zlib.crc32(symbol.encode()), 1])
    steps = rng.standard_t(_TAIL, len(starts)) * np.sqrt((_TAIL - 2) / _TAIL) * character.minute_bp * 1e-4
    steps *= _VOLATILITY[(starts // HOUR_MS) % 24]
    back = np.cumsum(steps[::-1])[::-1]
    closes: Floats = character.price * np.exp(-(back - steps))
    return starts, closes
