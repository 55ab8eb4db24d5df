"""What a person asks of one position goes through journal, gate and proof as everything else does."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.by_hand import TRIED_S
from bridge.port import Receipt
from monitors.kinds import Side
from monitors.model import TerminalState
from monitors.ports import ClosePart, EmergencyStop, TightenStop
from tests.app.scripted import plain
from tests.app.stand import MARGIN_RULE, Make, Stand, rule

HALF = ClosePart(account="main", position=1, held=1.0, left=0.5)
STOP = TightenStop(account="main", position=1, stop=0.99)


def seen(make: Make, *rules: dict[str, object], armed: bool = False) -> Stand:
    """One position is seen; nothing is armed, unless asked for."""
    stand = make(*(rules or (MARGIN_RULE,)), armed=armed)
    stand.terminal.hold(plain(1))
    stand.beat(2)
    return stand


def test_a_part_is_closed_in_observe_mode_too_and_once(make: Make) -> None:
    stand = seen(make)
    assert stand.engine.obey(HALF)
    stand.beat(10)

    assert stand.terminal.positions[1].lots == 0.5
    assert [told["volume"] for told in stand.of("intent")] == [0.5]
    assert [told["state"] for told in stand.of("outcome")] == ["done"]


def test_what_is_refused_is_tried_again_for_a_minute_and_then_given_up(make: Make) -> None:
    stand = seen(make)
    stand.terminal.answer = lambda _: Receipt(retcode=10004)
    assert stand.engine.obey(HALF)
    stand.beat(30, seconds=1.0)
    tried = len(stand.terminal.sent)
    assert tried > 1
    stand.beat(40, seconds=1.0)
    stand.terminal.answer = lambda _: None
    stand.beat(100, seconds=1.0)

    assert stand.terminal.positions[1].lots == 1.0
    assert f"given up after {TRIED_S:.0f} s" in stand.guard.executor.last_said


def test_a_position_that_is_another_by_now_is_left_alone(make: Make) -> None:
    stand = seen(make)
    assert not stand.engine.obey(ClosePart(account="main", position=1, held=2.0, left=0.5))
    assert not stand.engine.obey(ClosePart(account="main", position=2, held=1.0, left=0.5))
    assert not stand.engine.obey(ClosePart(account="main", position=1, held=1.0, left=1.0))
    stand.beat(5)
    assert stand.terminal.sent == []


def test_nothing_is_taken_while_nothing_is_seen_or_a_stop_decides(make: Make) -> None:
    stand = make(MARGIN_RULE)
    assert not stand.engine.obey(HALF)
    stand.terminal.hold(plain(1))
    stand.beat(2)
    stand.guard.halting.fault("a cap was reached", None)
    assert not stand.engine.obey(HALF)
    assert not stand.engine.obey(STOP)
    stand.beat(5)
    assert stand.terminal.sent == []


def test_a_stop_pressed_after_it_takes_over(make: Make) -> None:
    stand = seen(make)
    stand.terminal.answer = lambda _: Receipt(retcode=10004)
    stand.engine.obey(HALF)
    stand.beat(2)
    stand.engine.obey(EmergencyStop())
    stand.terminal.answer = lambda _: None
    stand.beat(20)
    assert not stand.terminal.positions


@pytest.mark.parametrize(("left", "lots"), [(0.9, 0.5), (0.2, 0.2)])
def test_the_deeper_of_a_rule_and_a_person_counts(make: Make, left: float, lots: float) -> None:
    halve = rule("equity", "below", {"at": 9_900.0, "severity": "high", "action": "reduce", "percent": 50.0})
    stand = seen(make, halve, armed=True)
    stand.terminal.answer = lambda _: Receipt(retcode=10004)
    stand.terminal.bid = 0.8
    stand.beat(3)
    assert stand.engine.obey(ClosePart(account="main", position=1, held=1.0, left=left))
    stand.terminal.answer = lambda _: None
    stand.beat(200)
    assert stand.terminal.positions[1].lots == lots
    assert stand.of("intent")[-1]["volume"] == round(1.0 - lots, 2), "at once, not by way of the other"


def test_a_restart_knows_nothing_of_a_wish_that_was_not_sent(make: Make) -> None:
    stand = seen(make)
    stand.terminal.state = TerminalState(connected=True, algo_allowed=False)
    stand.beat()
    assert stand.engine.obey(HALF)
    stand.beat(3)
    assert stand.of("denied", position=1)
    stand.restart()
    stand.terminal.state = TerminalState(connected=True, algo_allowed=True)
    stand.beat(20)
    assert stand.terminal.positions[1].lots == 1.0


def test_one_leg_of_a_hedge_is_not_closed_once_that_would_raise_margin(make: Make) -> None:
    stand = seen(make)
    stand.terminal.spec = replace(stand.terminal.spec, margin_hedged=0.0)
    stand.terminal.answer = lambda _: Receipt(retcode=10004)
    stand.engine.obey(ClosePart(account="main", position=1, held=1.0, left=0.0))
    stand.beat(2)
    tried = len(stand.terminal.sent)
    stand.terminal.hold(plain(2, 0.6, side=Side.SELL))
    stand.terminal.answer = lambda _: None
    stand.beat(100)
    assert len(stand.terminal.sent) == tried
    assert len(stand.terminal.positions) == 2


def test_a_stop_is_brought_nearer_and_again_at_once(make: Make) -> None:
    stand = seen(make)
    assert stand.engine.obey(STOP)
    stand.beat(10)
    assert stand.terminal.positions[1].stop == 0.99
    assert [told["state"] for told in stand.of("protect")] == ["sent", "done"]
    assert stand.engine.obey(TightenStop(account="main", position=1, stop=0.995))
    stand.beat(10)
    assert stand.terminal.positions[1].stop == 0.995


def test_a_stop_is_never_loosened(make: Make) -> None:
    stand = seen(make)
    stand.engine.obey(STOP)
    stand.beat(10)
    assert not stand.engine.obey(TightenStop(account="main", position=1, stop=0.98))
    assert "only brought nearer" in stand.guard.executor.last_said
    stand.beat(10)
    assert stand.terminal.positions[1].stop == 0.99


def test_what_was_clicked_stands_in_the_log(make: Make) -> None:
    stand = seen(make)
    stand.engine.obey(HALF)
    stand.engine.obey(STOP)
    rows = [e for e in stand.engine.shared.journal.last_events(20) if e["event"] == "clicked"]
    assert [(e["what"], e["position"], e["taken"]) for e in rows] == [
        ("close_part", 1, True), ("tighten_stop", 1, True),
    ]  # fmt: skip
