"""Requests whose receipt comes beats later: nothing is claimed meanwhile, nothing goes out twice."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from bridge.port import Awaited, CloseOrder, Receipt
from bridge.session import BAD_ARGUMENTS
from monitors.kinds import Side
from monitors.model import PendingOrder
from tests.app.scripted import plain
from tests.app.stand import MARGIN_RULE, Stand


class Posted:
    """Every send is on its way from now on; the test says when what comes of it."""

    def __init__(self, stand: Stand) -> None:
        self.stand = stand
        stand.terminal.answer = self._posted

    def _posted(self, order: CloseOrder) -> Awaited:  # noqa: ARG002 -- an answer is given to an order
        return Awaited(len(self.stand.terminal.sent))

    def arrives(self, receipt: Receipt, number: int = 1) -> None:
        self.stand.terminal.receipts[number] = receipt

    def carried_out(self, lots: float = 0.4) -> None:
        """The broker closes; whether that is told is another matter."""
        self.stand.terminal.fill(self.stand.terminal.sent[0], lots)

    def done(self, retcode: int = 10009, *, records: bool = True) -> None:
        """The receipt comes, as a host makes it."""
        held = self.stand.terminal.records(0) if records else None
        self.arrives(Receipt(retcode=retcode, order=1, records=held))


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
def posted(stand: Stand) -> Posted:
    return Posted(stand)


def outcomes(stand: Stand) -> list[tuple[str, float]]:
    return [(e["state"], e["filled"]) for e in stand.of("outcome")]


def test_nothing_is_claimed_and_nothing_more_sent_before_the_receipt(stand: Stand, posted: Posted) -> None:
    stand.beat(80)
    assert len(stand.terminal.sent) == 1
    assert not stand.of("outcome")
    assert stand.guard.executor.busy(1)
    assert stand.guard.executor.states() == {1: "closing"}
    posted.carried_out()
    stand.beat(80)
    assert not stand.of("outcome"), "not even by deals: the receipt tells more than half a fill does"
    assert len(stand.terminal.sent) == 1


def test_a_yes_with_the_brokers_records_settles_at_once(stand: Stand, posted: Posted) -> None:
    stand.beat(5)
    posted.carried_out()
    posted.done()
    stand.beat(1)
    assert outcomes(stand) == [("done", 0.4)]
    assert stand.of("outcome")[0]["retcode"] == 10009
    stand.beat(20)
    assert len(stand.terminal.sent) == 1
    assert not stand.guard.executor.busy(1)


def test_a_fill_that_the_list_of_positions_does_not_show_yet_sends_nothing_twice(stand: Stand, posted: Posted) -> None:
    stand.beat(2)
    posted.carried_out()
    posted.done()
    stand.terminal.shows_positions = False
    stand.beat(40)
    assert len(stand.terminal.sent) == 1, "for four seconds the list still shows the old volume"


def test_half_a_fill_is_taken_from_the_receipt_and_the_rest_goes_out(stand: Stand, posted: Posted) -> None:
    stand.beat(2)
    posted.carried_out(0.25)
    stand.beat(10)
    assert not stand.of("outcome")
    posted.done(10010)
    stand.terminal.answer = lambda _: None
    stand.beat(20)
    assert outcomes(stand) == [("partial", 0.25), ("done", 0.15)]
    assert [o.lots for o in stand.terminal.sent] == [0.4, 0.15]


def test_a_yes_without_records_is_unknown_until_a_deal_shows_it(stand: Stand, posted: Posted) -> None:
    stand.beat(2)
    posted.done(records=False)
    stand.beat(5)
    assert outcomes(stand) == [("unknown", 0.0)]
    posted.carried_out()
    stand.beat(1)
    assert outcomes(stand) == [("unknown", 0.0), ("done", 0.4)]
    assert len(stand.terminal.sent) == 1


def test_an_unclear_receipt_is_unknown_and_settled_by_deals(stand: Stand, posted: Posted) -> None:
    stand.beat(2)
    posted.arrives(Receipt(retcode=None, text="the terminal's host ended"))
    stand.beat(30)
    assert outcomes(stand) == [("unknown", 0.0)]
    assert stand.guard.executor.states() == {1: "answer unknown, settling"}
    posted.carried_out()
    stand.beat(2)
    assert outcomes(stand) == [("unknown", 0.0), ("done", 0.4)]
    assert len(stand.terminal.sent) == 1


def test_an_unclear_receipt_counts_as_a_refusal_only_after_a_minute_from_the_send(stand: Stand, posted: Posted) -> None:
    stand.beat(102)
    posted.arrives(Receipt(retcode=None, text="the terminal gave no answer within 10 s"))
    stand.beat(490)
    assert outcomes(stand) == [("unknown", 0.0)]
    assert len(stand.terminal.sent) == 1
    stand.beat(20)
    assert outcomes(stand)[1] == ("refused", 0.0)


@pytest.mark.parametrize(
    "receipt", [Receipt(retcode=None, error=BAD_ARGUMENTS, text="never left"), Receipt(retcode=10006)],
    ids=["never left", "rejected"],
)  # fmt: skip
def test_what_never_left_or_was_refused_is_tried_again_after_a_pause(
    stand: Stand, posted: Posted, receipt: Receipt
) -> None:
    stand.beat(2)
    posted.arrives(receipt)
    stand.beat(1)
    assert outcomes(stand) == [("refused", 0.0)]
    stand.terminal.answer = lambda _: None
    stand.beat(7)
    assert len(stand.terminal.sent) == 1
    stand.beat(10)
    assert outcomes(stand) == [("refused", 0.0), ("done", 0.4)]


def test_a_receipt_is_taken_while_the_account_is_not_seen(stand: Stand, posted: Posted) -> None:
    stand.beat(2)
    posted.carried_out()
    posted.done()
    stand.terminal.down = "the terminal does not answer"
    stand.beat(1)
    assert outcomes(stand) == [("done", 0.4)]


def test_killed_while_it_was_on_its_way_it_is_taken_up_as_open_and_never_sent_again(
    stand: Stand, posted: Posted
) -> None:
    stand.beat(2)
    stand.restart()
    assert stand.of("recovered")[0]["unresolved"] == [1]
    stand.terminal.answer = lambda _: None
    stand.beat(100)
    assert len(stand.terminal.sent) == 1
    posted.carried_out()
    stand.beat(2)
    assert outcomes(stand) == [("done", 0.4)]
    assert len(stand.of("plan")) == 1
    stand.beat(30)
    assert len(stand.terminal.sent) == 1


def test_a_cancel_on_its_way_is_not_sent_again_and_told_when_its_receipt_comes(stand: Stand, posted: Posted) -> None:
    order = PendingOrder(ticket=9, symbol="PLAIN", side=Side.BUY, lots=0.1, price=0.9, magic=0)
    stand.terminal.orders = (order,)
    sent = stand.terminal.cancelled
    stand.terminal.cancelling = lambda _: Awaited(100 + len(sent))
    stand.guard.press_stop("by a person", by_person=True)
    stand.beat(200)
    assert sent == [9]
    assert not stand.of("cancel")
    posted.arrives(Receipt(retcode=10006), 101)
    stand.beat(1)
    assert [(e["order"], e["state"]) for e in stand.of("cancel")] == [(9, "refused")]
    stand.beat(1)
    assert sent == [9, 9], "long after the first try, so at once"
    posted.arrives(Receipt(retcode=10009), 102)
    stand.beat(1)
    assert [e["state"] for e in stand.of("cancel")] == ["refused", "done"]
