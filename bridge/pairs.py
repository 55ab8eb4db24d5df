"""The broker's pair that turns a currency into the account's; what a symbol says of itself decides, not its name."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from monitors.instruments import CalcMode
from monitors.model import Conversion, Instrument
from monitors.ports import Clock

FOREX = (CalcMode.FOREX, CalcMode.FOREX_NO_LEVERAGE)
AGAIN_S = 60.0
"""After so long a pair is looked for again, whether there was one or none."""
TRADE_DISABLED = 0


class Pairs:
    """Pairs by currency. A name only says where to look: currencies and calculation mode decide."""

    def __init__(self, mt5: Any, clock: Clock) -> None:
        self._mt5 = mt5
        self._clock = clock
        self._known: dict[tuple[str, str], tuple[float, Conversion | None]] = {}

    def conversions(
        self, account: str, currencies: Iterable[str], held: Mapping[str, Instrument]
    ) -> dict[str, Conversion]:
        """The pair of each currency that is not the account's, one that is held before any other; none: left out."""
        wanted = sorted(set(currencies) - {account, ""})
        if not wanted:
            return {}
        here = {
            (spec.currency_base, spec.currency_profit): spec.symbol
            for spec in held.values()
            if spec.calc_mode in FOREX
        }  # fmt: skip
        found = {currency: _held(here, currency, account) or self._other(currency, account, held)
                 for currency in wanted}  # fmt: skip
        return {currency: pair for currency, pair in found.items() if pair is not None}

    def _other(self, currency: str, account: str, held: Mapping[str, Instrument]) -> Conversion | None:
        """What was found within the last minute, or is found now."""
        key, now = (currency, account), self._clock.monotonic()
        asked_s, known = self._known.get(key, (None, None))
        if asked_s is not None and now - asked_s < AGAIN_S:
            return known
        found = self._named(currency, account, _names(currency, account, known, held))
        if found is None:
            rows = self._mt5.symbols_get(group=f"*{currency}*{account}*,*{account}*{currency}*")
            found = known if rows is None else _likeliest(rows, currency, account)
        self._known[key] = now, found
        return found

    def _named(self, currency: str, account: str, names: Iterable[str]) -> Conversion | None:
        """The first of these symbols that is the pair and can be traded."""
        for name in names:
            row = self._mt5.symbol_info(name)
            pair = _pair(row, currency, account) if row is not None else None
            if pair is not None and row.trade_mode != TRADE_DISABLED:
                return pair
        return None


def _likeliest(rows: Iterable[Any], currency: str, account: str) -> Conversion | None:
    """Of the pairs among these symbols one that can be traded, then one that is watched, then the shortest name."""
    fits = [(row, pair) for row in rows if (pair := _pair(row, currency, account))]
    fits.sort(key=lambda fit: (fit[0].trade_mode == TRADE_DISABLED, not fit[0].select, len(fit[0].name), fit[0].name))
    return fits[0][1] if fits else None


def _held(here: Mapping[tuple[str, str], str], currency: str, account: str) -> Conversion | None:
    if symbol := here.get((currency, account)):
        return Conversion(symbol=symbol, inverse=False)
    if symbol := here.get((account, currency)):
        return Conversion(symbol=symbol, inverse=True)
    return None


def _pair(row: Any, currency: str, account: str) -> Conversion | None:
    """The symbol as a conversion; None where it is none, or one that the trader made up."""
    if row.custom or row.trade_calc_mode not in FOREX:
        return None
    return _held({(row.currency_base, row.currency_profit): row.name}, currency, account)


def _names(currency: str, account: str, known: Conversion | None, held: Mapping[str, Instrument]) -> list[str]:
    """Names that the pair may have, the known one first, then spelt as this broker spells what is held, then plain."""
    around = [
        spec.symbol.partition(spec.currency_base + spec.currency_profit)
        for _, spec in sorted(held.items())
        if spec.currency_base and spec.currency_profit and spec.currency_base + spec.currency_profit in spec.symbol
    ]
    spelt = [(before, after) for before, _, after in around] + [("", "")]
    pairs = currency + account, account + currency
    names = [known.symbol] if known else []
    return list(dict.fromkeys(names + [before + pair + after for before, after in spelt for pair in pairs]))
