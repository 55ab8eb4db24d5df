"""Stops and targets at the simulated broker: how they are set, and at which price they fill."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.bridge.simulator.exchange_world import BUY, PLAIN, SELL, SLTP, World


@pytest.fixture
def world() -> World:
    made = World(PLAIN)
    made.quote("PLAIN", 1.00000, 1.00010)
    return made


def test_stops_are_set_moved_and_taken_away(world: World) -> None:
    ticket = world.open("PLAIN", BUY, 0.1)
    move = {"action": SLTP, "position": ticket, "volume": 0.0}
    assert world.send(**move, sl=0.95, tp=1.05)["retcode"] == 10009
    assert world.send(**move, sl=0.95, tp=1.05)["retcode"] == 10025
    assert world.send(**move, sl=1.01)["retcode"] == 10016
    assert world.send(**move)["retcode"] == 10009
    assert (world.terminal.positions()[0]["sl"], world.terminal.positions()[0]["tp"]) == (0.0, 0.0)
    assert world.send(action=SLTP, position=1, sl=0.9)["retcode"] == 10036


def test_stops_keep_the_stops_level_away() -> None:
    world = World(replace(PLAIN, stops_level=50))
    world.quote("PLAIN", 1.0, 1.0001)
    assert world.send(volume=0.1, sl=0.99951)["retcode"] == 10016
    assert world.send(volume=0.1, sl=0.9995)["retcode"] == 10009


def test_a_frozen_stop_is_not_changed() -> None:
    world = World(replace(PLAIN, freeze_level=20))
    world.quote("PLAIN", 1.0, 1.0001)
    ticket = world.open("PLAIN", BUY, 0.1, sl=0.9999)
    assert world.send(action=SLTP, position=ticket, sl=0.99)["retcode"] == 10029


@pytest.mark.parametrize(
    ("side", "bid", "ask", "reason", "price"),
    [
        (BUY, 0.98000, 0.98010, 4, 0.98000),
        (BUY, 1.02000, 1.02010, 5, 1.02000),
        (SELL, 1.02000, 1.02010, 4, 1.02010),
        (SELL, 0.98000, 0.98010, 5, 0.98010),
    ],
    ids=["long stopped", "long at target", "short stopped", "short at target"],
)
def test_a_stop_or_target_fills_at_the_price_that_reached_it(
    world: World, side: int, bid: float, ask: float, reason: int, price: float
) -> None:
    levels = (0.99, 1.01) if side == BUY else (1.01, 0.99)
    ticket = world.open("PLAIN", side, 0.1, sl=levels[0], tp=levels[1])
    world.quote("PLAIN", bid, ask)
    assert world.terminal.positions() == []
    deal = world.terminal.history_deals_of(position=ticket)[-1]
    assert (deal["reason"], deal["price"], deal["entry"]) == (reason, price, 1)
    assert deal["comment"].startswith("[sl" if reason == 4 else "[tp")


def test_a_quote_that_is_no_price_reaches_no_stop(world: World) -> None:
    world.open("PLAIN", BUY, 0.1, sl=0.99)
    world.quote("PLAIN", 0.0, 0.0)
    world.quote("PLAIN", float("nan"), float("nan"))
    assert len(world.terminal.positions()) == 1
