"""A draft's rules over the archive's last day: what is kept is judged, and what is not is called unknown."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from app.archive.opening import FILE
from app.window.dry_runs import dry_run
from monitors.dry_run import UNKEPT, DryRun, RuleRun
from monitors.floors import DailyLoss, Floors, Limit, MaximumLoss, Measured, Trail
from monitors.ports import Severity
from monitors.responses.alert import Alert
from monitors.settings import Level, Rule
from tests import dry_run_day
from tests.dry_run_day import WHOSE

PLAN = Floors(
    plan="Plan", initial=100_000.0, daily=DailyLoss(anchor=Measured.BALANCE, limit=Limit(amount=5.0)),
    maximum=MaximumLoss(trail=Trail.STATIC, limit=Limit(amount=10.0)),
)  # fmt: skip


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("day")
    dry_run_day.write(made)
    return made


def rule(metric: str, at: float, when: str = "above", **more: object) -> Rule:
    known = Rule(name=metric, metric=metric, when=when,
                 levels=(Level(at=at, severity=Severity.MEDIUM, response=Alert()),))  # fmt: skip
    return replace(known, **more)  # type: ignore[arg-type]


def played(folder: Path, one: Rule) -> RuleRun:
    found: DryRun = dry_run(folder, WHOSE.server, WHOSE.login, (one,))
    assert found.trouble == ""
    return found.rules[0]


@pytest.mark.parametrize(
    ("one", "count"),
    [
        (rule("margin.level_pct", 130.0, "below"), 1),
        (rule("margin.level_pct", 100.0, "below"), 0),
        (rule("drawdown.daily_pct", 2.5, rearm=0.5), 2),
        (rule("drawdown.max", 15_000.0), 1),
        (rule("equity", 90_000.0, "below"), 1),
        (rule("balance", 99_000.0, "below"), 0),
        (rule("pnl.change", -2_000.0, "below", window_s=600.0), 2),
        (rule("firm.daily_used_pct", 100.0, floors=PLAN), 1),
        (rule("firm.max_used_pct", 100.0, floors=PLAN), 1),
        (rule("firm.max_room", 0.0, "below", floors=PLAN), 1),
    ],
    ids=lambda value: value.metric if isinstance(value, Rule) else "",
)
def test_what_the_archive_keeps_is_judged(folder: Path, one: Rule, count: int) -> None:
    run = played(folder, one)
    assert (run.unknown, len(run.levels[0].trips)) == ("", count)
    assert run.covered_ms > 23 * 3_600_000


@pytest.mark.parametrize(
    "one",
    [
        rule("spread.points", 10.0),
        rule("exposure.correlation", 0.7),
        rule("drawdown.daily_pct", 2.0, base="peak"),
        rule("drawdown.max_pct", 2.0, of="initial"),
        rule("firm.daily_used_pct", 80.0),
        rule("firm.daily_used_pct", 80.0, floors=replace(PLAN, daily=None)),
        rule("firm.max_room", 80.0, floors=replace(PLAN, maximum=None)),
        rule("firm.reset_room", 80.0, floors=PLAN),
    ],
    ids=lambda one: one.metric,
)
def test_what_it_does_not_keep_is_unknown_and_never_no_trip(folder: Path, one: Rule) -> None:
    run = played(folder, one)
    assert (run.unknown, run.levels) == (UNKEPT, ())


def test_figures_that_were_always_unknown_are_unknown(folder: Path) -> None:
    assert played(folder, rule("drawdown.weekly_pct", 2.0)).unknown == "nothing was recorded of it: unknown"


def test_it_says_over_which_time_it_ran_on_the_brokers_clock(folder: Path) -> None:
    found = dry_run(folder, WHOSE.server, WHOSE.login, ())
    assert (found.until_ms - found.since_ms, found.offset_s) == (86_400_000, 7_200)


def test_rules_of_other_accounts_are_left_out(folder: Path) -> None:
    assert dry_run(folder, WHOSE.server, WHOSE.login, (rule("equity", 1.0, accounts=("Swing",)),)).rules == ()


def test_an_account_that_was_never_recorded_is_said(folder: Path) -> None:
    assert dry_run(folder, "Elsewhere", 7, ()).trouble == "Nothing was recorded of this account yet"


def test_where_there_is_no_archive_it_is_said(tmp_path: Path) -> None:
    assert "there is no archive" in dry_run(tmp_path, "Elsewhere", 7, ()).trouble


def test_an_archive_that_is_torn_is_said(tmp_path: Path) -> None:
    (tmp_path / FILE).write_bytes(b"SQLite format 3\0" + b"x" * 4_096)
    assert dry_run(tmp_path, "Elsewhere", 7, ()).trouble.startswith("The history cannot be read")
