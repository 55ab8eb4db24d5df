"""One account's beat: blindness, flows, episodes, plans and what a restart finds again."""

from __future__ import annotations

import pytest

from app.config import from_table
from monitors.kinds import DealKind, Entry, Side
from monitors.model import Deal, TerminalState
from tests.app.scripted import plain
from tests.app.stand import MARGIN_RULE, Make, Stand, rule
from tests.builders import order


def booking(stand: Stand, amount: float, kind: DealKind = DealKind.TRANSFER) -> Deal:
    """Money moved now."""
    return Deal(ticket=9_000 + len(stand.terminal.deals), order=0, position=0, symbol="", kind=kind, entry=Entry.IN,
                side=Side.BUY, lots=0.0, price=0.0, profit=amount, swap=0.0, commission=0.0, fee=0.0,
                time_ms=stand.clock.utc_ms(), magic=0, reason=0)  # fmt: skip


FLOOR = rule("equity", "below", {"at": 9_500.0, "severity": "critical", "action": "close_all"}, rearm=1.0)
ALERT_DAY = rule("drawdown.daily", "above", {"at": 400.0, "severity": "high", "action": "alert"})


def test_an_account_that_cannot_be_seen_for_ten_seconds_is_blind_once_and_sighted_once(make: Make) -> None:
    stand = make(FLOOR)
    stand.terminal.hold(plain(1))
    stand.beat(3)
    stand.terminal.down = "No IPC connection (-10004)"
    stand.beat(99)
    assert not stand.of("blind")
    stand.beat(100)
    assert len(stand.of("blind")) == 1
    stand.terminal.down = ""
    stand.beat(50)
    assert stand.names("blind", "sighted") == ["blind", "sighted"]


def test_another_accounts_figures_are_no_reading(make: Make) -> None:
    stand = make(FLOOR)
    stand.terminal.hold(plain(1))
    stand.beat(3)
    stand.terminal.balance = 100.0
    stand.terminal.login = 2002
    stand.beat(200)
    assert not stand.terminal.sent
    assert "2002" in stand.of("blind")[0]["reason"]


def test_a_deposit_moves_no_drawdown_and_is_told(make: Make) -> None:
    stand = make(ALERT_DAY)
    stand.terminal.hold(plain(1))
    stand.beat(3)
    stand.terminal.deals.append(booking(stand, 5_000.0))
    stand.terminal.balance += 5_000.0
    stand.beat()
    stand.terminal.bid = 0.99601
    stand.beat(2)
    assert [(e["amount"], e["kind"]) for e in stand.of("flow")] == [(5_000.0, "deposit")]
    assert not stand.of("alert")
    stand.terminal.bid = 0.99600
    stand.beat(2)
    assert [e["value"] for e in stand.of("alert", state="raised")] == [400.0]


def test_a_withdrawal_that_trips_the_equity_floor_only_alerts(make: Make) -> None:
    stand = make(FLOOR)
    stand.terminal.hold(plain(1))
    stand.beat(3)
    stand.terminal.deals.append(booking(stand, -600.0))
    stand.terminal.balance -= 600.0
    stand.beat(30)
    (alert,) = stand.of("alert", state="raised")
    assert alert["episode"] is None
    assert not stand.terminal.sent


def test_a_balance_that_no_deal_explains_trips_no_floor_and_alarms_after_ten_seconds(make: Make) -> None:
    stand = make(FLOOR, MARGIN_RULE)
    stand.terminal.hold(plain(1))
    stand.beat(3)
    stand.terminal.balance = 9_000.0
    stand.beat(95)
    assert not stand.terminal.sent
    assert not stand.of("alert")
    stand.beat(20)
    assert {e["rule"] for e in stand.of("alert", state="raised")} == {"equity", "Balance"}
    assert not stand.terminal.sent
    stand.terminal.balance = 1_150.0
    stand.beat(3)
    assert stand.terminal.sent, "a margin rule goes on from the account's own figures"


def test_the_severest_of_two_levels_that_trip_in_one_beat_acts_and_both_alert_mildest_first(make: Make) -> None:
    stand = make(rule("margin.level_pct", "below",
                      {"at": 150.0, "severity": "medium", "action": "reduce", "percent": 10.0},
                      {"at": 120.0, "severity": "critical", "action": "close_all"}))  # fmt: skip
    stand.terminal.hold(plain(1, 2.0))
    stand.terminal.balance = 2_300.0
    stand.beat(3)
    assert [e["severity"] for e in stand.of("alert", state="raised")] == ["medium", "critical"]
    assert [o.lots for o in stand.terminal.sent] == [2.0]


def test_plans_of_one_beat_merge_to_the_smallest_target(make: Make) -> None:
    stand = make(rule("equity", "below", {"at": 9_900.0, "severity": "high", "action": "reduce", "percent": 20.0}),
                 rule("balance", "below", {"at": 20_000.0, "severity": "high", "action": "reduce", "percent": 50.0},
                      confirm=4))  # fmt: skip
    stand.terminal.hold(plain(1, 1.0))
    stand.beat(2)
    stand.terminal.bid = 0.999
    stand.beat(10)
    assert stand.terminal.positions[1].lots == pytest.approx(0.5)
    assert sum(o.lots for o in stand.terminal.sent) == pytest.approx(0.5), "not one half and a fifth on top"


def test_a_breach_that_no_plan_mends_is_planned_three_times_and_then_escalated(make: Make) -> None:
    stand = make(rule("margin.level_pct", "below",
                      {"at": 120.0, "severity": "critical", "action": "reduce", "until": 121.0},
                      rearm=10.0))  # fmt: skip
    stand.terminal.hold(plain(1, 2.0))
    stand.terminal.balance = 3_000.0
    stand.beat(2)
    for _ in range(8):
        stand.terminal.bid -= 0.004
        stand.beat(10)
    assert len(stand.of("plan")) == 3
    assert len(stand.of("alert", state="escalated")) == 1


def test_an_episode_after_a_restart_is_the_same_one(make: Make) -> None:
    stand = make(ALERT_DAY)
    stand.terminal.hold(plain(1))
    stand.beat(3)
    stand.terminal.bid = 0.995
    stand.beat(3)
    stand.restart()
    stand.beat(20)
    assert len(stand.of("alert", state="raised")) == 1
    stand.terminal.bid = 1.0
    stand.beat(2)
    assert [e["alert"] for e in stand.of("alert", state="cleared")] == [1]


def test_a_reset_missed_while_the_app_was_off_is_not_taken_from_the_first_tick_seen(make: Make) -> None:
    stand = make(rule("drawdown.daily", "above", {"at": 100.0, "severity": "high", "action": "alert"}, base="equity"))
    stand.terminal.hold(plain(1))
    stand.beat(15)
    stand.kill()
    stand.clock.advance_to(stand.clock.utc_ms() + 86_400_000)
    stand.terminal.bid = 0.99
    stand.start()
    stand.beat(30)
    day = stand.guard.keeper.memory.history
    assert day is not None
    assert day.day.equity is None
    assert day.day.balance.money == 10_000.0, "the balance at the reset is known from the deals"
    assert not stand.of("alert", state="raised", threshold=100.0), "unknown never trips"
    stand.beat(100)
    assert stand.of("alert", state="raised", threshold=None), "and does not read as safe"


def test_observe_mode_plans_and_latches_nothing_but_a_person_may_stop(make: Make) -> None:
    stand = make(
        rule("equity", "below", {"at": 9_500.0, "severity": "extreme", "action": "emergency_stop"}), armed=False
    )
    stand.terminal.hold(plain(1))
    stand.beat(2)
    stand.terminal.bid = 0.99
    stand.beat(20)
    assert len(stand.of("plan")) == 1
    assert len(stand.of("denied")) == 1
    assert not stand.terminal.sent
    assert not stand.of("halt")
    stand.guard.press_stop("emergency stop by click", by_person=True)
    stand.beat(3)
    assert [o.lots for o in stand.terminal.sent] == [1.0]


def test_a_level_already_tripped_acts_once_the_mode_is_armed(make: Make) -> None:
    stand = make(FLOOR, armed=False)
    stand.terminal.hold(plain(1))
    stand.beat(2)
    stand.terminal.bid = 0.99
    stand.beat(5)
    assert not stand.terminal.sent
    stand.engine.configure(from_table({**stand.table, "app": {"mode": "armed"}}, source="test"))
    stand.beat(3)
    assert [o.lots for o in stand.terminal.sent] == [1.0]


def test_levels_a_cent_apart_are_two_levels(make: Make) -> None:
    stand = make(rule("equity", "below", {"at": 9_999_999.5, "severity": "medium", "action": "alert"},
                      {"at": 9_999_999.0, "severity": "critical", "action": "close_all"}))  # fmt: skip
    stand.terminal.hold(plain(1))
    stand.terminal.balance = 10_000_000.0
    stand.beat(3)
    stand.terminal.bid = 0.9999
    stand.beat(20)
    assert len(stand.of("alert", state="raised")) == 2
    assert [o.lots for o in stand.terminal.sent] == [1.0]


def test_a_milder_level_goes_on_where_the_severer_one_has_acted_once_for_all(make: Make) -> None:
    stand = make(rule("margin.level_pct", "below",
                      {"at": 150.0, "severity": "high", "action": "reduce", "until": 150.5},
                      {"at": 140.0, "severity": "critical", "action": "cancel_pendings"}, rearm=40.0))  # fmt: skip
    stand.terminal.hold(plain(1, 2.0))
    stand.terminal.balance = 3_000.0
    stand.beat(3)
    plans = len(stand.of("plan"))
    stand.terminal.bid = 0.995
    stand.beat(10)
    assert len(stand.of("plan")) == plans + 1


def test_a_pending_order_is_left_alone_once_the_mode_is_observe(make: Make) -> None:
    stand = make(rule("equity", "below", {"at": 9_500.0, "severity": "high", "action": "cancel_pendings"}))
    stand.terminal.hold(plain(1))
    stand.terminal.orders = (order(77, "PLAIN"),)
    stand.terminal.state = TerminalState(connected=True, algo_allowed=False)
    stand.beat(2)
    stand.terminal.bid = 0.99
    stand.beat(5)
    stand.engine.configure(from_table({**stand.table, "app": {"mode": "observe"}}, source="test"))
    stand.terminal.state = TerminalState(connected=True, algo_allowed=True)
    stand.beat(100)
    assert not stand.terminal.cancelled


def test_state_belongs_to_server_and_login_and_not_to_the_terminals_name(make: Make) -> None:
    stand = make(ALERT_DAY)
    stand.terminal.hold(plain(1))
    stand.beat(15)
    stand.guard.press_stop("emergency stop by click", by_person=True)
    stand.kill()
    stand.rename("renamed")
    stand.start()
    stand.beat(2)
    assert stand.engine.guards["renamed"].halting.halt is not None


def test_a_failing_account_stops_neither_the_others_nor_itself_for_good(make: Make) -> None:
    stand = make(FLOOR, names=("main", "other"))
    for name, terminal in stand.terminals.items():
        terminal.hold(plain(1))
        terminal.server = f"Demo {name}"
    stand.beat(2)
    stand.terminal.broken = True
    stand.terminals["other"].bid = 0.99
    stand.beat(5)
    assert stand.terminals["other"].sent
    assert any("main" in fault for fault in stand.engine.faults)
    stand.terminal.broken = False
    stand.terminal.bid = 0.99
    stand.beat(5)
    assert stand.terminals["main"].sent


def test_a_stop_of_scope_all_stops_every_account(make: Make) -> None:
    level = {"at": 9_500.0, "severity": "extreme", "action": "emergency_stop", "scope": "all"}
    stand = make(rule("equity", "below", level),
                 names=("main", "other"))  # fmt: skip
    for name, terminal in stand.terminals.items():
        terminal.hold(plain(1))
        terminal.server = f"Demo {name}"
    stand.beat(2)
    stand.terminal.bid = 0.99
    stand.beat(5)
    assert sorted(e["account"] for e in stand.of("halt")) == ["main", "other"]
    assert stand.terminals["other"].sent


def test_what_was_seen_of_each_position_is_a_second_old_at_most_after_a_kill(make: Make) -> None:
    """Even where no high and no low of the account has moved meanwhile."""
    stand = make()
    stand.terminal.hold(plain(1))
    for bid in (1.02, 0.97, 1.0):
        stand.terminal.bid = bid
        stand.beat(15)
    stand.terminal.hold(plain(2, 0.1))
    stand.beat(15)
    stand.terminal.bid = 1.01
    stand.beat(15)
    stand.restart()
    assert stand.guard.keeper.memory.excursions[2].best == 100.0
