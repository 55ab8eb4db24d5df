"""What waits for a client: no event is lost without a word, and of figures the newest is enough."""

from __future__ import annotations

import json
from typing import Any

from app.stream.outbox import MOST_BYTES, MOST_EVENTS, SLOW, Outbox


def taken(box: Outbox) -> dict[str, Any]:
    message = box.take()
    assert message is not None
    found = json.loads(message)
    assert isinstance(found, dict)
    return found


def test_figures_that_nobody_took_are_replaced_and_counted() -> None:
    box = Outbox()
    for value in range(5):
        box.update([(("main", "margin"), b'{"value":%d}' % value)])
    box.update([(("main", "pnl"), b'{"value":9}')])
    box.event(b'{"event":1}')
    box.event(b'{"event":2}')
    assert [taken(box) for _ in range(4)] == [
        {"event": 1, "seq": 1}, {"event": 2, "seq": 2}, {"value": 4, "conflated": 4, "seq": 7}, {"value": 9, "seq": 8},
    ]  # fmt: skip


def test_more_events_than_may_wait_end_it_with_the_reason() -> None:
    box = Outbox()
    for _ in range(MOST_EVENTS):
        box.event(b'{"e":0}')
    assert taken(box) == {"e": 0, "seq": 1}
    box.event(b'{"e":0}')
    box.event(b'{"e":0}')
    assert (box.take(), box.ending) == (None, (1013, SLOW))
    box.event(b'{"e":0}')
    assert box.take() is None


def test_more_bytes_than_may_wait_end_it() -> None:
    box = Outbox()
    box.event(b"x" * (MOST_BYTES // 2))
    box.update([(("main", "pnl"), b"x" * (MOST_BYTES // 2))])
    box.update([(("main", "pnl"), b"x" * 10), (("main", "margin"), b"x" * (MOST_BYTES // 4))])
    assert box.take() is not None
    box.event(b"x" * MOST_BYTES)
    assert (box.take(), box.ending[0]) == (None, 1013)


def test_the_first_reason_for_an_end_stands() -> None:
    box = Outbox()
    box.end(1008, "first")
    box.end(1001, "second")
    assert (box.take(), box.ending) == (None, (1008, "first"))
