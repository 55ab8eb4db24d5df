"""What seeds of the simulation found, each as small as it goes."""

from __future__ import annotations

import sqlite3
from dataclasses import replace
from pathlib import Path

import pytest

from app.pace import Pace
from app.store.journal import Journal
from bridge.port import CloseOrder, Receipt
from bridge.simulator.clock import VirtualClock
from monitors.gate import SENDS_A_MINUTE, Sent
from monitors.kinds import DealKind, DealReason, Entry, Side
from monitors.model import Deal
from monitors.ports import Acknowledge, EmergencyStop, Loosen, Reset
from tests.app.scripted import START, plain
from tests.app.stand import MARGIN_RULE, Make, Stand, rule
from tests.app.test_disk_trouble import full, locked


def test_what_is_told_in_a_commit_is_shown_after_it_and_never_where_it_fails(tmp_path: Path) -> None:
    journal, shown = Journal(tmp_path / "journal.db"), list[str]()
    with journal.atomic():
        journal.once_kept(lambda: shown.append("kept"))
        assert shown == []
    with pytest.raises(sqlite3.OperationalError):
        _failing(journal, shown)
    journal.once_kept(lambda: shown.append("at once"))

    assert shown == ["kept", "at once"]
    journal.close()


def _failing(journal: Journal, shown: list[str]) -> None:
    with journal.atomic():
        journal.once_kept(lambda: shown.append("lost"))
        raise sqlite3.OperationalError


def test_a_clock_that_is_set_back_forgets_no_send_of_the_last_minute() -> None:
    clock = VirtualClock(START)
    pace = Pace(clock)
    for number in range(SENDS_A_MINUTE):
        pace.count(number, (1,), capped=True)

    assert pace.often(1, ())
    assert not pace.often(2, ())
    clock.advance_to(clock.utc_ms() + 61_000)
    assert not pace.often(1, ())


def test_a_fault_found_by_one_answer_stops_the_next_send_of_the_same_beat(make: Make) -> None:
    stand = make(rule("pnl.floating", "below", {"at": -100.0, "severity": "high", "action": "close_all"}))
    terminal = stand.terminal.hold(plain(1), plain(2))

    def reversing(order: CloseOrder) -> Receipt:
        terminal.fill(order, order.lots, comment="[sl]", reason=DealReason.STOP_LOSS)
        done = terminal.deals[-1]
        opened = replace(done, ticket=done.ticket + 1, position=99, entry=Entry.IN, comment=order.comment)
        terminal.deals.append(opened)
        return Receipt(retcode=10009, order=0)

    terminal.answer = reversing
    stand.beat()
    terminal.bid = 0.99
    stand.beat(3)

    assert len(terminal.sent) == 1
    assert len(stand.of("halt")) == 1
    assert stand.names("halt", "outcome") == ["halt", "outcome"], "or a kill between them would leave no halt"


def test_a_withdrawal_seen_while_the_disk_fails_still_only_alerts(make: Make) -> None:
    stand = make(rule("equity", "below", {"at": 9_000.0, "severity": "high", "action": "close_all"}))
    stand.terminal.hold(plain(1))
    stand.beat(2)
    blocker = sqlite3.connect(stand.folder / "journal.db", isolation_level=None)
    blocker.execute("BEGIN IMMEDIATE")
    stand.terminal.balance -= 2_000.0
    stand.terminal.deals.append(_withdrawal(stand.clock.utc_ms()))
    stand.beat(2)
    blocker.execute("ROLLBACK")
    blocker.close()
    stand.beat(5)

    assert [alert["episode"] for alert in stand.of("alert", rule="equity", state="raised")] == [None]
    assert stand.terminal.sent == []


def _withdrawal(at_ms: int) -> Deal:
    return Deal(ticket=7_000, order=0, position=0, symbol="", kind=DealKind.TRANSFER, entry=Entry.IN, side=Side.BUY,
                lots=0.0, price=0.0, profit=-2_000.0, swap=0.0, commission=0.0, fee=0.0, time_ms=at_ms, magic=0,
                reason=0)  # fmt: skip


def test_nothing_is_called_flat_once_the_account_is_blind(make: Make) -> None:
    stand = make(MARGIN_RULE)
    stand.engine.obey(EmergencyStop())
    stand.beat(3)
    assert stand.guard.halting.flat
    stand.terminal.slow = True
    stand.beat(13, seconds=1.0)

    assert not stand.guard.halting.flat


def test_an_acknowledgement_is_on_disk_once_that_takes_it_though_the_account_is_blind(make: Make) -> None:
    stand = make(rule("equity", "below", {"at": 9_500.0, "severity": "high", "action": "alert"}))
    stand.terminal.hold(plain(1))
    stand.beat(2)
    stand.terminal.bid = 0.99
    stand.beat(3)
    number = stand.of("alert", state="raised")[0]["alert"]
    with locked(stand):
        stand.engine.obey(Acknowledge(number))
        stand.terminal.down = "gone"
        stand.beat(2)
    stand.beat(2)
    stand.restart()

    assert next(a for a in stand.engine.shared.alerts.views() if a.number == number).acknowledged_ms is not None


def test_what_a_partial_fill_left_too_small_for_any_order_is_not_planned_again(make: Make) -> None:
    stand = make(rule("equity", "below", {"at": 9_500.0, "severity": "high", "action": "reduce", "percent": 20.0}))
    terminal = stand.terminal.hold(plain(1))
    terminal.spec = replace(terminal.spec, volume_min=0.2)

    def in_part(order: CloseOrder) -> Receipt:
        terminal.fill(order, 0.1)
        return Receipt(retcode=10010, order=1)

    terminal.answer = in_part
    stand.beat(2)
    terminal.bid = 0.99
    stand.beat(300)

    assert [order.lots for order in terminal.sent] == [0.2]
    assert len(stand.of("plan")) == 1


def test_a_rule_taken_out_and_put_back_while_the_disk_fails_trips_anew_and_says_so(make: Make) -> None:
    floor = rule("equity", "below", {"at": 9_500.0, "severity": "high", "action": "alert"})
    stand = make(floor, armed=False)
    stand.terminal.hold(plain(1))
    stand.beat(2)
    stand.terminal.bid = 0.99
    stand.beat(3)
    with full(stand):
        stand.configure(armed=False)
        stand.beat(3)
        stand.configure(floor, armed=False)
        stand.beat(3)
    stand.beat(5)

    assert [told["state"] for told in stand.of("alert", rule="equity")] == ["raised", "cleared", "raised"]


def test_both_legs_of_a_close_by_count_for_the_cap_of_a_minute() -> None:
    clock = VirtualClock(START)
    pace, sent = Pace(clock), [Sent(clock.utc_ms(), 1, 0.1, by=2, number=n) for n in range(SENDS_A_MINUTE)]
    for one in sent:
        pace.count(one.number, (1, 2), capped=True)

    assert pace.often(2, ())
    assert Pace(clock).often(2, sent)
    assert not Pace(clock).often(3, sent)


def half_closed(make: Make) -> Stand:
    """A plan of nine parts is under way, and its level has cleared."""
    stand = make(rule("equity", "below", {"at": 9_500.0, "severity": "high", "action": "reduce", "percent": 90.0}))
    terminal = stand.terminal.hold(plain(1))
    terminal.spec = replace(terminal.spec, volume_max=0.1)
    stand.beat(2)
    terminal.bid = 0.99
    stand.beat(3)
    terminal.bid = 1.0
    stand.beat(2)
    return stand


def test_a_plan_ends_with_its_rule_though_the_level_has_cleared_before(make: Make) -> None:
    stand = half_closed(make)
    assert stand.of("alert", state="cleared")
    before = len(stand.terminal.sent)
    stand.configure()
    stand.engine.obey(Loosen("main"))
    stand.beat(700)

    assert 0 < before < 9
    assert len(stand.terminal.sent) == before


def test_a_plan_goes_on_while_its_rule_is_held(make: Make) -> None:
    stand = half_closed(make)
    stand.configure()
    stand.beat(1300)

    assert [event["change"] for event in stand.of("commitment")] == ["loosening held"]
    assert stand.terminal.positions[1].lots == pytest.approx(0.1)


def test_a_reading_that_the_disk_did_not_let_be_judged_takes_none_back_that_was(make: Make) -> None:
    stand = make(rule("equity", "below", {"at": 9_500.0, "severity": "high", "action": "alert"}, confirm=3))
    stand.terminal.hold(plain(1))
    stand.beat(2)
    stand.terminal.bid = 0.99
    stand.beat(2)
    with locked(stand):
        stand.beat(1)
    stand.beat(1)

    assert len(stand.of("alert", rule="equity", state="raised")) == 1


def test_a_reset_that_the_disk_refuses_changes_nothing_of_what_is_tripped(make: Make) -> None:
    floor = rule("equity", "below", {"at": 9_500.0, "severity": "high", "action": "reduce", "percent": 50.0})
    stand = make(floor)
    stand.terminal.hold(plain(1))
    stand.beat(2)
    stand.terminal.bid = 0.99
    stand.engine.obey(EmergencyStop())
    stand.beat(3)
    with locked(stand):
        stand.configure()
        assert not stand.engine.obey(Reset())
        assert stand.guard.halting.halt is not None
    stand.beat(5)

    assert [told["state"] for told in stand.of("alert") if told["rule"].startswith("equity")] == ["raised"]


def test_a_target_that_an_earlier_version_wrote_stays_while_rules_change_their_names(make: Make) -> None:
    stand = half_closed(make)
    for target in stand.guard.keeper.memory.targets.values():
        target.level = ""
    stand.configure()
    stand.beat(1300)

    assert stand.engine.faults == []
    assert stand.terminal.positions[1].lots == pytest.approx(0.1)


def test_a_plan_that_would_leave_a_worse_book_says_so_whatever_else_is_in_its_way(make: Make) -> None:
    one_leg = rule("equity", "below", {"at": 9_900.0, "severity": "high", "action": "close_all"}, magics=[7])
    stand = make(one_leg)
    stand.terminal.spec = replace(stand.terminal.spec, margin_hedged=0.0)
    stand.terminal.hold(plain(1), plain(2, 0.6, side=Side.SELL, magic=7)).balance = 9_800.0
    stand.terminal.state = replace(stand.terminal.state, algo_allowed=False)
    stand.beat(3)

    assert [told["reason"] for told in stand.of("denied")] == ["closing one leg of a hedge would raise margin"]
