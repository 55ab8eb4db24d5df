"""What the desk knows: the newest state of each account, who is silent, and what they hold together."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import msgspec
import pytest

from app.desk.board import Board
from app.desk.messages import State
from bridge.simulator.clock import VirtualClock
from monitors.desk import DeskView
from monitors.ports import AccountFrame, Link
from tests import frames
from tests.app.desk.parts import state, told
from tests.app.scripted import START


class Desk:
    """A board and its clock."""

    def __init__(self) -> None:
        self.clock = VirtualClock(START)
        self.board = Board(self.clock)

    def learn(self, sent: State, *, fresh: bool = True, key: str = "") -> bool:
        return self.board.learn(sent, key or f"{sent.machine}/{sent.server}/{sent.login}", fresh=fresh)

    def wait(self, seconds: float) -> None:
        self.clock.advance_to(self.clock.utc_ms() + round(1000 * seconds))

    @property
    def view(self) -> DeskView:
        return self.board.view()

    def account(self, machine: str = "pc-1") -> AccountFrame:
        return next(one for one in self.view.frame.accounts if one.machine == machine)


@pytest.fixture
def desk() -> Desk:
    return Desk()


def changed(sent: State, **more: Any) -> State:
    return msgspec.structs.replace(sent, **more)


def test_an_account_of_each_machine_has_its_own_name_and_alerts(desk: Desk) -> None:
    desk.learn(state())
    desk.learn(state(machine="pc-2"))
    names = [one.name for one in desk.view.frame.accounts]
    assert names == ["Funded 100k @ pc-1", "Funded 100k @ pc-2"]
    assert {alert.account for alert in desk.view.frame.alerts} == set(names)


def test_a_machine_that_says_nothing_for_ten_seconds_is_silent_and_its_figures_are_of_then(desk: Desk) -> None:
    desk.learn(state())
    desk.learn(state(machine="pc-2"))
    desk.wait(9.9)
    desk.learn(state(2, machine="pc-2"))
    assert desk.account().link is Link.LIVE
    desk.wait(0.1)
    shown, before = desk.account(), state()
    assert (shown.link, shown.reason) == (Link.SILENT, "silent since 08:00:00Z")
    assert shown.as_of_ms == before.as_of_ms
    assert shown.account is not None
    assert before.money is not None
    assert shown.account.equity == before.money.equity
    assert [(one.name, one.silent) for one in desk.view.machines] == [("pc-1", True), ("pc-2", False)]
    assert desk.view.machines[0].heard_ms == desk.clock.utc_ms() - 10_000
    assert desk.account("pc-2").link is Link.LIVE


def test_one_that_speaks_again_is_seen_again(desk: Desk) -> None:
    desk.learn(state())
    desk.wait(60)
    assert desk.account().link is Link.SILENT
    desk.learn(state(2))
    assert desk.account().link is Link.LIVE
    assert [one.silent for one in desk.view.machines] == [False]


def test_what_only_lay_there_is_remembered_and_not_seen(desk: Desk) -> None:
    desk.learn(changed(state(), at_ms=1_772_454_000_000), fresh=False)
    shown = desk.account()
    assert (shown.link, shown.reason) == (Link.SILENT, "silent since 12:20:00Z")
    assert [one.silent for one in desk.view.machines] == [False]
    desk.wait(10)
    assert [one.silent for one in desk.view.machines] == [True]
    desk.learn(state(2))
    assert desk.account().link is Link.LIVE


def test_what_waited_on_its_machine_makes_nobody_heard(desk: Desk) -> None:
    desk.learn(state())
    desk.wait(11)
    desk.learn(state(2), fresh=False)
    assert desk.account().link is Link.SILENT


def test_a_state_that_is_older_or_came_before_changes_nothing(desk: Desk) -> None:
    assert desk.learn(state(5))
    assert not desk.learn(changed(state(4), mode="observe"))
    assert not desk.learn(changed(state(5), mode="observe"))
    assert desk.account().mode == "armed"
    assert desk.learn(changed(state(1, run="b"), mode="observe"))
    assert desk.account().mode == "observe"


def test_of_two_keys_of_one_terminal_the_later_by_its_machine_counts(desk: Desk) -> None:
    desk.learn(changed(state(), login=2, at_ms=2_000))
    assert not desk.learn(changed(state(run="b"), login=1, at_ms=1_000))
    assert desk.learn(changed(state(run="c"), login=3, at_ms=3_000))
    assert [one.login for one in desk.view.frame.accounts] == [3]


def test_a_key_that_is_deleted_takes_its_account_along(desk: Desk) -> None:
    desk.learn(state(), key="one")
    desk.learn(state(machine="pc-2"), key="two")
    desk.board.forget("one")
    assert [one.machine for one in desk.view.frame.accounts] == ["pc-2"]


def test_an_event_that_comes_twice_is_heard_once_and_one_that_does_not_come_is_counted(desk: Desk) -> None:
    assert desk.board.hear(told(1))
    assert desk.board.hear(told(3))
    assert not desk.board.hear(told(1))
    counted = desk.view.counted
    assert (counted.events, counted.doubled, counted.missing) == (2, 1, 1)
    assert desk.view.last == "pc-1  12:32:07Z  Funded 100k  blind: number 3"


def test_accounts_are_added_in_the_display_currency_and_the_others_named(desk: Desk) -> None:
    shown = frames.desk_frame()
    for place in range(3):
        desk.learn(state(frame=shown, place=place))
        desk.learn(state(frame=shown, place=place, machine="pc-2"))
    first, euro, _ = (one.analysis for one in shown.accounts)
    assert first is not None
    assert euro is not None
    added = desk.view.together
    assert (added.unit, added.accounts) == ("USD", 4)
    lines = {line.currency: line.net for line in added.legs}
    dollar, swing = (
        next(one.net for one in found.exposure.currencies if one.currency == "USD") for found in (first, euro)
    )
    assert lines["USD"] == pytest.approx(2 * dollar + 2 * 1.16108 * swing)
    assert added.left_out == (("Gold EA @ pc-1", "not seen"), ("Gold EA @ pc-2", "not seen"))
    desk.wait(10)
    desk.learn(state(2, frame=shown))
    assert desk.view.together.accounts == 1


def test_names_that_drive_a_console_are_plain(desk: Desk) -> None:
    view = replace(frames.funded(), name="Fun\x1b[31mded\n", server="Ser\tver")
    desk.learn(state(frame=frames.frame(view)))
    shown = desk.account()
    assert (shown.name, shown.server) == ("Fun [31mded  @ pc-1", "Ser ver")


def test_an_account_that_nothing_new_was_told_of_is_the_same_object(desk: Desk) -> None:
    desk.learn(state())
    assert desk.account() is desk.account()
    desk.wait(20)
    assert desk.account() is desk.account()
