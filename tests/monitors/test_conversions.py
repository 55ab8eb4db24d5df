"""Account currency for a unit of profit currency: exact where that can be known, the terminal's rate elsewhere."""

from __future__ import annotations

from typing import Any

import pytest

from monitors.book import Book
from monitors.instruments import CalcMode
from monitors.model import Conversion, Quote, Rates
from tests.builders import QUOTES, account, instrument, position, quote, snapshot

TOLD = Rates(margin_buy=1.0, margin_sell=2.0, profit=0.5, loss=0.6)
NAN = float("nan")
DIRECT = {"GBP": Conversion(symbol="GBPUSD", inverse=False)}


def rates(symbol: str, told: Rates = TOLD, pair: Quote | None = None, mode: int = 0, **changes: Any) -> list[float]:
    """Long and short margin a lot, gain and loss of one symbol's book."""
    book = Book(snapshot(
        position(1, symbol), rates={symbol: told}, instruments={symbol: instrument(symbol, calc_mode=mode)},
        quotes={"GBPUSD": pair or QUOTES["GBPUSD"], "EURUSD": QUOTES["EURUSD"]}, **changes,
    ))  # fmt: skip
    return [float(column[0]) for column in book.rates]


def test_a_gain_takes_the_pairs_bid_and_a_loss_its_ask() -> None:
    assert rates("EURGBP", conversions=DIRECT) == [1.0, 2.0, 1.25000, 1.25020]


def test_where_the_accounts_currency_is_the_pairs_base_they_are_one_over_the_other_side() -> None:
    inverse = {"USD": Conversion(symbol="EURUSD", inverse=True)}
    found = rates("XAUUSD", conversions=inverse, account=account(currency="EUR"))
    assert found == [1.0, 2.0, 1 / 1.10010, 1 / 1.10000]


def test_a_symbol_that_is_its_own_pair_converts_at_the_worse_of_its_prices() -> None:
    assert rates("USDJPY") == [1.0, 2.0, 1 / 150.010, 1 / 150.000]
    assert rates("USDJPY", conversions={"JPY": Conversion(symbol="EURUSD", inverse=False)})[2] == 1 / 150.010


def test_profit_in_the_accounts_own_currency_needs_no_rate() -> None:
    assert rates("EURUSD") == [1.0, 2.0, 1.0, 1.0]


def test_a_pair_is_believed_where_the_terminal_tells_no_rate() -> None:
    nothing = Rates(margin_buy=NAN, margin_sell=NAN, profit=NAN, loss=NAN)
    assert rates("EURGBP", nothing, conversions=DIRECT)[2:] == [1.25000, 1.25020]


@pytest.mark.parametrize("symbol", ["EURUSD", "USDJPY"])
def test_without_a_pair_what_the_terminal_cannot_tell_stays_unknown(symbol: str) -> None:
    nothing = Rates(margin_buy=1.0, margin_sell=1.0, profit=NAN, loss=NAN)
    assert rates(symbol, nothing)[2:] == pytest.approx([NAN, NAN], nan_ok=True)


@pytest.mark.parametrize(
    "pair", [quote(1.3, 1.2), quote(0.0), quote(NAN), quote(1.2, NAN)], ids=["crossed", "zero", "no bid", "no ask"]
)
def test_a_pair_without_a_price_leaves_the_terminals_rate(pair: Quote) -> None:
    assert rates("EURGBP", pair=pair, conversions=DIRECT) == [1.0, 2.0, 0.5, 0.6]


def test_no_pair_leaves_the_terminals_rate() -> None:
    assert rates("EURGBP") == [1.0, 2.0, 0.5, 0.6]
    assert rates("EURGBP", conversions={"GBP": Conversion(symbol="GBPUSD.x", inverse=False)}) == [1.0, 2.0, 0.5, 0.6]


@pytest.mark.parametrize("symbol", ["EURUSD", "USDJPY", "EURGBP"])
@pytest.mark.parametrize("mode", [CalcMode.FUTURES, CalcMode.EXCH_BONDS, CalcMode.SERV_COLLATERAL, 99])
def test_a_mode_whose_profit_is_not_contract_times_price_keeps_the_terminals_rate(symbol: str, mode: int) -> None:
    assert rates(symbol, mode=mode, conversions=DIRECT) == [1.0, 2.0, 0.5, 0.6]


def test_a_self_converting_symbol_with_an_odd_quote_keeps_the_terminals_rate() -> None:
    book = Book(snapshot(position(1, "USDJPY"), rates={"USDJPY": TOLD}, quotes={"USDJPY": quote(0.0)}))
    assert [float(column[0]) for column in book.rates] == [1.0, 2.0, 0.5, 0.6]
