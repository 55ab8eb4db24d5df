"""Profit and margin of an instrument by its calculation mode, before any conversion."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import IntEnum


class CalcMode(IntEnum):
    """How an instrument's profit and margin are computed; values as MetaTrader 5's SYMBOL_CALC_MODE_*."""

    FOREX = 0
    FUTURES = 1
    CFD = 2
    CFDINDEX = 3
    CFDLEVERAGE = 4
    FOREX_NO_LEVERAGE = 5
    EXCH_STOCKS = 32
    EXCH_FUTURES = 33
    EXCH_OPTIONS = 34
    EXCH_OPTIONS_MARGIN = 36
    EXCH_BONDS = 37
    EXCH_STOCKS_MOEX = 38
    EXCH_BONDS_MOEX = 39
    SERV_COLLATERAL = 64


BY_TICK_PRICE = frozenset({CalcMode.FUTURES, CalcMode.EXCH_FUTURES})
BONDS = frozenset({CalcMode.EXCH_BONDS, CalcMode.EXCH_BONDS_MOEX})
LEVERAGED = frozenset({CalcMode.FOREX, CalcMode.CFDLEVERAGE})
WITHOUT_PRICE = frozenset({CalcMode.FOREX, CalcMode.FOREX_NO_LEVERAGE, *BY_TICK_PRICE})


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What profit and margin depend on. `tick_price` is the value of one tick of one lot in profit currency.

    `margin_initial` above 0 replaces contract size and price in the margin of every mode that has one.
    """

    mode: CalcMode
    contract_size: float
    tick_size: float = 0.0
    tick_price: float = 0.0
    margin_initial: float = 0.0
    face_value: float = 0.0


def profit(terms: Terms, *, side: int, lots: float, opened: float, closed: float) -> float:
    """Profit in profit currency; `side` +1 long, -1 short.

    Source: MetaTrader 5 help, "Trading symbols: profit calculation", and the recorded positions and deals of its
    Python reference. Futures: (close - open) * tick price / tick size * lots. Bonds: the face value at each price in
    percent; what interest has accrued is not simulated. Collateral has none. Every other mode: (close - open) *
    contract size * lots.
    """
    if terms.mode is CalcMode.SERV_COLLATERAL:
        return 0.0
    moved = side * (closed - opened)
    if terms.mode in BY_TICK_PRICE:
        return moved * terms.tick_price / terms.tick_size * lots
    if terms.mode in BONDS:
        return moved / 100 * terms.face_value * terms.contract_size * lots
    return moved * terms.contract_size * lots


def margin(terms: Terms, *, lots: float, price: float, leverage: float, rate: float = 1.0) -> float:
    """Margin in margin currency of `lots` on their own at `price`; `rate` is the side's initial margin rate.

    Source: MetaTrader 5 help, "Margin calculation: retail forex, CFD and futures" and "exchange". `rate` is the
    initial rate, not the maintenance one, for what is being opened.
    """
    return lots * rate * _margin_of_one_lot(terms, price, leverage)


def _margin_of_one_lot(terms: Terms, price: float, leverage: float) -> float:
    mode = terms.mode
    if mode is CalcMode.SERV_COLLATERAL:
        return 0.0
    over = leverage if mode in LEVERAGED else 1.0
    if mode in BY_TICK_PRICE or terms.margin_initial > 0:
        return terms.margin_initial / over
    if mode in WITHOUT_PRICE:
        return terms.contract_size / over
    if mode is CalcMode.CFDINDEX:
        return terms.contract_size * price * terms.tick_price / terms.tick_size
    if mode in BONDS:
        return terms.contract_size * terms.face_value * price / 100
    return terms.contract_size * price / over


def hedged_per_lot(terms: Terms, *, hedged: float, price: float, leverage: float, rate: float = 1.0) -> float:
    """Margin in margin currency of one covered lot; `hedged` is MetaTrader 5's margin_hedged.

    Source: MetaTrader 5 help, "Hedged margin": it is a contract size that stands in the mode's own formula, or an
    amount where the instrument has an initial margin. 0: what is covered costs nothing.
    """
    if hedged <= 0:
        return 0.0
    fixed = terms.mode in BY_TICK_PRICE or terms.margin_initial > 0
    covered = replace(terms, margin_initial=hedged) if fixed else replace(terms, contract_size=hedged)
    return margin(covered, lots=1.0, price=price, leverage=leverage, rate=rate)


def hedged_margin(
    long_lots: float,
    short_lots: float,
    long_per_lot: float,
    short_per_lot: float,
    hedged_per_lot: float,
    use_larger_leg: bool,  # noqa: FBT001 - MetaTrader's margin_hedged_use_leg
) -> float:
    """Margin of one symbol's longs and shorts together, in the currency of the three per-lot margins.

    Source: MetaTrader 5 help, "Hedged margin", and RULES "Margin": the uncovered volume at the larger leg's margin
    per lot, and the covered volume once a pair at `hedged_per_lot`; with `use_larger_leg` only the leg that costs
    more.
    """
    if use_larger_leg:
        return max(long_lots * long_per_lot, short_lots * short_per_lot)
    covered = min(long_lots, short_lots)
    uncovered = max(long_lots, short_lots) - covered
    return uncovered * (long_per_lot if long_lots >= short_lots else short_per_lot) + covered * hedged_per_lot
