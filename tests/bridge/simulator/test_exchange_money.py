"""Margin, conversion and the stop-out, held against what real terminals have shown."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from bridge.simulator.account import SO_MONEY
from bridge.simulator.listing import Listing
from monitors.instruments import CalcMode
from tests.bridge.simulator.exchange_world import (
    BUY,
    EURJPY,
    EURUSD,
    PLAIN,
    SELL,
    USDJPY,
    World,
    request,
)


def _pair(name: str, digits: int = 5) -> Listing:
    return Listing(name=name, base=name[:3], profit=name[3:], digits=digits)


@pytest.fixture
def reference() -> World:
    """The quotes of the official samples, on their USD account at 1:100."""
    world = World(EURUSD, _pair("GBPUSD"), USDJPY, _pair("USDCHF"), EURJPY, _pair("GBPJPY", 3))
    for name, bid, ask in (
        ("EURUSD", 1.09900, 1.09910),
        ("GBPUSD", 1.22720, 1.22730),
        ("USDJPY", 108.179, 108.183),
        ("USDCHF", 0.93740, 0.93751),
        ("EURJPY", 118.9, 118.92),
        ("GBPJPY", 132.7, 132.73),
    ):
        world.quote(name, bid, ask)
    return world


@pytest.mark.parametrize(
    ("symbol", "margin"),
    [
        ("EURUSD", 109.91),
        ("GBPUSD", 122.73),
        ("USDJPY", 100.0),
        ("USDCHF", 100.0),
        ("EURJPY", 109.91),
        ("GBPJPY", 122.73),
    ],
)
def test_order_calc_margin_answers_the_reference_sample(reference: World, symbol: str, margin: float) -> None:
    ask = reference.terminal.tick(symbol)["ask"]
    assert reference.terminal.margin(BUY, symbol, 0.1, ask) == margin


@pytest.mark.parametrize(
    ("side", "symbol", "opened", "closed", "profit"),
    [
        (BUY, "EURUSD", 1.0991, 1.1021, 300.0),
        (SELL, "GBPUSD", 1.2272, 1.2242, 300.0),
        (BUY, "USDJPY", 108.183, 108.483, 276.54),
        (SELL, "USDJPY", 108.179, 107.879, 278.09),
    ],
)
def test_order_calc_profit_answers_the_reference_sample(
    reference: World, side: int, symbol: str, opened: float, closed: float, profit: float
) -> None:
    assert reference.terminal.profit(side, symbol, 1.0, opened, closed) == profit


def test_a_realised_deal_converts_at_its_close_price(reference: World) -> None:
    reference.quote("USDCHF", 0.93475, 0.93475)
    ticket = reference.open("USDCHF", SELL, 0.1)
    reference.quote("USDCHF", 0.93740, 0.93751)
    reference.send(symbol="USDCHF", type=BUY, volume=0.1, position=ticket)
    assert reference.terminal.history_deals_of(position=ticket)[-1]["profit"] == -29.44


def test_a_yen_profit_converts_at_the_ask_and_a_loss_at_the_bid() -> None:
    world = World(EURJPY, USDJPY, EURUSD)
    world.quote("USDJPY", 111.380, 111.387)
    world.quote("EURUSD", 1.08, 1.08)
    world.quote("EURJPY", 120.024, 120.041)
    row = world.terminal.symbol("EURJPY")
    assert row["trade_tick_value"] == row["trade_tick_value_profit"] == pytest.approx(0.8977708350166538, rel=1e-15)
    assert row["trade_tick_value_loss"] == pytest.approx(0.8978272580355541, rel=1e-15)
    assert row["spread"] == 17
    assert world.terminal.profit(BUY, "EURJPY", 1.0, 120.0, 121.0) == 897.77
    assert world.terminal.profit(BUY, "EURJPY", 1.0, 121.0, 120.0) == -897.83


def test_an_euro_account_shows_the_recorded_tick_values_and_margin() -> None:
    world = World(EURUSD, currency="EUR", balance=9_681.25)
    world.quote("EURUSD", 1.09137, 1.09152)
    row = world.terminal.symbol("EURUSD")
    assert row["trade_tick_value_profit"] == pytest.approx(0.9161536206391089, rel=1e-15)
    assert row["trade_tick_value_loss"] == pytest.approx(0.9162795385616245, rel=1e-15)
    checked = world.terminal.check(request(symbol="EURUSD", volume=0.01, price=1.09729))
    figures = {key: checked[key] for key in ("retcode", "margin", "margin_free", "margin_level", "comment", "equity")}
    assert figures == {
        "retcode": 0,
        "margin": 10.0,
        "margin_free": 9_671.25,
        "margin_level": 96_812.5,
        "comment": "Done",
        "equity": 9_681.25,
    }


def test_an_euro_account_converts_dollars_at_the_close_price() -> None:
    world = World(EURUSD, currency="EUR")
    world.quote("EURUSD", 1.10000, 1.10010)
    world.open("EURUSD", SELL, 1.0)
    world.quote("EURUSD", 1.08990, 1.09000)
    (position,) = world.terminal.positions()
    assert position["profit"] == 917.43  # 1,000 USD at 1.09


def test_a_symbol_far_from_the_account_converts_through_a_third_currency() -> None:
    cadchf = _pair("CADCHF")
    world = World(cadchf, _pair("USDCAD"), _pair("USDCHF"), _pair("EURUSD"), currency="EUR")
    for name, price in (("CADCHF", 0.65), ("USDCAD", 1.25), ("USDCHF", 0.8), ("EURUSD", 1.1)):
        world.quote(name, price, price)
    assert world.terminal.margin(BUY, "CADCHF", 1.0, 0.65) == 727.27  # 1,000 CAD: 800 USD: 727.27 EUR
    assert world.terminal.profit(BUY, "CADCHF", 1.0, 0.65, 0.66) == 1_136.36  # 1,000 CHF: 1,250 USD


@pytest.mark.parametrize(
    ("balance", "price", "lots", "figures"),
    [
        (10_000.0, 0.9992124, 1.0, (-78.76, 9_921.24, 1_000.0, 8_921.24, 992.12)),
        (10_000.0, 0.99256965, 2.0, (-1_486.07, 8_513.93, 2_000.0, 6_513.93, 425.70)),
    ],
    ids=["one lot", "two lots"],
)
def test_the_accounts_figures_follow_the_recorded_sequence(
    balance: float, price: float, lots: float, figures: tuple[float, ...]
) -> None:
    world = World(replace(PLAIN, digits=8), balance=balance)
    world.quote("PLAIN", 1.0, 1.0)
    world.open("PLAIN", BUY, lots)
    world.quote("PLAIN", price, price)
    row = world.terminal.account()
    shown = [row[key] for key in ("profit", "equity", "margin", "margin_free", "margin_level")]
    assert [round(value, 2) for value in shown] == list(figures)


def test_without_a_position_the_margin_level_is_zero() -> None:
    row = World().terminal.account()
    assert (row["margin"], row["margin_level"], row["margin_free"]) == (0.0, 0.0, 10_000.0)


def test_order_check_shows_the_account_after_the_deal() -> None:
    world = World(USDJPY, balance=10_000.17)
    world.quote("USDJPY", 144.128, 144.128)
    checked = world.terminal.check(request(symbol="USDJPY", volume=1.0, price=144.128))
    assert (checked["margin"], checked["margin_free"], checked["margin_level"]) == (1000.0, 9000.17, 1000.017)
    assert world.terminal.positions() == []


def test_order_check_refuses_what_order_send_would() -> None:
    world = World()
    world.quote("PLAIN", 1.0, 1.0)
    checked = world.terminal.check(request(volume=0.015))
    assert (checked["retcode"], checked["comment"], checked["margin"]) == (10014, "Invalid volume", 0.0)


@pytest.mark.parametrize(
    ("terms", "margin"),
    [
        ({}, 1_500.0),
        ({"hedged_margin": 50_000.0}, 1_000.0),
        ({"hedged_margin": 0.0}, 500.0),
        ({"hedged_use_leg": True}, 1_500.0),
    ],
    ids=["a pair costs a lot", "half", "nothing", "the larger leg"],
)
def test_a_hedge_binds_what_the_symbol_says(terms: dict[str, Any], margin: float) -> None:
    world = World(replace(PLAIN, **terms))
    world.quote("PLAIN", 1.0, 1.0)
    world.open("PLAIN", BUY, 1.5)
    short = world.open("PLAIN", SELL, 1.0)
    assert world.terminal.account()["margin"] == margin
    world.send(type=BUY, volume=1.0, position=short)
    assert world.terminal.account()["margin"] == 1_500.0


def test_margin_stays_at_the_rate_of_the_opening() -> None:
    world = World(EURUSD)
    world.quote("EURUSD", 1.10000, 1.10000)
    world.open("EURUSD", BUY, 1.0)
    world.quote("EURUSD", 1.20000, 1.20000)
    assert world.terminal.account()["margin"] == 1_100.0


def test_gold_by_leverage_and_its_margin_rate() -> None:
    gold = Listing(
        name="XAUUSD",
        base="XAU",
        profit="USD",
        digits=2,
        contract_size=100.0,
        mode=CalcMode.CFDLEVERAGE,
        margin_rate_long=3.0,
    )
    world = World(gold, leverage=4, balance=100_000.0)
    world.quote("XAUUSD", 1_900.0, 1_900.0)
    assert world.terminal.margin(BUY, "XAUUSD", 0.07, 1_900.0) == 9_975.0
    assert world.terminal.symbol("XAUUSD")["currency_margin"] == "USD"


def test_the_stop_out_takes_the_most_unprofitable_first_and_no_more_than_it_must() -> None:
    world = World(balance=3_000.0, stop_out=50.0)
    world.quote("PLAIN", 1.00000, 1.00000)
    small = world.open("PLAIN", BUY, 1.0)
    world.quote("PLAIN", 1.00100, 1.00100)
    worse = world.open("PLAIN", BUY, 1.0)
    world.quote("PLAIN", 0.99050, 0.99050)  # -950 and -1,050: 1,000 under 2,001 of margin
    assert [p["identifier"] for p in world.terminal.positions()] == [small]
    deal = world.terminal.history_deals_of(position=worse)[-1]
    assert (deal["reason"], deal["profit"]) == (6, -1_050.0)
    assert deal["comment"].startswith("[so 50.00%")


def test_a_hair_above_the_stop_out_nothing_is_closed() -> None:
    world = World(balance=2_000.0, stop_out=50.0)
    world.quote("PLAIN", 1.0, 1.0)
    world.open("PLAIN", BUY, 1.0)
    world.quote("PLAIN", 0.98501, 0.98501)
    assert len(world.terminal.positions()) == 1
    world.quote("PLAIN", 0.98500, 0.98500)
    assert world.terminal.positions() == []


def test_a_stop_out_in_money_looks_at_equity() -> None:
    world = World(balance=2_000.0, so_mode=SO_MONEY, stop_out=1_500.0)
    world.quote("PLAIN", 1.0, 1.0)
    world.open("PLAIN", BUY, 0.5)
    world.quote("PLAIN", 0.9901, 0.9901)
    assert len(world.terminal.positions()) == 1
    world.quote("PLAIN", 0.99, 0.99)
    assert world.terminal.positions() == []


def test_a_quote_of_zero_stops_nobody_out() -> None:
    world = World(stop_out=50.0)
    world.quote("PLAIN", 1.0, 1.0)
    world.open("PLAIN", BUY, 1.0)
    world.quote("PLAIN", 0.0, 0.0)
    assert len(world.terminal.positions()) == 1
    assert world.terminal.account()["equity"] == -90_000.0


@pytest.mark.parametrize(("volume", "price"), [(0.0, 1.0), (float("nan"), 1.0), (1.0, 0.0), (1.0, float("inf"))])
def test_a_calculation_with_no_sound_numbers_is_refused(volume: float, price: float) -> None:
    world = World()
    world.quote("PLAIN", 1.0, 1.0)
    with pytest.raises(Exception, match="-2"):
        world.terminal.margin(BUY, "PLAIN", volume, price)
