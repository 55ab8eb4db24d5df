"""What a dead machine leaves: the worst case against the nearest of the limits that a loss reaches."""

from __future__ import annotations

import math

import pytest

from monitors.model import NotApplicable
from monitors.ports import Severity
from monitors.responses.backstop import Backstop
from monitors.settings import Rule
from monitors.unattended import Unattended, standing, unattended
from tests.builders import level, order, position, reading, rule, snapshot

HELD = reading(snapshot(position(1, stop=1.09), orders=(order(5),)), changes={60.0: -5.0})
NEAR = rule("equity", "below", level(9_800.0, severity=Severity.LOW), level(9_500.0), name="near")
FAR = rule("drawdown.daily_pct", "above", level(8.0), name="far")
KEPT = rule("equity", "below", level(9_900.0, Backstop(within=8_700.0)), level(9_800.0), name="kept")
BACKSTOP = level(9_900.0, Backstop(within=9_200.0))


def left(*rules: Rule) -> Unattended:
    return unattended(HELD, rules, ())


@pytest.mark.parametrize(
    ("rules", "room", "whose"),
    [
        ((NEAR, FAR), 500.0, "near"),
        ((FAR,), 800.0, "far"),
        ((KEPT,), 1_300.0, "kept"),
        ((FAR, KEPT), 800.0, "far"),
    ],
)
def test_the_nearest_severest_level_or_what_a_backstop_keeps_is_the_room(
    rules: tuple[Rule, ...], room: float, whose: str
) -> None:
    found = left(*rules)
    assert found.rule == whose
    assert found.room == pytest.approx(room)


@pytest.mark.parametrize(
    "other",
    [
        rule("equity", "below", level(9_900.0, severity=Severity.LOW)),
        rule("pnl.today", "above", level(10.0)),
        rule("pnl.change", "below", level(-10.0)),
        rule("exposure.hhi", "above", level(0.5)),
    ],
)
def test_what_only_tells_of_little_or_is_no_loss_limits_nothing(other: Rule) -> None:
    assert isinstance(left(other).room, NotApplicable)
    assert left(other, FAR).rule == "far"


def test_it_is_guarded_where_the_worst_case_fits() -> None:
    assert left(FAR).worst == pytest.approx(1_000.0)
    assert (left(FAR).bare, left(FAR).pendings) == (0, 1)
    assert not left(FAR).guarded
    assert left(KEPT).guarded
    bare = unattended(reading(snapshot(position(1), position(2, stop=1.09))), (KEPT,), ())
    assert (math.isinf(bare.worst), bare.bare, bare.guarded) == (True, 1, False)
    flat = unattended(reading(), (), ())
    assert (flat.worst, flat.guarded) == (0.0, True)


def test_a_backstop_stands_with_the_stops_that_it_would_set_now() -> None:
    found = standing(HELD, rule("equity", "below", BACKSTOP), BACKSTOP, {}, agreed=True, stands=False)
    assert (found.at, found.within, found.agreed, found.stands) == (9_900.0, 9_200.0, True, False)
    assert found.plan.worst == pytest.approx(800.0)  # type: ignore[union-attr]  # it is one
