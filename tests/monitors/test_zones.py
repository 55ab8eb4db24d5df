"""Wall clocks, held against conversions that another library made: every broker's rule, both ways, on its edges."""

from __future__ import annotations

import csv
import gzip
import json
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from monitors.zones import HOUR_MS, SHIFTED, zone

NAMES = {
    "us2": "new-york-close",
    "eu2": "Europe/Athens",
    "eu1": "Europe/Berlin",
    "au2": "gmt+2-australia",
    "fixed0": "UTC",
    "fixed2": "Etc/GMT-2",
    "fixed3": "Etc/GMT-3",
}


def utc(text: str) -> int:
    """UTC epoch milliseconds of an ISO time, taken as UTC where it names no zone."""
    moment = datetime.fromisoformat(text)
    return round((moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp() * 1000)


@pytest.fixture(scope="module")
def conversions(shared: Path) -> dict[str, list[tuple[int, int]]]:
    """UTC and wall milliseconds by zone, in order of time."""
    found: dict[str, list[tuple[int, int]]] = {key: [] for key in NAMES}
    with gzip.open(shared / "data" / "server_time" / "conversions.csv.gz", "rt", encoding="utf-8") as lines:
        for row in csv.DictReader(lines):
            found[row["zone"]].append((utc(row["utc"]), int(row["server_epoch"]) * 1000))
    assert sum(map(len, found.values())) == 6160
    return found


@pytest.mark.parametrize("key", NAMES)
def test_a_wall_shows_what_the_other_library_shows(key: str, conversions: dict[str, list[tuple[int, int]]]) -> None:
    clock = zone(NAMES[key])
    moments, walls = np.array(conversions[key], dtype=np.int64).T
    assert [clock.to_wall_ms(int(moment)) for moment in moments] == walls.tolist()
    assert clock.to_wall(moments).tolist() == walls.tolist()


@pytest.mark.parametrize("key", NAMES)
def test_a_wall_leads_back_to_its_moment_or_to_the_first_of_two(
    key: str, conversions: dict[str, list[tuple[int, int]]]
) -> None:
    clock = zone(NAMES[key])
    firsts = []
    for moment, wall in conversions[key]:
        earlier = moment - HOUR_MS
        firsts.append(earlier if clock.to_wall_ms(earlier) == wall else moment)
        assert clock.to_utc_ms(wall) == firsts[-1]
    walls = np.array([wall for _, wall in conversions[key]], dtype=np.int64)
    assert clock.to_utc(walls).tolist() == firsts


def test_doubled_hours_give_the_earlier_moment_and_skipped_ones_the_change(shared: Path) -> None:
    facts = json.loads((shared / "data" / "server_time" / "facts.json").read_text("utf-8"))
    changes = {"us2": "2025-03-09T07:00", "eu2": "2025-03-30T01:00"}
    for case in facts["ambiguous_or_missing_hours"]:
        missing = case["raise"].startswith("NonexistentTimeError")
        expected = changes[case["zone"]] if missing else case["earlier"]
        assert zone(NAMES[case["zone"]]).to_utc_ms(utc(case["server_wallclock"])) == utc(expected), case


@pytest.mark.parametrize(
    ("moment", "hours"),
    [
        ("2026-01-15T00:00", 3),
        ("2026-04-04T15:59", 3),
        ("2026-04-04T16:00", 2),
        ("2026-07-15T00:00", 2),
        ("2026-10-03T15:59", 2),
        ("2026-10-03T16:00", 3),
    ],
)
def test_an_australian_brokers_summer_is_sydneys(moment: str, hours: int) -> None:
    assert zone("gmt+2-australia").offset_ms(utc(moment)) == hours * HOUR_MS


def test_an_unknown_clock_is_an_error_that_names_those_no_atlas_has() -> None:
    with pytest.raises(ValueError, match="neither an IANA zone nor one of") as caught:
        zone("gmt+2-australis")
    assert all(name in str(caught.value) for name in SHIFTED)


def test_many_moments_across_a_change_of_clocks_come_back_one_by_one() -> None:
    clock = zone("Europe/Berlin")
    start = utc("2026-03-28T12:00")
    moments = np.arange(start, start + 48 * HOUR_MS, HOUR_MS, dtype=np.int64)
    assert clock.to_utc(clock.to_wall(moments)).tolist() == moments.tolist()
    assert clock.to_utc(np.empty(0, dtype=np.int64)).tolist() == []


def test_midnight_comes_an_hour_early_by_utc_once_summer_has_begun() -> None:
    clock = zone("Europe/Berlin")
    assert clock.next_midnight_ms(utc("2026-03-28T12:00")) == utc("2026-03-28T23:00")
    assert clock.next_midnight_ms(utc("2026-03-29T12:00")) == utc("2026-03-29T22:00")


def test_no_walls_lead_back_to_no_moments() -> None:
    assert len(zone("UTC").to_utc(np.empty(0, dtype=np.int64))) == 0
