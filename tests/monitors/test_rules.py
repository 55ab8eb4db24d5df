"""A level between readings: confirmation, tripping, and what it takes to clear and to trip again."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitors.model import NotApplicable, Unknown, Value
from monitors.responses.alert import Alert
from monitors.responses.close_all import CloseAll
from monitors.rules import Change, LevelState, confirmations, judge
from monitors.settings import Rule
from tests.builders import level, rule

NONE = NotApplicable("no margin is used")
BLIND = Unknown("a conversion rate is missing")
TRIPPED, CLEARED = Change.TRIPPED, Change.CLEARED


def changes(by: Rule, *values: Value, beat_s: float = 1.0) -> list[Change | None]:
    """What each of these readings, `beat_s` apart, did to the rule's first level."""
    state, found = LevelState(), []
    for n, value in enumerate(values):
        state, change = judge(by, by.levels[0], state, value, n * beat_s)
        found.append(change)
    return found


def below(**options: object) -> Rule:
    return rule("margin.level_pct", "below", level(120.0), **{"confirm": 1, **options})


def above(**options: object) -> Rule:
    return rule("drawdown.daily_pct", "above", level(5.0), **{"confirm": 1, **options})


def test_one_reading_alerts_and_two_act_unless_the_rule_says() -> None:
    alert, act = level(response=Alert()), level(response=CloseAll())
    assert [confirmations(rule("equity", "below", x), x) for x in (alert, act)] == [1, 2]
    assert [confirmations(rule("equity", "below", x, confirm=3), x) for x in (alert, act)] == [3, 3]


@pytest.mark.parametrize(("value", "trips"), [(120.000001, False), (120.0, True), (119.99, True), (-5.0, True)])
def test_below_trips_at_the_threshold_and_not_before(value: float, trips: bool) -> None:
    assert changes(below(), value) == [TRIPPED if trips else None]


@pytest.mark.parametrize(("value", "trips"), [(4.999999, False), (5.0, True), (5.01, True)])
def test_above_trips_at_the_threshold_and_not_before(value: float, trips: bool) -> None:
    assert changes(above(), value) == [TRIPPED if trips else None]


def test_readings_must_breach_in_a_row() -> None:
    assert changes(below(confirm=3), 100.0, 100.0, 130.0, 100.0, 100.0, 100.0) == [None] * 5 + [TRIPPED]


def test_a_tripped_level_trips_once() -> None:
    assert changes(below(), 100.0, 90.0, 80.0) == [TRIPPED, None, None]


def test_a_breach_must_also_last_its_seconds() -> None:
    assert changes(below(confirm_s=2.0), 100.0, 100.0, 100.0) == [None, None, TRIPPED]
    assert changes(below(confirm=5, confirm_s=2.0), *[100.0] * 5) == [None] * 4 + [TRIPPED]
    assert changes(below(confirm_s=2.0), 100.0, 100.0, 130.0, 100.0, 100.0, 100.0) == [None] * 5 + [TRIPPED]


def test_seconds_survive_the_noise_of_a_clock() -> None:
    """0.7 - 0.4 is a little less than 0.3."""
    by = below(confirm_s=0.3)
    began = LevelState(readings=1, since_s=0.4)
    assert judge(by, by.levels[0], began, 100.0, 0.7)[1] is TRIPPED
    assert judge(by, by.levels[0], began, 100.0, 0.699)[1] is None


def test_unknown_breaks_the_row_of_confirmations() -> None:
    assert changes(below(confirm=2), 100.0, BLIND, 100.0, 100.0) == [None, None, None, TRIPPED]
    assert changes(below(confirm_s=2.0), 100.0, BLIND, 100.0, 100.0, 100.0) == [None] * 4 + [TRIPPED]


def test_unknown_neither_trips_nor_clears() -> None:
    assert changes(below(), BLIND, BLIND) == [None, None]
    assert changes(below(), 100.0, BLIND, 90.0, 130.0) == [TRIPPED, None, None, CLEARED]


def test_not_applicable_clears_and_never_trips() -> None:
    assert changes(below(), NONE, 100.0, NONE, NONE, 100.0) == [None, TRIPPED, CLEARED, None, TRIPPED]
    assert changes(below(confirm=2), 100.0, NONE, 100.0) == [None, None, None]


def test_a_level_clears_only_beyond_the_rearming_distance() -> None:
    assert changes(below(rearm=10.0), 100.0, 121.0, 129.99, 115.0, 130.0) == [TRIPPED, None, None, None, CLEARED]
    assert changes(above(rearm=1.0), 5.0, 4.5, 4.01, 4.0) == [TRIPPED, None, None, CLEARED]


def test_without_a_distance_the_threshold_itself_still_trips() -> None:
    assert changes(below(), 120.0, 120.0, 120.000001) == [TRIPPED, None, CLEARED]
    assert changes(above(), 5.0, 5.0, 4.999999) == [TRIPPED, None, CLEARED]


def test_a_cleared_level_must_be_confirmed_again() -> None:
    assert changes(below(confirm=2), 100.0, 100.0, 130.0, 100.0, 100.0) == [None, TRIPPED, CLEARED, None, TRIPPED]


readings = st.lists(st.one_of(st.floats(0.0, 300.0), st.just(NONE), st.just(BLIND)), max_size=40)


@given(readings, st.integers(1, 4), st.floats(0.0, 40.0), st.floats(0.0, 5.0))
def test_trips_and_clears_take_turns_and_each_has_its_reason(
    values: list[Value], confirm: int, rearm: float, confirm_s: float
) -> None:
    by = below(confirm=confirm, rearm=rearm, confirm_s=confirm_s)
    found = changes(by, *values)
    turns = [change for change in found if change]
    assert turns == [TRIPPED, CLEARED] * (len(turns) // 2) + [TRIPPED] * (len(turns) % 2)
    for n, (value, change) in enumerate(zip(values, found, strict=True)):
        if change is TRIPPED:
            row = values[max(0, n + 1 - max(confirm, 1)) : n + 1]
            assert len(row) == confirm
            assert all(isinstance(v, float) and v <= 120.0 for v in row)
        if change is CLEARED:
            assert value is NONE or (isinstance(value, float) and value > 120.0 and value >= 120.0 + rearm)
