"""Frames carry how long beats and answers took, by the monotonic clock; nothing until there is something."""

from __future__ import annotations

import pytest

from tests.app.scripted import plain
from tests.app.stand import Make, rule

FLOOR = rule("equity", "below", {"at": 9_500.0, "severity": "high", "action": "reduce", "percent": 50.0})


def test_beats_that_were_timed_are_told(make: Make) -> None:
    stand = make()
    assert stand.engine.frame().beat_took is None
    for ms in (2.0, 4.0, 3.0):
        frame = stand.engine.frame(ms)
    assert frame.beat_took is not None
    assert (frame.beat_took.last_ms, frame.beat_took.p50_ms, frame.beat_took.count) == (3.0, 3.0, 3)


def test_a_close_that_was_answered_is_timed_and_one_without_an_answer_is_not(make: Make) -> None:
    stand = make(FLOOR)
    stand.terminal.hold(plain(1))
    stand.beat(2)
    assert stand.engine.frame().accounts[0].order_took is None
    stand.terminal.bid = 0.99
    stand.beat(5)
    took = stand.engine.frame().accounts[0].order_took
    assert took is not None
    assert took.count == len(stand.of("outcome")) == 1
    assert took.last_ms == pytest.approx(0.0)
