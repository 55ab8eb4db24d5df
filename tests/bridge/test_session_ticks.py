"""Every tick once: none twice, none lost, several in a millisecond, thousands in a beat; and their times in UTC."""

from __future__ import annotations

from datetime import UTC, datetime

import numpy as np
import pytest

from bridge.session import Session
from bridge.simulator.face.module import as_module
from monitors.zones import zone
from tests.bridge.recorder import Recorder
from tests.bridge.simulator.exchange_world import BUY, EURUSD, World


def ms(year: int, month: int, day: int, hour: int, minute: int = 0) -> int:
    return round(datetime(year, month, day, hour, minute, tzinfo=UTC).timestamp() * 1000)


@pytest.fixture
def world() -> World:
    made = World(EURUSD)
    made.quote("EURUSD", 1.10000, 1.10010)
    made.open("EURUSD", BUY, 0.1)
    return made


@pytest.fixture
def session(world: World) -> Session:
    made = Session(as_module(world.exchange.backend("main")), world.clock, "UTC")
    made.look(0)
    return made


def bids(session: Session) -> list[float]:
    return [round(float(bid), 5) for bid in session.look(0).ticks["EURUSD"].bid]


def test_the_first_look_sets_the_cursor_and_brings_no_ticks(world: World) -> None:
    first = Session(as_module(world.exchange.backend("main")), world.clock, "UTC").look(0)
    assert "EURUSD" not in first.ticks
    assert first.quotes["EURUSD"].bid == 1.1


def test_no_tick_comes_twice_and_none_is_lost(world: World, session: Session) -> None:
    seen = []
    for beat in range(20):
        for tick in range(beat % 4):
            world.after(0.03)
            world.quote("EURUSD", 1.10000 + (10 * beat + tick) / 1e5, 1.2)
        seen += bids(session)
    assert seen == [round(1.1 + (10 * beat + tick) / 1e5, 5) for beat in range(20) for tick in range(beat % 4)]


def test_ticks_of_one_millisecond_come_once_each_though_looked_at_in_between(world: World, session: Session) -> None:
    world.after(0.5)
    world.quote("EURUSD", 1.10001, 1.2)
    world.quote("EURUSD", 1.10002, 1.2)
    assert bids(session) == [1.10001, 1.10002]
    world.quote("EURUSD", 1.10003, 1.2)
    assert bids(session) == [1.10003]
    assert bids(session) == []


def test_more_ticks_than_a_batch_in_one_beat_all_arrive_in_order(world: World, session: Session) -> None:
    world.after(0.5)
    many = 10_000
    for number in range(many):
        world.quote("EURUSD", 1.1 + number / 1e5, 9.0)
    assert bids(session) == [round(1.1 + number / 1e5, 5) for number in range(many)]
    assert bids(session) == []


def test_a_tick_that_the_terminal_forgot_hides_no_later_one(world: World) -> None:
    mt5 = Recorder(as_module(world.exchange.backend("main")))
    session = Session(mt5, world.clock, "UTC")
    session.look(0)
    world.after(0.5)
    world.quote("EURUSD", 1.10001, 1.2)
    world.quote("EURUSD", 1.10002, 1.2)
    session.look(0)
    genuine = mt5.mt5.copy_ticks_from

    def forgetful(*given: object) -> object:
        rows = genuine(*given)
        return rows[rows["bid"] != 1.10001]

    mt5.answers["copy_ticks_from"] = forgetful
    world.after(0.5)
    world.quote("EURUSD", 1.10003, 1.2)
    assert bids(session) == [1.10003]


def test_a_symbol_sold_and_bought_again_starts_afresh(world: World, session: Session) -> None:
    world.desk.book.positions.clear()
    session.look(0)
    world.after(1)
    world.quote("EURUSD", 1.2, 1.3)
    world.open("EURUSD", BUY, 0.1)
    assert "EURUSD" not in session.look(0).ticks


EDGES = [
    ("Europe/Athens", ms(2026, 3, 29, 0, 59), ms(2026, 3, 29, 2, 59)),
    ("Europe/Athens", ms(2026, 3, 29, 1, 0), ms(2026, 3, 29, 4, 0)),
    ("Europe/Athens", ms(2026, 10, 25, 1, 0), ms(2026, 10, 25, 3, 0)),
    ("Europe/Athens", ms(2026, 10, 25, 2, 0), ms(2026, 10, 25, 4, 0)),
    ("new-york-close", ms(2026, 3, 8, 6, 59), ms(2026, 3, 8, 8, 59)),
    ("new-york-close", ms(2026, 3, 8, 7, 0), ms(2026, 3, 8, 10, 0)),
    ("new-york-close", ms(2026, 11, 1, 6, 0), ms(2026, 11, 1, 8, 0)),
    ("UTC", ms(2026, 3, 29, 1, 0), ms(2026, 3, 29, 1, 0)),
]


@pytest.mark.parametrize(("name", "utc", "broker"), EDGES)
def test_the_brokers_clock_is_followed_over_both_edges_of_summer_time(name: str, utc: int, broker: int) -> None:
    clock = zone(name)
    assert clock.to_wall_ms(utc) // 1000 == broker // 1000
    if broker not in (ms(2026, 10, 25, 3, 0), ms(2026, 11, 1, 8, 0)):  # read twice; the first of the two counts
        assert clock.to_utc_ms(broker) == utc


@pytest.mark.parametrize("edge", [ms(2026, 3, 29, 1), ms(2026, 10, 25, 1)], ids=["spring", "autumn"])
def test_many_times_convert_as_each_of_them_does(edge: int) -> None:
    clock = zone("Europe/Athens")
    broker = np.arange(edge, edge + 4 * 3_600_000, 60_000, dtype=np.int64)
    assert clock.to_utc(broker).tolist() == [clock.to_utc_ms(int(one)) for one in broker]


@pytest.mark.parametrize("start", [datetime(2026, 3, 29, 0, 30, tzinfo=UTC), datetime(2026, 7, 1, 12, tzinfo=UTC)],
                         ids=["over the spring edge", "in summer"])  # fmt: skip
def test_ticks_and_positions_of_a_broker_in_athens_are_timed_in_utc(start: datetime) -> None:
    world = World(EURUSD, zone="Europe/Athens", start=start)
    world.quote("EURUSD", 1.1, 1.2)
    world.open("EURUSD", BUY, 0.1)
    session = Session(as_module(world.exchange.backend("main")), world.clock, "Europe/Athens")
    opened = world.clock.utc_ms()
    assert session.look(0).positions[0].opened_ms == opened
    world.after(3_600)
    world.quote("EURUSD", 1.3, 1.4)
    found = session.look(0)
    assert found.ticks["EURUSD"].time_ms.tolist() == [opened + 3_600_000]
    assert found.quotes["EURUSD"].time_ms == opened + 3_600_000
