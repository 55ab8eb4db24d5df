"""Two instances on one account of one machine: the lock decides, and says who only watches."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from app.instance.single import Instance
from app.rivals import HERE, UNTOLD
from monitors.ports import ClosePart
from tests.app.scripted import plain
from tests.app.stand import Pair, Program, alarms, beat, frame, rule, senders

EARLY = rule("equity", "below", {"at": 9_900.0, "severity": "high", "action": "reduce", "percent": 20.0})


@pytest.fixture
def two(program: Program, tmp_path: Path) -> Pair:
    """Two on one machine; each would close all below 9,800."""
    place = tmp_path / "accounts"
    rules = rule("equity", "below", {"at": 9_800.0, "severity": "critical", "action": "close_all"})
    shared = str(tmp_path / "simulator.json")
    first, second = (program(Instance(id=i, data=tmp_path / i, place=place), rules, path=shared) for i in ("a1", "b2"))
    first.terminal.hold(plain(1))
    return first, second


def test_the_second_one_here_only_watches_and_takes_over_when_the_first_has_ended(two: Pair) -> None:
    first, second = two
    beat(3, first, second)
    assert (frame(first).mode, frame(second).mode) == ("armed", "read-only")
    assert "holds this account already" in frame(second).mode_reason
    assert [view.active for view in alarms(second, HERE)] == [True]
    first.terminal.bid = 0.99700
    beat(20, second)
    assert first.terminal.sent == []
    first.guard.rivals.close()
    beat(20, second)
    assert senders(second) == ["b2"]
    assert [view.active for view in alarms(second, HERE)] == [False]


def test_what_is_held_is_not_let_go_for_an_instant(two: Pair) -> None:
    first, _ = two
    beat(2, first)
    held = first.guard.rivals._claim._file
    beat(30, first)
    assert held
    assert first.guard.rivals._claim._file is held


def test_another_account_in_the_terminal_lets_the_first_one_go(two: Pair) -> None:
    first, second = two
    beat(2, first)
    rivals, seen = first.guard.rivals, first.guard.sight.look(None).snapshot
    assert seen
    rivals.watch(replace(seen, account=replace(seen.account, login=seen.account.login + 1)))
    beat(2, second)
    assert (rivals.reason, frame(second).mode) == ("", "armed")


def test_a_lock_that_cannot_be_tried_is_said_and_stops_nobody(program: Program, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    stand = program(Instance(id="a1", data=tmp_path, place=tmp_path / "file" / "accounts"), EARLY)
    stand.beat(3)
    (alarm,) = alarms(stand, UNTOLD)
    assert (frame(stand).mode, alarm.severity, "file" in alarm.why) == ("armed", "low", True)


def test_who_only_watches_closes_nothing_by_hand_either_and_says_who_may(two: Pair) -> None:
    first, second = two
    beat(3, first, second)
    assert not second.engine.obey(ClosePart(account=second.guard.settings.name, position=1, held=1.0, left=0.5))
    beat(5, second)
    assert second.terminal.sent == []
    assert "holds this account already" in second.guard.executor.last_said
