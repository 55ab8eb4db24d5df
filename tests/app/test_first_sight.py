"""An account first seen in the middle of a challenge asks for the firm's figures, once, until they are typed."""

from __future__ import annotations

import pytest

from app.config import from_table
from monitors.ports import AlertView, Opening
from tests.app.scripted import plain
from tests.app.stand import Make, Stand

ASKED = "Opening figures"


def asked(stand: Stand) -> list[AlertView]:
    return [view for view in stand.engine.frame().alerts if view.rule == ASKED]


def begun(make: Make, *, initial: float = 10_000.0, high_water: float = 0.0, held: bool = True) -> Stand:
    """The main account is in a challenge of that size from the first look on."""
    stand: Stand = make()
    stand.table["terminal"][0] |= {"initial_balance": initial, "high_water": high_water}
    stand.config = from_table(stand.table, source="test")
    if held:
        stand.terminal.hold(plain(1))
    stand.restart()
    stand.beat()
    return stand


@pytest.mark.parametrize("held", [True, False], ids=["with a position", "with a profit booked"])
def test_a_challenge_under_way_is_asked_about_once_and_until_it_is_answered(make: Make, held: bool) -> None:
    stand = begun(make, initial=10_000.0 if held else 9_500.0, held=held)
    stand.beat(3)
    assert [view.active for view in asked(stand)] == [True]
    stand.restart()
    stand.beat(2)
    assert [view.active for view in asked(stand)] == [True]
    assert stand.engine.obey(Opening(account="main", high_water=11_000.0))
    assert [view.active for view in asked(stand)] == [False]
    assert stand.engine.obey(Opening(account="main", high_water=12_000.0))
    assert len(stand.of("alert", rule=ASKED, state="cleared")) == 1


@pytest.mark.parametrize(
    ("initial", "high_water", "held"),
    [(0.0, 0.0, True), (10_000.0, 10_500.0, True), (10_000.0, 0.0, False)],
    ids=["no challenge", "its high is in the config", "it has not begun"],
)
def test_nobody_is_asked_where_there_is_nothing_to_ask(
    make: Make, initial: float, high_water: float, held: bool
) -> None:
    assert not asked(begun(make, initial=initial, high_water=high_water, held=held))
