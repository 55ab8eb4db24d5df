"""What the window says was done: a plan as a whole, and limits in their own units."""

from __future__ import annotations

from monitors.ports import EmergencyStop
from tests.app.scripted import plain
from tests.app.stand import Make, Stand, frame, rule

THIN, MINUS = "\N{NARROW NO-BREAK SPACE}", "\N{MINUS SIGN}"


def stopped(make: Make, count: int) -> Stand:
    stand = make()
    for n in range(count):
        stand.terminal.hold(plain(n + 1, lots=0.5))
    stand.beat(2)
    stand.engine.obey(EmergencyStop())
    stand.beat(8)
    assert not stand.terminal.positions
    return stand


def test_one_close_is_told_with_its_lots_to_the_step(make: Make) -> None:
    assert frame(stopped(make, 1)).last_action == "closed 0.50 PLAIN"


def test_several_are_told_together_and_not_as_the_last_of_them(make: Make) -> None:
    assert frame(stopped(make, 3)).last_action == "closed 3 positions"


def test_a_level_to_come_is_written_like_every_limit(make: Make) -> None:
    alert = {"at": -1_200.0, "severity": "high", "action": "alert"}
    stand = make(rule("pnl.floating", "below", alert))
    stand.terminal.hold(plain(1))
    stand.beat(2)
    assert frame(stand).next_trip == f"pnl.floating {MINUS}1{THIN}200"
