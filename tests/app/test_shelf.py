"""The shelf: quiet for a while, never a critical alert, never without an end, and nothing else is changed by it."""

from __future__ import annotations

import pytest

from app.shelf import LONGEST_MIN
from monitors.ports import Acknowledge, AlertView, Shelve
from tests.app.scripted import plain
from tests.app.stand import Make, Stand, rule

FLOOR = rule("equity", "below", {"at": 9_500.0, "severity": "high", "action": "reduce", "percent": 50.0}, rearm=10.0)


def tripped(make: Make, *rules: dict[str, object]) -> Stand:
    stand = make(*(rules or (FLOOR,)))
    stand.terminal.hold(plain(1))
    stand.beat(2)
    stand.terminal.bid = 0.99
    stand.beat(2)
    return stand


def the(stand: Stand, number: int = 1) -> AlertView:
    return next(view for view in stand.engine.frame().alerts if view.number == number)


def test_what_is_shelved_waits_for_nobody_until_its_time_is_over(make: Make) -> None:
    stand = tripped(make)
    assert the(stand).waiting
    assert stand.engine.obey(Shelve(1, 15.0))
    assert not the(stand).waiting
    stand.beat(1, seconds=899.0)
    assert not the(stand).waiting
    stand.beat(2, seconds=2.0)
    assert the(stand).waiting


def test_it_can_be_taken_off_before(make: Make) -> None:
    stand = tripped(make)
    stand.engine.obey(Shelve(1, 60.0))
    assert stand.engine.obey(Shelve(1, 0.0))
    assert the(stand).waiting


def test_the_rule_acts_as_ever_while_its_alert_is_shelved(make: Make) -> None:
    watching = rule("equity", "below", {"at": 9_900.0, "severity": "medium", "action": "alert"},
                    {"at": 9_500.0, "severity": "high", "action": "reduce", "percent": 50.0})  # fmt: skip
    stand = make(watching)
    stand.terminal.hold(plain(1))
    stand.terminal.bid = 0.997
    stand.beat(3)
    stand.engine.obey(Shelve(1, 60.0))
    stand.terminal.bid = 0.99
    stand.beat(3)
    assert stand.of("plan")
    assert the(stand, 2).waiting, "another level has a place of its own"


def test_the_next_occurrence_of_its_level_is_born_on_the_shelf(make: Make) -> None:
    stand = tripped(make)
    stand.engine.obey(Shelve(1, 60.0))
    stand.terminal.bid = 1.02
    stand.beat(2)
    stand.terminal.bid = 0.9
    stand.beat(2)
    assert the(stand, 2).active
    assert not the(stand, 2).waiting
    stand.beat(2, seconds=3601.0)
    assert the(stand, 2).waiting


@pytest.mark.parametrize("severity", ["critical", "extreme"])
def test_a_critical_alert_is_never_shelved(make: Make, severity: str) -> None:
    stand = tripped(make, rule("equity", "below", {"at": 9_500.0, "severity": severity, "action": "alert"}))
    assert not stand.engine.obey(Shelve(1, 15.0))
    assert the(stand).waiting


@pytest.mark.parametrize(("number", "minutes"), [(7, 15.0), (1, -1.0), (1, LONGEST_MIN + 1), (1, float("nan"))])
def test_no_such_alert_and_no_such_time_mean_nothing(make: Make, number: int, minutes: float) -> None:
    stand = tripped(make)
    assert not stand.engine.obey(Shelve(number, minutes))
    assert the(stand).waiting


def test_what_failed_comes_off_the_shelf_and_goes_on_none(make: Make) -> None:
    stand = tripped(make)
    stand.engine.obey(Shelve(1, 60.0))
    stand.engine.shared.alerts.escalate(1)
    assert the(stand).waiting
    assert not stand.engine.obey(Shelve(1, 60.0))


def test_a_start_finds_it_on_the_shelf(make: Make) -> None:
    stand = tripped(make)
    stand.engine.obey(Shelve(1, 60.0))
    stand.restart()
    stand.beat(2)
    assert not the(stand).waiting


def test_a_clock_set_back_leaves_nothing_on_the_shelf_for_longer_than_allowed(make: Make) -> None:
    stand = tripped(make)
    stand.engine.obey(Shelve(1, LONGEST_MIN))
    stand.clock.step(-7200.0)
    stand.beat()
    assert the(stand).waiting


def test_it_acknowledges_nothing_and_the_log_knows_who_asked(make: Make) -> None:
    stand = tripped(make)
    stand.engine.obey(Shelve(1, 15.0))
    assert the(stand).acknowledged_ms is None
    assert not stand.of("alert", state="acknowledged")
    rows = [row for row in stand.engine._journal.last_events(50) if row["event"] == "clicked"]
    assert (rows[-1]["what"], rows[-1]["alert"], rows[-1]["minutes"]) == ("shelve", 1, 15.0)
    assert stand.engine.obey(Acknowledge(1))


def test_a_clock_set_back_keeps_a_short_one_no_longer_either(make: Make) -> None:
    stand = tripped(make)
    stand.engine.obey(Shelve(1, 15.0))
    stand.clock.step(-4 * 3600.0)
    stand.beat(2, seconds=901.0)
    assert the(stand).waiting


def test_an_occurrence_that_failed_stays_off_the_shelf_that_a_newer_one_goes_on(make: Make) -> None:
    stand = tripped(make)
    stand.engine.shared.alerts.escalate(1)
    stand.terminal.bid = 1.02
    stand.beat(2)
    stand.terminal.bid = 0.9
    stand.beat(2)
    assert stand.engine.obey(Shelve(2, 15.0))
    assert (the(stand, 1).waiting, the(stand, 2).waiting) == (True, False)
