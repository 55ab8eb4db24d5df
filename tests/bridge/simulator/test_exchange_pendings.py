"""Pending orders: accepted, changed, filled, expired, removed."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from bridge.simulator.clock import epoch_ms
from tests.bridge.simulator.exchange_world import MODIFY, PENDING, PLAIN, REMOVE, START, World

BUY_LIMIT, SELL_LIMIT, BUY_STOP, SELL_STOP, BUY_STOP_LIMIT, SELL_STOP_LIMIT = range(2, 8)


@pytest.fixture
def world() -> World:
    made = World()
    made.quote("PLAIN", 1.00000, 1.00010)
    return made


def _place(world: World, kind: int, price: float, **fields: Any) -> int:
    answer = world.send(action=PENDING, type=kind, volume=0.1, price=price, **fields)
    assert (answer["retcode"], answer.get("deal", 0), answer["volume"]) == (10009, 0, 0.1)
    return int(answer["order"])


@pytest.mark.parametrize(
    ("kind", "price", "quote", "filled_at"),
    [
        (BUY_LIMIT, 0.99, (0.98990, 0.99000), 0.99),
        (BUY_LIMIT, 0.99, (0.98000, 0.98010), 0.9801),
        (SELL_LIMIT, 1.01, (1.01000, 1.01010), 1.01),
        (BUY_STOP, 1.01, (1.01190, 1.01200), 1.012),
        (SELL_STOP, 0.99, (0.98500, 0.98510), 0.985),
    ],
)
def test_an_order_fills_at_the_price_that_reaches_it(
    world: World, kind: int, price: float, quote: tuple[float, float], filled_at: float
) -> None:
    ticket = _place(world, kind, price, magic=5, sl=0.5 if kind % 2 == 0 else 1.5)
    assert [o["ticket"] for o in world.terminal.orders()] == [ticket]
    world.quote("PLAIN", *quote)
    (position,) = world.terminal.positions()
    assert (position["identifier"], position["price_open"], position["type"], position["magic"]) == (
        ticket,
        filled_at,
        kind % 2,
        5,
    )
    assert world.terminal.orders() == []
    (order,) = world.terminal.history_orders_of(ticket=ticket)
    assert (order["state"], order["price_open"], order["type"]) == (4, price, kind)


def test_a_hair_short_of_its_price_nothing_is_filled(world: World) -> None:
    _place(world, BUY_LIMIT, 0.99)
    world.quote("PLAIN", 0.98991, 0.99001)
    assert world.terminal.positions() == []


@pytest.mark.parametrize(
    ("kind", "stop", "limit", "through", "back"),
    [
        (BUY_STOP_LIMIT, 1.01, 1.005, (1.01, 1.0101), (1.0049, 1.005)),
        (SELL_STOP_LIMIT, 0.99, 0.995, (0.9899, 0.99), (0.995, 0.9951)),
    ],
)
def test_a_stop_limit_becomes_a_limit_and_then_fills(
    world: World, kind: int, stop: float, limit: float, through: tuple[float, float], back: tuple[float, float]
) -> None:
    ticket = _place(world, kind, stop, stoplimit=limit)
    world.quote("PLAIN", *through)
    (order,) = world.terminal.orders()
    assert (order["ticket"], order["type"], order["price_open"]) == (ticket, kind - 4, limit)
    world.quote("PLAIN", *back)
    assert world.terminal.positions()[0]["price_open"] == limit


@pytest.mark.parametrize(
    ("kind", "price", "fields", "retcode"),
    [
        (BUY_LIMIT, 1.0002, {}, 10015),
        (SELL_LIMIT, 0.9999, {}, 10015),
        (BUY_STOP, 1.0, {}, 10015),
        (SELL_STOP, 1.0001, {}, 10015),
        (BUY_STOP_LIMIT, 1.01, {"stoplimit": 1.02}, 10015),
        (BUY_STOP_LIMIT, 1.01, {}, 10015),
        (BUY_LIMIT, float("nan"), {}, 10015),
        (BUY_LIMIT, 0.0, {}, 10015),
        (BUY_LIMIT, 0.99, {"sl": 0.995}, 10016),
        (BUY_LIMIT, 0.99, {"volume": 0.001}, 10014),
        (BUY_LIMIT, 0.99, {"type_time": 2, "expiration": 5}, 10022),
        (BUY_LIMIT, 0.99, {"type_time": 9}, 10022),
        (8, 0.99, {}, 10013),
    ],
)
def test_an_order_that_cannot_be_is_refused(
    world: World, kind: int, price: float, fields: dict[str, Any], retcode: int
) -> None:
    answer = world.send(**{"action": PENDING, "type": kind, "volume": 0.1, "price": price, **fields})
    assert answer["retcode"] == retcode
    assert world.terminal.orders() == []


def test_an_order_is_changed_and_removed_by_its_ticket(world: World) -> None:
    ticket = _place(world, BUY_LIMIT, 0.99)
    changed = world.send(action=MODIFY, order=ticket, price=0.98, sl=0.97)
    assert (changed["retcode"], changed["order"]) == (10009, ticket)
    assert (world.terminal.orders()[0]["price_open"], world.terminal.orders()[0]["sl"]) == (0.98, 0.97)
    assert world.send(action=MODIFY, order=ticket, price=1.5)["retcode"] == 10015
    assert world.send(action=REMOVE, order=ticket)["retcode"] == 10009
    assert world.terminal.orders() == []
    assert world.terminal.history_orders_of(ticket=ticket)[0]["state"] == 2
    assert world.send(action=REMOVE, order=ticket)["retcode"] == 10035
    assert world.send(action=MODIFY, order=ticket, price=0.98)["retcode"] == 10035


def test_an_order_expires_by_the_brokers_clock() -> None:
    world = World(zone="new-york-close")
    world.quote("PLAIN", 1.0, 1.0001)
    broker_now = epoch_ms(START) // 1000 + 7_200
    timed = _place(world, BUY_LIMIT, 0.99, type_time=2, expiration=broker_now + 60)
    of_day = _place(world, BUY_LIMIT, 0.99, type_time=1)
    world.after(59)
    world.quote("PLAIN", 1.0, 1.0001)
    assert len(world.terminal.orders()) == 2
    world.after(1)
    world.quote("PLAIN", 0.9, 0.9001)
    assert world.terminal.history_orders_of(ticket=timed)[0]["state"] == 6
    assert world.terminal.history_orders_of(ticket=of_day)[0]["state"] == 4


def test_an_order_of_the_day_is_gone_after_midnight_without_a_quote(world: World) -> None:
    ticket = _place(world, BUY_LIMIT, 0.99, type_time=1)
    world.after(16 * 3600)
    assert world.terminal.orders() == []
    (order,) = world.terminal.history_orders_of(ticket=ticket)
    assert (order["state"], order["time_done"]) == (6, epoch_ms(START) // 1000 + 16 * 3600)


def test_an_order_the_account_cannot_pay_for_is_rejected_when_it_is_reached() -> None:
    world = World(balance=150.0)
    world.quote("PLAIN", 1.0, 1.0001)
    first, second = (_place(world, BUY_LIMIT, 0.99) for _ in range(2))
    world.quote("PLAIN", 0.98, 0.9801)
    assert [p["identifier"] for p in world.terminal.positions()] == [first]
    assert world.terminal.history_orders_of(ticket=second)[0]["state"] == 5


def test_no_more_orders_wait_than_the_account_may_have() -> None:
    world = World(limit_orders=1)
    world.quote("PLAIN", 1.0, 1.0001)
    _place(world, BUY_LIMIT, 0.99)
    assert world.send(action=PENDING, type=BUY_LIMIT, volume=0.1, price=0.99)["retcode"] == 10033


def test_an_order_keeps_the_stops_level_away() -> None:
    world = World(replace(PLAIN, stops_level=100))
    world.quote("PLAIN", 1.0, 1.0001)
    assert world.send(action=PENDING, type=BUY_LIMIT, volume=0.1, price=0.9995)["retcode"] == 10015
    _place(world, BUY_LIMIT, 0.9990)
