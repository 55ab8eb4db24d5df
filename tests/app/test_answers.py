"""Each answer of the trade server, row by row: when a close goes out again, whether a person is told, what is said."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from bridge.port import Receipt
from monitors.kinds import DealReason, Entry
from monitors.ports import EmergencyStop
from tests.app.scripted import plain
from tests.app.stand import MARGIN_RULE, Stand, rule
from tests.app.test_disk_trouble import full
from tests.builders import deal

HALF = rule("equity", "below", {"at": 9_500.0, "severity": "critical", "action": "reduce", "percent": 50.0})


@pytest.fixture
def stand(tmp_path: Path) -> Iterator[Stand]:
    """2.00 lots, 2,000 of margin and a balance of 3,400: at 0.995 the level is 120 % and 0.40 lots are to go."""
    made = Stand(tmp_path, MARGIN_RULE)
    made.terminal.hold(plain(1, 2.0))
    made.terminal.balance = 3_400.0
    made.beat()
    made.terminal.bid = 0.995
    yield made
    made.engine.close()


@pytest.fixture
def three(tmp_path: Path) -> Iterator[Stand]:
    """Three positions that are all to be halved."""
    made = Stand(tmp_path, HALF)
    made.terminal.hold(plain(1), plain(2), plain(3))
    made.beat()
    made.terminal.bid = 0.99
    yield made
    made.engine.close()


TABLE = [
    # code, tries after the first within ten seconds, alarm after ten, outcome told first
    (10004, 2, True, "refused"), (10006, 1, True, "refused"), (10007, 0, True, "refused"),
    (10008, 0, False, "unknown"), (10009, 0, False, "unknown"), (10010, 0, False, "unknown"),
    (10011, 0, False, "unknown"), (10012, 0, False, "unknown"), (10013, 0, True, "refused"),
    (10014, 1, True, "refused"), (10015, 1, True, "refused"), (10016, 0, True, "refused"),
    (10017, 0, True, "refused"), (10018, 0, True, "refused"), (10019, 1, True, "refused"),
    (10020, 2, True, "refused"), (10021, 2, False, "refused"), (10022, 0, True, "refused"),
    (10023, 0, False, "unknown"), (10024, 2, False, "refused"), (10025, 1, True, "refused"),
    (10026, 0, True, "refused"), (10027, 0, True, "refused"), (10028, 0, False, "unknown"),
    (10029, 2, False, "refused"), (10030, 1, True, "refused"), (10031, 0, False, "unknown"),
    (10032, 0, True, "refused"), (10033, 0, True, "refused"), (10034, 0, True, "refused"),
    (10035, 0, True, "refused"), (10036, 2, False, "refused"), (10038, 1, True, "refused"),
    (10039, 2, False, "refused"), (10040, 0, True, "refused"), (10041, 1, True, "refused"),
    (10042, 0, True, "refused"), (10043, 0, True, "refused"), (10044, 0, True, "refused"),
    (10045, 0, True, "refused"), (10046, 0, True, "refused"), (None, 0, False, "unknown"), (77, 0, False, "unknown"),
]  # fmt: skip


@pytest.mark.parametrize(("code", "again", "alarm", "state"), TABLE, ids=[str(row[0]) for row in TABLE])
def test_an_answer_is_followed_by_so_many_tries_an_alarm_or_none_and_its_outcome(
    stand: Stand, code: int | None, again: int, alarm: bool, state: str
) -> None:
    stand.terminal.answer = lambda _: Receipt(retcode=code)
    stand.beat(100)
    assert len(stand.terminal.sent) == 1 + again
    assert bool(stand.of("alert", rule="Execution", state="raised")) is alarm
    first = stand.of("outcome")[0]
    assert (first["state"], first["retcode"], first["filled"]) == (state, code, 0.0)


@pytest.mark.parametrize("code", [10007, 10013, 10034])
def test_what_trying_does_not_mend_is_tried_all_the_same_but_seldom_and_said_once(stand: Stand, code: int) -> None:
    stand.terminal.answer = lambda _: Receipt(retcode=code)
    stand.beat(950)
    assert len(stand.terminal.sent) == 4, "at the start and every half minute"
    assert len(stand.of("alert", rule="Execution", state="raised")) == 1


def test_a_market_that_one_position_met_closed_is_closed_for_the_others_of_its_symbol(three: Stand) -> None:
    three.terminal.answer = lambda _: Receipt(retcode=10018)
    three.beat(290)
    assert len(three.terminal.sent) == 1, "not one for each position"
    three.beat(30)
    assert len(three.terminal.sent) == 2, "one probe a pause"
    assert len(three.of("alert", rule="Execution", state="raised")) == 1
    three.terminal.answer = lambda _: None
    three.beat(130)
    three.terminal.bid = 0.9899
    three.beat(5)
    assert {e["position"] for e in three.of("intent")[2:]} == {1, 2, 3}, "once it is open all of them go"
    assert three.of("alert", rule="Execution", state="cleared")


def test_a_probe_whose_answer_is_unclear_lets_no_other_follow_it_at_once(three: Stand) -> None:
    three.terminal.answer = lambda _: Receipt(retcode=10018)
    three.beat(3)
    three.terminal.answer = lambda _: Receipt(retcode=10012)
    three.beat(450)
    assert len(three.terminal.sent) == 2


def test_the_filling_mode_that_filled_goes_first_from_then_on_over_a_restart_too(three: Stand) -> None:
    three.terminal.answer = lambda order: Receipt(retcode=10030) if order.filling == 1 else None
    three.beat(60)
    assert [o.filling for o in three.terminal.sent] == [1, 0, 0, 0], "IOC once for the symbol, not once a position"
    three.restart()
    three.terminal.hold(plain(4))
    three.engine.obey(EmergencyStop())
    three.beat(10)
    assert {o.filling for o in three.terminal.sent[4:]} == {0}


def test_where_no_filling_mode_is_accepted_one_alarm_stands_and_each_is_tried_seldom(stand: Stand) -> None:
    stand.terminal.answer = lambda _: Receipt(retcode=10030)
    stand.beat(650)
    assert [o.filling for o in stand.terminal.sent] == [1, 0, 1, 0]
    (alarm,) = stand.of("alert", rule="Execution", state="raised")
    assert alarm


def test_while_a_close_order_waits_at_the_broker_nothing_is_sent_and_silence_settles_nothing(stand: Stand) -> None:
    stand.terminal.answer = lambda _: Receipt(retcode=10008, order=1)
    stand.beat(2)
    stand.terminal.closing = frozenset({1})
    stand.beat(900)
    assert len(stand.terminal.sent) == 1
    assert [e["state"] for e in stand.of("outcome")] == ["unknown"]
    stand.terminal.closing = frozenset()
    stand.terminal.fill(stand.terminal.sent[0], 0.4)
    stand.beat(2)
    assert [e["state"] for e in stand.of("outcome")] == ["unknown", "done"]


def test_a_rollover_between_an_unclear_answer_and_its_proof_changes_nothing(stand: Stand) -> None:
    stand.terminal.answer = lambda _: Receipt(retcode=None)
    stand.beat(2)
    stand.terminal.fill(stand.terminal.sent[0], 0.4)
    stand.terminal.positions[1] = replace(stand.terminal.positions[1], ticket=7_777_777)
    stand.beat(2)
    assert [(e["state"], e["filled"]) for e in stand.of("outcome")] == [("unknown", 0.0), ("done", 0.4)]


def test_a_rollover_before_the_next_try_has_it_sent_with_the_present_ticket(stand: Stand) -> None:
    stand.terminal.answer = lambda _: Receipt(retcode=10004) if len(stand.terminal.sent) == 1 else None
    stand.beat(2)
    stand.terminal.positions[1] = replace(stand.terminal.positions[1], ticket=7_777_777)
    stand.beat(3)
    assert [o.ticket for o in stand.terminal.sent] == [900_001, 7_777_777]


def test_a_plan_of_before_a_split_is_made_anew_and_closes_no_other_share(stand: Stand) -> None:
    stand.terminal.answer = lambda _: Receipt(retcode=10018)
    stand.beat(3)
    split = deal(9_000, symbol="PLAIN", entry=Entry.IN, lots=2.0, reason=int(DealReason.SPLIT),
                 time_ms=stand.clock.utc_ms())  # fmt: skip
    stand.terminal.deals.append(split)
    stand.terminal.positions[1] = plain(1, 4.0)
    stand.beat(1)
    assert not stand.guard.keeper.memory.targets
    assert stand.guard.keeper.memory.split == 9_000


def test_a_split_that_the_disk_did_not_take_is_accounted_for_once_it_does(stand: Stand) -> None:
    stand.terminal.answer = lambda _: Receipt(retcode=10018)
    stand.beat(3)
    split = deal(9_000, symbol="PLAIN", entry=Entry.IN, lots=2.0, reason=int(DealReason.SPLIT),
                 time_ms=stand.clock.utc_ms())  # fmt: skip
    stand.terminal.deals.append(split)
    stand.terminal.positions[1] = plain(1, 4.0)
    with full(stand):
        stand.beat(2)
        assert stand.guard.keeper.memory.targets
    stand.beat(1)
    assert not stand.guard.keeper.memory.targets, "a target in steps of before the split is none of now"


def test_a_volume_above_the_largest_goes_in_parts_one_after_the_other(stand: Stand) -> None:
    big = plain(1, 250.0)
    stand.terminal.positions[1] = big
    stand.terminal.balance = 1_000_000.0
    stand.engine.obey(EmergencyStop())
    stand.beat(20)
    assert [o.lots for o in stand.terminal.sent] == [100.0, 100.0, 50.0]
    assert stand.names("intent", "outcome") == ["intent", "outcome"] * 3
