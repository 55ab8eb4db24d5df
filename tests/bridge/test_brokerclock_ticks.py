"""Single ticks against a clock: which is new enough to be one, and which contradicts one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.brokerclock import check, live, shown
from monitors.broker_clock import CANDIDATES, shut
from monitors.zones import DAY_MS, HOUR_MS, MINUTE_MS, zone
from tests.hourly_bars import FIRST, LAST, utc

NOW = utc("2026-07-08T12:34:56")
SATURDAY = utc("2026-07-11T12:34:56")
YEAR_MS = 365 * DAY_MS
SECOND_MS = 1000


@pytest.mark.parametrize(
    ("after", "before", "now", "offset"),
    [
        (NOW, 0, NOW, 0),
        (NOW - 59_000, NOW - 59_000, NOW, 0),
        (NOW - 61_000, NOW - 61_000, NOW, None),
        (NOW - 61_000, NOW - 62_000, NOW, 0),
        (NOW + 3 * HOUR_MS + 119_000, 0, NOW, 3 * HOUR_MS),
        (NOW + 3 * HOUR_MS + 121_000, 0, NOW, None),
        (NOW + 3 * HOUR_MS + 299_000, NOW, NOW, 3 * HOUR_MS),
        (NOW + 3 * HOUR_MS + 301_000, NOW, NOW, None),
        (NOW + 14 * HOUR_MS, 0, NOW, 14 * HOUR_MS),
        (NOW + 15 * HOUR_MS, 0, NOW, None),
        (NOW - 12 * HOUR_MS, 0, NOW, -12 * HOUR_MS),
        (NOW - 13 * HOUR_MS, 0, NOW, None),
        (0, 0, NOW, None),
        (SATURDAY, SATURDAY, SATURDAY, None),
        (SATURDAY, SATURDAY - 1, SATURDAY, 0),
    ],
)
def test_a_tick_is_a_clock_only_while_it_is_new(after: int, before: int, now: int, offset: int | None) -> None:
    found = live(before, after, now)
    assert (None if found is None else found.offset_ms) == offset


def test_offsets_are_written_as_people_do() -> None:
    assert [shown(ms * MINUTE_MS) for ms in (0, 180, -300, 330, -210)] == ["UTC+0", "UTC+3", "UTC-5", "UTC+5:30",
                                                                           "UTC-3:30"]  # fmt: skip


@given(
    st.sampled_from(CANDIDATES),
    st.integers(FIRST, LAST),
    st.integers(-YEAR_MS, 2 * MINUTE_MS),
)
def test_a_tick_that_stands_still_contradicts_no_clock_however_old(name: str, now: int, ahead: int) -> None:
    assert check(name, zone(name).to_wall_ms(now) + ahead, now) is None


@given(st.sampled_from(CANDIDATES), st.integers(FIRST, LAST), st.integers(-20 * SECOND_MS, 2 * MINUTE_MS))
def test_a_tick_that_moves_on_the_right_clock_contradicts_nothing(name: str, now: int, ahead: int) -> None:
    assert check(name, zone(name).to_wall_ms(now) + ahead, now, moving=True) is None


@given(st.sampled_from(CANDIDATES), st.sampled_from(CANDIDATES), st.integers(FIRST, LAST), st.integers(-5000, 5000))
def test_a_tick_that_moves_on_another_clock_is_a_contradiction(name: str, other: str, now: int, ahead: int) -> None:
    offsets = {zone(name).offset_ms(now + day) for day in (-DAY_MS, 0, DAY_MS)}
    found = check(name, zone(other).to_wall_ms(now) + ahead, now, moving=True)
    assert (found is None) == (zone(other).offset_ms(now) in offsets)


@pytest.mark.parametrize(
    ("ahead", "moving", "expected"),
    [
        (2 * MINUTE_MS, False, None),
        (2 * MINUTE_MS + 1, False, "the newest tick is 2 min in the future by UTC"),
        (60 * MINUTE_MS, False, "the newest tick is 60 min in the future by UTC"),
        (-15 * MINUTE_MS, False, None),
        (-15 * MINUTE_MS, True, "a tick came that is 15 min old by UTC"),
        (-60 * MINUTE_MS - 90_000, True, "a tick came that is 60 min old by UTC"),
        (-60 * MINUTE_MS - 121_000, True, None),
        (-7 * MINUTE_MS, True, None),
    ],
)
def test_a_contradiction_is_a_tick_of_the_future_or_one_that_comes_old(
    ahead: int, moving: bool, expected: str | None
) -> None:
    found = check("UTC", NOW + ahead, NOW, moving=moving)
    assert found == (expected and f"{expected}: the broker's clock or this machine's is another than it seems")


@pytest.mark.parametrize(
    ("now", "silent"), [("2026-03-08T08:00", True), ("2026-03-09T06:59", True), ("2026-03-09T07:01", False)]
)
def test_a_server_may_change_its_clock_up_to_a_day_after_its_rule(now: str, silent: bool) -> None:
    wall = utc(now) + 2 * HOUR_MS
    assert (check("new-york-close", wall, utc(now), moving=True) is None) is silent


def test_on_european_dates_an_american_server_is_found_out_the_next_day_of_trading() -> None:
    monday = utc("2026-03-09T07:01")
    assert shut(monday) is False
    found = check("Europe/Athens", zone("new-york-close").to_wall_ms(monday), monday)
    assert found is not None
    assert found.startswith("the newest tick is 60 min in the future by Europe/Athens")
