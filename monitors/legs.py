"""Two legs of every position: what it holds of one currency, and what it owes of another."""

from __future__ import annotations

import numpy as np

from monitors.book import Book
from monitors.model import Floats, Instrument, Unknown

NO_RATE = "a conversion rate is missing"
NOISE_LOTS = 1e-9
"""Lots that are only the rounding of a sum; no broker's step is as small."""


def net_lots(book: Book) -> Floats:
    """Long less short lots by symbol, length s; what cancels is exactly 0."""
    long, short = book.legs
    net: Floats = long - short
    return np.where(np.abs(net) < NOISE_LOTS, 0.0, net)


def sides(book: Book) -> dict[str, int]:
    """+1 or -1 for each symbol that is held more one way than the other."""
    return {name: 1 if net > 0 else -1 for name, net in zip(book.symbols, net_lots(book).tolist(), strict=True) if net}


def net_notional(book: Book) -> Floats:
    """Long less short notional by symbol, account currency, length s; NaN where no rate converts it.

    Equal volumes cancel exactly: both are taken at the price that closes the larger leg.
    """
    net = net_lots(book)
    quotes = [book.snapshot.quotes[name] for name in book.symbols]
    bid, ask = np.array([(q.bid, q.ask) for q in quotes], dtype=float).reshape(-1, 2).T
    return net * book.contract * np.where(net >= 0, bid, ask) * book.rates[2]


def currencies_of(instrument: Instrument) -> tuple[str, str]:
    """What a long position holds and what it owes, from the currency fields and never from the name (RULES: exposure).

    Where both fields are one currency, or the base is not told, the symbol itself is what is held.
    """
    base, profit = instrument.currency_base, instrument.currency_profit
    return (base if base and base != profit else instrument.symbol), profit


def net_by_currency(book: Book) -> dict[str, float] | Unknown:
    """Each currency's net leg, account currency, long positive, summing to 0; unknown where a rate is missing."""
    for name in book.symbols:
        if not book.snapshot.instruments[name].currency_profit:
            return Unknown(f"{name} does not tell its profit currency")
    return Unknown(NO_RATE) if np.isnan(net_notional(book)).any() else converted_legs(book)


def converted_legs(book: Book) -> dict[str, float]:
    """The same of those symbols only that a rate converts and whose profit currency is told."""
    found: dict[str, float] = {}
    for name, net in zip(book.symbols, net_notional(book).tolist(), strict=True):
        held, owed = currencies_of(book.snapshot.instruments[name])
        if owed and net == net:  # noqa: PLR0124 -- the quickest test for NaN
            found[held] = found.get(held, 0.0) + net
            found[owed] = found.get(owed, 0.0) - net
    return found
