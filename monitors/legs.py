"""Two legs of every position: what it holds of one currency, and what it owes of another."""

from __future__ import annotations

import numpy as np

from monitors.book import Book
from monitors.model import Floats, Instrument, Unknown

NO_RATE = "a conversion rate is missing"


def sides(book: Book) -> dict[str, int]:
    """+1 or -1 for each symbol that is held more one way than the other."""
    return {name: 1 if net > 0 else -1 for name, net in zip(book.symbols, book.net.tolist(), strict=True) if net}


def net_notional(book: Book) -> Floats:
    """Long less short notional by symbol, account currency, length s; NaN where no rate converts it.

    Equal volumes cancel exactly: both are taken at the price that closes the larger leg.
    """
    return net_worth(book) * book.rates[2]


def net_worth(book: Book) -> Floats:
    """Net volume x contract size x the price that closes it, profit currency, length s."""
    bid, ask = book.quotes
    worth: Floats = book.net * book.contract * np.where(book.net >= 0, bid, ask)
    return worth


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
