"""The book's columns: lengths, sides, conversion, hedges, and the broker's margin against ours."""

from __future__ import annotations

import numpy as np
import pytest

from monitors.book import Book
from monitors.kinds import Side
from monitors.model import Rates
from tests.builders import PLAIN_RATES, instrument, position, quote, snapshot

MIXED = (
    position(1, "EURUSD", lots=1.0, profit=10.0, swap=-2.0),
    position(2, "USDJPY", Side.SELL, lots=0.5, profit=-5.0),
    position(3, "EURUSD", Side.SELL, lots=0.25, open=1.2),
)


def test_columns_keep_the_snapshots_order_and_symbols_come_once() -> None:
    book = Book(snapshot(*MIXED))
    assert book.symbols == ("EURUSD", "USDJPY")
    assert book.symbol.tolist() == [0, 1, 0]
    assert book.sign.tolist() == [1, -1, -1]
    assert book.lots.tolist() == [1.0, 0.5, 0.25]
    assert book.open.tolist() == [1.1, 150.01, 1.2]
    assert book.profit.tolist() == [8.0, -5.0, 0.0]
    assert book.contract.tolist() == [100_000.0, 100_000.0]
    assert [leg.tolist() for leg in book.legs] == [[1.0, 0.0], [0.25, 0.5]]


def test_a_long_is_closed_at_the_bid_and_a_short_at_the_ask() -> None:
    assert Book(snapshot(*MIXED)).price.tolist() == [1.1, 150.01, 1.1001]


def test_notional_is_converted_into_account_currency() -> None:
    book = Book(snapshot(*MIXED))
    assert book.notional.tolist() == pytest.approx([110_000.0, 50_000.0, 27_502.5])
    assert book.gross.tolist() == pytest.approx([137_502.5, 50_000.0])


def test_an_empty_book_has_empty_columns() -> None:
    book = Book(snapshot())
    assert book.symbols == ()
    assert len(book.lots) == len(book.notional) == len(book.gross) == len(book.risk) == 0
    assert all(len(column) == 0 for column in book.rates)
    assert np.isnan(book.margin_scale)


def test_without_a_rate_nothing_is_guessed() -> None:
    book = Book(snapshot(*MIXED, margin=1_000.0, rates={"USDJPY": Rates(margin_buy=1.0, margin_sell=1.0)}))
    seen = book.snapshot
    bare = Book(snapshot(MIXED[0], rates=seen.rates, margin=1.0))
    assert np.isfinite(bare.notional).all()
    missing = Book(type(seen)(taken_ms=0, account=seen.account, terminal=seen.terminal, positions=seen.positions,
                              quotes=seen.quotes, instruments=seen.instruments))  # fmt: skip
    assert np.isnan(missing.notional).all()
    assert np.isnan(missing.margin_by_symbol(*missing.legs)).all()


@pytest.mark.parametrize(
    ("long", "short", "hedged", "use_leg", "expected"),
    [
        (2.0, 0.0, 100_000.0, False, 2_000.0),
        (0.0, 2.0, 100_000.0, False, 2_400.0),
        (2.0, 1.0, 100_000.0, False, 1_000.0 + 1_100.0),
        (1.0, 2.0, 100_000.0, False, 1_200.0 + 1_100.0),
        (1.0, 1.0, 50_000.0, False, 550.0),
        (1.0, 1.0, 0.0, False, 0.0),
        (2.0, 1.0, 0.0, False, 1_000.0),
        (2.0, 1.0, 0.0, True, 2_000.0),
        (1.0, 2.0, 0.0, True, 2_400.0),
    ],
)
def test_a_hedge_needs_margin_for_the_uncovered_part_and_once_a_pair(
    long: float, short: float, hedged: float, use_leg: bool, expected: float
) -> None:
    legs = [
        position(n, side=side, lots=lots)
        for n, (side, lots) in enumerate([(Side.BUY, long), (Side.SELL, short)])
        if lots
    ]
    spec = instrument(margin_hedged=hedged, hedged_use_leg=use_leg)
    rates = {"EURUSD": Rates(margin_buy=1_000.0, margin_sell=1_200.0)}
    book = Book(snapshot(*legs, instruments={"EURUSD": spec}, rates=rates))
    assert book.margin_by_symbol(*book.legs).tolist() == pytest.approx([expected])


def test_a_hedge_of_an_instrument_with_a_fixed_margin_needs_an_amount_and_no_part_of_its_contract() -> None:
    """A future of 50 units: 1,000 a lot, 500 a covered one."""
    future = instrument("ES", contract_size=50.0, margin_initial=1_000.0, margin_hedged=500.0)
    held = (position(1, "ES", lots=3.0), position(2, "ES", Side.SELL, lots=1.0))
    book = Book(snapshot(*held, instruments={"ES": future}, rates={"ES": PLAIN_RATES}))
    assert book.margin_by_symbol(*book.legs).tolist() == [2 * 1_000.0 + 500.0]


def test_a_symbol_without_lots_needs_no_margin_even_where_its_rate_is_missing() -> None:
    book = Book(
        snapshot(position(), rates={"EURUSD": Rates(margin_buy=float("nan"), margin_sell=float("nan"))}, margin=0.0)
    )
    assert book.margin_by_symbol(np.zeros(1), np.zeros(1)).tolist() == [0.0]


def test_the_scale_is_the_brokers_margin_over_ours() -> None:
    assert Book(snapshot(position(lots=2.0), margin=3_300.0)).margin_scale == pytest.approx(1.5)


def test_margin_alone_knows_no_hedge() -> None:
    book = Book(snapshot(position(1), position(2, side=Side.SELL, lots=0.5)))
    assert book.margin_alone.tolist() == [1_100.0, 550.0]


@pytest.mark.parametrize(
    ("side", "stop", "expected"),
    [
        (Side.BUY, 1.0900, 1_000.0),
        (Side.BUY, 1.1100, 0.0),
        (Side.SELL, 1.1101, 1_000.0),
        (Side.SELL, 1.0900, 0.0),
        (Side.BUY, 0.0, 10_000.0),
    ],
    ids=["long", "long, stop in profit", "short", "short, stop in profit", "no stop: equity caps the notional"],
)
def test_risk_runs_from_the_present_price_to_the_stop(side: Side, stop: float, expected: float) -> None:
    assert Book(snapshot(position(side=side, stop=stop))).risk.tolist() == pytest.approx([expected])


@pytest.mark.parametrize(
    ("side", "opened", "stop", "expected"),
    [
        (Side.BUY, 1.05, 1.06, 0.0),
        (Side.BUY, 1.05, 1.05, 0.0),
        (Side.BUY, 1.05, 1.0499, 5_010.0),
        (Side.SELL, 1.15, 1.14, 0.0),
        (Side.SELL, 1.15, 1.1501, 5_000.0),
    ],
    ids=["long, in profit", "long, at the opening", "long, a pip in loss", "short, in profit", "short, a pip in loss"],
)
def test_a_stop_past_the_opening_risks_nothing_however_far_the_price_has_gone(
    side: Side, opened: float, stop: float, expected: float
) -> None:
    assert Book(snapshot(position(side=side, open=opened, stop=stop))).risk.tolist() == pytest.approx([expected])


def test_without_a_stop_a_small_position_risks_its_notional() -> None:
    assert Book(snapshot(position(lots=0.01))).risk.tolist() == pytest.approx([1_100.0])
    assert Book(snapshot(position(lots=0.01), balance=-5.0)).risk.tolist() == [0.0]


def test_risk_is_converted_at_the_rate_of_a_loss() -> None:
    book = Book(snapshot(position(symbol="EURGBP", stop=0.87)))
    assert book.risk.tolist() == pytest.approx([1_000.0 * 1.2502])


@pytest.mark.parametrize(("side", "stop"), [(Side.BUY, 145.0), (Side.SELL, 155.0)])
def test_risk_of_a_pair_that_converts_itself_counts_at_the_price_of_the_stop(side: Side, stop: float) -> None:
    """What the terminal will state at the stop, less what it states now."""
    held = position(symbol="USDJPY", side=side, stop=stop, open=149.0)
    book = Book(snapshot(held))
    profit = [side.sign * 100_000 * (price - held.open) / price for price in (held.price, stop)]
    assert book.risk.tolist() == pytest.approx([profit[0] - profit[1]])


def test_other_lots_change_what_depends_on_volume_and_nothing_else() -> None:
    seen = snapshot(*MIXED)
    book = Book(seen)
    other = book.with_lots(np.array([0.5, 0.0, 0.25]), seen)
    assert [leg.tolist() for leg in other.legs] == [[0.5, 0.0], [0.25, 0.0]]
    assert other.gross.tolist() == pytest.approx([82_502.5, 0.0])
    assert other.margin_scale == book.margin_scale
    assert other.price is book.price
    assert book.lots.tolist() == [1.0, 0.5, 0.25]


def test_a_quote_without_spread_serves_both_sides() -> None:
    book = Book(snapshot(position(1), position(2, side=Side.SELL), quotes={"EURUSD": quote(1.5)}))
    assert book.price.tolist() == [1.5, 1.5]


def test_a_book_of_the_same_positions_takes_over_only_what_they_alone_decide() -> None:
    before = Book(snapshot(position(1), position(2, "GBPUSD", lots=2.0)))
    assert before.lots.tolist() == [1.0, 2.0]
    assert before.symbols == ("EURUSD", "GBPUSD")
    after = Book(snapshot(position(1, profit=7.0), position(2, "GBPUSD", lots=2.0, stop=1.2)))
    after.follows(before)
    assert after.lots is before.lots
    assert after.profit.tolist() == [7.0, 0.0]
    assert after.stop.tolist() == [0.0, 1.2]
