"""What the symbols are and what they convert at; asked for again once a second, not at every beat."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from typing import Any

from bridge import decode
from bridge.port import TerminalError
from monitors.model import Instrument, Quote, Rates
from monitors.ports import Clock

REFRESH_S = 1.0
TRUSTED_APART = 0.01
MOVE_POINTS = 100
COARSE = 1.0
"""Account currency; of less than this, rounding to the cent hides a percent."""


class Specs:
    """Instruments and conversion rates by symbol."""

    def __init__(self, mt5: Any, clock: Clock) -> None:
        self._mt5 = mt5
        self._clock = clock
        self._rows: dict[str, tuple[float, Any, Instrument]] = {}
        self._rates: dict[str, tuple[float, Rates]] = {}

    def instruments(self, symbols: Iterable[str]) -> dict[str, Instrument]:
        """The specification of each symbol."""
        return {symbol: self._spec(symbol)[2] for symbol in symbols}

    def known(self, symbols: Iterable[str]) -> dict[str, Instrument]:
        """The same of those that can be had; the others are left out."""
        found = {}
        for symbol in symbols:
            with suppress(TerminalError):  # where it is the line that broke, the next question says so
                found[symbol] = self._spec(symbol)[2]
        return found

    def rates(self, symbol: str, quote: Quote) -> Rates:
        """Margin and conversion of one symbol; NaN where the terminal cannot say."""
        now = self._clock.monotonic()
        known = self._rates.get(symbol)
        if known and now - known[0] < REFRESH_S:
            return known[1]
        fresh = self._ask(symbol, quote) if quote.sane else Rates(margin_buy=float("nan"), margin_sell=float("nan"))
        self._rates[symbol] = now, fresh
        return fresh

    def _spec(self, symbol: str) -> tuple[float, Any, Instrument]:
        now = self._clock.monotonic()
        known = self._rows.get(symbol)
        if known and now - known[0] < REFRESH_S:
            return known
        row = self._mt5.symbol_info(symbol)
        if row is None:
            raise TerminalError(f"{symbol}: no specification, {self._mt5.last_error()[1]}")
        if not row.select:
            self._mt5.symbol_select(symbol, True)
        instrument = known[2] if known and known[1] == row else decode.instrument(row)
        self._rows[symbol] = now, row, instrument
        return self._rows[symbol]

    def _ask(self, symbol: str, quote: Quote) -> Rates:
        _, row, spec = self._spec(symbol)
        per_unit = spec.tick_size * spec.contract_size
        gain, loss = self._profit(spec, quote.bid, +1), self._profit(spec, quote.bid, -1)
        return Rates(
            margin_buy=self._margin(0, symbol, quote.ask),
            margin_sell=self._margin(1, symbol, quote.bid),
            profit=_trusted(row.trade_tick_value_profit / per_unit, gain),
            loss=_trusted(row.trade_tick_value_loss / per_unit, loss),
        )

    def _margin(self, action: int, symbol: str, price: float) -> float:
        found = self._mt5.order_calc_margin(action, symbol, 1.0, price)
        return float("nan") if found is None else float(found)

    def _profit(self, spec: Instrument, price: float, sign: int) -> float:
        """Account currency for one unit of profit currency, as the terminal itself computes a small move."""
        move = sign * MOVE_POINTS * spec.point
        found = self._mt5.order_calc_profit(0, spec.symbol, 1.0, price, price + move)
        if found is None or abs(found) < COARSE:
            return float("nan")
        return float(found) / (move * spec.contract_size)


def _trusted(tick_value: float, computed: float) -> float:
    """The tick value where it agrees with the terminal's own computation; some brokers' are ten times wrong."""
    if tick_value > 0 and not abs(tick_value - computed) > TRUSTED_APART * computed:
        return tick_value
    return computed
