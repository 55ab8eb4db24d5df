"""Requests on their way and what else happens meanwhile: a press, other positions, a time unseen."""

from __future__ import annotations

import pytest

from app.live import CAUGHT_UP_S
from bridge.port import Awaited, CloseOrder, Receipt
from monitors.outcomes import ABSENCE_S
from monitors.ports import EmergencyStop
from tests.app.scripted import plain
from tests.app.stand import Make, Stand


@pytest.fixture
def stand(make: Make) -> Stand:
    """Three positions, an emergency stop pressed, and every send on its way."""
    made = make()
    made.terminal.hold(plain(1), plain(2), plain(3))
    made.beat(2)

    def post(_: CloseOrder) -> Awaited:
        return Awaited(len(made.terminal.sent))

    made.terminal.answer = post
    made.engine.obey(EmergencyStop())
    return made


def test_one_close_is_on_its_way_at_a_time_so_that_none_is_written_down_before_it_can_leave(stand: Stand) -> None:
    stand.beat(5)
    assert len(stand.terminal.sent) == 1
    assert len(stand.of("intent")) == 1
    assert stand.engine.closing
    stand.terminal.fill(stand.terminal.sent[0], 1.0)
    stand.terminal.receipts[1] = Receipt(retcode=10009, order=1, records=stand.terminal.records(0))
    stand.beat()
    assert len(stand.terminal.sent) == 2


def test_a_press_while_a_close_is_on_its_way_loses_nothing_of_its_refusal(stand: Stand) -> None:
    stand.beat()
    stand.engine.obey(EmergencyStop())
    stand.terminal.receipts[1] = Receipt(retcode=10004)
    stand.beat()
    assert [(e["request"], e["state"]) for e in stand.of("outcome")] == [(1, "refused")]
    assert stand.engine.faults == []
    assert len(stand.terminal.sent) == 2


def test_silence_counts_only_once_the_records_were_seen_again_for_a_while(stand: Stand) -> None:
    stand.beat()
    stand.terminal.receipts[1] = Receipt(retcode=None, error=-10002)
    stand.beat()
    assert [e["state"] for e in stand.of("outcome")] == ["unknown"]
    stand.terminal.down = "gone"
    stand.beat(2, seconds=ABSENCE_S)
    stand.terminal.down = ""
    stand.beat(round(CAUGHT_UP_S) - 1, seconds=1.0)
    assert [e["state"] for e in stand.of("outcome", request=1)] == ["unknown"]
    stand.beat(3, seconds=1.0)
    assert [e["state"] for e in stand.of("outcome", request=1)] == ["unknown", "refused"]
