"""Day and week boundaries, held against instants that a calendar with time zones gives."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitors.days import Calendar
from monitors.settings import DaySettings
from monitors.zones import zone


def utc(text: str) -> int:
    """UTC epoch milliseconds of an ISO time without a zone."""
    return round(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp() * 1000)


def calendar(name: str = "UTC", reset: int = 0, week_starts: int = 0, broker: str = "UTC") -> Calendar:
    return Calendar(DaySettings(zone=name, reset_minute=reset, week_starts=week_starts), broker)


@pytest.mark.parametrize(
    ("name", "now", "begins", "ends"),
    [
        ("Europe/Prague", "2026-01-15T12:00", "2026-01-14T23:00", "2026-01-15T23:00"),
        ("Europe/Prague", "2026-07-15T12:00", "2026-07-14T22:00", "2026-07-15T22:00"),
        ("Europe/Prague", "2026-03-29T12:00", "2026-03-28T23:00", "2026-03-29T22:00"),
        ("Europe/Prague", "2026-10-25T12:00", "2026-10-24T22:00", "2026-10-25T23:00"),
        ("America/New_York", "2026-03-08T12:00", "2026-03-08T05:00", "2026-03-09T04:00"),
        ("America/New_York", "2026-11-01T12:00", "2026-11-01T04:00", "2026-11-02T05:00"),
        ("new-york-close", "2026-01-15T12:00", "2026-01-14T22:00", "2026-01-15T22:00"),
        ("new-york-close", "2026-03-07T12:00", "2026-03-06T22:00", "2026-03-07T22:00"),
        ("new-york-close", "2026-03-08T12:00", "2026-03-07T22:00", "2026-03-08T21:00"),
        ("new-york-close", "2026-10-31T23:00", "2026-10-31T21:00", "2026-11-01T22:00"),
    ],
)
def test_a_day_begins_at_local_midnight_in_summer_and_in_winter(name: str, now: str, begins: str, ends: str) -> None:
    days = calendar(name)
    assert days.day_start_ms(utc(now)) == utc(begins)
    assert days.next_day_ms(utc(now)) == utc(ends)


@pytest.mark.parametrize(
    ("day", "server_hour"),
    [("2026-02-16", 1), ("2026-03-16", 2), ("2026-07-16", 1), ("2026-10-28", 2), ("2026-11-16", 1)],
)
def test_pragues_midnight_moves_on_a_new_york_close_server_while_summer_times_differ(
    day: str, server_hour: int
) -> None:
    reset = calendar("Europe/Prague").day_start_ms(utc(f"{day}T12:00"))
    assert zone("new-york-close").to_wall_ms(reset) == utc(f"{day}T{server_hour:02}:00")


def test_server_stands_for_the_brokers_clock() -> None:
    assert calendar("server", broker="Europe/Athens").day_start_ms(utc("2026-01-15T12:00")) == utc("2026-01-14T22:00")


def test_the_reset_instant_itself_belongs_to_the_new_day() -> None:
    days = calendar("Europe/Prague")
    midnight = utc("2026-01-14T23:00")
    assert days.day_start_ms(midnight) == midnight
    assert days.next_day_ms(midnight) == utc("2026-01-15T23:00")
    assert days.day_start_ms(midnight - 1) == utc("2026-01-13T23:00")
    assert days.next_day_ms(midnight - 1) == midnight


@pytest.mark.parametrize(
    ("now", "begins"),
    [
        ("2026-06-10T21:59", "2026-06-09T22:00"),
        ("2026-06-10T22:00", "2026-06-10T22:00"),
        ("2026-12-10T22:30", "2026-12-09T23:00"),
        ("2026-12-10T23:00", "2026-12-10T23:00"),
    ],
)
def test_a_reset_minute_moves_the_day(now: str, begins: str) -> None:
    assert calendar("America/Chicago", reset=17 * 60).day_start_ms(utc(now)) == utc(begins)


def test_a_reset_in_the_skipped_hour_still_comes_once() -> None:
    days = calendar("Europe/Prague", reset=2 * 60 + 30)
    resets = [utc("2026-03-28T01:30"), utc("2026-03-29T01:00"), utc("2026-03-30T00:30")]
    for begins, ends in pairwise(resets):
        assert days.next_day_ms(begins) == ends
        assert days.day_start_ms(ends - 60_000) == begins
        assert days.day_start_ms(ends) == ends


def test_a_reset_in_the_doubled_hour_comes_at_its_first_turn() -> None:
    days = calendar("Europe/Prague", reset=2 * 60 + 30)
    first, second = utc("2026-10-25T00:30"), utc("2026-10-25T01:30")
    assert days.day_start_ms(first) == first
    assert days.day_start_ms(second) == first
    assert days.next_day_ms(first) == utc("2026-10-26T01:30")


@pytest.mark.parametrize(
    ("starts", "now", "begins"),
    [
        (0, "2026-03-04T12:00", "2026-03-02T00:00"),
        (0, "2026-03-02T00:00", "2026-03-02T00:00"),
        (0, "2026-03-01T23:59", "2026-02-23T00:00"),
        (6, "2026-03-04T12:00", "2026-03-01T00:00"),
        (5, "2026-03-04T12:00", "2026-02-28T00:00"),
    ],
)
def test_a_week_begins_on_its_day(starts: int, now: str, begins: str) -> None:
    assert calendar(week_starts=starts).week_start_ms(utc(now)) == utc(begins)


@pytest.mark.parametrize(
    ("name", "reset", "now", "begins"),
    [
        ("UTC", 0, "2026-03-31T23:59", "2026-03-01T00:00"),
        ("UTC", 0, "2026-03-01T00:00", "2026-03-01T00:00"),
        ("UTC", 0, "2024-02-29T12:00", "2024-02-01T00:00"),
        ("Europe/Prague", 0, "2026-04-15T12:00", "2026-03-31T22:00"),
        ("Europe/Prague", 0, "2026-03-30T12:00", "2026-02-28T23:00"),
        ("new-york-close", 0, "2026-03-31T22:00", "2026-03-31T21:00"),
        ("America/Chicago", 17 * 60, "2026-03-01T22:00", "2026-02-01T23:00"),
        ("America/Chicago", 17 * 60, "2026-03-01T23:00", "2026-03-01T23:00"),
    ],
)
def test_a_month_begins_with_the_reset_of_its_first_day(name: str, reset: int, now: str, begins: str) -> None:
    assert calendar(name, reset).month_start_ms(utc(now)) == utc(begins)


def test_a_week_begins_at_local_time_across_a_change_of_clocks() -> None:
    assert calendar("Europe/Prague").week_start_ms(utc("2026-03-29T12:00")) == utc("2026-03-22T23:00")
    assert calendar("Europe/Prague").week_start_ms(utc("2026-03-30T12:00")) == utc("2026-03-29T22:00")


def test_every_reset_of_a_time_is_counted_once_over_both_changes_of_clocks() -> None:
    prague = calendar("Europe/Prague")
    spring = prague.resets(utc("2026-03-28T23:00"), utc("2026-03-30T22:00"))
    assert spring == (utc("2026-03-29T22:00"), utc("2026-03-30T22:00"))
    autumn = prague.resets(utc("2026-10-24T21:59"), utc("2026-10-26T22:59"))
    assert autumn == (utc("2026-10-24T22:00"), utc("2026-10-25T23:00"))
    assert prague.resets(utc("2026-07-01T12:00"), utc("2026-07-01T13:00")) == ()
    assert len(prague.resets(0, utc("2026-07-01T12:00"))) == 366


def test_a_week_follows_the_reset_minute() -> None:
    days = calendar(reset=17 * 60)
    assert days.week_start_ms(utc("2026-03-02T16:59")) == utc("2026-02-23T17:00")
    assert days.week_start_ms(utc("2026-03-02T17:00")) == utc("2026-03-02T17:00")


@pytest.mark.parametrize(
    ("name", "now", "offset"),
    [
        ("UTC", "2026-01-01T00:00", 0),
        ("Europe/Athens", "2026-01-01T00:00", 7_200),
        ("Europe/Athens", "2026-07-01T00:00", 10_800),
        ("new-york-close", "2026-01-01T00:00", 7_200),
        ("new-york-close", "2026-07-01T00:00", 10_800),
        ("Asia/Kolkata", "2026-01-01T00:00", 19_800),
    ],
)
def test_an_offset_is_the_walls_lead_on_utc(name: str, now: str, offset: int) -> None:
    assert zone(name).offset_ms(utc(now)) == 1000 * offset


def test_an_unknown_zone_is_an_error_and_not_utc() -> None:
    with pytest.raises((KeyError, ValueError)):
        zone("Europe/Atlantis")


# Lord Howe moves by half an hour; Santiago and Cairo skip midnight itself.
zones = st.sampled_from(["UTC", "Europe/Prague", "America/New_York", "new-york-close", "Australia/Lord_Howe",
                         "America/Santiago", "Africa/Cairo"])  # fmt: skip


@given(zones, st.integers(utc("2024-01-01T00:00"), utc("2028-01-01T00:00")), st.integers(0, 1439), st.integers(0, 6))
def test_an_instant_lies_in_its_day_and_its_week(name: str, now: int, reset: int, starts: int) -> None:
    days = calendar(name, reset, starts)
    begins, ends, week = days.day_start_ms(now), days.next_day_ms(now), days.week_start_ms(now)
    assert begins <= now < ends
    assert timedelta(hours=22) <= timedelta(milliseconds=ends - begins) <= timedelta(hours=26)
    assert week <= begins
    assert begins - week < 7 * 86_400_000
    assert days.week_start_ms(week) == week
    assert days.day_start_ms(week) == week
    assert days.day_start_ms(ends) == ends
