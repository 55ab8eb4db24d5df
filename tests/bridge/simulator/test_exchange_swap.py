"""What a night costs, held against what brokers have published and terminals have shown."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bridge.simulator.account import NETTING
from bridge.simulator.overnight import nights, swap
from tests.bridge.simulator.exchange_world import BUY, PLAIN, SELL, World


def test_every_night_costs_its_swap_and_wednesdays_three() -> None:
    listing = replace(PLAIN, swap_long=-2.17)
    world = World(listing, start=datetime(2026, 3, 2, 20, tzinfo=UTC), margin_mode=NETTING)  # a Monday
    world.quote("PLAIN", 1.0, 1.0)
    ticket = world.open("PLAIN", BUY, 1.0)
    charged = []
    for _ in range(7):
        world.after(86_400)
        charged.append(world.terminal.positions()[0]["swap"])
    assert charged == [-2.17, -4.34, -10.85, -13.02, -15.19, -15.19, -15.19]
    assert world.terminal.account()["equity"] == 9_984.81
    world.send(type=SELL, volume=0.5, position=ticket)
    assert world.terminal.history_deals_of(position=ticket)[-1]["swap"] == -7.59
    assert world.terminal.positions()[0]["swap"] == -7.6


def test_nights_are_charged_once_three_times_or_not_at_all() -> None:
    assert [nights(day, 3) for day in range(7)] == [0, 1, 1, 3, 1, 1, 0]


@pytest.mark.parametrize(
    ("mode", "rate", "size", "point", "price", "expected"),
    [
        (1, 2.17, 100_000.0, 1e-5, 1.1, 2.17),
        (1, -2.17, 100.0, 0.01, 1_900.0, -2.17),
        (5, -3.5, 1.0, 0.01, 235.82, -0.02),
        (5, -6.88, 1.0, 0.01, 235.94, -0.05),
        (0, 9.0, 1.0, 0.01, 1.0, 0.0),
        (4, -1.5, 1.0, 0.01, 1.0, -1.5),
    ],
)
def test_swap_answers_the_published_examples(
    mode: int, rate: float, size: float, point: float, price: float, expected: float
) -> None:
    night = swap(mode, rate=rate, lots=1.0, contract_size=size, point=point, price_now=price, price_open=price)
    assert round(night, 2) == expected
