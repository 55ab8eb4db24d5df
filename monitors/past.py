"""Equity while nobody looked: what is held now, deals undone one after another, and the bars of a minute."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from monitors.kinds import DealKind
from monitors.model import Bars, Deal, Floats, Ints, Position, Snapshot, Unknown
from monitors.path import EMPTY, EquityPath
from monitors.zones import DAY_MS, MINUTE_MS, zone


@dataclass(frozen=True, slots=True, kw_only=True)
class Spec:
    """What a symbol's profit depends on, remembered because a terminal only tells of what is held."""

    contract_size: float
    point: float
    currency: str
    """The currency of its profit."""


@dataclass(frozen=True, slots=True)
class _Prices:
    """One symbol on the grid of minutes, length n each: bids, and how far the ask lies above."""

    high: Floats
    low: Floats
    close: Floats
    spread: Floats


def past_equity(snapshot: Snapshot, deals: Sequence[Deal], specs: Mapping[str, Spec], bars: Mapping[str, Bars],
                since_ms: int) -> EquityPath | Unknown:  # fmt: skip
    """Equity from a UTC instant to the snapshot as bars of a minute bound it, in the manner of `history.fold`.

    `deals` are all of that time, `bars` those of every symbol held meanwhile and of the pairs that convert. Each
    minute gives the best that its bars allow, then the worst, then its close: peaks are the highest possible and
    falls the deepest possible, so that a limit is never thought further away than it is. All positions of a symbol
    stand at the same price, for a hedge earns at one end of a bar what it loses there; two symbols may stand each at
    the worst end of its own. Asks stand the bar's least spread above the bids. A position's swap is spread over the
    nights that it was held. Unknown where a bar, a contract or a conversion is missing. RULES: drawdown.
    """
    held = _tracks(snapshot, deals)
    symbols = {track.symbol for track in held}
    if not symbols:
        return EMPTY
    unseen = sorted(name for name in symbols if name not in bars or not len(bars[name]))
    if unseen:
        return Unknown(f"there are no bars of {', '.join(unseen)}")
    grid = np.unique(np.concatenate([bars[name].time_ms for name in symbols]))
    grid = grid[(grid > since_ms - MINUTE_MS) & (grid <= snapshot.taken_ms)]
    if not len(grid):
        return EMPTY
    prices: dict[str, _Prices] = {}
    for name in symbols | {c.symbol for c in snapshot.conversions.values() if c.symbol in bars}:
        if name in symbols and name not in specs:
            return Unknown(f"the contract of {name} is not known: it was never seen to be held")
        found = _on_grid(bars.get(name), grid, specs[name].point if name in specs else 0.0)
        if found is None and name in symbols:
            return Unknown(f"bars of {name} are missing")
        if found is not None:
            prices[name] = found
    book = _Book(snapshot, held, deals, specs, prices, grid)
    missing = book.unconverted()
    if missing:
        return Unknown(f"bars that convert {missing} are missing")
    return book.path(since_ms)


@dataclass(slots=True)
class _Track:
    """One position through the time unseen; volumes in lots, + long and - short."""

    identifier: int
    symbol: str
    signed: float = 0.0
    open: float = 0.0
    swap: float = 0.0
    opened_ms: int | None = None
    deals: list[Deal] | None = None


def _tracks(snapshot: Snapshot, deals: Sequence[Deal]) -> list[_Track]:
    """Every position that was held at some time, as it is now, with its deals oldest first."""
    found: dict[int, _Track] = {}
    for p in snapshot.positions:
        found[p.identifier] = _track(p)
    for deal in sorted((d for d in deals if d.kind is DealKind.TRADE), key=lambda d: (d.time_ms, d.ticket)):
        track = found.setdefault(deal.position, _Track(deal.position, deal.symbol))
        track.deals = [*(track.deals or ()), deal]
    return list(found.values())


def _track(p: Position) -> _Track:
    return _Track(p.identifier, p.symbol, p.lots * p.side.sign, p.open, p.swap, p.opened_ms)


def _on_grid(bars: Bars | None, grid: Ints, point: float) -> _Prices | None:
    """A symbol's bars on the grid; between two of them the last close stands. None where the first is missing."""
    if bars is None or not len(bars):
        return None
    at = np.searchsorted(bars.time_ms, grid, side="right") - 1
    if at[0] < 0:
        return None
    fresh, close = bars.time_ms[at] == grid, bars.close[at]
    high, low = np.where(fresh, bars.high[at], close), np.where(fresh, bars.low[at], close)
    return _Prices(high, low, close, bars.spread[at] * point)


class _Book:
    """All that was held, on the grid of minutes."""

    def __init__(self, snapshot: Snapshot, held: list[_Track], deals: Sequence[Deal], specs: Mapping[str, Spec],
                 prices: Mapping[str, _Prices], grid: Ints) -> None:  # fmt: skip
        self._snapshot = snapshot
        self._held = held
        self._specs = specs
        self._prices = prices
        self._grid = grid
        earned = sorted((d.time_ms, d.cash) for d in deals if d.kind in (DealKind.TRADE, DealKind.BOOKING))
        self._booked_ms = np.array([ms for ms, _ in earned], dtype=np.int64)
        self._to_come = _suffix([cash for _, cash in earned])
        self._zone = zone(snapshot.broker_zone)

    def unconverted(self) -> str:
        """A currency that bars are missing to convert; empty where there is none."""
        account = self._snapshot.account.currency
        for track in self._held:
            currency = self._specs[track.symbol].currency
            pair = self._snapshot.conversions.get(currency)
            if currency != account and (pair is None or pair.symbol not in self._prices):
                return currency
        return ""

    def path(self, since_ms: int) -> EquityPath:
        """Three moments of each minute: the best, the worst, the close.

        Of the minute in which the time unseen began only the close counts: its extremes may be of before and were seen.
        """
        ends = self._grid + MINUTE_MS - 1
        before, begun, close = self._grid - 1, self._grid >= since_ms, self._equity(ends, 0)
        best = np.where(begun, np.maximum(self._equity(before, 1), self._equity(ends, 1)), close)
        worst = np.where(begun, np.minimum(self._equity(before, -1), self._equity(ends, -1)), close)
        third = MINUTE_MS // 3
        times = np.column_stack((self._grid + third, self._grid + 2 * third, ends)).ravel()
        values = np.column_stack((best, worst, close)).ravel()
        return EquityPath(np.clip(times, since_ms + 1, self._snapshot.taken_ms), values)

    def _equity(self, times: Ints, way: int) -> Floats:
        """Equity with what was held at `times`, at the best (+1), worst (-1) or closing (0) prices of each minute."""
        account = self._snapshot.account
        late = self._to_come[np.searchsorted(self._booked_ms, times, side="right")]
        total: Floats = account.balance + account.credit - late
        for symbol in sorted({track.symbol for track in self._held}):
            total = total + self._of_symbol(symbol, times, way)
        return total

    def _of_symbol(self, symbol: str, times: Ints, way: int) -> Floats:
        """Of all its positions together: it moves one way with the price, so the best and the worst are at the ends."""
        prices, held = self._prices[symbol], [track for track in self._held if track.symbol == symbol]

        def at(bid: Floats) -> Floats:
            found: Floats = np.sum([self._floating(track, times, bid) for track in held], axis=0)
            return found

        if way == 0:
            return at(prices.close)
        high, low = at(prices.high), at(prices.low)
        return np.maximum(high, low) if way > 0 else np.minimum(high, low)

    def _floating(self, track: _Track, times: Ints, bid: Floats) -> Floats:
        """Floating profit and swap of one position, account currency, rounded as the terminal rounds it."""
        prices, spec = self._prices[track.symbol], self._specs[track.symbol]
        deals = track.deals or []
        size = spec.contract_size
        moved = [d.side.sign * d.lots for d in deals]
        at = np.searchsorted([d.time_ms for d in deals], times, side="right")
        signed = track.signed - _suffix(moved)[at]
        paid = [m * d.price * size + self._unconverted(spec, d) for m, d in zip(moved, deals, strict=True)]
        basis = track.signed * track.open * size - _suffix(paid)[at]
        closing = np.where(signed > 0, bid, bid + prices.spread)
        gained = signed * size * closing - basis
        money = np.round(gained * self._rate(track.symbol, gained >= 0, closing), self._snapshot.account.digits)
        return np.where(signed != 0, money + self._swap(track, times, at), 0.0)

    def _rate(self, symbol: str, gain: np.ndarray, closing: Floats) -> Floats:
        """Account currency for one unit of the symbol's profit currency; a gain at the worse side, length n.

        MetaTrader converts at the symbol's own closing price where it is itself the pair that converts.
        """
        currency = self._specs[symbol].currency
        if currency == self._snapshot.account.currency:
            return np.ones(len(closing))
        pair = self._snapshot.conversions[currency]
        if pair.symbol == symbol:
            return 1 / closing if pair.inverse else closing
        bid, quote = self._prices[pair.symbol].close, self._snapshot.quotes.get(pair.symbol)
        ask = bid * (quote.ask / quote.bid if quote and quote.sane else 1.0)
        return np.where(gain, 1 / ask, 1 / bid) if pair.inverse else np.where(gain, bid, ask)

    def _unconverted(self, spec: Spec, deal: Deal) -> float:
        """What a deal realised, in the symbol's profit currency."""
        if not deal.profit or spec.currency == self._snapshot.account.currency:
            return deal.profit
        minute = min(int(np.searchsorted(self._grid, deal.time_ms, side="right")), len(self._grid)) - 1
        price = np.full(len(self._grid), deal.price)
        rate = self._rate(deal.symbol, np.full(len(self._grid), deal.profit >= 0), price)
        return deal.profit / float(rate[max(0, minute)])

    def _swap(self, track: _Track, times: Ints, at: Ints) -> Floats:
        """Swap that stood on the position: the share of its nights that had passed, less what was paid by then."""
        deals = track.deals or []
        paid_later = _suffix([d.swap for d in deals])
        total = track.swap + float(paid_later[0])
        if not total:
            return np.zeros(len(times))
        opened = track.opened_ms if track.opened_ms is not None else self._opened_ms(deals)
        if opened is None:
            share = np.ones(len(times))
        else:
            last = deals[-1].time_ms if deals and not track.signed else self._snapshot.taken_ms
            first, end = (self._zone.to_wall_ms(ms) // DAY_MS for ms in (opened, last))
            nights = np.clip(self._zone.to_wall(times) // DAY_MS - first, 0, end - first)
            share = nights / (end - first) if end > first else np.ones(len(times))
        found: Floats = total * share - (float(paid_later[0]) - paid_later[at])
        return found

    @staticmethod
    def _opened_ms(deals: list[Deal]) -> int | None:
        """When a position that is gone was opened; None where that was before anything here."""
        first = deals[0]
        return None if first.closes else first.time_ms


def _suffix(values: Sequence[float]) -> Floats:
    """At i the sum of the values from i on, so that the last of the n + 1 sums is 0."""
    return np.append(np.cumsum(np.array(values, dtype=float)[::-1])[::-1], 0.0)
