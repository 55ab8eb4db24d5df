"""Two instances on one account: only one of them acts, both say so, and a person's stop works in either."""

from __future__ import annotations

from typing import Any

import pytest

from app.instance.single import Instance
from app.rivals import authors
from bridge.port import Receipt
from monitors.gate import HaltKind
from monitors.kinds import DealKind, Entry, Side
from monitors.model import Deal
from monitors.ports import EmergencyStop
from tests.app.scripted import plain
from tests.app.stand import Pair, Program, Stand, alarms, beat, frame, rule, senders
from tests.builders import order

EARLY = rule("equity", "below", {"at": 9_900.0, "severity": "high", "action": "reduce", "percent": 20.0})
LATE = rule("equity", "below", {"at": 9_800.0, "severity": "high", "action": "reduce", "percent": 20.0})
STOPS = rule("equity", "below", {"at": 9_750.0, "severity": "critical", "action": "emergency_stop"}, name="Stop")
LOW, HIGH = Instance(id="0aaaaa"), Instance(id="bbbbbb")
WATCHES = "another Plimsoll (0aaaaa) acts on this account: this one only watches"


@pytest.fixture
def pair(program: Program) -> Pair:
    """One position; the one with the lower id acts first, the other would act a little lower."""
    first, second = program(LOW, EARLY), program(HIGH, LATE)
    first.terminal.hold(plain(1))
    beat(3, first, second)
    return first, second


def deepen(first: Stand, second: Stand) -> None:
    """The first one acts, and then the price falls to where the second would."""
    first.terminal.bid = 0.99900
    beat(5, first, second)
    first.terminal.bid = 0.99700
    beat(10, first, second)


def test_who_sees_anothers_deals_plans_but_sends_nothing_and_says_so_once(pair: Pair) -> None:
    first, second = pair
    deepen(first, second)
    assert senders(first) == ["0aaaaa"]
    assert [e["reason"] for e in second.of("denied")] == [WATCHES]
    assert len(second.of("plan")) == 1
    assert (frame(second).mode, frame(second).mode_reason) == ("read-only", WATCHES)
    (alarm,) = alarms(second)
    assert (alarm.severity, alarm.active, alarm.why, "15 minutes" in alarm.do) == ("critical", True, WATCHES, True)
    assert (frame(first).mode, alarms(first)) == ("armed", [])


def test_a_quarter_of_an_hour_after_the_last_deal_it_acts_again_on_fresh_figures(pair: Pair) -> None:
    first, second = pair
    deepen(first, second)
    acted = first.terminal.deals[-1].time_ms
    first.clock.advance_to(acted + 15 * 60_000 - 200)
    beat(1, second)
    assert (frame(second).mode, senders(second)) == ("read-only", ["0aaaaa"])
    beat(5, second)
    assert (frame(second).mode, alarms(second)[0].active) == ("armed", False)
    assert senders(second) == ["0aaaaa", "bbbbbb"]


def other(stand: Stand, comment: str = "plimsoll 0aaaaa 7", entry: Entry = Entry.OUT) -> Deal:
    """A deal of some request of that comment, booked now."""
    return Deal(ticket=8_000 + len(stand.terminal.deals), order=0, position=99, symbol="PLAIN", kind=DealKind.TRADE,
                entry=entry, side=Side.SELL, lots=0.1, price=1.0, profit=0.0, swap=0.0, commission=0.0, fee=0.0,
                time_ms=stand.clock.utc_ms(), magic=0, reason=0, comment=comment)  # fmt: skip


@pytest.fixture
def second(program: Program) -> Stand:
    """The program with the higher id, alone with a position and the broker's records."""
    stand = program(HIGH, EARLY, STOPS)
    stand.terminal.hold(plain(1))
    stand.beat(3)
    return stand


def test_what_was_planned_before_the_other_acted_is_dropped_and_planned_anew_later(second: Stand) -> None:
    second.terminal.answer = lambda _: Receipt(retcode=10004)
    second.terminal.bid = 0.99900
    second.beat(5)
    assert second.guard.keeper.memory.targets
    tried = len(second.terminal.sent)
    second.terminal.deals.append(other(second))
    second.terminal.answer = lambda _: None
    second.beat(20, seconds=40.0)
    assert (len(second.terminal.sent), second.guard.keeper.memory.targets) == (tried, {})
    second.beat(10, seconds=40.0)
    assert len(second.terminal.sent) == tried + 1


@pytest.mark.parametrize(
    ("own", "mode", "words"), [(HIGH, "read-only", "only watches"), (LOW, "armed", "goes on")], ids=["higher", "lower"]
)
def test_where_both_acted_only_the_lower_id_goes_on_and_either_raises_the_alarm(
    program: Program, own: Instance, mode: str, words: str
) -> None:
    stand = program(own, EARLY)
    stand.terminal.deals += [other(stand), other(stand, "plimsoll bbbbbb 3")]
    stand.beat(2)
    assert frame(stand).mode == mode
    (alarm,) = alarms(stand)
    assert words in alarm.why


def test_the_lower_id_stands_down_as_well_where_only_the_other_acted(program: Program) -> None:
    stand = program(LOW, EARLY)
    stand.terminal.deals.append(other(stand, "plimsoll bbbbbb 3"))
    stand.beat(2)
    assert frame(stand).mode == "read-only"


@pytest.mark.parametrize(
    "deal",
    [{"comment": "plimsoll bbbbbb 4"}, {"comment": ""}, {"comment": "plimsoll"}, {"comment": "plimsoll drill"},
     {"comment": "plimsoll 0AAAAA 7"}, {"comment": "my plimsoll 0aaaaa 7"}, {"entry": Entry.IN}],
    ids=str,
)  # fmt: skip
def test_deals_that_no_other_instance_made_are_no_rivals(second: Stand, deal: dict[str, Any]) -> None:
    second.terminal.deals.append(other(second, **deal))
    second.beat(2)
    assert (frame(second).mode, alarms(second)) == ("armed", [])


def test_a_comment_that_the_broker_cut_still_shows_the_other(second: Stand) -> None:
    second.terminal.deals.append(other(second, "plimsoll 0aaaaa"))
    second.beat(2)
    assert frame(second).mode == "read-only"


def test_a_persons_stop_closes_and_cancels_all_the_same(second: Stand) -> None:
    second.terminal.orders = (order(70),)
    second.terminal.deals.append(other(second))
    second.beat(2)
    second.engine.obey(EmergencyStop())
    second.beat(5)
    assert (second.terminal.positions, second.terminal.cancelled) == ({}, [70])


def test_a_stop_that_a_rule_latched_waits_as_well(second: Stand) -> None:
    second.terminal.answer = lambda _: Receipt(retcode=10018)
    second.terminal.bid = 0.99700
    second.beat(5)
    halt = second.guard.halting.halt
    assert halt
    assert (halt.kind, halt.by_person) == (HaltKind.STOP, False)
    second.terminal.deals.append(other(second))
    second.terminal.orders, second.terminal.answer, tried = (order(70),), lambda _: None, len(second.terminal.sent)
    second.beat(20, seconds=20.0)
    assert (len(second.terminal.sent), second.terminal.cancelled) == (tried, [])


def test_a_rule_halt_counts_no_undo_that_it_may_not_send(program: Program) -> None:
    stand = program(
        HIGH, rule("equity", "below", {"at": 9_900.0, "severity": "high", "action": "halt", "until": "reset"})
    )
    stand.terminal.hold(plain(1))
    stand.beat(3)
    stand.terminal.bid = 0.99890
    stand.beat(3)
    stand.terminal.deals.append(other(stand))
    stand.terminal.hold(plain(2, magic=5))
    stand.beat(5)
    assert stand.guard.halting.halt
    assert (stand.terminal.sent, stand.guard.halting.halt.undone) == ([], {})


def test_what_another_accounts_rule_asks_of_all_is_not_done_here(program: Program) -> None:
    far = {"at": 9_900.0, "severity": "critical", "action": "close_all", "scope": "all"}
    stand = program(HIGH, rule("equity", "below", far, accounts=["main"]), names=("main", "other"))
    for name, terminal in stand.terminals.items():
        terminal.server = f"Demo {name}"
        terminal.hold(plain(1))
    stand.terminals["other"].deals.append(other(stand))
    stand.beat(3)
    stand.terminal.bid = 0.99890
    stand.beat(5)
    assert (len(stand.terminal.sent), stand.terminals["other"].sent) == (1, [])
    assert not stand.engine.guards["other"].keeper.memory.targets


def test_only_deals_of_the_last_quarter_of_an_hour_count_however_far_back_is_asked(second: Stand) -> None:
    deal = other(second)
    assert authors([deal], deal.time_ms - 1) == {"0aaaaa"}
    assert authors([deal], deal.time_ms) == set()


def test_observing_stays_observing_and_raises_the_alarm(program: Program) -> None:
    stand = program(HIGH, EARLY, armed=False)
    stand.terminal.deals.append(other(stand))
    stand.beat(2)
    assert (frame(stand).mode, len(alarms(stand))) == ("observe", 1)


def test_a_restart_goes_on_with_the_same_alarm_and_ends_it(second: Stand) -> None:
    second.terminal.deals.append(other(second))
    second.beat(2)
    second.restart()
    second.beat(2)
    assert [view.active for view in alarms(second)] == [True]
    second.kill()
    second.clock.advance_to(second.clock.utc_ms() + 16 * 60_000)
    second.start()
    second.beat(2)
    assert [view.active for view in alarms(second)] == [False]
