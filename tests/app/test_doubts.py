"""An alarm about a figure that is unknown lasts as long as that does: over restarts, and no longer than its rule."""

from __future__ import annotations

from app.config import from_table
from monitors.ports import AlertView
from tests.app.scripted import plain
from tests.app.stand import Make, Stand, rule

NO_R = rule("position.r", "below", {"at": -1.0, "severity": "high", "action": "alert"})
"""Unknown for a position without a stop."""


def standing(stand: Stand) -> list[AlertView]:
    return [alert for alert in stand.engine.shared.alerts.views() if alert.active]


def doubtful(make: Make) -> Stand:
    stand = make(NO_R)
    stand.terminal.hold(plain(1))
    stand.beat(130)
    assert [alert.rule for alert in standing(stand)] == ["position.r"]
    return stand


def test_it_ends_with_its_rule(make: Make) -> None:
    stand = doubtful(make)
    stand.engine.configure(from_table(stand.table | {"rule": []}, source="test"))
    assert standing(stand) == []


def test_a_restart_raises_no_second_one(make: Make) -> None:
    stand = doubtful(make)
    stand.restart()
    stand.beat(130)
    assert len(standing(stand)) == 1


def test_after_a_restart_it_still_ends_with_the_doubt(make: Make) -> None:
    stand = doubtful(make)
    stand.restart()
    stand.terminal.positions.clear()
    stand.beat(2)
    assert standing(stand) == []
