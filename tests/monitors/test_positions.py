"""Every open position as a line: its own figures, its place in the ranking, and what is missing with its reason."""

from __future__ import annotations

import math
from dataclasses import fields, replace
from typing import Any

import pytest

from monitors.advice import Habits
from monitors.excursions import Excursion
from monitors.kinds import Side
from monitors.model import NotApplicable, Unknown
from monitors.multiples import NO_PLAN, NO_POINT, NOT_FOLLOWED, WRONG_SIDES
from monitors.positions import PositionLine, lines
from monitors.reading import Reading
from monitors.settings import Strategy
from tests.builders import NOW_MS, PLAIN_RATES, instrument, position, quote, reading, snapshot

NAN = math.nan
STRATEGIES = {7: Strategy(name="London breakout", timeframe="M15")}
WAY = Excursion(best=300.0, worst=-50.0, best_points=300.0, worst_points=-50.0, stop=1.099)


def held(*more: dict[str, Any], ways: dict[int, Excursion] | None = None) -> Reading:
    """Longs of EURUSD at 1.1 with a stop 100 and a target 200 points away, now 100 points in profit."""
    positions = [
        position(n, **{"open": 1.1, "stop": 1.099, "target": 1.102, "profit": 100.0, **changes})
        for n, changes in enumerate(more or ({},), 1)
    ]
    found = {p.identifier: WAY for p in positions} if ways is None else ways
    return reading(snapshot(*positions, quotes={"EURUSD": quote(1.101)}), excursions=found)


def only(seen: Reading, **more: Any) -> PositionLine:
    (found,) = lines(seen, STRATEGIES, **more)
    return found


def test_a_line_holds_the_positions_own_figures() -> None:
    line = only(held({"swap": -2.0, "magic": 7, "lots": 0.5, "opened_ms": NOW_MS - 60_000}))
    assert (line.identifier, line.symbol, line.side, line.lots) == (1, "EURUSD", Side.BUY, 0.5)
    assert (line.strategy, line.held_s, line.profit, line.unprotected_s) == ("London breakout M15", 60.0, 98.0, None)
    assert (line.best, line.worst) == (300.0, -50.0)
    assert [line.r, line.planned_rr, line.best_r, line.worst_r] == pytest.approx([1.0, 2.0, 3.0, -0.5])
    assert [line.best_points, line.worst_points, line.given_back_pct] == pytest.approx([300.0, -50.0, 200 / 3])
    assert line.risk == pytest.approx(0.5 * 200.0)


def test_a_short_is_measured_the_other_way() -> None:
    line = only(held({"side": Side.SELL, "stop": 1.102, "target": 1.098}, ways={1: replace(WAY, stop=1.102)}))
    assert [line.r, line.planned_rr, line.best_r] == pytest.approx([-0.5, 1.0, 1.5])


def test_the_best_score_is_first_and_a_position_without_one_last() -> None:
    seen = held({"open": 1.1015}, {"stop": 0.0, "target": 0.0}, {}, {},
                ways={1: WAY, 2: replace(WAY, stop=0.0, best_points=0.0), 3: WAY, 4: WAY})  # fmt: skip
    found = lines(seen, {})
    assert [line.identifier for line in found] == [3, 4, 1, 2]
    assert isinstance(found[-1].score.total, Unknown)


def test_without_its_way_what_was_is_unknown_and_what_is_stays() -> None:
    line = only(held(ways={}))
    for name in ("r", "best", "worst", "best_r", "worst_r", "best_points", "worst_points", "given_back_pct"):
        assert getattr(line, name) == NOT_FOLLOWED
    assert line.profit == 100.0
    assert line.planned_rr == pytest.approx(2.0)


def test_a_missing_size_of_a_point_or_rate_says_so() -> None:
    seen = held()
    flat = replace(seen.snapshot, instruments={"EURUSD": instrument(point=0.0)})
    line = only(reading(flat, excursions={1: WAY}))
    assert (line.best_points, line.worst_points) == (NO_POINT, NO_POINT)
    gold = position(1, "XAUEUR", stop=0.5)
    blind = snapshot(gold, rates={"XAUEUR": replace(PLAIN_RATES, profit=NAN, loss=NAN)})
    assert isinstance(only(reading(blind)).risk, Unknown)


@pytest.mark.parametrize(
    ("changes", "found"),
    [({"target": 0.0}, NO_PLAN), ({"stop": 0.0}, NO_PLAN), ({"target": 1.05}, WRONG_SIDES)],
)
def test_a_plan_needs_a_stop_and_a_target_on_their_sides(
    changes: dict[str, float], found: Unknown | NotApplicable
) -> None:
    assert only(held(changes)).planned_rr == found


def test_the_clock_without_a_stop_runs_from_when_it_was_seen() -> None:
    assert only(held({"stop": 0.0}, ways={1: Excursion(unprotected_ms=NOW_MS - 5_000)})).unprotected_s == 5.0
    assert only(held({"stop": 0.0}, ways={})).unprotected_s == 0.0


def test_a_line_says_what_its_strategys_trades_say_or_that_they_are_too_few() -> None:
    known = Habits(strategy="London breakout M15", reached=(1.0,) * 20 + (3.0,) * 20, winners=20, against=0.4, half=2.0,
                   under_ms=1000.0)  # fmt: skip
    seen = held({"magic": 7}, {})
    told = {line.identifier: line.advice for line in lines(seen, STRATEGIES, {known.strategy: known})}
    assert told[1][0].endswith("never went beyond 0.40 R against; this stop allows 1.00 R.")
    assert told[1][1].endswith("50 % reached the 2.00 R of this target.")
    assert told[2] == ("0 closed trades of Manual were followed with a stop; from 30 on they say something.",)
    few = replace(known, reached=(1.0,) * 29)
    line = next(line for line in lines(seen, STRATEGIES, {few.strategy: few}) if line.identifier == 1)
    assert line.advice[0].startswith("29 closed trades")
    assert isinstance(dict(line.score.parts)["Time under water"], Unknown)


def test_nothing_held_is_no_lines() -> None:
    assert lines(reading(), {}) == ()


def test_no_figure_of_a_line_is_a_nan() -> None:
    ways = {1: Excursion(best=NAN, worst=NAN, best_points=NAN, worst_points=NAN, stop=NAN)}
    for line in (only(held({"stop": NAN, "target": NAN}, ways=ways)), only(held({"open": NAN}))):
        for each in fields(line):
            value = getattr(line, each.name)
            assert not (isinstance(value, float) and math.isnan(value)), each.name
