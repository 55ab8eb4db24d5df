"""The clock behind a broker's bars: on real histories, on made ones of every rule, and in doubt where doubt is due."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitors.broker_clock import CANDIDATES, RULES, Fit, Weekends, fit, shut, standing, weekends
from monitors.model import Ints
from monitors.zones import DAY_MS, HOUR_MS, zone
from tests.hourly_bars import FIRST, LAST, bars, hours, trades, utc

WEEK_MS = 7 * DAY_MS
EJTRADER = ("EURGBP", "GBPUSD", "USDCHF", "USDJPY")


def read(path: Path, column: str = "time_server") -> Ints:
    times: Ints = pq.read_table(path)[column].to_numpy().astype("datetime64[ms]").astype(np.int64)
    return np.unique(times)


def names(seen: Weekends) -> list[str]:
    return [found.zone for found in standing(seen)]


def made(name: str, since: str, until: str) -> Weekends:
    return weekends(bars(name, utc(since), utc(until)))


@pytest.mark.parametrize("symbol", EJTRADER)
def test_a_real_history_on_european_dates_is_told_from_one_on_american(symbol: str, shared: Path) -> None:
    seen = weekends(read(shared / "data" / "bars" / f"{symbol}_h1_mt5_ejtrader.parquet"))
    assert names(seen) == ["Europe/Athens"]


@pytest.mark.parametrize(("symbol", "matched"), [("GBPUSD", 395), ("USDJPY", 403), ("USDCHF", 402)])
def test_as_many_weekends_are_explained_as_another_library_finds(symbol: str, matched: int, shared: Path) -> None:
    seen = weekends(read(shared / "data" / "bars" / f"{symbol}_h1_mt5_ejtrader.parquet"))
    assert standing(seen)[0].count == matched
    assert fit("new-york-close", seen).count < matched - 20


def test_gold_which_starts_an_hour_later_is_read_right_but_leaves_a_doubt(shared: Path) -> None:
    seen = weekends(read(shared / "data" / "bars" / "XAUUSD_h1_mt5_ejtrader.parquet"))
    found = standing(seen)
    assert found[0].zone == "Europe/Athens"
    assert found[0].count == 480
    assert len(found) > 1


@pytest.mark.parametrize("symbol", ["EURUSD", "GBPUSD"])
def test_minutes_of_one_autumn_are_enough_where_american_and_european_dates_part(symbol: str, shared: Path) -> None:
    seen = weekends(read(shared / "data" / "bars" / f"{symbol}_m1_icmarkets_mt5_2025q4.parquet"))
    (found,) = standing(seen)
    assert (found.zone, found.count, len(seen)) == ("new-york-close", 13, 13)


def test_bars_in_utc_are_in_utc(shared: Path) -> None:
    seen = weekends(read(shared / "data" / "bars" / "EURUSD_h1_bidask_oanda_lean.parquet", "time_utc"))
    assert names(seen) == ["UTC"]


@pytest.mark.parametrize("symbol", EJTRADER)
def test_no_stretch_of_a_real_history_is_read_wrong_without_a_doubt(symbol: str, shared: Path) -> None:
    history = read(shared / "data" / "bars" / f"{symbol}_h1_mt5_ejtrader.parquet")
    stretches = [names(weekends(history[start : start + 10_000])) for start in range(0, len(history) - 10_000, 1_250)]
    assert [found for found in stretches if len(found) == 1 and found != ["Europe/Athens"]] == []
    assert sum(found == ["Europe/Athens"] for found in stretches) >= len(stretches) * 0.6
    assert all("Europe/Athens" in found for found in stretches if found)
    assert all(len(set(found)) == len(found) for found in stretches)


def test_four_weeks_of_a_real_summer_leave_the_rule_open(shared: Path) -> None:
    history = read(shared / "data" / "bars" / "USDJPY_h1_mt5_ejtrader.parquet")
    since, until = utc("2021-06-07T00:00"), utc("2021-07-05T12:00")
    found = names(weekends(history[(history >= since) & (history < until)]))
    assert found == ["new-york-close", "Europe/Athens", "Etc/GMT-3"]


@pytest.mark.parametrize("name", CANDIDATES)
def test_a_year_of_bars_leaves_no_doubt_about_any_clock(name: str) -> None:
    assert names(made(name, "2025-05-01T00:00", "2026-05-01T00:00")) == [name]


@given(st.sampled_from(CANDIDATES), st.integers(FIRST // HOUR_MS, (LAST - 60 * WEEK_MS) // HOUR_MS))
def test_sixty_weeks_leave_no_doubt_wherever_they_begin(name: str, hour: int) -> None:
    since = hour * HOUR_MS
    assert names(weekends(bars(name, since, since + 60 * WEEK_MS))) == [name]


@given(
    st.sampled_from(RULES),
    st.integers(FIRST // HOUR_MS, (LAST - 60 * WEEK_MS) // HOUR_MS),
    st.dictionaries(st.integers(1, 58), st.integers(1, 30), max_size=2),
)
def test_two_weekends_that_begin_early_never_hide_the_right_clock(name: str, hour: int, short: dict[int, int]) -> None:
    since = hour * HOUR_MS
    whole = bars(name, since, since + 60 * WEEK_MS)
    stops = np.flatnonzero(np.diff(whole) > DAY_MS)
    lost = [int(stops[week]) - n for week, missing in short.items() for n in range(missing)]
    assert name in names(weekends(np.delete(whole, lost)))


@pytest.mark.parametrize(
    ("since", "until"),
    [("2026-02-23T00:00", "2026-04-20T00:00"), ("2026-10-12T00:00", "2026-11-16T00:00")],
    ids=["spring", "autumn"],
)
@pytest.mark.parametrize("name", ["new-york-close", "Europe/Athens"])
def test_weeks_around_a_change_of_clocks_tell_american_dates_from_european(name: str, since: str, until: str) -> None:
    assert names(made(name, since, until)) == [name]


@pytest.mark.parametrize(
    ("name", "since", "until", "fitting"),
    [
        ("new-york-close", "2026-06-01T00:00", "2026-06-29T12:00", ["new-york-close", "Europe/Athens", "Etc/GMT-3"]),
        ("Europe/Athens", "2026-06-01T00:00", "2026-06-29T12:00", ["new-york-close", "Europe/Athens", "Etc/GMT-3"]),
        ("Etc/GMT-3", "2026-06-01T00:00", "2026-06-29T12:00", ["new-york-close", "Europe/Athens", "Etc/GMT-3"]),
        ("gmt+2-australia", "2026-06-01T00:00", "2026-06-29T12:00", ["Europe/Berlin", "gmt+2-australia", "Etc/GMT-2"]),
        ("UTC", "2026-01-05T00:00", "2026-02-02T12:00", ["Europe/London", "UTC"]),
    ],
)
def test_weeks_without_a_change_of_clocks_leave_the_rule_open_with_the_likelier_first(
    name: str, since: str, until: str, fitting: list[str]
) -> None:
    assert names(made(name, since, until)) == fitting


def test_a_broker_that_stops_an_hour_early_on_fridays_is_not_taken_for_another_without_a_doubt() -> None:
    whole = bars("new-york-close", utc("2025-05-01T00:00"), utc("2026-05-01T00:00"))
    found = names(weekends(np.delete(whole, np.flatnonzero(np.diff(whole) > DAY_MS))))
    assert len(found) > 1
    assert "new-york-close" in found


@pytest.mark.parametrize(
    ("ahead", "behind", "both", "neither", "beaten"),
    [
        (1, 0, 9, 0, True),
        (1, 0, 8, 1, True),
        (1, 0, 7, 2, False),
        (2, 0, 7, 2, False),
        (3, 0, 7, 2, True),
        (7, 2, 20, 0, False),
        (8, 2, 20, 0, True),
        (0, 0, 10, 0, False),
    ],
)
def test_a_clock_is_beaten_by_weekends_that_only_the_other_explains(
    ahead: int, behind: int, both: int, neither: int, beaten: bool
) -> None:
    winner, loser = (
        Fit(
            zone="",
            hits=np.repeat([only, not only, True, False], [ahead, behind, both, neither]),
            starts=np.empty(0, dtype=np.bool_),
        )
        for only in (True, False)
    )
    assert winner.beats(loser) is beaten


@pytest.mark.parametrize(
    ("stopped", "started", "hit", "start"),
    [(0, 0, True, True), (-1, 0, False, True), (0, 1, True, False), (1, 0, False, False), (0, -1, False, False)],
)
def test_a_weekend_is_explained_by_its_stop_unless_it_ends_too_soon_and_by_its_start_unless_it_begins_too_late(
    stopped: int, started: int, hit: bool, start: bool
) -> None:
    due = np.array([utc("2026-07-10T21:00"), utc("2026-07-12T21:00")])
    seen = Weekends(stopped=due[:1] + stopped * HOUR_MS, started=due[1:] + started * HOUR_MS, due_stop=due[:1],
                    due_start=due[1:])  # fmt: skip
    found = fit("UTC", seen)
    assert (found.hits.tolist(), found.starts.tolist()) == ([hit], [start])


def test_two_weekends_of_which_one_is_a_hole_leave_only_clocks_that_explain_the_other() -> None:
    whole = bars("UTC", utc("2026-06-08T00:00"), utc("2026-06-23T00:00"))
    holed = whole[(whole < utc("2026-06-18T12:00")) | (whole >= utc("2026-06-22T00:00"))]
    assert names(weekends(holed)) == ["UTC"]


@pytest.mark.parametrize("name", ["Asia/Kolkata", "Asia/Kathmandu", "Australia/Adelaide"])
def test_a_clock_that_is_not_on_the_hour_is_not_taken_for_one_that_is(name: str) -> None:
    assert names(made(name, "2025-05-01T00:00", "2026-05-01T00:00")) == []


def test_bars_that_never_rest_show_no_weekend() -> None:
    seen = weekends(np.arange(FIRST, FIRST + 60 * WEEK_MS, HOUR_MS, dtype=np.int64))
    assert len(seen) == 0
    assert standing(seen) == ()


@pytest.mark.parametrize("count", [0, 1])
def test_no_bars_show_no_weekend(count: int) -> None:
    assert len(weekends(np.full(count, FIRST, dtype=np.int64))) == 0


def test_a_holiday_in_the_week_is_no_weekend() -> None:
    whole = hours(utc("2026-06-01T00:00"), utc("2026-06-06T00:00"))
    holed = whole[(whole < utc("2026-06-02T12:00")) | (whole >= utc("2026-06-04T12:00"))]
    assert len(weekends(holed)) == 0


@given(st.integers(FIRST // 60_000, LAST // 60_000))
def test_the_market_is_shut_from_friday_to_sunday_at_five_in_new_york(minute: int) -> None:
    assert shut(minute * 60_000) is not trades(minute * 60_000)


def test_the_market_shuts_and_opens_on_the_minute() -> None:
    edges = {"2026-07-10T20:59": False, "2026-07-10T21:00": True, "2026-07-12T20:59": True, "2026-07-12T21:00": False,
             "2026-12-11T21:59": False, "2026-12-11T22:00": True}  # fmt: skip
    assert {text: shut(utc(text)) for text in edges} == edges
    assert zone("America/New_York").to_wall_ms(utc("2026-07-10T21:00")) == utc("2026-07-10T17:00")
