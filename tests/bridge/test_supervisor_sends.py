"""What goes out through a supervisor, what does not, and what is known of it afterwards."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from bridge.port import Awaited, TerminalError, Unanswered
from tests.bridge.served.rehearse import Rehearse
from tests.bridge.watched import (
    ORDER,
    STOPPED,
    Watched,
    kill,
    stopped,
)


@STOPPED
def test_a_close_goes_out_while_the_others_hang(quiet: Path, supervisor: Watched) -> None:
    supervisor.read()
    with stopped(supervisor.host("eyes"), supervisor.host("history")):
        supervisor.took()
        with pytest.raises(Unanswered):
            supervisor.records(1)
        receipt = supervisor.told(supervisor.send(ORDER))
        assert receipt.retcode == 10009
        assert receipt.records
        assert [p.lots for p in receipt.records.positions] == [pytest.approx(0.2)]
        with Rehearse(quiet) as rehearse:
            assert len(rehearse.books()[1]) == 1
    supervisor.seen(enough=lambda s: s.positions[0].lots == pytest.approx(0.2))


def test_several_closes_go_out_in_order_and_each_has_its_receipt(supervisor: Watched) -> None:
    sent = [supervisor.send(replace(ORDER, held=held)) for held in (0.3, 0.2, 0.1)]
    receipts = [supervisor.told(awaited) for awaited in sent]
    held = [sum(p.lots for p in r.records.positions) for r in receipts if r.records]
    assert held == [pytest.approx(0.2), pytest.approx(0.1), 0]


def test_nothing_is_sent_for_an_account_that_was_switched_since_the_last_look(quiet: Path, supervisor: Watched) -> None:
    with Rehearse(quiet) as rehearse:
        rehearse.event("switch_account", login=2002)
        for awaited in (supervisor.send(ORDER), supervisor.cancel(5)):
            receipt = supervisor.told(awaited)
            assert (receipt.retcode, receipt.error) == (None, -2)
            assert "another account" in receipt.text
        assert [row["volume"] for row in rehearse.books()[1]] == [0.3]
    supervisor.seen(enough=lambda s: s.account.login == 2002)


def test_nothing_is_sent_before_an_account_was_seen(quiet: Path) -> None:
    supervisor = Watched.of(quiet)
    with pytest.raises(TerminalError, match="no account"):
        supervisor.send(ORDER)
    supervisor.hang_up()


@STOPPED
def test_a_close_whose_host_was_killed_is_unclear_and_the_one_behind_it_was_not_sent(supervisor: Watched) -> None:
    hand = supervisor.host("hand")
    with stopped(hand):
        given, queued = supervisor.send(ORDER), supervisor.send(ORDER)
        assert supervisor.receipt(given) is None
        kill(hand)
    unclear, unsent = supervisor.told(given), supervisor.told(queued)
    assert (unclear.retcode, unclear.error) == (None, 0)
    assert (unsent.retcode, unsent.error) == (None, -2)


def test_a_hand_that_died_while_nobody_needed_it_costs_no_close(supervisor: Watched) -> None:
    first = supervisor.host("hand")
    kill(first)
    supervisor.seen(enough=lambda _: supervisor.pids.get("hand", first.pid) != first.pid)
    assert supervisor.told(supervisor.send(ORDER)).retcode == 10009


def test_a_receipt_nobody_knows_of_is_unclear(supervisor: Watched) -> None:
    receipt = supervisor.receipt(Awaited(99))
    assert receipt
    assert (receipt.retcode, receipt.error) == (None, 0)
