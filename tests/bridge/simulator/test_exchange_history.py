"""Ticks, bars and finished deals, served the way the terminal serves them."""

from __future__ import annotations

from datetime import UTC, datetime

import numpy as np
import pytest

from bridge.simulator.backend import RATES, TICKS, Refusal
from bridge.simulator.clock import epoch_ms
from bridge.simulator.tape import Tape
from monitors.zones import zone
from tests.bridge.simulator.exchange_world import BUY, SELL, START, World

NOW_S = epoch_ms(START) // 1000
ALL, INFO, TRADE = -1, 1, 2


@pytest.fixture
def world() -> World:
    made = World()
    for step, (bid, ask) in enumerate([(1.0, 1.0001), (1.0, 1.0002), (0.9999, 1.0002), (0.9998, 1.0001)]):
        made.quote("PLAIN", bid, ask)
        made.after(0.5 if step == 0 else 1.0)
    return made


def test_ticks_come_from_a_second_on_oldest_first(world: World) -> None:
    ticks = world.terminal.ticks_from("PLAIN", NOW_S + 1, 10, ALL)
    assert ticks.dtype == TICKS
    assert (ticks["time_msc"] - NOW_S * 1000).tolist() == [1500, 2500]
    assert len(world.terminal.ticks_from("PLAIN", NOW_S, 3, INFO)) == 3
    assert len(world.terminal.ticks_from("PLAIN", NOW_S + 99, 3, INFO)) == 0


def test_flags_say_which_side_moved(world: World) -> None:
    ticks = world.terminal.ticks_from("PLAIN", NOW_S, 10, ALL)
    assert ticks["flags"].tolist() == [6, 4, 2, 6]
    assert world.terminal.ticks_from("PLAIN", NOW_S + 1, 1, ALL)["flags"].tolist() == [2]
    assert world.terminal.tick("PLAIN")["flags"] == 6


def test_a_symbol_without_trades_has_no_trade_ticks(world: World) -> None:
    assert len(world.terminal.ticks_from("PLAIN", NOW_S, 10, TRADE)) == 0


def test_a_range_of_ticks_includes_both_its_seconds(world: World) -> None:
    assert len(world.terminal.ticks_range("PLAIN", NOW_S, NOW_S, ALL)) == 1
    assert len(world.terminal.ticks_range("PLAIN", NOW_S, NOW_S + 3, ALL)) == 4


def test_a_tape_keeps_the_newest_and_forgets_by_halves() -> None:
    tape = Tape(zone("UTC"), kept=100)
    for step in range(1_000):
        tape.append(step * 1000, float(step), step + 1.0)
    assert len(tape) <= 100
    assert tape.dropped + len(tape) == 1_000
    assert tape.from_time(0, 10_000, ALL)["bid"].tolist() == [float(s) for s in range(tape.dropped, 1_000)]
    stamps = np.arange(1_000, 1_500, dtype=np.int64) * 1000
    tape.extend(stamps, stamps / 1000.0, stamps / 1000.0 + 1)
    assert tape.from_time(0, 10_000, ALL)["bid"][-1] == 1_499.0
    assert tape.dropped + len(tape) == 1_500


def test_bars_are_made_from_the_bids_by_the_minute_and_grow(world: World) -> None:
    (bar,) = world.terminal.rates_from_pos("PLAIN", 1, 0, 10)
    assert [bar[f] for f in ("time", "open", "high", "low", "close", "tick_volume", "spread")] == [
        NOW_S,
        1.0,
        1.0,
        0.9998,
        0.9998,
        4,
        10,
    ]
    world.quote("PLAIN", 1.5, 1.5001)
    (grown,) = world.terminal.rates_from_pos("PLAIN", 1, 0, 10)
    assert (grown["high"], grown["close"], grown["tick_volume"]) == (1.5, 1.5, 5)
    world.after(60)
    world.quote("PLAIN", 1.4, 1.4001)
    assert world.terminal.rates_from_pos("PLAIN", 1, 0, 10)["close"].tolist() == [1.5, 1.4]
    assert world.terminal.rates_from_pos("PLAIN", 1, 1, 10)["close"].tolist() == [1.5]


@pytest.mark.parametrize(
    ("timeframe", "begins"),
    [
        (5, datetime(2026, 3, 4, 13, 35, tzinfo=UTC)),
        (15, datetime(2026, 3, 4, 13, 30, tzinfo=UTC)),
        (16385, datetime(2026, 3, 4, 13, tzinfo=UTC)),
        (16388, datetime(2026, 3, 4, 12, tzinfo=UTC)),
        (16408, datetime(2026, 3, 4, tzinfo=UTC)),
        (32769, datetime(2026, 3, 1, tzinfo=UTC)),
        (49153, datetime(2026, 3, 1, tzinfo=UTC)),
    ],
    ids=["M5", "M15", "H1", "H4", "D1", "W1 from Sunday", "MN1"],
)
def test_longer_bars_begin_where_metatraders_do(timeframe: int, begins: datetime) -> None:
    world = World(start=datetime(2026, 3, 4, 13, 38, tzinfo=UTC))
    world.quote("PLAIN", 1.0, 1.0001)
    (bar,) = world.terminal.rates_from_pos("PLAIN", timeframe, 0, 5)
    assert bar["time"] == epoch_ms(begins) // 1000


def test_bars_by_time_count_back_from_it_and_ranges_hold_both_ends() -> None:
    world = World()
    for minute in range(10):
        world.quote("PLAIN", 1.0 + minute / 1000, 1.1)
        world.after(60)
    assert world.terminal.rates_from("PLAIN", 1, NOW_S + 300, 3)["time"].tolist() == [
        NOW_S + s for s in (180, 240, 300)
    ]
    assert len(world.terminal.rates_range("PLAIN", 1, NOW_S + 60, NOW_S + 180)) == 3
    five = world.terminal.rates_range("PLAIN", 5, NOW_S, NOW_S + 3600)
    assert five["tick_volume"].tolist() == [5, 5]
    assert five["open"].tolist() == [1.0, 1.005]
    assert five["close"].tolist() == [1.004, 1.009]


def test_quotes_that_are_no_prices_make_no_bar() -> None:
    world = World()
    world.quote("PLAIN", 0.0, 0.0)
    assert len(world.terminal.rates_from_pos("PLAIN", 1, 0, 5)) == 0


def test_loaded_bars_come_before_the_ticks() -> None:
    world = World()
    old = np.zeros(2, dtype=RATES)
    old["time"], old["close"] = [NOW_S - 120, NOW_S - 60], [0.8, 0.9]
    world.desk.market.lines["PLAIN"].bars.load(old)
    world.quote("PLAIN", 1.0, 1.0001)
    assert world.terminal.rates_from_pos("PLAIN", 1, 0, 9)["close"].tolist() == [0.8, 0.9, 1.0]


@pytest.mark.parametrize("timeframe", [0, 7, 16384, 16390 + 100, 32770, -1])
def test_a_timeframe_that_does_not_exist_is_refused(timeframe: int) -> None:
    with pytest.raises(Refusal) as refusal:
        World().terminal.rates_from_pos("PLAIN", timeframe, 0, 1)
    assert refusal.value.code == -2


def test_unknown_symbols_are_not_found_and_their_history_fails() -> None:
    terminal = World().terminal
    for call, code in (
        (lambda: terminal.symbol("X"), -4),
        (lambda: terminal.tick("X"), -4),
        (lambda: terminal.ticks_from("X", 1, 1, ALL), -1),
        (lambda: terminal.rates_from_pos("X", 1, 0, 1), -1),
    ):
        with pytest.raises(Refusal) as refusal:
            call()
        assert refusal.value.code == code


def test_a_held_symbol_cannot_leave_the_market_watch() -> None:
    world = World()
    world.quote("PLAIN", 1.0, 1.0001)
    ticket = world.open("PLAIN", BUY, 0.1)
    with pytest.raises(Refusal):
        world.terminal.select("PLAIN", enable=False)
    world.send(type=SELL, volume=0.1, position=ticket)
    assert world.terminal.select("PLAIN", enable=False)
    assert not world.terminal.symbol("PLAIN")["visible"]


def test_archived_deals_are_not_shown_any_more() -> None:
    world = World(history_days=2)
    world.quote("PLAIN", 1.0, 1.0001)
    ticket = world.open("PLAIN", BUY, 0.1)
    assert len(world.terminal.history_deals_of(position=ticket)) == 1
    world.after(2 * 86_400)
    assert len(world.terminal.history_deals_of(position=ticket)) == 1
    world.after(1)
    assert world.terminal.history_deals_of(position=ticket) == []
    assert world.terminal.history_orders_of(position=ticket) == []
    assert world.terminal.history_deals(1, 2**31 - 1) == []


def test_orders_are_found_by_the_time_they_were_done() -> None:
    world = World()
    world.quote("PLAIN", 1.0, 1.0001)
    world.open("PLAIN", BUY, 0.1)
    assert len(world.terminal.history_orders(NOW_S, NOW_S)) == 1
    assert world.terminal.history_orders(NOW_S + 1, NOW_S + 9) == []
