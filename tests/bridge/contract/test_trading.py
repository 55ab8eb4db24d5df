"""What is sent: volumes, comments, and that a close really closes."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from bridge.attach import Attached
from bridge.clock import SystemClock
from bridge.port import CloseOrder
from bridge.session import Session
from monitors.kinds import Side
from tests.bridge.contract.trading import DONE, close, request
from tests.bridge.simulator.face_support import wrong_types

INVALID_VOLUME, INVALID = 10014, 10013
LATE = 2_000_000_000


@pytest.mark.parametrize("volume", [1, None, "0.01", np.float32(0.01)], ids=repr)
@pytest.mark.parametrize("function", ["order_check", "order_send"])
def test_a_volume_that_is_no_float_never_leaves(mt5: Any, function: str, volume: Any) -> None:
    held = len(mt5.positions_get())
    assert getattr(mt5, function)(request(mt5, volume)) is None
    assert mt5.last_error() == (-2, 'Invalid "volume" argument')
    assert len(mt5.positions_get()) == held


@pytest.mark.parametrize("volume", [0.01, np.float64(0.01)], ids=["float", "numpy's own"])
def test_a_volume_that_is_a_float_is_fine(mt5: Any, volume: Any) -> None:
    checked = mt5.order_check(request(mt5, volume))
    assert mt5.last_error() == (1, "Success")
    assert (checked.retcode, checked.request.volume) == (0, 0.01)


@pytest.mark.parametrize("volume", [0.015, 0.0, 1e9], ids=["between two steps", "none", "far too much"])
def test_a_volume_that_cannot_be_traded_is_refused_by_the_terminal(mt5: Any, volume: float) -> None:
    assert mt5.order_check(request(mt5, volume)).retcode == INVALID_VOLUME


@pytest.mark.parametrize(("length", "taken"), [(29, True), (30, False)])
def test_a_comment_has_twenty_nine_characters_at_most(mt5: Any, length: int, taken: bool) -> None:
    checked = mt5.order_check(request(mt5, 0.01, comment="c" * length))
    assert (checked is not None) is taken
    if not taken:
        assert mt5.last_error() == (-2, 'Invalid "comment" argument')


@pytest.mark.parametrize("field", ["position", "magic", "type_filling", "deviation"])
def test_a_whole_number_given_as_a_float_never_leaves(mt5: Any, field: str) -> None:
    assert mt5.order_check(request(mt5, 0.01, **{field: 1.0})) is None
    assert mt5.last_error() == (-2, f'Invalid "{field}" argument')


def test_an_unknown_key_is_not_noticed(mt5: Any) -> None:
    assert mt5.order_check(request(mt5, 0.01, positoin=5)).retcode == 0


def test_a_request_given_by_its_name_is_one_of_nothing_but_zeros(mt5: Any) -> None:
    checked = mt5.order_check(request=request(mt5, 0.01))
    assert not any(checked.request)
    assert checked.retcode != 0


def test_a_partial_close_takes_off_what_was_asked_for_and_keeps_the_position(mt5: Any, position: Any) -> None:
    done = mt5.order_send(close(mt5, position, 0.01))
    assert wrong_types(done) == {}
    assert (done.retcode, done.request.position) == (DONE, position.ticket)
    (left,) = mt5.positions_get(ticket=position.ticket)
    assert (left.volume, left.identifier) == (pytest.approx(0.02), position.identifier)


def test_a_close_really_closes_and_its_deal_is_booked(mt5: Any, position: Any) -> None:
    done = mt5.order_send(close(mt5, position, 0.03))
    assert done.retcode == DONE
    assert mt5.positions_get(ticket=position.ticket) == ()
    opening, closing = mt5.history_deals_get(position=position.identifier)
    assert (opening.entry, closing.entry) == (0, 1)
    assert (closing.order, closing.volume, closing.comment) == (done.order, 0.03, "plimsoll 1")
    assert closing.ticket in {deal.ticket for deal in mt5.history_deals_get(1, LATE)}


def test_closing_what_is_gone_opens_nothing(mt5: Any, position: Any) -> None:
    again = close(mt5, position, 0.03)
    assert mt5.order_send(again).retcode == DONE
    held = len(mt5.positions_get())
    refused = mt5.order_send(again)
    assert refused is None or refused.retcode != DONE
    assert len(mt5.positions_get()) == held


def test_closing_more_than_is_held_opens_nothing(mt5: Any, position: Any) -> None:
    refused = mt5.order_send(close(mt5, position, 0.05))
    assert refused.retcode != DONE
    assert [held.type for held in mt5.positions_get(symbol="EURUSD")] == [0]


def test_the_session_sees_the_position_and_closes_it(attached: Attached, mt5: Any, position: Any) -> None:
    session = Session(mt5, SystemClock(), attached.zone or "UTC", connect=attached.opened)
    seen = session.look(0)
    (held,) = (p for p in seen.positions if p.ticket == position.ticket)
    assert (held.lots, held.side) == (0.03, Side.BUY)
    receipt = session.send(CloseOrder(ticket=held.ticket, symbol="EURUSD", side=Side.SELL, lots=held.lots,
                                      held=held.lots, filling=mt5.ORDER_FILLING_IOC, magic=0,
                                      comment="plimsoll 2", identifiers=(held.identifier,)))  # fmt: skip
    assert receipt.retcode == DONE
    assert position.ticket not in {p.ticket for p in session.look(0).positions}
