"""What is held against a looser config keeps what it stood on: a person's consent, and what it had done already."""

from __future__ import annotations

from typing import Any

import pytest

from monitors.ports import Consent
from tests.app.scripted import plain
from tests.app.stand import Make, Stand, rule
from tests.app.test_commitment import armed, floor, judged, reset
from tests.app.test_disk_trouble import full

FALLEN, STOP = 0.9985, 0.99
"""A lot has lost 150 there, past the backstop's level; 850 below it the account stands at the severest."""


def guarded(at: float, within: float | None = None) -> dict[str, Any]:
    """A backstop that keeps what is held within the severest level, unless it says otherwise."""
    stops: dict[str, Any] = {"at": at, "severity": "high", "action": "backstop"}
    stops |= {} if within is None else {"within": within}
    return rule("equity", "below", stops, {"at": 9_000.0, "severity": "critical", "action": "close_all"})


def stops(stand: Stand) -> list[float]:
    return [order.stop for order in stand.terminal.protected]


@pytest.mark.parametrize("looser", [guarded(9_800.0), guarded(9_900.0, within=8_500.0)], ids=["later", "wider"])
def test_a_backstop_that_was_agreed_to_stands_while_it_is_held_and_keeps_within_the_same(
    make: Make, looser: dict[str, Any]
) -> None:
    stand = make(guarded(9_900.0))
    stand.terminal.hold(plain(1))
    stand.beat(3)
    assert stand.engine.obey(Consent())
    stand.configure(looser)
    stand.beat(2)
    assert (9_900.0, "backstop") in judged(stand)["equity (held)"]
    stand.restart()
    stand.terminal.bid = FALLEN
    stand.beat(6)
    assert stops(stand) == [STOP]


def test_what_is_let_go_and_written_anew_is_agreed_to_anew(make: Make) -> None:
    stand = armed(make, guarded(9_900.0))
    assert stand.engine.obey(Consent())
    stand.configure(guarded(9_800.0))
    stand.beat()
    reset(stand)
    assert judged(stand) == {"equity": [(9_800.0, "backstop"), (9_000.0, "close_all")]}
    assert not stand.guard.keeper.memory.consents


def test_a_held_level_that_has_cut_does_not_cut_again_because_the_disk_failed(make: Make) -> None:
    stand = armed(make, floor(action="reduce"))
    stand.terminal.bid = 0.9949
    stand.beat(6)
    assert [o.lots for o in stand.terminal.sent] == [0.5]
    stand.terminal.bid = 0.9940
    with full(stand):
        stand.configure(floor(at=9_000.0, action="reduce"))
        stand.beat(3)
    stand.beat(30)
    assert "Floor (held)" in judged(stand)
    assert [o.lots for o in stand.terminal.sent] == [0.5]
    assert list(stand.guard.keeper.memory.trips) == ["Floor (held)\x1f9500.0"]


def test_of_two_levels_that_tripped_and_become_one_no_alert_is_left_standing(make: Make) -> None:
    stand = armed(make, floor(action="reduce"))
    stand.configure(floor(action="cancel_pendings"))
    stand.beat(3)
    stand.terminal.bid = 0.9949
    stand.beat(6)
    assert [e["alert"] for e in stand.of("alert", state="raised")] == [1, 2]
    reset(stand)
    assert judged(stand) == {"Floor": [(9_500.0, "cancel_pendings")]}
    (trip,) = stand.guard.keeper.memory.trips.values()
    assert [v.number for v in stand.engine.shared.alerts.views() if v.active] == [trip.alert]
