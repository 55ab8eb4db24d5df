"""The load of alerts as the engine tells it, over a restart too."""

from __future__ import annotations

from monitors.ports import Acknowledge
from tests.app.scripted import plain
from tests.app.stand import Make, rule

FLOOR = rule("equity", "below", {"at": 9_500.0, "severity": "high", "action": "alert"})


def test_what_is_raised_and_acknowledged_is_counted_and_a_start_finds_it_again(make: Make) -> None:
    stand = make(FLOOR)
    stand.terminal.hold(plain(1))
    stand.beat(2)
    assert stand.engine.frame().load.last_ten == 0
    stand.terminal.bid = 0.99
    stand.beat(2)
    assert stand.engine.frame().load.last_ten == 1
    assert stand.engine.frame().load.median_ack_s is None
    stand.beat(1, seconds=40.0)
    stand.engine.obey(Acknowledge(1))
    load = stand.engine.frame().load
    assert load.median_ack_s is not None
    assert load.median_ack_s >= 40.0
    stand.restart()
    assert stand.engine.frame().load.median_ack_s == load.median_ack_s
    assert stand.engine.frame().load.last_ten == 1


def test_ten_minutes_later_it_is_not_new(make: Make) -> None:
    stand = make(FLOOR)
    stand.terminal.hold(plain(1))
    stand.terminal.bid = 0.99
    stand.beat(3)
    stand.beat(1, seconds=601.0)
    load = stand.engine.frame().load
    assert (load.last_ten, load.last_hour, max(load.peaks)) == (0, 1, 1)
