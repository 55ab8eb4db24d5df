"""What a person may ask of one position, and why not."""

from __future__ import annotations

import pytest

from monitors.backstop import HEDGED, Stop
from monitors.by_hand import GONE, close_part, tighten
from monitors.kinds import Side
from tests.builders import account, instrument, position, reading, snapshot

COARSE = {"EURUSD": instrument(volume_min=0.1)}
FAR = {"EURUSD": instrument(stops_level=100)}
HEDGE = snapshot(
    position(1),
    position(2, side=Side.SELL, lots=0.6),
    instruments={"EURUSD": instrument(margin_hedged=0.0)},
    margin=440.0,
)
"""Covered lots need no margin there."""


@pytest.mark.parametrize(("left", "steps"), [(0.5, 50), (0.0, 0), (0.99, 99)])
def test_a_part_is_closed_down_to_what_is_to_be_left(left: float, steps: int) -> None:
    assert close_part(reading(snapshot(position(1))), 1, left) == steps


@pytest.mark.parametrize(
    ("which", "left", "why"),
    [
        (2, 0.5, GONE),
        (1, 0.505, "traded in steps of 0.01"),
        (1, 1.0, "leave less than that"),
        (1, 1.5, "leave less than that"),
        (1, -0.01, "leave less than that"),
    ],
)
def test_what_cannot_be_closed_is_said(which: int, left: float, why: str) -> None:
    said = close_part(reading(snapshot(position(1))), which, left)
    assert isinstance(said, str)
    assert why in said


@pytest.mark.parametrize("left", [0.05, 0.95])
def test_neither_a_crumb_is_left_nor_less_than_the_least_closed(left: float) -> None:
    said = close_part(reading(snapshot(position(1), instruments=COARSE)), 1, left)
    assert said == "0.10 lots are the least that can be closed or left"


def test_one_leg_of_a_hedge_whose_margin_would_rise_stays() -> None:
    assert close_part(reading(HEDGE), 2, 0.0) == "closing one leg of a hedge would raise margin"


def test_a_book_that_plans_make_worse_already_keeps_nobody_from_closing() -> None:
    assert close_part(reading(HEDGE), 2, 0.3, {2: 0}) == 30


def test_an_account_that_closes_the_oldest_first_says_which() -> None:
    held = position(1, opened_ms=1_000), position(2, opened_ms=2_000)
    seen = snapshot(*held, account=account(fifo_close=True))
    assert close_part(reading(seen), 2, 0.5) == "this account closes the oldest EURUSD position first: 1"
    assert close_part(reading(seen), 1, 0.5) == 50


def test_a_close_that_waits_at_the_broker_is_enough() -> None:
    said = close_part(reading(snapshot(position(1), closing=frozenset({1}))), 1, 0.5)
    assert said == "a close order for it waits at the broker"


@pytest.mark.parametrize(("side", "stop", "loss"), [(Side.BUY, 1.09, 1_000.0), (Side.SELL, 1.1101, 1_000.0)])
def test_a_stop_is_measured_from_the_price_that_closes(side: Side, stop: float, loss: float) -> None:
    found = tighten(reading(snapshot(position(1, side=side))), 1, stop)
    assert isinstance(found, Stop)
    assert found.planned == stop
    assert found.loss == pytest.approx(loss)


@pytest.mark.parametrize(
    ("side", "has", "stop", "why"),
    [
        (Side.BUY, 1.095, 1.09, "only brought nearer"),
        (Side.BUY, 1.095, 1.095, "only brought nearer"),
        (Side.SELL, 1.105, 1.11, "only brought nearer"),
        (Side.BUY, 0.0, 1.1, "too near to the price: at most 1.09999"),
        (Side.SELL, 0.0, 1.1001, "too near to the price: at least 1.10011"),
        (Side.BUY, 0.0, 1.090005, "in steps of 1e-05"),
        (Side.BUY, 0.0, 0.0, "in steps of 1e-05"),
    ],
)
def test_what_is_no_nearer_stop_is_said(side: Side, has: float, stop: float, why: str) -> None:
    said = tighten(reading(snapshot(position(1, side=side, stop=has))), 1, stop)
    assert isinstance(said, str)
    assert why in said


def test_the_brokers_distance_is_kept() -> None:
    said = tighten(reading(snapshot(position(1), instruments=FAR)), 1, 1.0991)
    assert said == "too near to the price: at most 1.09900 is allowed now"
    assert isinstance(tighten(reading(snapshot(position(1), instruments=FAR)), 1, 1.099), Stop)


def test_a_leg_of_a_hedge_gets_no_stop_and_what_is_gone_none() -> None:
    hedge = reading(snapshot(position(1), position(2, side=Side.SELL)))
    assert tighten(hedge, 1, 1.09) == HEDGED
    assert tighten(hedge, 3, 1.09) == GONE
