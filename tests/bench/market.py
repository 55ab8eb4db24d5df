"""A made-up account as a terminal would show it, beat after beat: many symbols and positions, a swinging market."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from monitors.kinds import MarginMode, Side
from monitors.model import (
    Account,
    Conversion,
    Floats,
    Instrument,
    Ints,
    Position,
    Quote,
    Rates,
    Snapshot,
    TerminalState,
    Ticks,
)

LOGIN, SERVER = 1_000_001, "Bench-Server"
SYMBOLS, TICKS = 50, 500
"""Symbols held, and new ticks a beat over all of them."""
SWING_BEATS, SWING = 40, 0.006
"""The whole market rises and falls by this share of its prices, once in so many beats: levels trip and clear."""
CONTRACT, LEVERAGE, BALANCE = 100_000.0, 30.0, 327_000.0
POSITIONS, LONG = 200, 0.75
"""What the usual account holds, and the share of it that gains when the market rises."""
POLL_MS = 100


@dataclass(frozen=True, slots=True)
class Columns:
    """The same book as columns, for the comparison with bare numpy; one entry a position, `inverse` one a symbol."""

    symbol: Ints
    sign: Ints
    lots: Floats
    open: Floats
    stop: Floats
    inverse: Floats
    """By symbol: 1 where one unit of price gains 1 / price of account currency, else 0."""


class Market:
    """Makes one snapshot after another; seeded, so that every run sees the same prices.

    Ten times the positions are the same account with every position in ten parts.
    """

    def __init__(self, positions: int, start_ms: int, seed: int = 1) -> None:
        chance = np.random.default_rng(seed)
        self._chance = chance
        self._names = tuple(f"USD{i:03}" if i % 3 == 0 else f"X{i:02}USD" for i in range(SYMBOLS))
        self._calm = chance.uniform(0.8, 1.6, SYMBOLS)
        self._last = self._calm.copy()
        self._beat, self._now_ms = 0, start_ms
        inverse = (np.arange(SYMBOLS) % 3 == 0).astype(float)
        parts = positions // POSITIONS
        symbol = np.repeat(np.arange(POSITIONS) % SYMBOLS, parts)
        sign = np.where(chance.random(POSITIONS) < LONG, 1, -1).repeat(parts) * np.where(inverse[symbol] > 0, -1, 1)
        steps = chance.integers(2, 8, POSITIONS).repeat(parts) * (10 // parts)
        away = chance.normal(0.0, 0.004, POSITIONS).repeat(parts)
        opened = np.round(self._calm[symbol] * (1 + away), 5)
        stop = np.round(opened * (1 - 0.03 * sign), 5)
        self._steps = [int(count) for count in steps]
        lots = (steps * 0.01).astype(np.float64)
        self.columns = Columns(symbol, sign, lots, opened, stop, inverse)
        self._instruments = {name: _instrument(name) for name in self._names}
        self._conversions = {
            name[3:]: Conversion(symbol=name, inverse=True) for name in self._names if name.startswith("USD")
        }

    def step(self) -> Snapshot:
        """The next beat's snapshot; time and prices have moved on."""
        self._beat += 1
        began, self._now_ms = self._now_ms, self._now_ms + POLL_MS
        ticks = self._ticks(began)
        quotes = {
            name: Quote(time_ms=int(t.time_ms[-1]), bid=float(t.bid[-1]), ask=float(t.ask[-1]))
            for name, t in ticks.items()
        }
        bid = np.array([quote.bid for quote in quotes.values()])
        ask = np.array([quote.ask for quote in quotes.values()])
        convert = np.where(self.columns.inverse > 0, 1 / bid, 1.0)
        positions, profit, margin = self._positions(bid, ask, convert)
        per_lot = (CONTRACT * bid * convert / LEVERAGE).tolist()
        return Snapshot(
            taken_ms=self._now_ms,
            account=_account(profit, margin),
            terminal=TerminalState(connected=True, algo_allowed=True),
            positions=positions,
            quotes=quotes,
            ticks=ticks,
            instruments=self._instruments,
            conversions=self._conversions,
            rates={
                name: Rates(margin_buy=m, margin_sell=m, profit=c, loss=c)
                for name, m, c in zip(self._names, per_lot, convert.tolist(), strict=True)
            },
        )  # fmt: skip

    def _ticks(self, began_ms: int) -> dict[str, Ticks]:
        each = TICKS // SYMBOLS
        swing = 1 + SWING * math.sin(2 * math.pi * self._beat / SWING_BEATS) * np.where(self.columns.inverse > 0, -1, 1)
        goal = self._calm * swing
        way = self._last[:, None] + (goal - self._last)[:, None] * np.linspace(1 / each, 1, each)
        bid = np.round(way * (1 + self._chance.normal(0.0, 0.00002, way.shape)), 5)
        at = np.sort(self._chance.integers(began_ms + 1, began_ms + POLL_MS, way.shape), axis=1)
        self._last = goal
        return {
            name: Ticks(time_ms=at[i], bid=bid[i], ask=np.round(bid[i] + 0.00012, 5))
            for i, name in enumerate(self._names)
        }

    def _positions(self, bid: Floats, ask: Floats, convert: Floats) -> tuple[tuple[Position, ...], float, float]:
        """The open positions, their profit together, and the margin they use."""
        own = self.columns
        long = own.sign > 0
        price = np.where(long, bid[own.symbol], ask[own.symbol])
        profit = np.round(own.sign * (price - own.open) * own.lots * CONTRACT * convert[own.symbol], 2)
        each = zip(own.symbol.tolist(), long.tolist(), self._steps, own.open.tolist(), price.tolist(),
                   own.stop.tolist(), profit.tolist(), strict=True)  # fmt: skip
        found = tuple(
            Position(identifier=i, ticket=i, symbol=self._names[s], side=Side.BUY if is_long else Side.SELL,
                     steps=steps, lots=round(steps * 0.01, 2), open=opened, price=now, stop=stop, target=0.0,
                     profit=gain, swap=0.0, magic=i % 5, opened_ms=0)
            for i, (s, is_long, steps, opened, now, stop, gain) in enumerate(each, start=1)
        )  # fmt: skip
        lots = [np.bincount(own.symbol, np.where(side, own.lots, 0.0), SYMBOLS) for side in (long, ~long)]
        margin = float((np.maximum(*lots) * CONTRACT * bid * convert / LEVERAGE).sum())
        return found, float(profit.sum()), margin


def _instrument(name: str) -> Instrument:
    return Instrument(
        symbol=name, digits=5, point=1e-5, tick_size=1e-5, contract_size=CONTRACT, volume_min=0.01, volume_step=0.01,
        volume_max=100.0, currency_base=name[:3], currency_profit=name[3:], currency_margin="USD", hedged_use_leg=True,
    )  # fmt: skip


def _account(profit: float, margin: float) -> Account:
    floating, used = round(profit, 2), round(margin, 2)
    equity = round(BALANCE + floating, 2)
    return Account(
        login=LOGIN, server=SERVER, currency="USD", digits=2, leverage=int(LEVERAGE), margin_mode=MarginMode.HEDGING,
        balance=BALANCE, credit=0.0, profit=floating, equity=equity, margin=used, margin_free=round(equity - used, 2),
    )  # fmt: skip
