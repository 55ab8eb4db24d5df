"""How a symbol's profit becomes account currency: by the broker's pair, at its own price, or at a fixed rate."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from monitors.instruments import CalcMode
from monitors.model import Floats, Instrument, Ints, Rates, Snapshot

NO_RATES = Rates(margin_buy=float("nan"), margin_sell=float("nan"), profit=float("nan"), loss=float("nan"))
PLAIN = frozenset({
    CalcMode.FOREX, CalcMode.CFD, CalcMode.CFDINDEX, CalcMode.CFDLEVERAGE, CalcMode.FOREX_NO_LEVERAGE,
    CalcMode.EXCH_STOCKS, CalcMode.EXCH_STOCKS_MOEX,
})  # fmt: skip
"""Profit is (close - open) x contract x lots; elsewhere only the terminal knows what a unit of price is worth."""


@dataclass(frozen=True, slots=True)
class Ways:
    """By symbol, length s each: how one unit of profit currency becomes account currency.

    `pair` is an index into `pairs`, -1 where no pair converts; `own` converts at the symbol's own closing price; `gain`
    and `loss` are for a unit gained and a unit lost where the rate is fixed, NaN where it is not known. `exact`: not a
    rate the terminal told some time ago.
    """

    pairs: tuple[str, ...]
    pair: Ints
    inverse: np.ndarray
    own: np.ndarray
    gain: Floats
    loss: Floats
    exact: np.ndarray

    def sides(self, symbol: Ints, bid: Floats, ask: Floats) -> tuple[Floats, Floats]:
        """Account currency for a unit gained and a unit lost, given the quotes of each symbol's pair; one length all.

        Source: MetaTrader 5's tick values as recorded: the worse side, so a gain at the pair's bid and a loss at
        its ask, or one over the other side where the account's currency is the pair's base.
        """
        paired, inverse = self.pair[symbol] >= 0, self.inverse[symbol]
        gain = np.where(paired, np.where(inverse, 1 / ask, bid), self.gain[symbol])
        loss = np.where(paired, np.where(inverse, 1 / bid, ask), self.loss[symbol])
        return gain, loss


def converts_itself(instrument: Instrument, currency: str) -> bool:
    """True where the symbol's own price turns its profit into `currency`, as USDJPY's does in a dollar account."""
    base, profit = instrument.currency_base, instrument.currency_profit
    return instrument.calc_mode in PLAIN and base == currency != profit


def ways(snapshot: Snapshot, symbols: tuple[str, ...]) -> Ways:
    """The way of each of these symbols.

    Exact where the profit is plain and the currency is the account's own, the symbol's own base or has a pair with a
    sane quote; else the terminal's rate. Without any rate of the terminal's only a pair is believed.
    """
    account, pairs = snapshot.account.currency, dict[str, int]()
    rows = []
    for name in symbols:
        spec, rates = snapshot.instruments[name], snapshot.rates.get(name, NO_RATES)
        plain, told = spec.calc_mode in PLAIN, rates.profit == rates.profit and rates.loss == rates.loss
        pair, inverse, own = -1, False, False
        gain, loss = rates.profit, rates.loss
        same = plain and told and spec.currency_profit == account
        if same:
            gain = loss = 1.0
        elif converts_itself(spec, account):
            quote = snapshot.quotes.get(name)
            own = told and quote is not None and quote.sane
        elif plain and (found := snapshot.conversions.get(spec.currency_profit)):
            quote = snapshot.quotes.get(found.symbol)
            if quote is not None and quote.sane:
                pair, inverse = pairs.setdefault(found.symbol, len(pairs)), found.inverse
        rows.append((pair, inverse, own, gain, loss, same or own or pair >= 0))
    table = np.array(rows, dtype=float).reshape(-1, 6).T
    return Ways(tuple(pairs), table[0].astype(np.int64), table[1] > 0, table[2] > 0, table[3], table[4], table[5] > 0)
