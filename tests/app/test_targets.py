"""What two levels want of one position: the deeper first, and neither ends with the other."""

from __future__ import annotations

from app.memory import Memory, Target
from app.targets import line, put
from bridge.port import Receipt
from monitors.gate import SPREAD_TIMES
from monitors.ports import Loosen
from tests.app.scripted import plain
from tests.app.stand import Make, Stand, rule

EVERYTHING = rule("equity", "below", {"at": 9_900.0, "severity": "high", "action": "close_all"})
A_QUARTER = rule("pnl.floating", "below",
                 {"at": -100.0, "severity": "high", "action": "reduce", "percent": 25.0})  # fmt: skip


def refused_first(make: Make) -> Stand:
    """Both rules have planned for one position, and the broker takes nothing yet."""
    stand = make(EVERYTHING, A_QUARTER)
    stand.terminal.hold(plain(1)).answer = lambda _: Receipt(retcode=10018)
    stand.terminal.bid = 0.8
    stand.beat(3)
    assert [len(told["closes"]) for told in stand.of("plan")] == [1, 1]
    return stand


def loosened(stand: Stand, gone: str) -> None:
    """A person lets the rule go; then the market opens again."""
    stand.configure(*(r for r in (EVERYTHING, A_QUARTER) if r["name"] != gone))
    stand.engine.obey(Loosen("main"))
    stand.terminal.answer = lambda _: None
    stand.beat(900)


def test_a_rule_that_goes_leaves_what_another_planned_for_the_same_position(make: Make) -> None:
    stand = refused_first(make)
    loosened(stand, "equity")

    assert stand.terminal.positions[1].lots == 0.75
    assert len(stand.of("plan")) == 2, "as it was planned, not planned again"


def test_a_rule_that_goes_and_wanted_less_leaves_the_deeper_target(make: Make) -> None:
    stand = refused_first(make)
    loosened(stand, "pnl.floating")

    assert not stand.terminal.positions


def test_both_targets_are_found_again_after_a_kill(make: Make) -> None:
    stand = refused_first(make)
    stand.restart()
    loosened(stand, "equity")

    assert stand.terminal.positions[1].lots == 0.75
    assert len(stand.of("plan")) == 2


def test_a_plan_that_is_reached_by_a_deeper_one_is_not_made_again(make: Make) -> None:
    stand = refused_first(make)
    stand.terminal.answer = lambda _: None
    stand.beat(900)

    assert len(stand.of("plan")) == 2


def test_a_hard_rule_does_not_wait_behind_a_soft_one_with_a_deeper_target(make: Make) -> None:
    soft, hard = EVERYTHING | {"hard": False}, A_QUARTER | {"hard": True}
    stand = make(soft, hard)
    stand.terminal.hold(plain(1))
    stand.beat(60)
    stand.terminal.spread *= 2 * SPREAD_TIMES
    stand.terminal.bid = 0.8
    stand.beat(10)
    assert stand.terminal.positions[1].lots == 0.75

    stand.terminal.spread /= 2 * SPREAD_TIMES
    stand.beat(10)
    assert not stand.terminal.positions


def test_of_one_levels_targets_only_the_deepest_stays() -> None:
    memory = Memory()
    for steps, level in ((50, "a"), (20, "b"), (30, "a"), (40, "a")):
        put(memory, 1, Target(steps=steps, level=level))
    assert [(one.steps, one.level) for one in line(memory.targets[1])] == [(20, "b"), (30, "a")]
