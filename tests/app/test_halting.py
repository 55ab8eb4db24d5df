"""Halts: latched first, closing what they may, lifted by a person or by time; and never by themselves."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from bridge.port import CloseOrder, Receipt
from monitors.kinds import Side
from monitors.model import Position
from monitors.ports import EmergencyStop, Reset
from tests.app.scripted import plain
from tests.app.stand import Make, Stand, rule
from tests.builders import order

EA = 7020


def halting(until: object = "reset") -> dict[str, Any]:
    """A floor that halts."""
    return rule("equity", "below", {"at": 9_500.0, "severity": "critical", "action": "halt", "until": until}, rearm=1.0)


def halted(make: Make, until: object = "reset") -> Stand:
    """A stand whose floor was broken with one position held."""
    stand = make(halting(until))
    stand.terminal.hold(plain(1))
    stand.beat(2)
    stand.terminal.bid = 0.99
    stand.beat(3)
    assert stand.of("halt")
    return stand


def short(identifier: int, lots: float, **changes: object) -> Position:
    """A sell."""
    return plain(identifier, lots, side=Side.SELL, **changes)


def test_what_was_held_is_left_and_what_is_opened_is_closed(make: Make) -> None:
    stand = halted(make)
    stand.terminal.hold(plain(2, 0.1))
    stand.beat(3)
    assert [o.lots for o in stand.terminal.sent] == [0.1]
    assert set(stand.terminal.positions) == {1}
    assert stand.of("intent")[0]["episode"] is None


def test_a_position_that_was_made_larger_goes_back_to_what_it_was(make: Make) -> None:
    stand = halted(make)
    stand.terminal.hold(plain(1, 1.3))
    stand.beat(3)
    assert [o.lots for o in stand.terminal.sent] == [0.3]


def test_a_hedge_is_left(make: Make) -> None:
    stand = halted(make)
    stand.terminal.hold(short(2, 0.4))
    stand.beat(5)
    assert not stand.terminal.sent


def test_pending_orders_are_cancelled(make: Make) -> None:
    stand = make(halting())
    stand.terminal.hold(plain(1))
    stand.terminal.orders = (order(77, "PLAIN"),)
    stand.beat(2)
    assert not stand.terminal.cancelled
    stand.terminal.bid = 0.99
    stand.beat(3)
    assert stand.terminal.cancelled == [77]
    assert [e["state"] for e in stand.of("cancel")] == ["done"]


def test_an_ea_is_undone_three_times_and_then_only_alarmed_about(make: Make) -> None:
    stand = halted(make)
    for identifier in range(2, 8):
        stand.terminal.hold(plain(identifier, 0.1, magic=EA))
        stand.beat(5)
    assert len(stand.terminal.sent) == 3
    assert len(stand.of("alert", rule="Halt")) == 1
    assert set(stand.terminal.positions) == {1, 5, 6, 7}


def test_a_person_has_no_such_limit(make: Make) -> None:
    stand = halted(make)
    for identifier in range(2, 8):
        stand.terminal.hold(plain(identifier, 0.1))
        stand.beat(5)
    assert set(stand.terminal.positions) == {1}


def test_a_reset_lifts_it_re_arms_no_level_and_leaves_what_was_held(make: Make) -> None:
    stand = halted(make)
    assert stand.engine.obey(Reset("main"))
    stand.terminal.hold(plain(3, 0.1))
    stand.beat(50)
    assert len(stand.of("halt")) == 1, "the level is still tripped and must not halt again"
    assert not stand.terminal.sent
    assert not stand.engine.obey(Reset("main")), "nothing is halted any more"


def test_a_halt_for_minutes_ends_by_itself(make: Make) -> None:
    stand = halted(make, 1)
    stand.beat(590)
    assert not stand.of("reset")
    stand.beat(20)
    assert len(stand.of("reset")) == 1


def test_a_halt_until_the_day_ends_at_the_accounts_own_reset(make: Make) -> None:
    stand = halted(make, "day")
    stand.beat(3, seconds=3_600.0 * 5)
    assert not stand.of("reset")
    stand.beat(2, seconds=3_600.0)
    assert len(stand.of("reset")) == 1


def test_a_halt_is_on_disk_before_it_is_said_and_survives_a_kill(make: Make) -> None:
    stand = halted(make)
    stand.restart()
    stand.terminal.hold(plain(2, 0.1))
    stand.beat(3)
    assert [o.lots for o in stand.terminal.sent] == [0.1]
    assert len(stand.of("halt")) == 1


def test_a_stop_pressed_while_nothing_can_be_seen_closes_when_it_can(make: Make) -> None:
    stand = make()
    stand.terminal.hold(plain(1), plain(2, 0.5))
    stand.beat(2)
    stand.terminal.down = "No IPC connection (-10004)"
    stand.beat(3)
    stand.engine.obey(EmergencyStop())
    assert stand.of("halt")
    stand.beat(3)
    stand.terminal.down = ""
    stand.beat(5)
    assert not stand.terminal.positions
    assert stand.guard.halting.flat


def test_flat_wants_two_agreeing_readings_no_order_and_no_margin(make: Make) -> None:
    stand = make()
    stand.terminal.orders = (order(77, "PLAIN"),)
    stand.beat(3)
    assert not stand.guard.halting.flat, "an order still waits"
    stand.terminal.orders = ()
    stand.beat(1)
    assert not stand.guard.halting.flat
    stand.beat(1)
    assert stand.guard.halting.flat


def test_a_stop_keeps_trying_what_is_refused(make: Make) -> None:
    def refuse(_order: CloseOrder) -> Receipt:
        return Receipt(retcode=10006)

    stand = make()
    stand.terminal.hold(plain(1))
    stand.beat(2)
    stand.terminal.answer = refuse
    stand.engine.obey(EmergencyStop())
    stand.beat(600)
    assert len(stand.terminal.sent) >= 4
    stand.terminal.answer = lambda _: None
    stand.beat(320)
    assert not stand.terminal.positions


def test_a_fault_sends_nothing_but_a_persons_stop(make: Make) -> None:
    stand = make(rule("equity", "below", {"at": 9_999.0, "severity": "critical", "action": "reduce", "percent": 50.0}))
    stand.terminal.hold(plain(1))
    stand.beat(2)
    stand.guard.halting.fault("a test broke a promise", None)
    stand.terminal.bid = 0.99
    stand.beat(20)
    assert not stand.terminal.sent
    assert not stand.of("plan"), "nothing is planned that may not be carried out"
    stand.engine.obey(EmergencyStop())
    stand.beat(3)
    assert [o.lots for o in stand.terminal.sent] == [1.0], "a person's stop still closes"


def test_a_rules_stop_does_not_lift_a_fault(make: Make) -> None:
    stand = make(rule("equity", "below", {"at": 9_500.0, "severity": "extreme", "action": "emergency_stop"}))
    stand.terminal.hold(plain(1))
    stand.beat(2)
    stand.guard.halting.fault("a test broke a promise", None)
    stand.terminal.bid = 0.99
    stand.beat(10)
    assert not stand.terminal.sent


def test_a_persons_stop_is_never_turned_into_a_fault(make: Make) -> None:
    stand = make()
    stand.terminal.hold(*(plain(n, 0.1) for n in range(1, 61)), plain(99, 0.1))

    def one_is_refused(order: CloseOrder) -> Receipt | None:
        return Receipt(retcode=10013) if order.ticket == 900_099 else None

    stand.terminal.answer = one_is_refused
    stand.beat(2)
    stand.engine.obey(EmergencyStop())
    stand.beat(3)
    assert set(stand.terminal.positions) == {99}
    stand.terminal.hold(plain(100, 0.1))
    stand.beat(20)
    assert len(stand.of("halt")) == 1
    assert set(stand.terminal.positions) == {99}, "what is opened meanwhile is closed too"


def test_an_account_that_cannot_be_seen_follows_a_stop_of_all_when_it_is_seen_again(make: Make) -> None:
    level = {"at": 9_500.0, "severity": "extreme", "action": "emergency_stop", "scope": "all"}
    stand = make(rule("equity", "below", level), names=("main", "other"))
    for name, terminal in stand.terminals.items():
        terminal.hold(plain(1))
        terminal.server = f"Demo {name}"
    stand.beat(2)
    stand.terminals["other"].down = "No IPC connection (-10004)"
    stand.terminal.bid = 0.99
    stand.beat(5)
    assert stand.terminals["other"].positions
    stand.terminals["other"].down = ""
    stand.beat(3)
    assert not stand.terminals["other"].positions


def test_a_stop_pressed_before_the_account_is_seen_holds_over_the_halt_that_it_is_found_with(make: Make) -> None:
    stand = halted(make)
    stand.kill()
    stand.rename("other")
    stand.terminal.down = "No IPC connection (-10004)"
    stand.start()
    stand.beat(2)
    assert stand.engine.obey(EmergencyStop())
    stand.terminal.down = ""
    stand.beat(5)
    assert not stand.terminal.positions


def test_a_stop_pressed_before_the_account_was_seen_is_of_no_later_account(make: Make) -> None:
    stand = make(halting())
    stand.terminal.down = "No IPC connection (-10004)"
    stand.beat(2)
    assert stand.engine.obey(EmergencyStop())
    stand.terminal.down = ""
    stand.terminal.hold(plain(1))
    stand.beat(5)
    assert not stand.terminal.positions
    assert stand.engine.obey(Reset())
    stand.kill()
    stand.table["terminal"][0]["login"] = stand.terminal.login = 2002
    stand.edit(halting())
    stand.terminal.hold(plain(7))
    stand.start()
    stand.beat(5)
    assert set(stand.terminal.positions) == {7}


def test_an_undo_that_a_partial_fill_left_too_small_for_any_order_is_not_sent(make: Make) -> None:
    stand = halted(make)
    stand.terminal.spec = replace(stand.terminal.spec, volume_min=0.2)
    stand.terminal.hold(plain(1, 1.3))

    def in_part(order: CloseOrder) -> Receipt:
        stand.terminal.fill(order, 0.2)
        return Receipt(retcode=10010, order=1)

    stand.terminal.answer = in_part
    stand.beat(20)
    assert [order.lots for order in stand.terminal.sent] == [0.3]
