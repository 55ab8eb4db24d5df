"""A critical alert that nobody acknowledges is told again, so many times; over restarts, and never twice a wait."""

from __future__ import annotations

from typing import Any

import pytest

from app.watchdog.alarm import on_escalation
from app.words import words
from monitors.ports import Acknowledge, AlertView, EmergencyStop, Reset
from tests.app.scripted import plain
from tests.app.stand import Make, Stand, rule


def floor(severity: str = "critical", at: float = 9_500.0, action: str = "alert") -> dict[str, Any]:
    return rule("equity", "below", {"at": at, "severity": severity, "action": action}, rearm=1.0)


def fallen(make: Make, *rules: dict[str, Any], settings: dict[str, Any] | None = None) -> Stand:
    """One alert was raised just now."""
    stand = make(*(rules or [floor()]))
    stand.configure(*(rules or [floor()]), alerts=settings or {})
    stand.terminal.hold(plain(1))
    stand.beat(2)
    stand.terminal.bid = 0.99
    stand.beat(2)
    assert len(stand.of("alert", state="raised")) == 1
    return stand


def stages(stand: Stand) -> list[int]:
    return [told["stage"] for told in stand.of("alert", state="escalated")]


def wait(stand: Stand, seconds: float) -> None:
    stand.beat(round(seconds / 4), seconds=4.0)


def test_it_is_told_again_after_five_minutes_and_three_times_at_most(make: Make) -> None:
    stand = fallen(make)
    wait(stand, 296)
    assert stages(stand) == []
    wait(stand, 8)
    assert stages(stand) == [1]
    wait(stand, 1_800)
    assert stages(stand) == [1, 2, 3]
    told = stand.of("alert", state="escalated")[0]
    assert list(told)[-2:] == ["state", "stage"]
    assert "escalated (stage 1, not acknowledged)" in words(told)


@pytest.mark.parametrize(("severity", "climbs"), [("high", False), ("critical", True), ("extreme", True)])
def test_only_what_is_critical_or_worse_climbs(make: Make, severity: str, *, climbs: bool) -> None:
    stand = fallen(make, floor(severity))
    wait(stand, 310)
    assert bool(stages(stand)) is climbs


def test_the_config_says_how_soon_and_how_often(make: Make) -> None:
    stand = fallen(make, settings={"escalate_s": 20.0, "escalate_times": 1})
    wait(stand, 100)
    assert stages(stand) == [1]


def test_nought_seconds_switch_it_off(make: Make) -> None:
    stand = fallen(make, settings={"escalate_s": 0.0})
    wait(stand, 2_000)
    assert stages(stand) == []


def test_acknowledging_ends_it(make: Make) -> None:
    stand = fallen(make)
    wait(stand, 310)
    stand.engine.obey(Acknowledge(1))
    wait(stand, 1_000)
    assert stages(stand) == [1]


def test_clearing_ends_it_and_it_stays_listed_as_not_acknowledged(make: Make) -> None:
    stand = fallen(make)
    stand.terminal.bid = 1.0
    wait(stand, 400)
    assert stages(stand) == []
    (alert,) = stand.engine.frame().alerts
    assert (alert.active, alert.acknowledged_ms) == (False, None)


def test_over_a_restart_the_wait_goes_on_and_no_stage_is_told_twice(make: Make) -> None:
    stand = fallen(make)
    wait(stand, 200)
    stand.restart()
    wait(stand, 80)
    assert stages(stand) == []
    wait(stand, 32)
    assert stages(stand) == [1]
    stand.restart()
    wait(stand, 250)
    assert stages(stand) == [1]
    wait(stand, 60)
    assert stages(stand) == [1, 2]


def test_hours_off_are_one_stage_and_what_cleared_meanwhile_is_none(make: Make) -> None:
    stand = fallen(make)
    stand.kill()
    stand.clock.step(7_200.0)
    stand.start()
    wait(stand, 20)
    assert stages(stand) == [1]
    stand.kill()
    stand.clock.step(7_200.0)
    stand.terminal.bid = 1.0
    stand.start()
    wait(stand, 20)
    assert stages(stand) == [1]


def test_within_a_run_a_clock_that_jumps_neither_hastens_nor_delays_it(make: Make) -> None:
    stand = fallen(make)
    stand.clock.step(3_600.0)
    wait(stand, 100)
    assert stages(stand) == []
    stand.clock.step(-7_200.0)
    wait(stand, 205)
    assert stages(stand) == [1]


def test_plans_that_are_spent_withdraw_the_acknowledgement_once_and_the_wait_begins_anew(make: Make) -> None:
    stand = fallen(make)
    stand.engine.obey(Acknowledge(1))
    book = stand.engine.shared.alerts
    book.escalate(1)
    book.escalate(1)
    assert stages(stand) == [1]
    assert stand.engine.frame().alerts[0].acknowledged_ms is None
    wait(stand, 290)
    assert stages(stand) == [1]
    wait(stand, 20)
    assert stages(stand) == [1, 2]


def test_the_next_level_of_a_ladder_never_waits_for_acknowledgement(make: Make) -> None:
    ladder = rule("equity", "below", {"at": 9_500.0, "severity": "high", "action": "reduce", "percent": 20.0},
                  {"at": 8_500.0, "severity": "critical", "action": "close_all"}, rearm=1.0)  # fmt: skip
    stand = make(ladder)
    stand.terminal.hold(plain(1))
    stand.beat(2)
    stand.terminal.bid = 0.99
    stand.beat(5)
    assert stand.terminal.positions[1].lots == 0.8
    stand.terminal.bid = 0.98
    stand.beat(5)
    assert not stand.of("alert", state="acknowledged")
    assert [told["threshold"] for told in stand.of("alert", state="raised")] == [9_500.0, 8_500.0]
    assert not stand.terminal.positions


def test_an_alarm_about_an_account_that_cannot_be_seen_climbs_in_the_list_and_is_no_event(make: Make) -> None:
    stand = make(floor())
    stand.terminal.down = "no answer"
    stand.beat(330, seconds=1.0)
    stands: list[AlertView] = [a for a in stand.engine.frame().alerts if a.number < 0]
    assert [a.stage for a in stands] == [1]
    assert stages(stand) == []


def test_a_bell_rings_for_each_stage_and_for_nothing_else(make: Make) -> None:
    stand, rung = fallen(make), list[int]()
    stand.engine.obey(EmergencyStop())
    stand.beat(3)
    stand.engine.obey(Reset())
    wait(stand, 310)
    sink = on_escalation(lambda: rung.append(1))
    for told in stand.events:
        sink(told)
    assert len(rung) == len(stages(stand))


def test_what_cleared_while_the_program_was_off_is_not_told_before_the_first_reading(make: Make) -> None:
    stand = fallen(make)
    stand.kill()
    stand.clock.step(7_200.0)
    stand.terminal.bid, stand.terminal.slow = 1.0, True
    stand.start()
    stand.beat(5)
    stand.terminal.slow = False
    wait(stand, 40)
    assert stages(stand) == []
