"""The life of a request: what is sent, what is claimed, and what is never sent twice."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from bridge.port import CloseOrder, Receipt
from monitors.kinds import DealReason, Side
from monitors.model import TerminalState
from monitors.ports import EmergencyStop
from tests.app.scripted import plain
from tests.app.stand import MARGIN_RULE, Stand, rule


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


def answering(retcode: int | None, *, once: bool = False) -> Callable[[CloseOrder], Receipt | None]:
    """An answer without an execution; `once`: only the first time."""
    told: list[CloseOrder] = []

    def answer(order: CloseOrder) -> Receipt | None:
        told.append(order)
        return None if once and len(told) > 1 else Receipt(retcode=retcode)

    return answer


def test_a_trip_closes_what_the_plan_said_and_no_more(stand: Stand) -> None:
    stand.beat(20)
    (order,) = stand.terminal.sent
    assert (order.lots, order.side, order.symbol) == (0.4, Side.SELL, "PLAIN")
    assert [e["filled"] for e in stand.of("outcome", state="done")] == [0.4]
    assert stand.terminal.positions[1].lots == pytest.approx(1.6)


def test_a_plan_waits_for_its_confirmation(stand: Stand) -> None:
    stand.beat(1)
    assert not stand.terminal.sent
    stand.beat(1)
    assert len(stand.terminal.sent) == 1


def test_a_yes_that_no_record_proves_is_unknown_and_after_a_minute_refused(stand: Stand) -> None:
    stand.terminal.answer = answering(10009, once=True)
    stand.beat(2)
    assert [e["state"] for e in stand.of("outcome")] == ["unknown"]
    stand.beat(590)
    assert len(stand.terminal.sent) == 1, "nothing more goes out for a position whose answer is open"
    stand.beat(20)
    assert [(e["state"], e["filled"]) for e in stand.of("outcome")][:2] == [("unknown", 0.0), ("refused", 0.0)]
    assert len(stand.terminal.sent) == 2, "once it is settled the plan goes on"


def test_no_answer_at_all_is_settled_by_the_deal_when_it_shows(stand: Stand) -> None:
    stand.terminal.answer = answering(None, once=True)
    stand.beat(2)
    assert stand.of("outcome")[0]["retcode"] is None
    stand.beat(50)
    stand.terminal.fill(stand.terminal.sent[0], 0.4)
    stand.beat(2)
    assert [e["state"] for e in stand.of("outcome")] == ["unknown", "done"]
    assert len(stand.terminal.sent) == 1


def test_a_stop_loss_that_fills_meanwhile_is_not_taken_for_ours(stand: Stand) -> None:
    stand.terminal.answer = answering(None, once=True)
    stand.beat(2)
    stand.terminal.fill(stand.terminal.sent[0], 0.5, comment="sl", reason=DealReason.STOP_LOSS)
    stand.beat(2)
    assert [e["state"] for e in stand.of("outcome")] == ["unknown"], "the smaller position is another's work"


def test_a_list_of_positions_that_lags_behind_the_deals_sends_nothing_twice(stand: Stand) -> None:
    def fill_unseen(order: CloseOrder) -> Receipt:
        stand.terminal.fill(order, order.lots)
        stand.terminal.shows_positions = False
        return Receipt(retcode=10009)

    stand.terminal.answer = fill_unseen
    stand.beat(2)
    assert stand.of("outcome", state="done")
    stand.beat(40)
    assert len(stand.terminal.sent) == 1, "for four seconds the list still shows the old volume"


@pytest.mark.parametrize("retcode", [10004, 10020, 10015], ids=["requote", "price changed", "invalid price"])
def test_a_requote_is_asked_again_in_a_later_beat(stand: Stand, retcode: int) -> None:
    stand.terminal.answer = answering(retcode, once=True)
    stand.beat(2)
    assert len(stand.terminal.sent) == 1
    stand.beat(2)
    assert len(stand.terminal.sent) == 2
    assert [e["state"] for e in stand.of("outcome")] == ["refused", "done"]


def test_refusals_without_end_never_reach_the_cap(stand: Stand) -> None:
    stand.terminal.answer = answering(10004)
    stand.beat(3_000)
    sent = len(stand.terminal.sent)
    assert 8 <= sent <= 20, "five minutes of requotes: tried on, but paced"
    assert not stand.of("halt")


def test_a_closed_market_is_not_hammered_and_tried_again_when_a_tick_comes(stand: Stand) -> None:
    stand.terminal.answer = answering(10018)
    stand.beat(200)
    assert len(stand.terminal.sent) == 1, "twenty seconds without a tick: no second try"
    stand.terminal.answer = lambda _: None
    stand.terminal.bid = 0.9949
    stand.beat(2)
    assert stand.of("outcome", state="done")


def test_a_request_the_broker_calls_invalid_is_not_repeated(stand: Stand) -> None:
    stand.terminal.answer = answering(10013)
    stand.beat(300)
    assert len(stand.terminal.sent) == 1


def test_another_filling_mode_is_tried_after_10030(stand: Stand) -> None:
    stand.terminal.answer = answering(10030, once=True)
    stand.beat(30)
    assert [o.filling for o in stand.terminal.sent] == [1, 0], "IOC first, FOK when it was not accepted"


def test_a_partial_fill_is_finished_without_a_new_plan(stand: Stand) -> None:
    def half(order: CloseOrder) -> Receipt | None:
        if len(stand.terminal.sent) > 1:
            return None
        stand.terminal.fill(order, 0.25)
        return Receipt(retcode=10010)

    stand.terminal.answer = half
    stand.beat(20)
    assert [o.lots for o in stand.terminal.sent] == [0.4, 0.15]
    assert [(e["state"], e["filled"]) for e in stand.of("outcome")] == [("partial", 0.25), ("done", 0.15)]
    assert len(stand.of("plan")) == 1


def test_algo_trading_switched_off_sends_nothing_and_says_so_once(stand: Stand) -> None:
    stand.terminal.state = TerminalState(connected=True, algo_allowed=False)
    stand.beat(50)
    assert not stand.terminal.sent
    assert len(stand.of("denied")) == 1
    stand.terminal.state = TerminalState(connected=True, algo_allowed=True)
    stand.beat(3)
    assert stand.of("outcome", state="done"), "the plan goes on when it may"


def test_killed_between_the_send_and_its_outcome_nothing_goes_out_twice(stand: Stand) -> None:
    class Killed(Exception):
        pass

    def die(order: CloseOrder) -> Receipt:
        stand.terminal.fill(order, order.lots)
        raise Killed

    stand.terminal.answer = die
    stand.beat(2)
    stand.restart()
    assert stand.of("recovered")[0]["unresolved"] == [1]
    stand.terminal.answer = lambda _: None
    stand.beat(30)
    assert len(stand.terminal.sent) == 1
    assert [e["state"] for e in stand.of("outcome")] == ["done"]
    assert len(stand.of("plan")) == 1


def test_what_the_journal_cannot_take_is_not_sent_but_a_persons_stop_is(stand: Stand) -> None:
    other = sqlite3.connect(stand.folder / "journal.db")
    other.execute("BEGIN IMMEDIATE")
    try:
        stand.beat(3)
        assert not stand.terminal.sent
        stand.guard.press_stop("emergency stop by click", by_person=True)
        stand.beat(2)
        assert [o.lots for o in stand.terminal.sent] == [2.0]
        assert b"emergency stop by click" in (stand.folder / "emergency.jsonl").read_bytes()
    finally:
        other.rollback()
        other.close()
    stand.beat(2)
    assert stand.of("alert", rule="Journal"), "said as soon as it can be written down"


def test_rules_send_at_most_five_orders_a_second(tmp_path: Path) -> None:
    stand = Stand(
        tmp_path, rule("equity", "below", {"at": 9_000.0, "severity": "critical", "action": "reduce", "percent": 50.0})
    )
    stand.terminal.hold(*(plain(n, 0.1) for n in range(1, 21)))
    stand.beat()
    stand.terminal.bid = 0.99
    stand.beat(12)
    assert 5 <= len(stand.terminal.sent) <= 10
    stand.beat(50)
    assert len(stand.terminal.sent) == 20
    stand.engine.close()


def test_a_close_order_that_waits_for_one_leg_keeps_no_other_position_of_the_symbol(stand: Stand) -> None:
    terminal = stand.terminal
    terminal.spec = replace(terminal.spec, close_by=True)
    terminal.hold(plain(2, side=Side.SELL), plain(3, 0.5), plain(4, 0.3))
    terminal.closing = frozenset({1})
    stand.beat()
    stand.engine.obey(EmergencyStop())
    stand.beat(10)
    assert [(o.ticket, o.by) for o in terminal.sent] == [(900_002, 900_003), (900_004, 0)]
