"""What an account would be after closing: held against a book made anew, and against trying every volume."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitors.kinds import Side
from monitors.lots import target_after
from monitors.metrics import METRICS, value
from monitors.model import Position, Rates
from monitors.projection import after, fewest_steps, with_lots
from monitors.reading import Reading
from tests.builders import instrument, position, quote, reading, rule, snapshot

CLOSABLE = [name for name, metric in METRICS.items() if metric.closable]
SYMBOLS = ("EURUSD", "GBPUSD", "USDJPY", "XAUUSD")


@st.composite
def books(draw: st.DrawFn, most: int = 4, steps: int = 12) -> tuple[Position, ...]:
    """A few positions of a few steps each, long and short, some with a stop 1 % away."""
    made = []
    for n in range(draw(st.integers(1, most))):
        side = draw(st.sampled_from(Side))
        count = draw(st.integers(1, steps))
        held = position(n, draw(st.sampled_from(SYMBOLS)), side, count / 100, profit=draw(st.integers(-500, 500)) / 1.0)
        made.append(replace(held, stop=held.price * (1 - 0.01 * side.sign) if draw(st.booleans()) else 0.0))
    return tuple(made)


def lots_of(held: tuple[Position, ...], targets: list[int]) -> np.ndarray:
    return np.array([min(p.steps, t) / 100 for p, t in zip(held, targets, strict=True)])


@given(books(), st.lists(st.integers(0, 12), min_size=4, max_size=4))
def test_a_projection_is_what_the_rest_of_the_book_would_show_by_itself(
    held: tuple[Position, ...], targets: list[int]
) -> None:
    before = reading(snapshot(*held))
    projected = with_lots(before, lots_of(held, targets[: len(held)]))
    left = [min(p.steps, t) for p, t in zip(held, targets, strict=False)]
    rest = tuple(
        replace(p, steps=n, lots=n / 100, profit=p.profit * n / p.steps) for p, n in zip(held, left, strict=True) if n
    )
    realised = sum(p.profit for p in held) - sum(p.profit for p in rest)
    anew = reading(snapshot(*rest, balance=10_000.0 + realised))
    assert projected.snapshot.account.equity == before.snapshot.account.equity
    for name in ("balance", "profit", "margin", "margin_free"):
        found, expected = getattr(projected.snapshot.account, name), getattr(anew.snapshot.account, name)
        assert found == pytest.approx(expected, abs=0.011), name
    for name in CLOSABLE:
        found, expected = value(projected, rule(name)), value(anew, rule(name))
        if isinstance(expected, float) and isinstance(found, float):
            assert found == pytest.approx(expected, rel=1e-4, abs=0.011), name
        elif rest:
            assert found == expected, name


def test_all_closed_needs_no_margin_and_leaves_equity_as_balance() -> None:
    seen = reading(snapshot(position(1, profit=-300.0, swap=-2.0), position(2, "USDJPY", profit=50.0)))
    flat = with_lots(seen, np.zeros(2)).snapshot.account
    assert (flat.margin, flat.profit, flat.balance, flat.equity, flat.margin_free) == (
        0.0,
        0.0,
        9_748.0,
        9_748.0,
        9_748.0,
    )


def test_margin_is_scaled_to_the_brokers_own() -> None:
    seen = reading(snapshot(position(1), position(2, "GBPUSD"), margin=4_700.0))
    assert with_lots(seen, np.array([0.5, 1.0])).snapshot.account.margin == pytest.approx(3_600.0)


def test_closing_one_leg_of_a_hedge_raises_margin() -> None:
    spec = {"EURUSD": instrument(margin_hedged=0.0)}
    seen = reading(snapshot(position(1, lots=1.1), position(2, side=Side.SELL), margin=110.0, instruments=spec))
    assert after(seen, {2: 0}).snapshot.account.margin == pytest.approx(1_210.0)
    assert after(seen, {1: 100}).snapshot.account.margin == 0.0


def test_a_missing_rate_makes_the_margin_no_number_and_not_nought() -> None:
    nan = float("nan")
    seen = snapshot(
        position(1), position(2, "GBPUSD"), margin=1_000.0, rates={"GBPUSD": Rates(margin_buy=nan, margin_sell=nan)}
    )
    assert math.isnan(with_lots(reading(seen), np.array([0.5, 1.0])).snapshot.account.margin)


def test_targets_name_only_what_changes_and_raise_nothing() -> None:
    seen = reading(snapshot(position(1), position(2, "GBPUSD"), position(3, "XAUUSD")))
    found = after(seen, {2: 30, 3: 500, 77: 0})
    assert found.book.lots.tolist() == [1.0, 0.3, 1.0]
    assert after(seen, {}).snapshot.account == seen.snapshot.account
    assert seen.book.lots.tolist() == [1.0, 1.0, 1.0]


def test_an_empty_book_projects_to_itself() -> None:
    assert after(reading(), {1: 0}).snapshot.account == reading().snapshot.account


# ------------------------------------------------------------------------------------------------ as few steps as do


def used(seen: Reading) -> float:
    return seen.snapshot.account.margin


def scored(name: str, sign: float = 1.0) -> Callable[[Reading], float]:
    def score(seen: Reading) -> float:
        found = value(seen, rule(name))
        return sign * found if isinstance(found, float) else -math.inf

    return score


def tried(
    seen: Reading, order: list[int], score: Callable[[Reading], float], goal: float
) -> tuple[dict[int, int], bool]:
    """The same by trying every volume of every position in turn."""
    held = seen.snapshot.positions
    targets: dict[int, int] = {}
    lots, best, before = seen.book.lots.copy(), score(seen), math.inf
    while best < before:
        before = best
        for i in order:
            if best <= goal:
                return targets, True
            spec, scores = seen.snapshot.instruments[held[i].symbol], {}
            now = round(float(lots[i]) * 100)
            for left in {target_after(spec, now, closing) for closing in range(1, now + 1)}:
                lots[i] = left / 100
                scores[left] = score(with_lots(seen, lots))
            lots[i] = now / 100
            enough = [left for left, found in scores.items() if found <= goal]
            left = max(enough) if enough else min(scores, key=lambda left: scores[left], default=now)
            if left < now and scores[left] < best:
                lots[i], best, targets[held[i].identifier] = left / 100, scores[left], left
    return targets, best <= goal


@given(
    held=books(),
    name=st.sampled_from(["margin.used", "exposure.total", "risk.open_pct", "margin.level_pct"]),
    share=st.floats(0.02, 1.1),
    shuffled=st.permutations(range(4)),
    hedged=st.sampled_from([0.0, 0.5, 1.0]),
    least=st.sampled_from([0.01, 0.03]),
)
def test_cutting_reaches_what_trying_every_volume_reaches(
    *, held: tuple[Position, ...], name: str, share: float, shuffled: list[int], hedged: float, least: float
) -> None:
    contracts = {symbol: instrument(symbol).contract_size for symbol in SYMBOLS}
    specs = {s: instrument(s, volume_min=least, margin_hedged=hedged * size) for s, size in contracts.items()}
    seen = reading(snapshot(*held, instruments=specs))
    order = [i for i in shuffled if i < len(held)]
    score = scored(name, -1.0 if name == "margin.level_pct" else 1.0)
    now = score(seen)
    goal = now / share if name == "margin.level_pct" else now * share
    found, reached = fewest_steps(seen, order, score, goal)
    expected, reachable = tried(seen, order, score, goal)
    assert reached is reachable
    if reached and found:
        assert found == expected
        assert score(after(seen, found)) <= goal
        last = list(found)[-1]
        more = max(found[last] + 1, round(100 * least))
        if more <= held[last].steps - round(100 * least):
            assert score(after(seen, {**found, last: more})) > goal


def test_as_few_steps_in_the_given_order_and_one_less_would_not_do() -> None:
    seen = reading(snapshot(position(1), position(2, "GBPUSD", lots=2.0)))
    found, reached = fewest_steps(seen, [1, 0], used, 2_000.0)
    assert (found, reached) == ({2: 72}, True)
    assert used(after(seen, {2: 73})) > 2_000.0
    assert fewest_steps(seen, [0, 1], used, 2_000.0) == ({1: 0, 2: 160}, True)


def test_what_is_there_already_closes_nothing() -> None:
    assert fewest_steps(reading(snapshot(position())), [0], used, 1_100.0) == ({}, True)


def test_out_of_reach_cuts_as_deep_as_helps() -> None:
    seen = reading(snapshot(position(1), position(2, "GBPUSD")))
    assert fewest_steps(seen, [0, 1], used, -1.0) == ({1: 0, 2: 0}, False)
    assert fewest_steps(seen, [0], used, 100.0) == ({1: 0}, False)
    assert fewest_steps(seen, [], used, 100.0) == ({}, False)


def test_a_hedge_is_cut_on_the_leg_that_frees_margin() -> None:
    spec = {"EURUSD": instrument(margin_hedged=0.0)}
    seen = reading(snapshot(position(1, side=Side.SELL), position(2, lots=1.5), margin=550.0, instruments=spec))
    assert fewest_steps(seen, [0, 1], used, 220.0) == ({2: 120}, True)


def test_a_leg_is_closed_only_as_far_as_it_frees_margin() -> None:
    spec = {"EURUSD": instrument(margin_hedged=0.0)}
    held = (position(1, lots=1.5), position(2, side=Side.SELL), position(3, "GBPUSD"))
    seen = reading(snapshot(*held, margin=1_800.0, instruments=spec))
    assert fewest_steps(seen, [0, 1, 2], used, 1_000.0) == ({1: 100, 3: 80}, True)


def test_a_whole_hedge_goes_when_no_single_leg_helps() -> None:
    """Both legs cost the pair's margin: closing the larger to the smaller, then both in turn, is the way down."""
    seen = reading(snapshot(position(1, lots=1.5), position(2, side=Side.SELL)))
    found, reached = fewest_steps(seen, [0, 1], used, 0.0)
    assert reached is (used(after(seen, found)) <= 0.0)


def test_crumbs_below_the_minimum_are_closed_with_the_rest() -> None:
    spec = {"EURUSD": instrument(volume_min=0.3)}
    seen = reading(snapshot(position(), instruments=spec))
    assert fewest_steps(seen, [0], used, 330.0) == ({1: 30}, True)
    assert fewest_steps(seen, [0], used, 329.0) == ({1: 0}, True)


def test_a_hedge_with_a_minimum_is_closed_only_as_far_as_it_frees_margin() -> None:
    spec = {"EURUSD": instrument(margin_hedged=0.0, volume_min=0.1)}
    held = (position(1, lots=1.5), position(2, side=Side.SELL), position(3, "GBPUSD"))
    seen = reading(snapshot(*held, margin=1_800.0, instruments=spec))
    assert fewest_steps(seen, [0, 1, 2], used, 1_000.0) == ({1: 100, 3: 80}, True)


def test_steps_worth_less_than_a_cent_are_still_cut_in_order() -> None:
    cheap = {"AAAUSD": Rates(margin_buy=0.1, margin_sell=0.1), "BBBUSD": Rates(margin_buy=100.0, margin_sell=100.0)}
    held = (position(1, "AAAUSD", lots=10.0), position(2, "BBBUSD"))
    seen = reading(snapshot(*held, rates=cheap, quotes=dict.fromkeys(cheap, quote(1.0))))
    assert fewest_steps(seen, [0, 1], used, 50.0) == ({1: 0, 2: 50}, True)


def test_ten_positions_take_the_order_they_are_given() -> None:
    held = tuple(position(n, lots=0.1) for n in range(10))
    seen = reading(snapshot(*held))
    for order in (list(range(10)), list(range(9, -1, -1))):
        found, _ = fewest_steps(seen, order, used, 1_100.0 - 275.0)
        assert found == {order[0]: 0, order[1]: 0, order[2]: 5}


def test_every_small_book_is_cut_to_every_goal_as_trying_does() -> None:
    for first, second in product(range(1, 6), repeat=2):
        held = (position(1, lots=first / 100), position(2, side=Side.SELL, lots=second / 100))
        seen = reading(snapshot(*held))
        for goal in range(0, 66, 11):
            assert fewest_steps(seen, [0, 1], used, goal) == tried(seen, [0, 1], used, goal)
