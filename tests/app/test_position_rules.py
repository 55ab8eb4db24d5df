"""Rules that judge each position by itself: confirmations, alerts, episodes and actions are one position's own."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from app.config import from_table
from app.memory import tripped, tripped_positions
from monitors.kinds import Side
from monitors.model import Position, Unknown
from monitors.ports import AlertView
from tests.app.scripted import plain
from tests.app.stand import Make, Stand, frame, rule

ALERT = {"at": -100.0, "severity": "low", "action": "alert"}
HALF = {"at": -200.0, "severity": "high", "action": "reduce", "percent": 50.0}
ALL = {"at": -300.0, "severity": "critical", "action": "close_all"}


def loser(*levels: dict[str, Any], **more: Any) -> dict[str, Any]:
    return rule("position.profit", "below", *(levels or (ALERT, HALF, ALL)), **more)


def winner(identifier: int) -> Position:
    """A position that nothing in these tests makes lose."""
    return replace(plain(identifier), open=0.99)


def fall(stand: Stand, bid: float, beats: int = 1) -> None:
    """The price is `bid` for so many readings."""
    stand.terminal.bid = bid
    stand.beat(beats)


def raised(stand: Stand) -> list[tuple[int, float]]:
    """Position and threshold of every alert raised so far."""
    return [(e["position"], e["threshold"]) for e in stand.of("alert", state="raised")]


def views(stand: Stand) -> list[AlertView]:
    return list(stand.engine.frame().alerts)


def test_an_alert_says_which_position_it_is_about(make: Make) -> None:
    stand = make(loser(ALERT))
    stand.terminal.hold(plain(1), winner(2))
    fall(stand, 0.999, 2)
    (view,) = views(stand)
    assert (view.position, view.symbol, view.value) == (1, "PLAIN", -100.0)
    (event,) = stand.of("alert")
    assert list(event)[-1] == "position"


def test_an_alert_about_the_account_names_no_position(make: Make) -> None:
    stand = make(rule("equity", "below", {"at": 9_950.0, "severity": "low", "action": "alert"}))
    stand.terminal.hold(plain(1))
    fall(stand, 0.999, 2)
    (view,) = views(stand)
    assert (view.position, view.symbol) == (None, "")
    assert "position" not in stand.of("alert")[0]


def test_confirmations_are_counted_for_each_position(make: Make) -> None:
    stand = make(loser(ALERT, confirm=3))
    stand.terminal.hold(plain(1))
    fall(stand, 0.999, 2)
    stand.terminal.hold(plain(2))
    stand.beat()
    assert raised(stand) == [(1, -100.0)]
    stand.beat(2)
    assert raised(stand) == [(1, -100.0), (2, -100.0)]


def test_a_position_that_recovers_for_a_moment_is_counted_anew(make: Make) -> None:
    stand = make(loser(ALERT, confirm=2))
    stand.terminal.hold(plain(1), plain(2, lots=1.5))
    fall(stand, 0.999)
    fall(stand, 0.9992)
    fall(stand, 0.999)
    assert raised(stand) == [(2, -100.0)]


def test_of_two_losers_each_is_cut_by_the_severest_of_its_own_levels(make: Make) -> None:
    stand = make(loser())
    stand.terminal.hold(plain(1), plain(2, lots=1.4), winner(3))
    fall(stand, 0.9978, 4)
    assert [(sent.ticket, sent.lots) for sent in stand.terminal.sent] == [(900_001, 0.5), (900_002, 1.4)]
    assert raised(stand) == [(1, -100.0), (2, -100.0), (1, -200.0), (2, -200.0), (2, -300.0)]
    assert {p.identifier: p.lots for p in stand.terminal.positions.values()} == {1: 0.5, 3: 1.0}


def test_the_action_and_what_an_episode_remembers_are_of_one_position(make: Make) -> None:
    stand = make(loser(HALF))
    stand.terminal.hold(plain(1), winner(2))
    fall(stand, 0.9979, 2)
    (trip,) = stand.guard.keeper.memory.trips.values()
    assert trip.position == 1
    assert trip.episode is not None
    assert (trip.episode.position, trip.episode.began) == (1, {1: 100})
    (plan,) = stand.of("plan")
    assert [close["position"] for close in plan["closes"]] == [1]
    assert plan["expects"]["position.profit"] == pytest.approx(-105.0)


def test_a_position_that_is_gone_clears_its_alerts_and_is_forgotten(make: Make) -> None:
    stand = make(loser(ALERT))
    stand.terminal.hold(plain(1), plain(2))
    fall(stand, 0.999, 2)
    del stand.terminal.positions[1]
    stand.beat()
    assert [(e["position"], e["value"]) for e in stand.of("alert", state="cleared")] == [(1, None)]
    assert {trip.position for trip in stand.guard.keeper.memory.trips.values()} == {2}
    del stand.terminal.positions[2]
    stand.beat()
    assert stand.guard.ladder._states == {}
    assert stand.guard.ladder._watched == {"position.profit": {}}


def test_each_position_is_armed_again_by_its_own_recovery(make: Make) -> None:
    stand = make(loser(ALERT, rearm=50.0))
    stand.terminal.hold(plain(1), plain(2, lots=2.0))
    fall(stand, 0.999)
    fall(stand, 0.9996)
    assert [e["position"] for e in stand.of("alert", state="cleared")] == [1]
    fall(stand, 0.999)
    assert raised(stand) == [(1, -100.0), (2, -100.0), (1, -100.0)]


def test_three_plans_for_one_position_leave_another_its_own(make: Make) -> None:
    stand = make(loser({"at": -200.0, "severity": "high", "action": "reduce", "until": -150.0}, rearm=1000.0))
    stand.terminal.hold(plain(1))
    for bid in (0.998, 0.996, 0.99, 0.97, 0.9):
        fall(stand, bid, 4)
    assert len(stand.of("plan")) == 3
    assert len(stand.of("alert", state="escalated", position=1)) == 1
    stand.terminal.hold(replace(plain(2), open=0.9021))
    stand.beat(3)
    assert [p["closes"][0]["position"] for p in stand.of("plan")] == [1, 1, 1, 2]


def test_after_a_restart_what_is_tripped_does_not_trip_again(make: Make) -> None:
    stand = make(loser(ALERT, HALF))
    stand.terminal.hold(plain(1), plain(2))
    fall(stand, 0.998, 4)
    before = (raised(stand), len(stand.terminal.sent))
    stand.restart()
    stand.beat(4)
    assert (raised(stand), len(stand.terminal.sent)) == before
    stand.restart()
    fall(stand, 1.0)
    assert len(stand.of("alert", state="cleared")) == 4


def test_other_rules_clear_what_they_no_longer_hold_and_keep_the_rest(make: Make) -> None:
    stand = make(loser(ALERT), armed=False)  # armed, what would be loosened were held
    stand.terminal.hold(plain(1), plain(2, magic=7))
    fall(stand, 0.999, 2)

    def become(*rules: dict[str, Any]) -> None:
        stand.engine.configure(from_table({**stand.table, "rule": list(rules)}, source="test"))
        stand.beat(2)

    become(loser(ALERT, magics=[7]))
    assert [e["position"] for e in stand.of("alert", state="cleared")] == [1]
    account = rule("pnl.floating", "below", {**ALERT, "at": -1e6}, name="position.profit")
    become({**account, "levels": [ALERT]})
    assert [e["position"] for e in stand.of("alert", state="cleared")] == [1, 2]
    assert [trip.position for trip in stand.guard.keeper.memory.trips.values()] == [None]
    become(loser(ALERT))
    assert {trip.position for trip in stand.guard.keeper.memory.trips.values()} == {1, 2}


def test_the_row_under_limits_shows_the_worst_position_and_whether_any_is_tripped(make: Make) -> None:
    stand = make(loser(ALERT, HALF))
    stand.terminal.hold(winner(1), plain(2))
    fall(stand, 0.9985, 2)
    levels = frame(stand).levels
    assert [(level.value, level.tripped) for level in levels] == [(-150.0, True), (-150.0, False)]
    memory = stand.guard.keeper.memory
    assert not tripped(memory, "position.profit", -200.0)
    assert not tripped(memory, "another", -100.0)
    assert tripped_positions(memory, "position.profit") == {2}
    assert tripped_positions(memory, "position") == set()


def test_in_observe_a_plan_for_each_position_is_shown_once_and_nothing_sent(make: Make) -> None:
    stand = make(loser(HALF), armed=False)
    stand.terminal.hold(plain(1), plain(2))
    fall(stand, 0.998, 6)
    assert [p["closes"][0]["position"] for p in stand.of("plan")] == [1, 2]
    assert stand.terminal.sent == []


def test_positions_whose_figure_stays_unknown_raise_one_alarm_that_names_them(make: Make) -> None:
    stand = make(rule("position.r", "below", {"at": -1.0, "severity": "high", "action": "close_all"}))
    stand.terminal.hold(plain(1, stop=0.99), plain(2), plain(3))
    stand.beat(99)
    assert views(stand) == []
    stand.beat(3)
    (view,) = views(stand)
    assert "position 2 and 1 more: no stop has been seen" in view.why
    assert view.do == "This rule does not guard it until the figure is known again."
    assert isinstance(frame(stand).levels[0].value, Unknown)
    fall(stand, 0.99, 3)
    assert [sent.ticket for sent in stand.terminal.sent] == [900_001]
    assert [(v.number, v.active) for v in views(stand) if v.threshold is None] == [(view.number, True)]
    for n in (2, 3):
        stand.terminal.positions[n] = replace(stand.terminal.positions[n], stop=0.98)
    stand.beat()
    assert not any(v.active for v in views(stand) if v.rule == "position.r" and v.threshold is None)


def test_a_stop_by_one_position_is_the_accounts(make: Make) -> None:
    stand = make(loser({"at": -200.0, "severity": "extreme", "action": "emergency_stop"}))
    stand.terminal.hold(plain(1), winner(2))
    fall(stand, 0.998, 4)
    assert stand.terminal.positions == {}
    assert frame(stand).halt is not None


def test_shorts_and_longs_of_one_symbol_are_judged_apart(make: Make) -> None:
    stand = make(loser(ALL))
    stand.terminal.hold(plain(1), plain(2, side=Side.SELL))
    fall(stand, 0.997, 1)
    assert set(stand.guard.ladder._watched["position.profit"]) == {1, 2}
