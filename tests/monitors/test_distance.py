"""How far every rule is from its next level, and which one binds."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitors.anchors import Anchor
from monitors.distance import Distance, distances, passage_minutes
from monitors.excursions import Excursion
from monitors.floors import DailyLoss, Floors, Limit, Measured
from monitors.kinds import Side
from monitors.metrics import METRICS, value
from monitors.model import NotApplicable, Rates, Unknown, Value
from monitors.ports import Severity
from monitors.reading import Reading
from monitors.settings import Level, Rule
from tests.builders import QUOTES, history, level, position, quote, reading, rule, snapshot


def untripped(_rule: Rule, _level: Level, _position: int | None) -> bool:
    return False


def all_of(seen: Reading, *rules: Rule, volatility: Value = 10.0, trend: Value = 0.0) -> tuple[Distance, ...]:
    return distances(seen, rules, untripped, volatility, trend)


def only(seen: Reading, by: Rule, **changes: Any) -> Distance:
    (found,) = all_of(seen, by, **changes)
    return found


def equity_below(at: float) -> Rule:
    return rule("equity", "below", level(at), name=f"Equity {at:g}")


def test_money_percent_and_room_lead_to_the_level() -> None:
    found = only(reading(snapshot(position(profit=-500.0))), equity_below(9_000.0))
    assert (found.value, found.room, found.money, found.equity_at) == (9_500.0, 500.0, 500.0, 9_000.0)
    assert found.pct == pytest.approx(100 * 500 / 9_500)
    assert (found.at, found.severity, found.action) == (9_000.0, Severity.HIGH, "alert")


def test_a_drawdown_and_a_target_lead_to_their_own_side() -> None:
    seen = reading(snapshot(position(profit=-100.0)))
    fall = only(seen, rule("drawdown.daily_pct", "above", level(5.0)))
    rise = only(seen, rule("pnl.today", "above", level(400.0)))
    assert fall.equity_at == pytest.approx(9_500.0)
    assert fall.money == pytest.approx(400.0)
    assert (rise.equity_at, rise.money) == (10_400.0, 500.0)
    assert fall.points["EURUSD"] == pytest.approx(-400.0)
    assert rise.points["EURUSD"] == pytest.approx(500.0)


@pytest.mark.parametrize(
    ("side", "symbol", "points"),
    [
        (Side.BUY, "EURUSD", -500.0),
        (Side.SELL, "EURUSD", 500.0),
        (Side.BUY, "XAUUSD", -500.0),
        (Side.BUY, "EURGBP", -500 / 1.25020),
    ],
)
def test_points_follow_the_net_coefficient_of_the_symbol(side: Side, symbol: str, points: float) -> None:
    found = only(reading(snapshot(position(1, symbol, side))), equity_below(9_500.0))
    assert found.points[symbol] == pytest.approx(points)


def test_a_hedge_leads_nowhere_and_a_partly_hedged_symbol_by_its_net_volume() -> None:
    hedge = (position(1, lots=1.0), position(2, side=Side.SELL, lots=1.0))
    assert only(reading(snapshot(*hedge)), equity_below(9_500.0)).points == {"EURUSD": None}
    partly = (position(1, lots=1.0), position(2, side=Side.SELL, lots=0.5))
    assert only(reading(snapshot(*partly)), equity_below(9_500.0)).points["EURUSD"] == pytest.approx(-1_000.0)


def test_what_no_price_above_nought_reaches_is_none() -> None:
    small = reading(snapshot(position(lots=0.01)))
    assert only(small, equity_below(5_000.0)).points == {"EURUSD": None}
    yen = reading(snapshot(position(1, "USDJPY", Side.SELL, lots=0.01)))
    assert only(yen, equity_below(5_000.0)).points == {"USDJPY": None}


@pytest.mark.parametrize("side", [Side.BUY, Side.SELL])
def test_a_pair_that_converts_itself_is_followed_as_it_bends(side: Side) -> None:
    held = position(1, "USDJPY", side, lots=1.0)
    points = only(reading(snapshot(held)), equity_below(5_000.0)).points["USDJPY"]
    assert points is not None
    there = held.open + points * 0.001
    lost = 100_000 * (there - held.open) / there * (1 if side is Side.BUY else -1)
    assert lost == pytest.approx(-5_000.0)


@given(
    lots=st.lists(st.tuples(st.booleans(), st.integers(1, 300)), min_size=1, max_size=4),
    fall=st.floats(min_value=1, max_value=2_000),
)
def test_after_that_many_points_equity_stands_at_the_level(lots: list[tuple[bool, int]], fall: float) -> None:
    held = [position(i, side=Side.BUY if up else Side.SELL, lots=n / 100) for i, (up, n) in enumerate(lots, start=1)]
    points = only(reading(snapshot(*held)), equity_below(10_000.0 - fall)).points["EURUSD"]
    net = sum(p.lots if p.side is Side.BUY else -p.lots for p in held)
    if points is None:
        assert net == pytest.approx(0) or fall / abs(net * 100_000) >= 1
    else:
        assert points * 1e-5 * net * 100_000 == pytest.approx(-fall)


def test_a_quantile_of_the_first_passage_is_where_its_probability_is_reached() -> None:
    for share in (0.1, 0.5, 0.9):
        minutes = passage_minutes(500.0, 25.0, share)
        reached = 1 - math.erf(500.0 / (25.0 * math.sqrt(minutes)) / math.sqrt(2))
        assert reached == pytest.approx(share)


def test_the_median_agrees_with_random_walks() -> None:
    walks = np.random.default_rng(7).normal(0.0, 0.25, (1_000, 6_000)).cumsum(axis=1)
    first = np.where((walks <= -5.0).any(axis=1), (walks <= -5.0).argmax(axis=1), 6_000)
    assert np.median(first) == pytest.approx(passage_minutes(5.0, 0.25, 0.5), rel=0.1)


def test_minutes_have_a_band_and_grow_with_the_square_of_the_way() -> None:
    near, far = (only(reading(), equity_below(at)) for at in (9_900.0, 9_800.0))
    for found in (near, far):
        assert isinstance(found.early, float)
        assert isinstance(found.minutes, float)
        assert isinstance(found.late, float)
        assert found.early < found.minutes < found.late
    assert isinstance(near.minutes, float)
    assert near.minutes == pytest.approx((100 / (10 * 0.67448975)) ** 2)
    assert far.minutes == pytest.approx(4 * near.minutes)


@pytest.mark.parametrize("volatility", [Unknown("too few minutes"), NotApplicable("flat"), 0.0])
def test_without_volatility_there_are_no_minutes(volatility: Value) -> None:
    found = only(reading(), equity_below(9_000.0), volatility=volatility)
    for minutes in (found.minutes, found.early, found.late):
        assert not isinstance(minutes, float)
        assert volatility in {0.0, minutes}
    assert found.money == 1_000.0


def test_a_trend_leads_there_or_away() -> None:
    fall, rise = equity_below(9_000.0), rule("equity", "above", level(11_000.0))
    assert only(reading(), fall, trend=-500.0).trend_minutes == 120.0
    assert only(reading(), rise, trend=500.0).trend_minutes == 120.0
    for by, trend in ((fall, 500.0), (rise, -500.0), (fall, 0.0)):
        assert isinstance(only(reading(), by, trend=trend).trend_minutes, NotApplicable)
    assert only(reading(), fall, trend=Unknown("x")).trend_minutes == Unknown("x")


def test_the_least_money_binds_and_comes_first() -> None:
    silent = rule("terminal.silence_s", "above", level(300.0))
    found = all_of(reading(), equity_below(9_000.0), silent, equity_below(9_700.0))
    assert [one.rule for one in found] == ["Equity 9700", "Equity 9000", "terminal.silence_s"]
    assert [one.binding for one in found] == [True, False, False]


def test_where_equity_leads_nowhere_the_room_is_told_and_the_rest_does_not_apply() -> None:
    found = only(reading(snapshot(position()), silence_s=100.0), rule("terminal.silence_s", "above", level(300.0)))
    assert (found.value, found.room) == (100.0, 200.0)
    for rest in (found.money, found.pct, found.equity_at, found.minutes, found.early, found.late, found.trend_minutes):
        assert isinstance(rest, NotApplicable)


def test_the_next_level_is_the_mildest_that_has_not_tripped() -> None:
    by = rule("equity", "below", level(9_900.0), level(9_500.0, severity=Severity.CRITICAL))
    (found,) = distances(reading(), (by,), lambda _, one, __: one.at == 9_900.0, 10.0, 0.0)
    assert found.at == 9_500.0
    assert distances(reading(), (by,), lambda *_: True, 10.0, 0.0) == ()


def test_a_level_that_is_breached_and_not_confirmed_yet_is_no_way_off() -> None:
    found = only(reading(), equity_below(10_500.0))
    assert (found.room, found.money, found.minutes) == (0.0, 0.0, 0.0)


def test_what_is_unknown_stays_so_and_binds_nothing() -> None:
    missed = history()
    seen = reading(history=replace(missed, week=replace(missed.week, peak=None)))
    found = only(seen, rule("drawdown.weekly_pct", "above", level(5.0)))
    for rest in (found.value, found.room, found.money, found.pct, found.minutes):
        assert isinstance(rest, Unknown)
    assert not found.binding


def test_a_missing_rate_makes_no_points() -> None:
    nothing = Rates(margin_buy=1.0, margin_sell=1.0, profit=math.nan, loss=math.nan)
    seen = reading(snapshot(position(), rates={"EURUSD": nothing}))
    assert only(seen, equity_below(9_000.0)).points == {"EURUSD": None}


LINES: Mapping[str, tuple[str, float]] = {
    "drawdown.daily": ("above", 500.0), "drawdown.daily_pct": ("above", 5.0), "drawdown.weekly": ("above", 500.0),
    "drawdown.weekly_pct": ("above", 5.0), "drawdown.max": ("above", 900.0), "drawdown.max_pct": ("above", 9.0),
    "pnl.floating": ("below", -700.0), "pnl.today": ("below", -700.0), "pnl.today_pct": ("below", -7.0),
    "pnl.week": ("below", -700.0), "pnl.change": ("below", -700.0), "equity": ("below", 9_300.0),
    "margin.level_pct": ("below", 150.0), "margin.free": ("below", 500.0),
}  # fmt: skip


@pytest.mark.parametrize("of", ["base", "initial"])
@pytest.mark.parametrize("metric", LINES)
def test_at_its_line_of_equity_every_metric_stands_at_its_level(metric: str, of: str) -> None:
    when, at = LINES[metric]
    moved = history(initial=9_000.0)
    past = replace(moved, peak=Anchor(money=10_400.0, unit=10_300.0))
    seen = reading(snapshot(position(profit=-300.0)), history=past, changes={60.0: -100.0})
    by = rule(metric, when, level(at), of=of if metric.endswith("_pct") and metric.startswith("drawdown") else "base")
    line = only(seen, by).equity_at
    assert isinstance(line, float)
    there = reading(snapshot(position(profit=line - 10_000.0)), history=past,
                    changes={60.0: -100.0 + line - seen.snapshot.account.equity})  # fmt: skip
    assert value(there, by) == pytest.approx(at)


@pytest.mark.parametrize("base", ["equity", "higher", "peak"])
def test_a_daily_drawdown_has_a_line_from_each_base_and_none_where_the_reset_was_missed(base: str) -> None:
    by = rule("drawdown.daily", "above", level(500.0), base=base)
    assert only(reading(), by).equity_at == 9_500.0
    made = history()
    missed = replace(made, day=replace(made.day, equity=None, peak=None))
    find = METRICS["drawdown.daily"].line
    assert find is not None
    assert find(reading(history=missed), by, 500.0) is None


def test_a_wide_spread_moves_neither_side_of_the_way() -> None:
    wide = {"EURUSD": quote(1.10000, 1.20000)}
    short = reading(snapshot(position(side=Side.SELL), quotes={**QUOTES, **wide}))
    assert only(short, equity_below(9_500.0)).points["EURUSD"] == pytest.approx(500.0)


def on_positions(metric: str, when: str, *levels: Level) -> Rule:
    return rule(metric, when, *levels, name="Each")


def test_of_a_rule_on_each_position_the_nearest_one_is_told() -> None:
    seen = reading(snapshot(position(1, lots=2.0, profit=-150.0), position(2, "XAUUSD", profit=-40.0)))
    found = only(seen, on_positions("position.profit", "below", level(-200.0)))
    assert (found.position, found.value, found.room, found.money) == (1, -150.0, 50.0, 50.0)
    assert found.pct == pytest.approx(100 * 50 / 9_810)
    assert found.points == {"EURUSD": pytest.approx(-25.0), "XAUUSD": None}
    for rest in (found.equity_at, found.minutes, found.early, found.late, found.trend_minutes):
        assert isinstance(rest, NotApplicable)
    assert found.binding


def test_of_each_position_the_next_level_is_the_one_that_has_not_tripped_for_it() -> None:
    by = on_positions("position.profit", "below", level(-100.0), level(-400.0, severity=Severity.CRITICAL))
    seen = reading(snapshot(position(1, profit=-150.0), position(2, profit=-50.0)))

    def first_only(_rule: Rule, one: Level, identifier: int | None) -> bool:
        return identifier == 1 and one.at == -100.0

    (found,) = distances(seen, (by,), first_only, 10.0, 0.0)
    assert (found.position, found.at) == (2, -100.0)
    assert distances(seen, (by,), lambda *_: True, 10.0, 0.0) == ()


def test_of_positions_alone_in_a_currency_that_bends_the_points_are_followed() -> None:
    held = position(1, "USDJPY", Side.SELL, lots=1.0)
    points = only(reading(snapshot(held)), on_positions("position.profit", "below", level(-500.0))).points["USDJPY"]
    assert points is not None
    there = held.open + points * 0.001
    assert 100_000 * (held.open - there) / there == pytest.approx(-500.0)


def test_of_positions_that_are_not_counted_in_money_only_the_room_is_told() -> None:
    seen = reading(snapshot(position(1)), excursions={})
    found = only(seen, on_positions("position.unprotected_s", "above", level(60.0)))
    assert isinstance(found.room, Unknown)
    assert isinstance(found.money, Unknown)
    assert not found.binding
    held = {1: Excursion(unprotected_ms=seen.snapshot.taken_ms - 20_000, since_ms=0)}
    told = only(
        reading(snapshot(position(1)), excursions=held), on_positions("position.unprotected_s", "above", level(60.0))
    )
    assert (told.room, told.position) == (40.0, 1)
    assert isinstance(told.money, NotApplicable)


def test_without_positions_a_rule_on_each_has_no_way() -> None:
    assert all_of(reading(), on_positions("position.profit", "below", level(-200.0))) == ()


def test_a_coming_floor_that_follows_equity_is_a_line_nowhere() -> None:
    plan = Floors(plan="E", initial=10_000.0, daily=DailyLoss(anchor=Measured.EQUITY, limit=Limit(amount=5)))
    found = only(
        reading(snapshot(position(profit=-100.0))), rule("firm.reset_room", "below", level(100.0), floors=plan)
    )
    assert isinstance(found.value, float)
    assert isinstance(found.equity_at, NotApplicable)
