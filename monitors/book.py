"""The open positions as columns: what they weigh by symbol, and what would be left after closing some."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from monitors.conversions import NO_RATES, Ways, ways
from monitors.kinds import Side
from monitors.model import Floats, Ints, Quote, Snapshot

NOISE_LOTS = 1e-9
"""Lots that are only the rounding of a sum; no broker's step is as small."""


@dataclass(frozen=True)
class Book:
    """Columns of length n (positions, in the snapshot's order) and of length s (symbols held, first seen first).

    Money is account currency. Arrays are never written to.
    """

    snapshot: Snapshot

    @cached_property
    def holding(self) -> tuple[list[int], list[int], list[Side], list[float]]:
        """Identifier, steps, side and opening price of each position: what only a deal changes."""
        held = self.snapshot.positions
        return ([p.identifier for p in held], [p.steps for p in held], [p.side for p in held],
                [p.open for p in held])  # fmt: skip

    @cached_property
    def places(self) -> dict[int, int]:
        """Where each position stands, by its identifier."""
        return {p.identifier: place for place, p in enumerate(self.snapshot.positions)}

    @cached_property
    def symbols(self) -> tuple[str, ...]:
        """The symbols held, first seen first; length s."""
        return tuple(dict.fromkeys(p.symbol for p in self.snapshot.positions))

    @cached_property
    def symbol(self) -> Ints:
        """Index into `symbols`, length n."""
        place = {name: i for i, name in enumerate(self.symbols)}
        return np.array([place[p.symbol] for p in self.snapshot.positions], dtype=np.int64)

    @cached_property
    def sign(self) -> Ints:
        """+1 long, -1 short, length n."""
        return np.where(self.long, 1, -1)

    @cached_property
    def long(self) -> NDArray[np.bool_]:
        """True where the position is long, length n."""
        return np.array([p.side is Side.BUY for p in self.snapshot.positions], dtype=bool)

    @cached_property
    def leg(self) -> Ints:
        """Where the position counts in an array of all long legs and then all short legs (length 2s), length n."""
        return np.where(self.long, self.symbol, self.symbol + len(self.symbols))

    def by_leg(self, weights: Floats) -> Floats:
        """The sum of `weights` (length n) by symbol, shape (2, s): row 0 of the longs, row 1 of the shorts."""
        n = len(self.symbols)
        return sums(self.leg, weights, 2 * n).reshape(2, n)

    @cached_property
    def lots(self) -> Floats:
        """Volume of each position in lots, length n."""
        return np.array([p.lots for p in self.snapshot.positions], dtype=float)

    @cached_property
    def price(self) -> Floats:
        """The price at which each position would be closed now, length n."""
        bid, ask = self.quotes
        return np.where(self.long, bid[self.symbol], ask[self.symbol])

    @cached_property
    def quotes(self) -> tuple[Floats, Floats]:
        """Bid and ask by symbol, length s each."""
        return columns(self.snapshot.quotes, self.symbols)

    @cached_property
    def open(self) -> Floats:
        """Opening prices, length n."""
        return np.array([p.open for p in self.snapshot.positions], dtype=float)

    @cached_property
    def profit(self) -> Floats:
        """Floating profit and swap of each position as the terminal reports them, length n."""
        return np.array([p.profit + p.swap for p in self.snapshot.positions], dtype=float)

    @cached_property
    def profit_per_lot(self) -> Floats:
        """What closing one lot of each position would realise, length n."""
        return np.divide(self.profit, self.lots, out=np.zeros_like(self.lots), where=self.lots > 0)

    @cached_property
    def contract(self) -> Floats:
        """Contract size by symbol, length s."""
        return np.array([self.snapshot.instruments[name].contract_size for name in self.symbols], dtype=float)

    @cached_property
    def stated(self) -> Floats:
        """Floating profit of each position without its swap, as the terminal reports it, length n."""
        return np.array([p.profit for p in self.snapshot.positions], dtype=float)

    @cached_property
    def ways(self) -> Ways:
        """How each symbol's profit becomes account currency."""
        return ways(self.snapshot, self.symbols)

    @cached_property
    def rates(self) -> tuple[Floats, Floats, Floats, Floats]:
        """By symbol, length s each: margin a lot long and short, account currency for a unit gained and lost.

        Exact at this moment's quotes where that can be known, else what the terminal told (`ways`). A symbol that is
        its own conversion pair gains at the bid or loses at the ask by its position's side; here stands the worse.
        """
        found = [self.snapshot.rates.get(name, NO_RATES) for name in self.symbols]
        buy, sell = np.array([(r.margin_buy, r.margin_sell) for r in found], dtype=float).reshape(-1, 2).T
        known, (bid, ask) = self.ways, self.quotes
        pair_bid, pair_ask = (side[known.pair] for side in columns(self.snapshot.quotes, (*known.pairs, "")))
        gain, loss = known.sides(np.arange(len(self.symbols)), pair_bid, pair_ask)
        own_bid, own_ask = (np.where(known.own, side, 1.0) for side in (bid, ask))
        return buy, sell, np.where(known.own, 1 / own_ask, gain), np.where(known.own, 1 / own_bid, loss)

    @cached_property
    def notional_per_lot(self) -> Floats:
        """Contract size x price, in account currency, length n (RULES: exposure)."""
        conversion = self.rates[2]
        return self.contract[self.symbol] * self.price * conversion[self.symbol]

    @cached_property
    def notional(self) -> Floats:
        """Notional of each position in account currency, length n."""
        return self.notional_per_lot * self.lots

    @cached_property
    def gross(self) -> Floats:
        """Notional by symbol, long and short added, length s."""
        return sums(self.symbol, self.notional, len(self.symbols))

    @cached_property
    def size(self) -> Floats:
        """Volume x contract size, length n: what one unit of price gains or loses, in profit currency."""
        return self.lots * self.contract[self.symbol]

    @cached_property
    def legs(self) -> tuple[Floats, Floats]:
        """Long and short lots by symbol, length s each."""
        long, short = self.by_leg(self.lots)
        return long, short

    @cached_property
    def net(self) -> Floats:
        """Long less short lots by symbol, length s; what cancels is exactly 0."""
        long, short = self.legs
        found = long - short
        return np.where(np.abs(found) < NOISE_LOTS, 0.0, found)

    @cached_property
    def hedged(self) -> tuple[Floats, np.ndarray]:
        """By symbol, length s: what a covered lot needs as a share of a lot alone; whether only the larger leg counts.

        MT5's hedged margin is an amount beside an initial margin, else a contract size.
        """
        specs = [self.snapshot.instruments[name] for name in self.symbols]
        wholes = [s.margin_initial if s.margin_initial > 0 else s.contract_size for s in specs]
        share = np.array([s.margin_hedged / w if w else 0.0 for s, w in zip(specs, wholes, strict=True)], dtype=float)
        return share, np.array([s.hedged_use_leg for s in specs], dtype=bool)

    def margin_by_symbol(self, long: Floats, short: Floats) -> Floats:
        """Margin for these lots of every symbol, before calibration, length s.

        Uncovered volume at the larger leg's rate, covered volume once a pair at the hedged rate
        (MetaTrader 5 help, "Margin for retail forex"; RULES: margin).
        """
        return self.margin_of(np.arange(len(self.symbols)), long, short)

    def margin_of(self, symbol: Ints, long: Floats, short: Floats) -> Floats:
        """The same for any row of symbols (indices into `symbols`) and the lots of each, of the row's length."""
        buy, sell = self.rates[0][symbol], self.rates[1][symbol]
        share, use_leg = self.hedged[0][symbol], self.hedged[1][symbol]
        covered = np.minimum(long, short)
        paired = np.abs(long - short) * np.where(long >= short, buy, sell) + covered * share * (buy + sell) / 2
        margin: Floats = np.where(use_leg, np.maximum(long * buy, short * sell), paired)
        return np.where(long + short > 0, margin, 0.0)

    @cached_property
    def margin_scale(self) -> float:
        """The terminal's used margin over ours: the broker's margin rates, which the API does not show."""
        ours = float(self.margin_by_symbol(*self.legs).sum())
        return self.snapshot.account.margin / ours if ours > 0 else float("nan")

    @property
    def calibration(self) -> float:
        """`margin_scale`, and 1 while nothing held needs margin, so that there is nothing to calibrate by."""
        return self.margin_scale if self.symbols and self.margin_by_symbol(*self.legs).sum() else 1.0

    @cached_property
    def margin_alone(self) -> Floats:
        """Margin that each position would need alone, length n; the order "largest margin" ranks by it."""
        buy, sell, _, _ = self.rates
        return np.where(self.long, buy[self.symbol], sell[self.symbol]) * self.lots

    @cached_property
    def risk(self) -> Floats:
        """Loss from the present price to each stop, length n; a stop in profit counts 0.

        Without a stop: the notional, capped at equity (RULES: position analytics).
        """
        cap = np.minimum(self.notional, max(0.0, self.snapshot.account.equity))
        return np.where(self.stop > 0, self.risk_per_lot * self.lots, cap)

    @cached_property
    def risk_per_lot(self) -> Floats:
        """The same of one lot, meaningless without a stop: 0 where the stop lies no worse than the opening."""
        kept = self.sign * (self.stop - self.open) >= 0  # so written that a NaN is no safety
        return np.where(kept, 0.0, np.maximum(0.0, self.loss_per_lot))

    @cached_property
    def stop(self) -> Floats:
        """Stop prices, 0 where there is none, length n."""
        return np.array([p.stop for p in self.snapshot.positions], dtype=float)

    @cached_property
    def loss_per_lot(self) -> Floats:
        """Loss of one lot from the present price to the stop, length n; meaningless without a stop."""
        return self.loss_per_lot_at(self.stop)

    def loss_per_lot_at(self, stop: Floats) -> Floats:
        """The same to any other stops, length n.

        Where the symbol is its own conversion pair, what it has gained so far is worth another sum at the stop too:
        size x (1 - open / price) becomes size x (1 - open / stop).
        """
        there = np.where(stop > 0, stop, np.nan)
        bent = self.open / (self.price * there)
        rate = np.where(self.ways.own[self.symbol], bent, self.rates[3][self.symbol])
        return np.asarray(self.sign * (self.price - stop) * self.contract[self.symbol] * rate, dtype=float)

    def follows(self, earlier: Book) -> None:
        """The same positions held the same volumes in `earlier`: columns that follow from that alone are taken over."""
        for name in ("symbols", "symbol", "lots"):
            if name in earlier.__dict__:
                self.__dict__[name] = earlier.__dict__[name]

    def with_lots(self, lots: Floats, snapshot: Snapshot) -> Book:
        """The same positions holding other volumes; what does not depend on volume is shared."""
        other = Book(snapshot)
        kept = ("symbols", "symbol", "long", "sign", "leg", "price", "open", "quotes", "contract", "rates", "hedged",
                "notional_per_lot", "margin_scale", "stop", "loss_per_lot", "risk_per_lot")  # fmt: skip
        for name in kept:
            other.__dict__[name] = getattr(self, name)
        other.__dict__["lots"] = lots
        other.__dict__["profit"] = self.profit_per_lot * lots
        return other


def columns(quotes: Mapping[str, Quote], names: tuple[str, ...]) -> tuple[Floats, Floats]:
    """Bid and ask of these symbols, NaN where there is no quote."""
    found = [quotes.get(name) for name in names]
    pairs = np.array([(q.bid, q.ask) if q else (np.nan, np.nan) for q in found], dtype=float).reshape(-1, 2)
    return pairs[:, 0], pairs[:, 1]


def sums(group: Ints, weights: Floats, groups: int) -> Floats:
    """The sum of the weights of each group; numpy's types do not know that weights make it float."""
    return np.bincount(group, weights, groups).astype(np.float64, copy=False)
