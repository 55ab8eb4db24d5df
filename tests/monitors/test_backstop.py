"""Protective stops: they fit the room or say not, only tighten, keep their distance, and leave a hedge alone."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitors.backstop import HEDGED, NOT_COVERED, NOT_VALUED, TOLERANCE, Backstop, losses, plan, worst_case
from monitors.book import Book
from monitors.kinds import Side
from monitors.model import Position, Rates, Unknown
from monitors.reading import Reading
from monitors.responses.backstop import Backstop as Action
from monitors.settings import Rule
from tests.builders import QUOTES, history, instrument, level, position, quote, reading, rule, snapshot

EQUITY = rule("equity", "below", level(9_500.0, Action(within=9_000.0)))
SYMBOLS = ("EURUSD", "GBPUSD", "USDJPY", "EURGBP", "XAUUSD")
LOTS = {"XAUUSD": 0.2}


def planned(*held: Position, within: float = 9_000.0, by: Rule = EQUITY, spreads: dict[str, float] | None = None,
            read: Reading | None = None) -> Backstop:  # fmt: skip
    found = plan(read or reading(snapshot(*held)), by, within, spreads or {})
    assert isinstance(found, Backstop)
    return found


def stops(found: Backstop) -> dict[int, float]:
    return {stop.position.identifier: stop.planned for stop in found.stops}


def test_one_stop_takes_the_whole_room_to_the_tick() -> None:
    found = planned(position(1))
    assert (found.before, found.room, found.missing) == (math.inf, 1_000.0, 0.0)
    assert stops(found) == {1: 1.09}  # a lot loses 1,000 from 1.10000 to 1.09000
    assert found.worst == pytest.approx(1_000.0)
    assert [stop.loss for stop in found.changes] == [found.worst]


def test_a_short_is_measured_from_the_ask_and_stopped_above_it() -> None:
    assert stops(planned(position(1, side=Side.SELL))) == {1: 1.1101}


def test_all_positions_share_one_adverse_move() -> None:
    found = planned(position(1), position(2, "XAUUSD", Side.SELL, lots=0.5))
    moves = {s.position.symbol: abs(s.position.price - s.planned) / s.position.price for s in found.stops}
    assert moves["EURUSD"] == pytest.approx(moves["XAUUSD"], rel=1e-2)
    assert 990 < found.worst <= 1_000


def test_a_nearer_stop_stays_and_leaves_its_room_to_the_others() -> None:
    found = planned(position(1, stop=1.0999), position(2))
    assert stops(found)[1] == 1.0999
    assert stops(found)[2] == pytest.approx(1.0901, abs=1e-9)
    assert [s.position.identifier for s in found.changes] == [2]


def test_a_further_stop_is_tightened_and_its_target_is_left_to_the_position() -> None:
    found = planned(position(1, stop=1.05, target=1.2))
    assert stops(found) == {1: 1.09}
    assert found.stops[0].position.target == 1.2


def test_stops_that_fit_stay_and_a_little_more_than_the_room_is_borne() -> None:
    assert not planned(position(1, stop=1.095)).changes
    assert not planned(position(1, stop=1.0900 - 0.01 * TOLERANCE + 1e-5)).changes
    assert planned(position(1, stop=1.0900 - 0.01 * TOLERANCE - 2e-5)).changes


@pytest.mark.parametrize(
    ("changes", "spread", "stop"),
    [
        ({}, 0.0, 1.0999),
        ({"stops_level": 50}, 0.0, 1.0995),
        ({"freeze_level": 70}, 0.0, 1.0993),
        ({"stops_level": 50, "freeze_level": 70}, 0.0012, 1.0988),
        ({}, 0.001205, 1.09879),
    ],
)
def test_no_stop_comes_nearer_than_broker_and_spreads_allow_and_what_is_missing_is_said(
    changes: dict[str, Any], spread: float, stop: float
) -> None:
    seen = snapshot(position(1), instruments={"EURUSD": instrument(**changes)})
    found = planned(read=reading(seen), within=9_999.0, spreads={"EURUSD": spread})
    assert stops(found) == {1: stop}
    assert found.missing == pytest.approx(100_000 * (1.1 - stop) - 1.0)


def test_a_book_at_its_limit_gets_the_nearest_stops() -> None:
    found = planned(position(1), within=10_500.0)
    assert (stops(found), found.room) == ({1: 1.0999}, -500.0)
    assert found.missing == pytest.approx(510.0)


def test_neither_leg_of_a_hedge_is_touched_and_only_a_locked_one_is_bounded() -> None:
    locked = planned(position(1), position(2, side=Side.SELL), position(3, "GBPUSD"))
    assert stops(locked)[1] == stops(locked)[2] == 0.0
    assert [s.why for s in locked.stops] == [HEDGED, HEDGED, ""]
    assert locked.worst == pytest.approx(1_000.0)
    open_ = planned(position(1, lots=2.0), position(2, side=Side.SELL), position(3, "GBPUSD"))
    assert math.isinf(open_.worst)
    assert stops(open_)[3] == stops(locked)[3]  # what nothing can bound takes nothing from what can be


def test_a_leg_without_a_stop_is_bounded_once_its_opposite_has_one_too() -> None:
    book = Book(snapshot(position(1, stop=1.09), position(2, side=Side.SELL)))
    assert math.isinf(worst_case(book))
    both = Book(snapshot(position(1, stop=1.09), position(2, side=Side.SELL, stop=1.1101)))
    assert worst_case(both) == pytest.approx(2_000.0)


def test_a_rule_touches_what_it_covers_only() -> None:
    found = planned(position(1), position(2, "GBPUSD", stop=1.249), by=replace(EQUITY, symbols=("GBP*",)))
    assert [s.why for s in found.stops] == [NOT_COVERED, ""]
    assert not found.changes
    assert math.isinf(found.worst)


def test_what_cannot_be_valued_is_left_alone_and_not_bounded() -> None:
    nothing = Rates(margin_buy=1.0, margin_sell=1.0, profit=math.nan, loss=math.nan)
    found = planned(read=reading(snapshot(position(1, "EURGBP", stop=0.87), rates={"EURGBP": nothing})))
    assert (stops(found), found.stops[0].why) == ({1: 0.87}, NOT_VALUED)
    assert math.isinf(found.worst)


def test_a_flat_book_has_nothing_to_lose() -> None:
    assert planned() == Backstop(stops=(), before=0.0, worst=0.0, room=1_000.0)
    assert worst_case(Book(snapshot())) == 0.0


def test_without_an_equity_that_leads_there_nothing_is_planned() -> None:
    lost = rule("drawdown.weekly_pct", "above", level(4.0, Action(within=5.0)))
    gone = reading(snapshot(position(1)), history=replace(history(), week=replace(history().week, peak=None)))
    assert isinstance(plan(gone, lost, 5.0, {}), Unknown)
    assert isinstance(plan(reading(snapshot(position(1))), rule("exposure.hhi", "above"), 0.9, {}), Unknown)


def test_far_limits_are_met_by_stops_at_half_the_price() -> None:
    assert stops(planned(position(1, lots=0.01), within=1_000.0)) == {1: 0.55}


@st.composite
def books(draw: st.DrawFn) -> Reading:
    held = []
    for identifier in range(1, draw(st.integers(1, 6)) + 1):
        symbol, side = draw(st.sampled_from(SYMBOLS)), draw(st.sampled_from(list(Side)))
        now = QUOTES[symbol].closing(side)
        sign = 1 if side is Side.BUY else -1
        away = draw(st.sampled_from([None, -0.01, 0.0005, 0.004, 0.03]))
        stop = 0.0 if away is None else round(now * (1 - sign * away), instrument(symbol).digits)
        target = draw(st.sampled_from([0.0, round(now * (1 + sign * 0.05), instrument(symbol).digits)]))
        lots = draw(st.integers(1, 100)) / 100
        held.append(position(identifier, symbol, side, lots=lots, stop=stop, target=target))
    level_points = draw(st.sampled_from([0, 30]))
    specs = {s: instrument(s, stops_level=level_points, freeze_level=draw(st.sampled_from([0, 60]))) for s in SYMBOLS}
    return reading(snapshot(*held, instruments=specs))


SPREADS = {"EURUSD": 0.0008, "XAUUSD": 3.0}


@given(read=books(), within=st.floats(5_000.0, 9_990.0))
def test_the_loss_if_every_stop_is_hit_fits_the_room_or_is_said_not_to(read: Reading, within: float) -> None:
    found = planned(read=read, within=within, spreads=SPREADS)
    lost = losses(read.book, np.array([stop.planned for stop in found.stops]))
    assert found.worst == pytest.approx(float(lost.sum()), abs=0.02)
    assert [stop.loss for stop in found.stops] == pytest.approx(list(lost), abs=0.011)
    if math.isinf(found.worst):
        assert any(stop.why for stop in found.stops if math.isinf(stop.loss))
    elif found.worst > found.room * (1 + TOLERANCE) + 1e-9:
        tightest = planned(read=read, within=10_000.0, spreads=SPREADS)
        assert found.missing > 0
        assert found.worst == pytest.approx(tightest.worst)


@given(read=books(), within=st.floats(5_000.0, 9_990.0))
def test_stops_are_only_tightened_on_the_grid_and_at_their_distance(read: Reading, within: float) -> None:
    for stop in planned(read=read, within=within, spreads=SPREADS).changes:
        held, spec = stop.position, read.snapshot.instruments[stop.position.symbol]
        price = read.snapshot.quotes[held.symbol].closing(held.side)
        sign = 1 if held.side is Side.BUY else -1
        assert held.stop == 0 or sign * (stop.planned - held.stop) > 0
        least = max(spec.stops_level * spec.point, spec.freeze_level * spec.point, SPREADS.get(held.symbol, 0.0))
        assert sign * (price - stop.planned) >= max(least, spec.tick_size) - 1e-9
        assert round(stop.planned / spec.tick_size) * spec.tick_size == pytest.approx(stop.planned, abs=1e-9)
        sides = {p.side for p in read.snapshot.positions if p.symbol == held.symbol}
        assert sides == {held.side}


@given(read=books(), within=st.floats(5_000.0, 9_000.0), less=st.floats(0.0, 900.0))
def test_less_room_never_loosens_a_stop(read: Reading, within: float, less: float) -> None:
    wide, narrow = (planned(read=read, within=w, spreads=SPREADS) for w in (within, within + less))
    for far, near in zip(wide.stops, narrow.stops, strict=True):
        sign = 1 if far.position.side is Side.BUY else -1
        if wide.changes or not far.moves:
            assert far.planned in {near.planned, 0.0} or sign * (near.planned - far.planned) > 0


@given(read=books(), within=st.floats(5_000.0, 9_990.0))
def test_once_the_stops_stand_nothing_more_is_planned(read: Reading, within: float) -> None:
    found = planned(read=read, within=within, spreads=SPREADS)
    there = tuple(replace(stop.position, stop=stop.planned) for stop in found.stops)
    seen = replace(read.snapshot, positions=there)
    assert not planned(read=reading(seen), within=within, spreads=SPREADS).changes


def test_a_quote_that_has_passed_a_stop_leaves_it_to_the_broker() -> None:
    seen = snapshot(position(1, stop=1.095), quotes={"EURUSD": quote(1.09, 1.0901)})
    found = planned(read=reading(seen))
    assert not found.changes
    assert found.worst == 0.0
