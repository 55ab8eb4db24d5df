"""Our profit of each position against the terminal's, on made-up, published and recorded figures."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitors.book import Book
from monitors.instruments import CalcMode
from monitors.kinds import Side
from monitors.model import Conversion, Instrument, Position, Rates
from monitors.own_profit import apart, own_profit
from monitors.results import Apart
from tests.builders import QUOTES, account, instrument, position, quote, reading, snapshot

DATA = Path(__file__).parents[3] / "shared" / "data"
EXAMPLES, DUMPS = DATA / "margin_profit_examples.json", DATA / "mt5" / "positions_get.json"
POUND = {"GBP": Conversion(symbol="GBPUSD", inverse=False)}
PAIR = {"GBPUSD": QUOTES["GBPUSD"]}


def _rows(path: Path) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(path.read_text(encoding="utf-8")) if path.exists() else []
    return found


def test_a_profit_that_agrees_is_not_apart() -> None:
    held = (position(1, open=1.095, profit=500.0), position(2, "EURGBP", Side.SELL, open=0.88, profit=-12.50))
    seen = reading(snapshot(*held, quotes=PAIR, conversions=POUND))
    assert apart(seen) == ((), ())


@pytest.mark.parametrize(("stated", "shown"), [(500.01, False), (499.99, False), (500.02, True), (50.0, True)])
def test_a_difference_over_the_last_digit_is_shown(stated: float, shown: bool) -> None:
    found, _ = apart(reading(snapshot(position(1, open=1.095, profit=stated))))
    assert found == ((Apart(position=1, symbol="EURUSD", stated=stated, computed=500.0),) if shown else ())


def test_in_yen_the_last_digit_is_a_whole_one() -> None:
    held = position(1, "USDJPY", open=149.0, price=150.0, profit=100_002.0)
    seen = snapshot(held, account=account(currency="JPY", digits=0))
    assert [a.computed for a in apart(reading(seen))[0]] == [100_000.0]


def test_the_price_of_the_position_itself_counts_and_the_quote_only_where_there_is_none() -> None:
    held = position(1, open=1.095, price=1.096, profit=100.0)
    assert apart(reading(snapshot(held))) == ((), ())
    assert apart(reading(snapshot(position(1, open=1.095, price=0.0, profit=500.0)))) == ((), ())


@pytest.mark.parametrize("mode", sorted(set(CalcMode) - {0, 2, 3, 4, 5, 32, 38}))
def test_a_mode_that_only_the_terminal_can_compute_is_named_and_not_apart(mode: CalcMode) -> None:
    seen = snapshot(position(1, profit=123.0), instruments={"EURUSD": instrument(calc_mode=mode)})
    assert apart(reading(seen)) == ((), ("EURUSD",))


def test_without_a_pair_the_terminals_own_rate_proves_nothing() -> None:
    assert apart(reading(snapshot(position(1, "EURGBP", profit=5.0), position(2)))) == ((), ("EURGBP",))
    broken = {"GBPUSD": quote(1.3, 1.2)}
    seen = snapshot(position(1, "EURGBP", profit=5.0), quotes=broken, conversions=POUND)
    assert apart(reading(seen)) == ((), ("EURGBP",))


def test_no_position_has_no_profit() -> None:
    assert len(own_profit(Book(snapshot()))) == 0
    assert apart(reading(snapshot())) == ((), ())


@given(
    st.sampled_from(["EURUSD", "USDJPY", "EURGBP", "XAUUSD"]), st.sampled_from(Side), st.floats(0.5, 2.0),
    st.integers(1, 1_000),
)  # fmt: skip
def test_percent_profit_has_the_sign_of_the_profit_long_and_short(
    symbol: str, side: Side, opened: float, steps: int
) -> None:
    held = position(1, symbol, side, steps / 100, open=QUOTES[symbol].bid * opened)
    book = Book(snapshot(held, quotes=PAIR, conversions=POUND))
    percent = side.sign * 100 * (held.price / held.open - 1)
    gained = own_profit(book)[0]
    assert gained == 0 or (gained > 0) == (percent > 0)
    assert gained or abs(percent) < 0.01


def _spec(row: dict[str, Any], base: str, profit: str) -> Instrument:
    mode = CalcMode[row.get("calc_mode", "FOREX").split()[0].split("/")[0]]
    return instrument(
        row["symbol"], calc_mode=mode, contract_size=float(row.get("contract_size", 100_000.0)),
        currency_base=base, currency_profit=profit,
    )  # fmt: skip


def _held(row: dict[str, Any], opened: float, closed: float) -> Position:
    side = Side.BUY if row["side"] == "buy" else Side.SELL
    return position(1, row["symbol"], side, row["volume"], open=opened, price=closed, profit=row["expected_profit"])


@pytest.mark.skipif(not EXAMPLES.exists(), reason="../shared is not there")
@pytest.mark.parametrize(
    "row", [r for r in _rows(EXAMPLES) if r.get("expected_profit") and "symbol" in r], ids=lambda row: row["id"]
)
def test_a_published_profit_is_ours(row: dict[str, Any]) -> None:
    opened, closed = row.get("price_open", row["price"]), row.get("price_close", row.get("implied_close", 1.5))
    if opened is None:
        opened = closed - (1 if row["side"] == "buy" else -1) * row["price_move_points"] * row["point"]
    spec = _spec(row, row["symbol"][:3], row["symbol"][3:6])
    seen = snapshot(
        _held(row, opened, closed), instruments={row["symbol"]: spec}, quotes={row["symbol"]: quote(closed)},
        account=account(currency=row["account_ccy"]),
    )  # fmt: skip
    assert own_profit(Book(seen)).tolist() == [row["expected_profit"]]


@pytest.mark.skipif(not EXAMPLES.exists(), reason="../shared is not there")
@pytest.mark.parametrize(
    "row", [r for r in _rows(EXAMPLES) if r.get("kind") == "tick_value"], ids=lambda row: row["id"]
)
def test_a_published_tick_value_is_our_rate_for_a_gain_and_for_a_loss(row: dict[str, Any]) -> None:
    symbol, currency = row["symbol"], row["account_ccy"]
    gain_at, loss_at = row.get("implied_usdjpy") or row.get("implied_price") or (row["ask"], row["bid"])
    pair = symbol if currency in symbol else "USDJPY"
    seen = snapshot(
        position(1, symbol), account=account(currency=currency),
        instruments={symbol: _spec(row, symbol[:3], symbol[3:])},
        quotes={symbol: quote(1.0)} | {pair: quote(loss_at, gain_at)},
        rates={symbol: Rates(margin_buy=1.0, margin_sell=1.0)},
        conversions={"JPY": Conversion(symbol=pair, inverse=True)},
    )  # fmt: skip
    _, _, gain, loss = Book(seen).rates
    tick = row["tick_size"] * row["contract_size"]
    assert gain[0] * tick == pytest.approx(row["expected_tick_value_profit"], rel=1e-9)
    assert loss[0] * tick == pytest.approx(row["expected_tick_value_loss"], rel=1e-9)


@pytest.mark.skipif(not DUMPS.exists(), reason="../shared is not there")
@pytest.mark.parametrize("dump", range(len(_rows(DUMPS))))
def test_recorded_positions_state_the_profit_that_we_compute(dump: int) -> None:
    rows = _rows(DUMPS)[dump]["data"]
    held = tuple(
        position(
            row["identifier"], row["symbol"], Side.SELL if row["type"] else Side.BUY, row["volume"],
            open=row["price_open"], price=row["price_current"], profit=row["profit"], swap=row["swap"],
        )
        for row in rows
    )  # fmt: skip
    currency = "GBP" if held[0].symbol == "GBPCAD" else "USD"
    seen = snapshot(*held, account=account(currency=currency), quotes={p.symbol: quote(p.price) for p in held})
    assert apart(reading(seen)) == ((), ())
    assert own_profit(Book(seen)).tolist() == [p.profit for p in held]
