"""Clocks and the broker's time, at both ends of summer."""

from __future__ import annotations

import csv
import gzip
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from bridge.simulator.clock import VirtualClock, WallClock, epoch_ms
from monitors.zones import zone
from tests.bridge.simulator.exchange_world import SHARED, START, World

CONVERSIONS = SHARED / "data" / "server_time" / "conversions.csv.gz"
_ZONES = {
    "us2": "new-york-close",
    "eu2": "Europe/Athens",
    "eu1": "Europe/Berlin",
    "fixed0": "UTC",
    "fixed2": "Etc/GMT-2",
}


def _ms(year: int, month: int, day: int, hour: int = 0, minute: int = 0) -> int:
    return epoch_ms(datetime(year, month, day, hour, minute, tzinfo=UTC))


@pytest.mark.parametrize(
    ("utc", "hours"),
    [
        ((2026, 3, 8, 6, 59), 2),
        ((2026, 3, 8, 7, 0), 3),
        ((2026, 3, 16, 23, 0), 3),
        ((2026, 11, 1, 5, 59), 3),
        ((2026, 11, 1, 6, 0), 2),
    ],
    ids=["last minute of winter", "first of summer", "when Prague still has winter", "last of summer", "winter again"],
)
def test_new_york_close_follows_american_summer_time(utc: tuple[int, int, int, int, int], hours: int) -> None:
    assert zone("new-york-close").offset_ms(_ms(*utc)) == hours * 3_600_000


@pytest.mark.skipif(not CONVERSIONS.exists(), reason="../shared is not there")
def test_every_recorded_conversion_is_answered() -> None:
    seen = 0
    with gzip.open(CONVERSIONS, "rt", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            if row["zone"] not in _ZONES or row["zone"] == "eu1":
                continue
            seen += 1
            utc_ms = epoch_ms(datetime.fromisoformat(row["utc"]))
            assert zone(_ZONES[row["zone"]]).to_wall_ms(utc_ms) // 1000 == int(row["server_epoch"])
    assert seen > 1_000


@pytest.mark.parametrize("name", ["new-york-close", "Europe/Prague", "Australia/Lord_Howe", "UTC"])
def test_there_and_back_is_the_first_pass_of_that_hour(name: str) -> None:
    clock = zone(name)
    start = _ms(2026, 1, 1)
    for hour in range(24 * 365):
        utc_ms = start + hour * 3_600_000 + 123
        broker_ms = clock.to_wall_ms(utc_ms)
        back = clock.to_utc_ms(broker_ms)
        assert clock.to_wall_ms(back) == broker_ms
        assert utc_ms - 3_600_000 <= back <= utc_ms


def test_an_hour_that_spring_leaves_out_is_the_moment_of_the_change() -> None:
    clock = zone("new-york-close")
    assert clock.to_utc_ms(_ms(2026, 3, 8, 9, 30)) == _ms(2026, 3, 8, 7, 0)


def test_arrays_convert_as_single_moments_do() -> None:
    clock = zone("Europe/Prague")
    moments = np.arange(_ms(2026, 3, 28), _ms(2026, 3, 30), 900_000, dtype=np.int64)
    assert clock.to_wall(moments).tolist() == [clock.to_wall_ms(int(m)) for m in moments]
    assert clock.to_wall(moments[:0]).tolist() == []


@pytest.mark.parametrize(
    "moment", [(2026, 3, 7, 23, 0), (2026, 3, 8, 1, 0), (2026, 10, 31, 22, 0), (2026, 11, 1, 1, 0)]
)
def test_the_next_midnight_is_the_brokers(moment: tuple[int, int, int, int, int]) -> None:
    midnight = zone("new-york-close").next_midnight_ms(_ms(*moment))
    local = datetime.fromtimestamp(midnight / 1000, ZoneInfo("America/New_York"))
    assert (local.hour, local.minute) == (17, 0)
    assert 0 < midnight - _ms(*moment) <= 25 * 3_600_000


@pytest.mark.parametrize("name", ["Nowhere/Town", "", "../etc/passwd", "new york close"])
def test_an_unknown_zone_is_named(name: str) -> None:
    with pytest.raises(ValueError, match="IANA"):
        zone(name)


def test_the_terminal_stamps_everything_in_broker_time() -> None:
    world = World(zone="new-york-close")
    world.quote("PLAIN", 1.0, 1.0001)
    stamp = epoch_ms(START) // 1000 + 7_200
    ticket = world.open("PLAIN", 0, 0.1)
    assert world.terminal.tick("PLAIN")["time"] == stamp
    assert world.terminal.symbol("PLAIN")["time"] == stamp
    assert world.terminal.positions()[0]["time_msc"] == stamp * 1000
    assert world.terminal.history_deals_of(position=ticket)[0]["time"] == stamp
    assert len(world.terminal.history_deals(stamp, stamp)) == 1
    assert len(world.terminal.history_deals(stamp + 1, stamp + 99)) == 0


def test_a_virtual_clock_moves_when_told_and_never_back() -> None:
    clock = VirtualClock(START)
    clock.advance_to(START + timedelta(seconds=90))
    clock.advance_to(START)
    clock.wait_until(epoch_ms(START) + 95_500)
    assert (clock.monotonic(), clock.utc()) == (95.5, START + timedelta(seconds=95.5))


def test_a_wall_clock_runs_from_its_start_at_its_speed() -> None:
    clock = WallClock(START, speed=1_000_000.0)
    clock.wait_until(epoch_ms(START) + 60_000)
    assert clock.utc() >= START + timedelta(seconds=60)
    assert clock.monotonic() >= 60
    with pytest.raises(ValueError, match="speed 0"):
        WallClock(START, speed=0)
