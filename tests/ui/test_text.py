"""Numbers and sentences as the window writes them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from monitors.kinds import Side
from monitors.model import NotApplicable, Unknown, Value
from monitors.ports import AlertView, Link, Severity
from tests import frame_parts
from ui import text


@pytest.mark.parametrize(
    ("value", "digits", "written"),
    [
        (1_234_567.891, 2, "1\u202f234\u202f567.89"),
        (-2_683.45, 2, "\u22122\u202f683.45"),
        (-0.001, 2, "0.00"),
        (0.0, 0, "0"),
        (150_000.0, 0, "150\u202f000"),
    ],
)
def test_numbers_have_thin_spaces_and_a_true_minus_and_zero_has_no_sign(
    value: float, digits: int, written: str
) -> None:
    assert text.number(value, digits) == written


@pytest.mark.parametrize(
    ("value", "written"), [(312.4, "+312.40"), (-1.0, "\u22121.00"), (0.0, "0.00"), (0.004, "0.00")]
)
def test_a_profit_always_has_a_sign_and_zero_never(value: float, written: str) -> None:
    assert text.signed(value) == written


def test_a_price_keeps_its_digits_and_none_is_a_dash() -> None:
    assert text.price(1.1624, 5) == "1.16240"
    assert text.price(0.0, 5) == text.DASH


def test_a_yen_account_has_no_decimals() -> None:
    assert text.measure("drawdown.daily", 255_345.0, 0) == "255\u202f345"


@pytest.mark.parametrize(
    ("metric", "value", "written"),
    [
        ("margin.level_pct", 143.27, "143.3\u202f%"),
        ("drawdown.max_pct", 4.114, "4.11\u202f%"),
        ("terminal.silence_s", 31.6, "32\u202fs"),
        ("exposure.hhi", 0.25, "0.25"),
        ("spread.points", 12.0, "12.0\u202fpt"),
        ("position.mae_r", -0.62, "\u22120.62\u202fR"),
        ("risk.missing_stops", 2.0, "2"),
        ("equity", float("nan"), text.DASH),
        ("equity", Unknown("no data"), text.DASH),
        ("margin.level_pct", NotApplicable("no margin"), text.DASH),
        ("equity", None, text.DASH),
    ],
)
def test_a_measure_carries_its_unit_and_what_is_not_known_never_reads_as_a_number(
    metric: str, value: Value | None, written: str
) -> None:
    assert text.measure(metric, value, 2) == written


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (Unknown("no bars"), "unknown: no bars"),
        (NotApplicable("one symbol"), "one symbol"),
        (None, "unknown"),
        (0.0, ""),
        (float("inf"), "unknown"),
    ],
)
def test_where_there_is_no_number_there_is_a_reason(value: Value | None, said: str) -> None:
    assert text.reason(value) == said


def test_multiples_and_ratios_are_written_as_traders_write_them() -> None:
    assert (text.multiple(-0.388), text.to_one(2.4), text.thousands(836_980)) == (
        "\u22120.39\u202fR",
        "1\u202f:\u202f2.40",
        "837\u202fk",
    )


def test_a_ceiling_is_used_of_limit_and_a_floor_is_a_minimum() -> None:
    margin, _, loss, *_ = frame_parts.levels(143.3, 2_553.45, 4.11, 4.32)
    assert text.of(loss, 2) == "2\u202f553.45 of 4\u202f000"
    assert text.of(margin, 2) == "143.3, min 150\u202f%"
    assert text.of(replace(loss, value=Unknown("blind")), 2) == text.DASH


@pytest.mark.parametrize(
    ("seconds", "written"),
    [
        (0.34, "0.3\u202fs"),
        (38, "38\u202fs"),
        (327, "5\u202fmin 27\u202fs"),
        (11_040, "3\u202fh 04\u202fmin"),
        (183_600, "2\u202fd 3\u202fh"),
    ],
)
def test_durations_are_said_in_two_units_at_most(seconds: float, written: str) -> None:
    assert text.duration(seconds) == written


def test_a_time_of_another_day_names_the_day() -> None:
    assert text.when(frame_parts.NOW_MS, frame_parts.NOW_MS, 7_200) == "14:32:07"
    assert text.when(frame_parts.NOW_MS - 86_400_000, frame_parts.NOW_MS, 7_200) == "Sun 1, 14:32"


@pytest.mark.parametrize(
    ("offset", "written"), [(7_200, "UTC+2"), (-18_000, "UTC\u22125"), (19_800, "UTC+5:30"), (0, "UTC+0")]
)
def test_the_brokers_zone_is_named(offset: int, written: str) -> None:
    assert text.zone(offset) == written


def test_sides_are_told_by_shape_too() -> None:
    assert (text.side(Side.BUY), text.side(Side.SELL)) == ("▲ buy", "▼ sell")


WAITING = frame_parts.alert(1, "margin.level_pct", 150.0, Severity.HIGH, latest=143.3)
SEEN_MS = frame_parts.NOW_MS - 60_000


@pytest.mark.parametrize(
    ("alert", "link", "line"),
    [
        (WAITING, Link.LIVE, "now 143.3\u202f% · limit 150\u202f%"),
        (replace(WAITING, latest=None), Link.BLIND, "was 150.0\u202f% · now unknown"),
        (WAITING, Link.BLIND, "was 143.3\u202f% · now unknown"),
        (replace(WAITING, stage=1), Link.BLIND, "was 143.3\u202f% · now unknown"),
        (replace(WAITING, acknowledged_ms=SEEN_MS), Link.LIVE, "acknowledged 14:31 · still active"),
        (replace(WAITING, acknowledged_ms=SEEN_MS), Link.BLIND, "acknowledged 14:31 · state unknown"),
        (replace(WAITING, active=False, cleared_ms=SEEN_MS), Link.LIVE, "cleared 14:31 · not acknowledged"),
    ],
    ids=[
        "waiting",
        "waiting and never read",
        "waiting and blind",
        "told again and blind",
        "seen",
        "seen and blind",
        "cleared before it was seen",
    ],
)
def test_an_alerts_line_says_where_it_stands(alert: AlertView, link: Link, line: str) -> None:
    assert text.alert_line(alert, 2, frame_parts.NOW_MS, frame_parts.OFFSET_S, link) == tuple(line.split(" · "))


def test_a_tooltip_shows_markup_as_it_was_written() -> None:
    assert "&lt;b&gt;" in text.plain_tip("<b>X</b>")


def test_an_alert_of_one_position_names_its_symbol() -> None:
    alert = replace(WAITING, metric="position.r", threshold=-1.0, position=501, symbol="XAUUSD")
    assert text.alert_title(alert, 2) == "XAUUSD: Position R below \u22121\u202fR"
    assert text.alert_title(WAITING, 2) == "Margin level below 150\u202f%"
