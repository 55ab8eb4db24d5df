"""order_send at the simulated broker: what is done, what is refused and with which code."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from bridge.simulator.listing import EXE_EXCHANGE, EXE_INSTANT, FILL_FOK
from tests.bridge.simulator.exchange_world import (
    BUY,
    CLOSE_BY,
    EURUSD,
    PLAIN,
    SELL,
    World,
    request,
)


@pytest.fixture
def world() -> World:
    made = World(PLAIN, EURUSD)
    made.quote("PLAIN", 1.00000, 1.00010)
    made.quote("EURUSD", 1.10000, 1.10010)
    return made


def test_a_deal_without_a_position_opens_at_the_ask_and_shows_order_deal_and_position(world: World) -> None:
    answer = world.send(type=BUY, volume=0.5, magic=7, comment="hello", sl=0.9, tp=1.1)
    (position,) = world.terminal.positions()
    assert (answer["retcode"], answer["price"], answer["volume"]) == (10009, 1.0001, 0.5)
    assert (position["ticket"], position["identifier"]) == (answer["order"], answer["order"])
    assert (position["price_open"], position["profit"], position["magic"]) == (1.0001, -5.0, 7)
    assert (position["sl"], position["tp"], position["comment"]) == (0.9, 1.1, "hello")
    (deal,) = world.terminal.history_deals_of(position=answer["order"])
    assert (deal["ticket"], deal["entry"], deal["type"], deal["reason"]) == (answer["deal"], 0, BUY, 3)
    (order,) = world.terminal.history_orders_of(ticket=answer["order"])
    assert (order["state"], order["volume_initial"], order["volume_current"]) == (4, 0.5, 0.0)


def test_a_part_is_closed_at_the_bid_and_books_cents(world: World) -> None:
    ticket = world.open("PLAIN", BUY, 0.5)
    world.quote("PLAIN", 0.99000, 0.99010)
    answer = world.send(type=SELL, volume=0.2, position=ticket)
    (position,) = world.terminal.positions()
    assert (answer["price"], position["volume"], position["ticket"]) == (0.99, 0.3, ticket)
    assert world.terminal.account()["balance"] == 9_798.0  # 0.2 lots, 101 points: 202.00
    deal = world.terminal.history_deals_of(position=ticket)[-1]
    assert (deal["entry"], deal["profit"], deal["volume"]) == (1, -202.0, 0.2)


def test_three_tenths_are_three_tenths_however_they_came_about(world: World) -> None:
    ticket = world.open("PLAIN", BUY, 0.1 + 0.2)
    world.send(type=SELL, volume=0.1, position=ticket)
    world.send(type=SELL, volume=0.1, position=ticket)
    assert [p["volume"] for p in world.terminal.positions()] == [0.1]


def test_prices_are_rounded_to_the_digits(world: World) -> None:
    world.quote("PLAIN", 0.9999999999, 1.0001000001)
    assert world.terminal.tick("PLAIN")["bid"] == 1.0
    assert world.terminal.tick("PLAIN")["ask"] == 1.0001


@pytest.mark.parametrize(
    ("fields", "retcode"),
    [
        ({"volume": 0.005}, 10014),
        ({"volume": 0.015}, 10014),
        ({"volume": 100.01}, 10014),
        ({"volume": 0.0}, 10014),
        ({"volume": -0.1}, 10014),
        ({"volume": float("nan")}, 10014),
        ({"price": float("nan")}, 10015),
        ({"price": -1.0}, 10015),
        ({"sl": 1.0001}, 10016),
        ({"tp": 0.9999}, 10016),
        ({"sl": float("nan")}, 10016),
        ({"type_filling": 2}, 10030),
        ({"type_filling": 3}, 10030),
        ({"type_filling": 77}, 10030),
        ({"symbol": "NONE"}, 10013),
        ({"action": 0}, 10013),
        ({"action": 99}, 10013),
        ({"type": 2}, 10013),
        ({"volume": 60.0}, 10019),
        ({"position": 4711}, 10036),
    ],
    ids=str,
)
def test_a_request_that_cannot_be_is_refused_and_changes_nothing(
    world: World, fields: dict[str, Any], retcode: int
) -> None:
    answer = world.send(**{"volume": 0.1, **fields})
    assert (answer["retcode"], answer.get("deal", 0)) == (retcode, 0)
    assert world.terminal.positions() == []
    assert world.terminal.account()["balance"] == 10_000.0


@pytest.mark.parametrize(
    ("fields", "retcode"),
    [
        ({"volume": 0.51}, 10038),
        ({"type": BUY}, 10013),
        ({"symbol": "EURUSD"}, 10013),
    ],
    ids=["more than there is", "the same way", "another symbol"],
)
def test_a_close_that_does_not_fit_its_position_is_refused(world: World, fields: dict[str, Any], retcode: int) -> None:
    ticket = world.open("PLAIN", BUY, 0.5)
    answer = world.send(**{"type": SELL, "volume": 0.1, "position": ticket, **fields})
    assert answer["retcode"] == retcode
    assert [p["volume"] for p in world.terminal.positions()] == [0.5]


def test_a_close_may_not_leave_a_crumb_but_may_take_all() -> None:
    world = World(replace(PLAIN, volume_min=0.1))
    world.quote("PLAIN", 1.0, 1.0001)
    ticket = world.open("PLAIN", BUY, 0.25)
    assert world.send(type=SELL, volume=0.2, position=ticket)["retcode"] == 10014
    assert world.send(type=SELL, volume=0.15, position=ticket)["retcode"] == 10009
    assert world.send(type=SELL, volume=0.1, position=ticket)["retcode"] == 10009
    assert world.terminal.positions() == []


@pytest.mark.parametrize(
    ("exemode", "filling", "allowed"),
    [(EXE_EXCHANGE, 0, {0, 2}), (EXE_INSTANT, 0, {0, 1, 2}), (2, FILL_FOK, {0})],
    ids=["exchange: return always", "instant: all", "market: by the mask"],
)
def test_filling_follows_execution_mode_and_mask(exemode: int, filling: int, allowed: set[int]) -> None:
    world = World(replace(PLAIN, exemode=exemode, filling=filling | FILL_FOK))
    world.quote("PLAIN", 1.0, 1.0001)
    done = {f for f in range(4) if world.send(volume=0.01, price=1.0001, type_filling=f)["retcode"] == 10009}
    assert done == allowed


def test_instant_execution_requotes_beyond_the_deviation() -> None:
    world = World(replace(PLAIN, exemode=EXE_INSTANT))
    world.quote("PLAIN", 1.0, 1.0001)
    assert world.send(volume=0.01, price=1.00021, deviation=10)["retcode"] == 10004
    assert world.send(volume=0.01, price=1.0002, deviation=10)["retcode"] == 10009


@pytest.mark.parametrize(
    ("trade_mode", "side", "retcode"),
    [(0, BUY, 10017), (1, SELL, 10042), (2, BUY, 10043), (3, BUY, 10044), (1, BUY, 10009), (2, SELL, 10009)],
)
def test_a_symbol_opens_only_to_the_sides_it_allows(trade_mode: int, side: int, retcode: int) -> None:
    world = World(replace(PLAIN, trade_mode=trade_mode))
    world.quote("PLAIN", 1.0, 1.0001)
    assert world.send(type=side, volume=0.1)["retcode"] == retcode


@pytest.mark.parametrize(
    ("terms", "retcode"),
    [({"trade_expert": False}, 10026), ({"trade_allowed": False}, 10017), ({"limit_positions": 1}, 10040)],
)
def test_an_account_without_the_permission_is_refused(terms: dict[str, Any], retcode: int) -> None:
    world = World(**terms)
    world.quote("PLAIN", 1.0, 1.0001)
    world.send(volume=0.1)
    assert world.send(volume=0.1)["retcode"] == retcode


def test_fifo_lets_only_the_oldest_go() -> None:
    world = World(fifo_close=True)
    world.quote("PLAIN", 1.0, 1.0001)
    first, second = world.open("PLAIN", BUY, 0.1), world.open("PLAIN", BUY, 0.1)
    assert world.send(type=SELL, volume=0.1, position=second)["retcode"] == 10045
    assert world.send(type=SELL, volume=0.1, position=first)["retcode"] == 10009


def test_no_quote_means_off_quotes() -> None:
    world = World()
    assert world.send(volume=0.1)["retcode"] == 10021
    world.quote("PLAIN", 0.0, 0.0)
    assert world.send(volume=0.1)["retcode"] == 10021


def test_close_by_settles_two_positions_at_the_seconds_price_and_keeps_the_rest(world: World) -> None:
    long = world.open("PLAIN", BUY, 0.5)
    world.quote("PLAIN", 1.02000, 1.02010)
    short = world.open("PLAIN", SELL, 0.2)
    answer = world.send(action=CLOSE_BY, position=long, position_by=short)
    assert (answer["retcode"], answer["volume"]) == (10009, 0.2)
    assert [(p["ticket"], p["volume"]) for p in world.terminal.positions()] == [(long, 0.3)]
    deals = world.terminal.history_deals_of(ticket=answer["order"])
    assert [(d["entry"], d["profit"], d["price"]) for d in deals] == [(3, 398.0, 1.02), (3, 0.0, 1.02)]
    assert world.terminal.account()["balance"] == 10_398.0


@pytest.mark.parametrize("pair", ["the same way", "gone", "itself"])
def test_close_by_wants_two_positions_that_point_at_each_other(world: World, pair: str) -> None:
    first, second = world.open("PLAIN", BUY, 0.1), world.open("PLAIN", BUY, 0.1)
    other = {"the same way": second, "gone": 4711, "itself": first}[pair]
    retcode = world.send(action=CLOSE_BY, position=first, position_by=other)["retcode"]
    assert retcode == (10036 if pair == "gone" else 10013)


def test_commission_is_charged_on_every_deal_to_the_cent() -> None:
    world = World(replace(PLAIN, commission_per_lot=3.5))
    world.quote("PLAIN", 1.0, 1.0)
    ticket = world.open("PLAIN", BUY, 0.33)
    world.send(type=SELL, volume=0.33, position=ticket)
    assert [d["commission"] for d in world.terminal.history_deals_of(position=ticket)] == [-1.16, -1.16]
    assert world.terminal.account()["balance"] == 9_997.68


def test_numbers_count_up_and_never_repeat(world: World) -> None:
    answers = [world.send(volume=0.01) for _ in range(3)]
    numbers = [a[key] for a in answers for key in ("order", "deal")]
    assert numbers == sorted(set(numbers))


def test_the_request_comes_back_with_the_result(world: World) -> None:
    asked = request(volume=0.01, comment="mine")
    answer = world.terminal.send(asked)
    assert answer is not None
    assert answer["request"] == asked
    assert answer["comment"] == "Request executed"


def test_a_hedge_that_binds_no_more_needs_no_money(world: World) -> None:
    world.open("PLAIN", BUY, 9.0)
    world.quote("PLAIN", 0.99000, 0.99010)  # equity 910 under a margin of 9,000
    assert world.send(type=BUY, volume=0.01)["retcode"] == 10019
    assert world.send(type=SELL, volume=1.0)["retcode"] == 10009


def test_a_symbol_may_limit_the_volume_to_one_side() -> None:
    world = World(replace(PLAIN, volume_limit=0.3))
    world.quote("PLAIN", 1.0, 1.0001)
    world.open("PLAIN", BUY, 0.2)
    assert world.send(type=BUY, volume=0.11)["retcode"] == 10034
    assert world.send(type=SELL, volume=0.3)["retcode"] == 10009


def test_the_days_extremes_begin_anew_with_the_brokers_day(world: World) -> None:
    world.quote("PLAIN", 1.20000, 1.20010)
    assert world.terminal.symbol("PLAIN")["bidhigh"] == 1.2
    world.after(86_400)
    world.quote("PLAIN", 1.10000, 1.10010)
    row = world.terminal.symbol("PLAIN")
    assert [row[key] for key in ("bidhigh", "bidlow", "askhigh", "session_open")] == [1.1, 1.1, 1.1001, 1.1]
