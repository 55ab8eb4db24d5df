"""The arithmetic of a beat in bare numpy, on columns that are ready: what no program around it can be faster than."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from bridge.clock import SystemClock
from monitors.model import Floats, Ints, Snapshot
from tests.bench.market import CONTRACT, LEVERAGE, SYMBOLS, Columns, Market

THRESHOLDS = 23
"""As many comparisons as rules.toml has levels."""


@dataclass(frozen=True, slots=True)
class Prices:
    """One beat's prices as columns: by tick (symbol after symbol), and by symbol the latest."""

    time_ms: Ints
    symbol: Ints
    tick_bid: Floats
    tick_ask: Floats
    bid: Floats
    ask: Floats


def measure(positions: int, beats: int, start_ms: int) -> Floats:
    """Milliseconds of each beat's arithmetic."""
    market, stopwatch, took = Market(positions, start_ms), SystemClock(), []
    before, peak, limits = prices(market.step()), 0.0, np.linspace(-1e9, 1e9, THRESHOLDS)
    for _ in range(beats):
        snapshot = market.step()
        now = prices(snapshot)
        began = stopwatch.monotonic()
        figures, peak = arithmetic(market.columns, before, now, snapshot.account.equity, peak)
        (np.resize(figures, THRESHOLDS) <= limits).any()
        took.append(1000 * (stopwatch.monotonic() - began))
        before = now
    return np.array(took)


def prices(snapshot: Snapshot) -> Prices:
    """A snapshot's prices as columns; not part of what is measured."""
    ticks, quotes = list(snapshot.ticks.values()), list(snapshot.quotes.values())
    return Prices(
        time_ms=np.concatenate([t.time_ms for t in ticks]),
        symbol=np.repeat(np.arange(SYMBOLS), [len(t) for t in ticks]),
        tick_bid=np.concatenate([t.bid for t in ticks]),
        tick_ask=np.concatenate([t.ask for t in ticks]),
        bid=np.array([q.bid for q in quotes]),
        ask=np.array([q.ask for q in quotes]),
    )


def arithmetic(own: Columns, before: Prices, now: Prices, equity: float, peak: float) -> tuple[Floats, float]:
    """Path of equity, drawdown, exposure, concentration, margin and open risk; and the highest equity so far."""
    long = own.sign > 0
    size = own.lots * CONTRACT
    held = [np.bincount(own.symbol, np.where(side, size, 0.0), SYMBOLS) for side in (long, ~long)]
    paid = [np.bincount(own.symbol, np.where(side, size * own.open, 0.0), SYMBOLS) for side in (long, ~long)]

    def worth(symbol: Ints, bid: Floats, ask: Floats) -> Floats:
        gained = held[0][symbol] * bid - paid[0][symbol] - held[1][symbol] * ask + paid[1][symbol]
        return gained * np.where(own.inverse[symbol] > 0, 1 / bid, 1.0)

    now_worth = worth(now.symbol, now.tick_bid, now.tick_ask)
    previous = np.concatenate(([0.0], now_worth[:-1]))
    first = np.concatenate(([True], now.symbol[1:] != now.symbol[:-1]))
    previous[first] = worth(now.symbol[first], before.bid[now.symbol[first]], before.ask[now.symbol[first]])
    path = np.cumsum((now_worth - previous)[np.argsort(now.time_ms, kind="stable")])
    path += equity - path[-1]
    low, peak = path.min(), max(peak, float(path.max()))

    price = np.where(long, now.bid[own.symbol], now.ask[own.symbol])
    convert = np.where(own.inverse > 0, 1 / now.bid, 1.0)
    notional = size * price * convert[own.symbol]
    gross = np.bincount(own.symbol, notional, SYMBOLS)
    share = gross / gross.sum()
    lots = [side / CONTRACT for side in held]
    margin = (np.maximum(*lots) * CONTRACT * now.bid * convert / LEVERAGE).sum()
    risk = np.maximum(0.0, own.sign * (price - own.stop) * size * convert[own.symbol]).sum()
    figures = np.array([
        peak - low, 100 * (peak - low) / peak, notional.sum(), notional.sum() / equity, 100 * share.max(),
        (share**2).sum(), margin, equity - margin, 100 * equity / margin, 100 * risk / equity,
    ])  # fmt: skip
    return figures, peak
