"""Two legs of every position: currencies from the fields, which sum to nothing."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitors import exposure
from monitors.exposure_view import exposure as view
from monitors.gaps import gap_loss
from monitors.kinds import Side
from monitors.legs import net_by_currency, sides
from monitors.model import Position, Rates, Unknown
from monitors.settings import AnalysisSettings
from tests.builders import QUOTES, instrument, position, quote, reading, rule, snapshot

RULE = rule("exposure.currency_pct", "above")
SYMBOLS = ("EURUSD", "GBPUSD", "USDJPY", "EURGBP", "XAUUSD")
NAN = float("nan")


@st.composite
def books(draw: st.DrawFn, most: int = 6) -> tuple[Position, ...]:
    """A few positions of up to a lot, long and short; each an even number of steps."""
    return tuple(
        position(n, draw(st.sampled_from(SYMBOLS)), draw(st.sampled_from(Side)), 2 * draw(st.integers(1, 50)) / 100)
        for n in range(draw(st.integers(1, most)))
    )


def halves(held: tuple[Position, ...]) -> tuple[Position, ...]:
    return tuple(
        replace(p, identifier=100 * part + p.identifier, steps=p.steps // 2, lots=p.steps / 200)
        for p in held
        for part in (1, 2)
    )


@given(books())
def test_every_long_leg_has_a_short_one(held: tuple[Position, ...]) -> None:
    found = net_by_currency(reading(snapshot(*held)).book)
    assert not isinstance(found, Unknown)
    assert sum(found.values()) == pytest.approx(0.0, abs=1e-6)


@given(books())
def test_splitting_a_position_changes_no_exposure(held: tuple[Position, ...]) -> None:
    whole, split = reading(snapshot(*held)), reading(snapshot(*halves(held)))
    for measure in (exposure.total, exposure.leverage, exposure.symbol_pct, exposure.hhi, exposure.currency_pct):
        assert measure(split, RULE) == pytest.approx(measure(whole, RULE), abs=1e-6)
    one, two = (view(seen, {}, AnalysisSettings()) for seen in (whole, split))
    assert [line.currency for line in one.currencies] == [line.currency for line in two.currencies]
    assert [line.net for line in one.currencies] == pytest.approx([line.net for line in two.currencies], abs=1e-6)
    assert [line.gross for line in one.symbols] == pytest.approx([line.gross for line in two.symbols])
    assert one.gap_loss == pytest.approx(two.gap_loss, abs=1e-6)


def test_a_pair_is_held_in_its_base_and_owed_in_its_profit_currency() -> None:
    seen = reading(snapshot(position(1), position(2, "USDJPY", Side.SELL)))
    assert net_by_currency(seen.book) == pytest.approx({"EUR": 110_000.0, "USD": -210_000.0, "JPY": 100_000.0})


def test_the_name_says_nothing_and_the_fields_everything() -> None:
    odd = {"EURUSD": instrument("EURUSD", currency_base="CHF", currency_profit="USD")}
    assert net_by_currency(reading(snapshot(position(), instruments=odd)).book) == pytest.approx(
        {"CHF": 110_000.0, "USD": -110_000.0}
    )


@pytest.mark.parametrize("base", ["USD", ""])
def test_an_index_is_its_own_leg_against_its_profit_currency(base: str) -> None:
    index = instrument("US500", currency_base=base, currency_profit="USD", contract_size=10.0)
    seen = snapshot(position(1, "US500", Side.SELL), quotes={"US500": quote(5_000.0)}, instruments={"US500": index})
    assert net_by_currency(reading(seen).book) == pytest.approx({"US500": -50_000.0, "USD": 50_000.0})


def test_a_hedge_is_no_leg_and_has_no_side() -> None:
    held = (position(1, lots=0.1), position(2, lots=0.2), position(3, side=Side.SELL, lots=0.3))
    seen = reading(snapshot(*held))
    assert sides(seen.book) == {}
    assert net_by_currency(seen.book) == {"EUR": 0.0, "USD": 0.0}
    assert exposure.currency_pct(seen, RULE) == 0.0
    assert gap_loss(seen, 5.0) == 0.0


def test_the_largest_leg_counts_long_or_short_in_percent_of_equity() -> None:
    held = (position(1, "XAUUSD", Side.SELL, lots=1.0), position(2, "EURUSD", lots=0.5))
    assert exposure.currency_pct(reading(snapshot(*held)), RULE) == pytest.approx(100 * 200_050 / 10_000)


def test_no_position_is_no_leg_and_no_equity_no_percent() -> None:
    assert exposure.currency_pct(reading(), RULE) == 0.0
    assert exposure.currency_pct(reading(snapshot(position(profit=-10_000.0))), RULE) == Unknown("there is no equity")


def test_a_missing_rate_or_an_untold_currency_makes_the_legs_unknown() -> None:
    nothing = Rates(margin_buy=1.0, margin_sell=1.0, profit=NAN, loss=NAN)
    seen = reading(snapshot(position(1), position(2, "EURGBP"), rates={"EURGBP": nothing}))
    assert exposure.currency_pct(seen, RULE) == Unknown("a conversion rate is missing")
    assert gap_loss(seen, 2.0) == Unknown("a conversion rate is missing")
    untold = {"EURUSD": instrument(currency_profit="")}
    assert exposure.currency_pct(reading(snapshot(position(), instruments=untold)), RULE) == Unknown(
        "EURUSD does not tell its profit currency"
    )


def test_a_gap_goes_against_the_net_of_every_symbol_at_the_rate_of_a_loss() -> None:
    held = (position(1, lots=1.0), position(2, side=Side.SELL, lots=0.4), position(3, "EURGBP", Side.SELL, lots=1.0))
    expected = 0.02 * (0.6 * 100_000 * 1.1 + 100_000 * 0.8801 * 1.2502)
    assert gap_loss(reading(snapshot(*held)), 2.0) == pytest.approx(expected)
    assert gap_loss(reading(), 2.0) == 0.0


@pytest.mark.parametrize("side", [Side.BUY, Side.SELL])
def test_a_gap_of_a_pair_that_converts_itself_is_converted_at_the_price_after_it(side: Side) -> None:
    """Of one lot opened at 120: what it is worth in dollars at 150 less what it is worth two percent further on."""
    seen = reading(snapshot(position(1, "USDJPY", side, open=120.0)))
    now = QUOTES["USDJPY"].closing(side)
    there = now * (1 - side.sign * 0.02)
    expected = side.sign * 100_000 * ((now - 120.0) / now - (there - 120.0) / there)
    assert gap_loss(seen, 2.0) == pytest.approx(expected)


def test_a_gap_to_nothing_of_a_pair_that_converts_itself_has_no_figure() -> None:
    assert gap_loss(reading(snapshot(position(1, "USDJPY"))), 100.0) == Unknown("a price of nought converts nothing")
