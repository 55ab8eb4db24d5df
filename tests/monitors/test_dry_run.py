"""Rules over a recorded day: what tripped, what only a single sample shows, and what nobody can say."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from monitors.dry_run import NOTHING, UNKEPT, RuleRun, Samples, Trip, changes, narrowed, play
from monitors.ports import Severity
from monitors.responses.alert import Alert
from monitors.responses.close_all import CloseAll
from monitors.settings import Level, Rule

RULE = Rule(
    name="Margin", metric="margin.level_pct", when="below", rearm=10.0,
    levels=(Level(at=150.0, severity=Severity.MEDIUM, response=Alert()),
            Level(at=120.0, severity=Severity.CRITICAL, response=CloseAll())),
)  # fmt: skip
NAN = float("nan")


def samples(*values: float, step_ms: int = 10_000, absent: tuple[int, ...] = (), **changes: Any) -> Samples:
    """One value every ten seconds."""
    found = Samples(
        time_ms=np.arange(len(values), dtype=np.int64) * step_ms, value=np.array(values, dtype=float),
        absent=np.isin(np.arange(len(values)), absent), step_ms=step_ms, gap_ms=3 * step_ms,
    )  # fmt: skip
    return replace(found, **changes)


def ran(*values: float, rule: Rule = RULE, **changes: Any) -> RuleRun:
    return play(rule, samples(*values, **changes))


def test_a_level_trips_again_only_once_it_was_left_by_the_rearming_distance() -> None:
    alert, _ = ran(200, 150, 155, 149, 160, 140, 200).levels
    assert alert.trips == (Trip(10_000, 150.0), Trip(50_000, 140.0))


def test_a_level_that_acts_needs_two_samples_in_a_row_and_one_alone_is_said_apart() -> None:
    _, acting = ran(200, 119, 200, 118, 117, 200).levels
    assert acting.trips == (Trip(40_000, 117.0),)
    assert acting.perhaps == (Trip(10_000, 119.0),)


def test_a_breach_that_is_confirmed_is_not_also_said_to_be_a_perhaps() -> None:
    _, acting = ran(200, 119, 118, 119, 200).levels
    assert (acting.trips, acting.perhaps) == ((Trip(20_000, 118.0),), ())


def test_an_episode_that_lasts_to_the_end_of_the_record_counts() -> None:
    alert, acting = ran(200, 110).levels
    assert alert.trips == (Trip(10_000, 110.0),)
    assert acting.perhaps == (Trip(10_000, 110.0),)


def test_a_gap_breaks_a_row_of_confirmations_and_clears_nothing() -> None:
    times = np.array([0, 10_000, 100_000, 110_000], dtype=np.int64)
    run = ran(200, 119, 119, 119, time_ms=times)
    assert run.levels[1].trips == (Trip(110_000, 119.0),)
    assert run.levels[0].trips == (Trip(10_000, 119.0),)
    assert run.covered_ms == 20_000


def test_what_is_unknown_breaks_a_row_and_is_not_counted_as_recorded() -> None:
    run = ran(200, 119, NAN, 119, 200)
    assert run.levels[1].trips == ()
    assert run.covered_ms == 30_000


def test_where_it_does_not_apply_a_level_clears() -> None:
    alert, _ = ran(140, NAN, 140, absent=(1,)).levels
    assert alert.trips == (Trip(0, 140.0), Trip(20_000, 140.0))


def test_an_above_rule_trips_at_its_threshold() -> None:
    above = replace(RULE, when="above", rearm=0.0, levels=RULE.levels[:1])
    assert ran(149.99, 150.0, rule=above).levels[0].trips == (Trip(10_000, 150.0),)


def test_seconds_that_a_breach_must_last_are_judged_by_the_samples_times() -> None:
    slow = replace(RULE, confirm_s=15.0)
    assert ran(140, 140, 140, rule=slow).levels[0].trips == (Trip(20_000, 140.0),)


@pytest.mark.parametrize(
    ("found", "why"),
    [(None, UNKEPT), (samples(), NOTHING), (samples(NAN, NAN), NOTHING), (samples(200.0), NOTHING)],
    ids=["not kept", "empty", "always unknown", "one sample"],
)
def test_what_the_history_cannot_tell_is_unknown_and_no_level_counts_as_never_tripped(
    found: Samples | None, why: str
) -> None:
    run = play(RULE, found)
    assert (run.unknown, run.levels) == (why, ())


def test_a_picture_shows_the_worst_of_each_stretch_and_the_gaps() -> None:
    values = np.full(1_300, 200.0)
    values[700] = 90.0
    run = play(RULE, samples(*values, time_ms=np.concatenate([np.arange(650), np.arange(650) + 900]) * 10_000))
    assert len(run.curve) < 700
    assert min(value for _, value in run.curve) == 90.0
    assert any(math.isnan(value) for _, value in run.curve)


def test_a_stretch_of_nothing_but_gaps_is_one() -> None:
    run = ran(200, NAN, 200)
    assert [math.isnan(value) for _, value in run.curve] == [False, True, False]


def test_only_rules_that_judge_the_account_are_played() -> None:
    other = replace(RULE, accounts=("Swing",))
    assert narrowed((RULE, other), "Funded 100k") == (RULE,)


def test_a_change_over_a_window_leaves_moved_money_out_and_needs_a_value_from_then() -> None:
    times = np.array([0, 10_000, 20_000, 90_000], dtype=np.int64)
    found = changes(times, np.array([1_000.0, 900.0, 1_400.0, 1_300.0]), {15_000: 500.0}, 10.0)
    assert np.isnan(found[0])
    assert np.isnan(found[3])
    assert found[1:3].tolist() == [-100.0, 0.0]
