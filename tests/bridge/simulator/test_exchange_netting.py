"""Netting accounts: one position a symbol, added to, reduced, turned round."""

from __future__ import annotations

import pytest

from bridge.simulator.account import NETTING
from tests.bridge.simulator.exchange_world import BUY, CLOSE_BY, SELL, World


@pytest.fixture
def world() -> World:
    made = World(margin_mode=NETTING)
    made.quote("PLAIN", 1.00000, 1.00000)
    return made


def test_adding_averages_the_price_and_keeps_the_numbers(world: World) -> None:
    first = world.open("PLAIN", BUY, 0.3)
    world.quote("PLAIN", 1.01000, 1.01000)
    world.open("PLAIN", BUY, 0.1)
    (position,) = world.terminal.positions()
    assert (position["ticket"], position["identifier"], position["volume"]) == (first, first, 0.4)
    assert position["price_open"] == pytest.approx(1.0025)
    assert [d["entry"] for d in world.terminal.history_deals_of(position=first)] == [0, 0]


def test_selling_more_than_the_long_turns_it_round_in_one_inout_deal(world: World) -> None:
    first = world.open("PLAIN", BUY, 0.3)
    world.quote("PLAIN", 1.01000, 1.01000)
    answer = world.send(type=SELL, volume=0.5)
    (position,) = world.terminal.positions()
    assert (position["type"], position["volume"], position["price_open"]) == (SELL, 0.2, 1.01)
    assert (position["ticket"], position["identifier"]) == (answer["order"], first)
    deal = world.terminal.history_deals_of(position=first)[-1]
    assert (deal["entry"], deal["volume"], deal["profit"]) == (2, 0.5, 300.0)
    assert world.terminal.account()["balance"] == 10_300.0


def test_selling_the_whole_long_without_a_ticket_closes_it(world: World) -> None:
    first = world.open("PLAIN", BUY, 0.3)
    world.send(type=SELL, volume=0.3)
    assert world.terminal.positions() == []
    assert world.terminal.history_deals_of(position=first)[-1]["entry"] == 1


def test_a_duplicate_close_without_a_ticket_goes_short(world: World) -> None:
    world.open("PLAIN", BUY, 0.3)
    for _ in range(2):
        world.send(type=SELL, volume=0.3)
    assert [(p["type"], p["volume"]) for p in world.terminal.positions()] == [(SELL, 0.3)]


def test_a_close_with_a_ticket_never_turns_anything_round(world: World) -> None:
    ticket = world.open("PLAIN", BUY, 0.3)
    assert world.send(type=SELL, volume=0.5, position=ticket)["retcode"] == 10038
    assert world.send(type=SELL, volume=0.3, position=ticket)["retcode"] == 10009
    assert world.send(type=SELL, volume=0.3, position=ticket)["retcode"] == 10036
    assert world.terminal.positions() == []


def test_reducing_without_a_ticket_needs_no_money(world: World) -> None:
    world.open("PLAIN", BUY, 9.0)
    world.quote("PLAIN", 0.99000, 0.99000)  # equity 1,000 under a margin of 9,000
    assert world.send(type=BUY, volume=0.1)["retcode"] == 10019
    assert world.send(type=SELL, volume=1.0)["retcode"] == 10009
    assert world.terminal.account()["margin"] == 8_000.0


def test_close_by_is_not_for_netting(world: World) -> None:
    ticket = world.open("PLAIN", BUY, 0.3)
    assert world.send(action=CLOSE_BY, position=ticket, position_by=ticket)["retcode"] == 10013
