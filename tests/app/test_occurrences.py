"""What happened around an alert: its own life and what was done about it, over a restart too."""

from __future__ import annotations

from app.occurrences import KEPT, Occurrences
from monitors.ports import Happening
from tests.app.scripted import plain
from tests.app.stand import Make, Stand, rule

FLOOR = rule("equity", "below", {"at": 9_500.0, "severity": "high", "action": "reduce", "percent": 50.0})


def tripped(make: Make) -> Stand:
    stand = make(FLOOR)
    stand.terminal.hold(plain(1))
    stand.beat(2)
    stand.terminal.bid = 0.99
    stand.beat(5)
    return stand


def said(stand: Stand, alert: int = 1) -> list[str]:
    return [one.facts.get("state", one.event) for one in stand.engine.frame().occurrences[alert]]


def test_it_tells_of_the_alert_and_of_what_was_done_about_it_in_order(make: Make) -> None:
    stand = tripped(make)
    assert said(stand) == ["raised", "plan", "intent", "done"]
    stand.terminal.bid = 1.01
    stand.beat(3)
    assert said(stand) == ["raised", "plan", "intent", "done", "cleared"]


def test_a_start_finds_it_again(make: Make) -> None:
    stand = tripped(make)
    stand.restart()
    assert said(stand) == ["raised", "plan", "intent", "done"]


def test_an_alert_that_is_listed_no_more_is_forgotten() -> None:
    found = Occurrences(list)
    found.hear({"at": "2026-03-02T08:00:00.000Z", "event": "alert", "alert": 1, "episode": None, "state": "raised"})
    assert found.view() == {}


def test_of_a_long_one_the_first_is_kept_and_the_newest(make: Make) -> None:
    stand = tripped(make)
    for n in range(3 * KEPT):
        stand.engine.tell({"at": "2026-03-02T08:00:00.000Z", "event": "alert", "account": "main", "alert": 1,
                           "episode": 1, "state": f"stage {n}"})  # fmt: skip
    happened = stand.engine.frame().occurrences[1]
    assert len(happened) == KEPT
    assert (happened[0].facts["state"], happened[-1].facts["state"]) == ("raised", f"stage {3 * KEPT - 1}")
    assert isinstance(happened[0], Happening)


def test_the_worst_since_the_trip_and_when_it_was_are_remembered(make: Make) -> None:
    stand = make(rule("equity", "below", {"at": 9_500.0, "severity": "high", "action": "alert"}))
    stand.terminal.hold(plain(1))
    stand.beat(2)
    for bid in (0.99, 0.98, 0.99):
        stand.terminal.bid = bid
        stand.beat(3)
    (alert,) = stand.engine.frame().alerts
    assert (alert.value, alert.worst, alert.latest) == (9_000.0, 8_000.0, 9_000.0)
    assert alert.worst_ms is not None
    assert alert.raised_ms < alert.worst_ms < stand.clock.utc_ms()


def test_a_rule_leaves_a_trail_of_its_metric_a_point_a_second(make: Make) -> None:
    stand = make(FLOOR)
    stand.terminal.hold(plain(1))
    for _ in range(30):
        stand.beat()
        stand.engine.frame()
    trail = stand.engine.frame().accounts[0].trails["equity"]
    assert trail.value.tolist() == [10_000.0] * 3
