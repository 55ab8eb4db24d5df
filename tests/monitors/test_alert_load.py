"""The load of alerts: a day's hours, a flood, and how long a person took."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from monitors.alert_load import AlertLoad, LoadMeter
from monitors.zones import DAY_MS, HOUR_MS, MINUTE_MS

NOW = 1_770_000_000_000


def meter(*ago_ms: int) -> LoadMeter:
    made = LoadMeter()
    for ago in ago_ms:
        made.raised(NOW - ago)
    return made


def test_without_an_alert_there_is_no_load() -> None:
    assert LoadMeter().load(NOW) == AlertLoad()
    assert not AlertLoad().flood


def test_an_hour_shows_the_most_within_ten_minutes_of_it() -> None:
    load = meter(*(5 * HOUR_MS - n * MINUTE_MS for n in (1, 2, 3, 30, 31))).load(NOW)
    assert load.peaks[19] == 3
    assert sum(load.peaks) == 3
    assert (load.last_hour, load.last_ten) == (0, 0)


def test_ten_new_ones_in_ten_minutes_are_none_and_eleven_are_a_flood() -> None:
    assert not meter(*(n * 30_000 for n in range(10))).load(NOW).flood
    assert meter(*(n * 30_000 for n in range(11))).load(NOW).flood


def test_a_flood_is_over_once_they_are_ten_minutes_old() -> None:
    full = meter(*(n * 1000 for n in range(30)))
    assert full.load(NOW + 9 * MINUTE_MS).flood
    assert not full.load(NOW + 10 * MINUTE_MS).flood


def test_the_median_of_the_time_to_acknowledge_is_of_the_last_day() -> None:
    made = LoadMeter()
    made.acknowledged(NOW - DAY_MS, NOW - DAY_MS - 900_000)
    for took in (10, 41, 300):
        made.acknowledged(NOW - 1000, NOW - 1000 - took * 1000)
    assert made.load(NOW).median_ack_s == 41


def test_a_clock_set_back_makes_no_time_negative_and_loses_nothing() -> None:
    made = meter(-HOUR_MS)
    made.acknowledged(NOW, NOW + 5_000)
    load = made.load(NOW)
    assert load.median_ack_s == 0
    assert (load.peaks[-1], load.last_ten) == (1, 1)


@given(st.lists(st.integers(0, 2 * DAY_MS), max_size=60))
def test_every_count_is_what_counting_by_hand_gives(ago: list[int]) -> None:
    load = meter(*ago).load(NOW)
    moments = sorted(NOW - a for a in ago if a < DAY_MS)
    assert load.last_hour == sum(a < HOUR_MS for a in ago)
    assert load.last_ten == sum(a < 10 * MINUTE_MS for a in ago)
    by_hour: dict[int, int] = {}
    for at in moments:
        hour = min((at - (NOW - DAY_MS)) // HOUR_MS, 23)
        by_hour[hour] = max(by_hour.get(hour, 0), sum(at <= m < at + 10 * MINUTE_MS for m in moments))
    assert load.peaks == tuple(by_hour.get(hour, 0) for hour in range(24))
