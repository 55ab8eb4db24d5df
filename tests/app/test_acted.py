"""What was done is told to the charts: plans and fills with their level, halts, stops and resets."""

from __future__ import annotations

import pytest

from app.acted import KEPT, Acted
from app.events import Event, event
from monitors.acts import Act, ActKind, Acts
from monitors.ports import EmergencyStop, Reset
from tests.app.scripted import plain
from tests.app.stand import Make, Stand, rule

FLOOR = rule("equity", "below", {"at": 9_500.0, "severity": "high", "action": "reduce", "percent": 50.0})
START_MS = 1_772_438_400_000


def tripped(make: Make) -> Stand:
    stand = make(FLOOR)
    stand.terminal.hold(plain(1))
    stand.beat(2)
    stand.terminal.bid = 0.99
    stand.beat(5)
    return stand


def acts(stand: Stand) -> tuple[Act, ...]:
    return stand.engine.frame().accounts[0].acts.those


def test_a_plan_and_its_fill_name_the_level_that_tripped(make: Make) -> None:
    plan, fill = acts(tripped(make))
    assert (plan.kind, fill.kind) == (ActKind.PLAN, ActKind.CLOSE)
    assert (fill.rule, fill.metric, fill.threshold, fill.value) == ("equity", "equity", 9_500.0, 9_000.0)
    assert fill.closes == plan.closes == (("PLAIN", 0.5),)
    assert fill.at_ms >= plan.at_ms


def test_a_stop_of_a_person_its_closes_and_the_reset_are_told_without_a_rule(make: Make) -> None:
    stand = make()
    stand.terminal.hold(plain(1))
    stand.beat(2)
    stand.engine.obey(EmergencyStop())
    stand.beat(5)
    stand.engine.obey(Reset())
    assert [(act.kind, act.rule, act.reason) for act in acts(stand)] == [
        (ActKind.STOP, "", "emergency stop by click"),
        (ActKind.CLOSE, "", ""),
        (ActKind.RESET, "", "reset by a person"),
    ]


@pytest.mark.parametrize(
    ("action", "kind"), [({"action": "emergency_stop"}, ActKind.STOP), ({"action": "halt", "until": 60}, ActKind.HALT)]
)
def test_a_rules_emergency_stop_is_told_from_its_halt(make: Make, action: dict[str, object], kind: ActKind) -> None:
    stand = make(rule("equity", "below", {"at": 9_500.0, "severity": "extreme", **action}))
    stand.terminal.hold(plain(1))
    stand.beat(2)
    stand.terminal.bid = 0.99
    stand.beat(2)
    assert kind in [act.kind for act in acts(stand)]
    assert {ActKind.STOP, ActKind.HALT} - {kind} - {act.kind for act in acts(stand)}
    assert "kind" not in stand.of("halt")[0], "the event is the contract's"


def test_a_start_leaves_what_an_earlier_run_did_to_the_history_store(make: Make) -> None:
    stand = tripped(make)
    stand.beat()
    stand.restart()
    found = stand.engine.frame().accounts[0].acts
    assert found.those == ()
    assert found.since_ms == stand.clock.utc_ms()


def reset(at_ms: int, account: str = "main") -> Event:
    return event(at_ms, "reset", account, scope="account", reason="r")


def test_what_was_done_on_another_account_is_not_told_here() -> None:
    acted = Acted(START_MS)
    acted.hear(reset(START_MS, "other"))
    assert acted.view("main") == Acts(START_MS, ())
    assert len(acted.view("other").those) == 1


def test_of_very_many_the_newest_are_told_and_from_when_on_they_are_all() -> None:
    acted = Acted(START_MS)
    for n in range(KEPT + 50):
        acted.hear(reset(START_MS + n // 2))
    found = acted.view("main")
    assert found.since_ms is not None
    assert KEPT - 2 <= len(found.those) < KEPT
    assert [act.at_ms for act in found.those].count(found.since_ms) == 2, "none of that moment is missing"
    earlier = tuple(Act(at_ms=START_MS + n // 2, kind=ActKind.RESET, reason="r") for n in range(KEPT + 50))
    assert len(found.after(earlier)) == KEPT + 50, "with the store's nothing is missing and nothing is twice"


def test_nothing_new_hands_out_the_same() -> None:
    acted = Acted(START_MS)
    acted.hear(reset(START_MS))
    assert acted.view("main") is acted.view("main")
