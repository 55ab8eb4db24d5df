"""Decorrelate: one of every two symbols that are one bet is cut, and no hedge comes apart."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from monitors.correlation import Correlations
from monitors.kinds import Side
from monitors.model import Position
from monitors.reading import Reading
from monitors.responses.decorrelate import Decorrelate
from tests.builders import instrument, position, reading, rule, situation, snapshot

NAMES = ("EURUSD", "GBPUSD", "XAUUSD")
EUR, GBP, XAU = 0, 1, 2


def read(*held: Position, margin: float | None = None, **pairs: float) -> Reading:
    """A reading whose pairs correlate as given, e.g. EURUSD_GBPUSD=0.9; all others do not."""
    matrix = np.eye(3)
    for pair, found in pairs.items():
        i, j = (NAMES.index(name) for name in pair.split("_"))
        matrix[i, j] = matrix[j, i] = found
    known = Correlations(symbols=NAMES, matrix=matrix, bars={}, until_ms=0)
    free = {name: instrument(name, margin_hedged=0.0) for name in {p.symbol for p in held}}
    return reading(snapshot(*held, instruments=free, margin=margin), correlations=known)


def test_of_two_that_move_together_the_one_that_loses_more_is_cut() -> None:
    seen = read(position(1, profit=-10.0), position(2, "GBPUSD", profit=-200.0), EURUSD_GBPUSD=0.9)
    assert Decorrelate().plan(situation(seen)).targets == {2: 50}
    assert Decorrelate(factor=0.25).plan(situation(seen)).targets == {2: 25}
    assert Decorrelate(factor=0.0).plan(situation(seen)).targets == {2: 0}


def test_of_two_that_lose_alike_the_larger_is_cut() -> None:
    seen = read(position(1, lots=3.0), position(2, "GBPUSD"), EURUSD_GBPUSD=0.9)
    assert Decorrelate().plan(situation(seen)).targets == {1: 150}


@pytest.mark.parametrize(
    ("side", "found", "cut"),
    [(Side.BUY, 0.9, True), (Side.SELL, 0.9, False), (Side.SELL, -0.9, True), (Side.BUY, -0.9, False)],
)
def test_it_is_the_sides_that_make_one_bet_of_two(side: Side, found: float, cut: bool) -> None:
    seen = read(position(1), position(2, "GBPUSD", side), EURUSD_GBPUSD=found)
    assert bool(Decorrelate().plan(situation(seen)).targets) is cut


def test_at_the_threshold_nothing_is_cut() -> None:
    seen = read(position(1), position(2, "GBPUSD"), EURUSD_GBPUSD=0.7)
    assert Decorrelate(threshold=0.7).plan(situation(seen)).targets == {}
    assert Decorrelate(threshold=0.69).plan(situation(seen)).targets != {}


def test_a_symbol_that_has_been_cut_for_one_pair_counts_in_the_others() -> None:
    held = (position(1, profit=-300.0), position(2, "GBPUSD", profit=-20.0), position(3, "XAUUSD", profit=-10.0))
    seen = read(*held, EURUSD_GBPUSD=0.95, EURUSD_XAUUSD=0.9)
    assert Decorrelate().plan(situation(seen)).targets == {1: 50}
    cluster = read(*held, EURUSD_GBPUSD=0.95, EURUSD_XAUUSD=0.9, GBPUSD_XAUUSD=0.8)
    assert Decorrelate().plan(situation(cluster)).targets == {1: 50, 2: 50}


def test_once_the_cut_is_made_the_same_plan_cuts_nothing_more() -> None:
    """The loser has realised half its loss and now loses less than the other: it stays the one that was cut."""
    before = (position(1, profit=-60.0), position(2, "GBPUSD", profit=-100.0))
    began = {p.identifier: p.steps for p in before}
    done = replace(before[1], steps=50, lots=0.5, profit=-50.0)
    seen = read(before[0], done, EURUSD_GBPUSD=0.9)
    assert Decorrelate().plan(situation(seen, began=began)).targets == {}
    half_way = replace(before[1], steps=70, lots=0.7, profit=-50.0)
    seen = read(before[0], half_way, EURUSD_GBPUSD=0.9)
    assert Decorrelate().plan(situation(seen, began=began)).targets == {2: 50}


def test_both_legs_of_a_hedge_are_cut_alike() -> None:
    held = (
        position(1, lots=1.0, profit=-100.0),
        position(2, side=Side.SELL, lots=0.4, profit=-50.0),
        position(3, "GBPUSD"),
    )
    assert Decorrelate().plan(situation(read(*held, margin=1_910.0, EURUSD_GBPUSD=0.9))).targets == {1: 50, 2: 20}


def test_where_a_filter_leaves_only_the_covering_leg_the_other_symbol_is_cut() -> None:
    held = (
        position(1, lots=1.0, profit=-100.0),
        position(2, side=Side.SELL, lots=0.4, profit=-50.0, magic=7),
        position(3, "GBPUSD", magic=7),
    )
    seen = read(*held, margin=1_910.0, EURUSD_GBPUSD=0.9)
    assert Decorrelate().plan(situation(seen, rule(magics=(7,)))).targets == {3: 50}


def test_where_neither_can_be_cut_it_is_said() -> None:
    seen = read(position(1), position(2, "GBPUSD"), EURUSD_GBPUSD=0.9)
    plan = Decorrelate().plan(situation(seen, rule(symbols=("XAU*",))))
    assert (plan.targets, plan.note) == ({}, "neither can be cut: EURUSD and GBPUSD")
    opened_since = Decorrelate().plan(situation(seen, began={1: 100}))
    assert opened_since.targets == {1: 50}


def test_unknown_correlations_cut_nothing() -> None:
    assert Decorrelate().plan(situation(reading(snapshot(position(1), position(2, "GBPUSD"))))).note == (
        "correlations are not known, so nothing can be planned"
    )
    seen = read(position(1), position(2, "GBPUSD"), EURUSD_GBPUSD=float("nan"))
    assert Decorrelate().plan(situation(seen)).targets == {}


def test_thresholds_and_factors_that_make_no_sense_are_faults() -> None:
    def keys(response: Decorrelate) -> list[str]:
        return [key for key, _ in response.faults(rule())]

    assert keys(Decorrelate()) == []
    assert keys(Decorrelate(factor=0.0)) == []
    for threshold in (0.0, 1.0, -0.5, float("nan")):
        assert keys(Decorrelate(threshold=threshold)) == ["threshold"]
    for factor in (1.0, -0.1, float("nan")):
        assert keys(Decorrelate(factor=factor)) == ["factor"]


def test_it_says_what_it_does() -> None:
    assert Decorrelate().sentence() == (
        "of every two symbols that move together by more than 0.7, cut the one that loses more to 50 % of its volume"
    )
