"""An alarm that the run before raised goes on or ends; none is left standing that nobody ends."""

from __future__ import annotations

from monitors.model import TerminalState
from monitors.ports import AlertView
from tests.app.scripted import plain
from tests.app.stand import MARGIN_RULE, Make, Stand


def active(stand: Stand, rule: str) -> list[AlertView]:
    return [view for view in stand.engine.frame().alerts if view.rule == rule and view.active]


def test_an_unexplained_balance_is_one_alarm_over_a_restart_and_ends_when_it_is_explained(make: Make) -> None:
    stand = make()
    stand.terminal.hold(plain(1))
    stand.beat()
    stand.terminal.balance += 100.0
    stand.beat(3, seconds=6.0)
    assert len(active(stand, "Balance")) == 1
    stand.restart()
    stand.beat(3, seconds=6.0)
    assert len(active(stand, "Balance")) == 1
    stand.terminal.balance -= 100.0
    stand.beat()
    assert not active(stand, "Balance")


def test_what_could_not_be_closed_before_a_restart_is_said_again_only_where_it_lasts(make: Make) -> None:
    stand = make(MARGIN_RULE)
    stand.terminal.hold(plain(1, 2.0)).balance = 2_000.0
    stand.terminal.state = TerminalState(connected=True, algo_allowed=False)
    stand.beat(3)
    assert len(active(stand, "Execution")) == 1
    stand.restart()
    stand.beat(3)
    assert len(active(stand, "Execution")) == 1
    stand.terminal.state = TerminalState(connected=True, algo_allowed=True)
    stand.restart()
    stand.beat(3)
    assert not active(stand, "Execution")
