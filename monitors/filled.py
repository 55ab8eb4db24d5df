"""The book if every pending order filled at its price: what it would need in margin, and what its stops would cost."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from monitors.book import Book
from monitors.kinds import MarginMode
from monitors.model import PendingOrder, Position, Snapshot, Unknown
from monitors.reading import Reading


@dataclass(frozen=True, slots=True, kw_only=True)
class Filled:
    """Used margin and open risk with the orders filled, account currency."""

    margin: float
    risk: float


def filled(reading: Reading) -> Filled | Unknown:
    """Every pending order filled whole at its price, equity as it is; hedged or netted with what is held.

    Margin a lot is the terminal's own of now (`order_calc_margin`), scaled as that of the open positions is. An order
    without a stop risks its notional, capped at equity, as a position does (RULES: position analytics).
    """
    snapshot = reading.snapshot
    lacking = _lacking(snapshot)
    if lacking:
        return Unknown(lacking)
    book = Book(replace(snapshot, positions=(*snapshot.positions, *map(_as_position, snapshot.orders))))
    long, short = book.legs
    if snapshot.account.margin_mode is MarginMode.NETTING:
        both = np.minimum(long, short)
        long, short = long - both, short - both
    margin = float(book.margin_by_symbol(long, short).sum()) * reading.book.calibration
    risk = _risk_of_held(reading) + _risk_of_orders(book, len(snapshot.positions))
    if np.isfinite([margin, risk]).all():
        return Filled(margin=margin, risk=risk)
    return Unknown("a margin rate or a conversion rate is missing")


def _lacking(snapshot: Snapshot) -> str:
    """What is not known of the symbols of the orders, in words; empty where all is."""
    for symbol in dict.fromkeys(order.symbol for order in snapshot.orders):
        quote = snapshot.quotes.get(symbol)
        if quote is None or not quote.sane or symbol not in snapshot.instruments:
            return f"{symbol}: no quote"
    return ""


def _as_position(order: PendingOrder) -> Position:
    """The order as it would be held the moment it filled; only volume, side and prices count."""
    return Position(
        identifier=-order.ticket, ticket=order.ticket, symbol=order.symbol, side=order.side, steps=0, lots=order.lots,
        open=order.price, price=order.price, stop=order.stop, target=order.target, profit=0.0, swap=0.0,
        magic=order.magic, opened_ms=0,
    )  # fmt: skip


def _risk_of_held(reading: Reading) -> float:
    return float(reading.book.risk.sum()) if reading.book.symbols else 0.0


def _risk_of_orders(book: Book, held: int) -> float:
    """From each order's own price to its stop; the orders follow the `held` positions in the book."""
    worth = book.contract[book.symbol] * book.lots
    at_stop = np.where(book.stop > 0, book.stop, np.nan)
    rate = np.where(book.ways.own[book.symbol], 1 / at_stop, book.rates[3][book.symbol])
    lost = book.sign * (book.open - book.stop) * worth * rate
    whole = np.minimum(book.open * worth * book.rates[2][book.symbol], max(0.0, book.snapshot.account.equity))
    return float(np.where(book.stop > 0, np.maximum(0.0, lost), whole)[held:].sum())
