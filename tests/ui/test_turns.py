"""What moved is drawn at every look, the time alone once a second, an alert at once whatever has the focus."""

from __future__ import annotations

from dataclasses import replace

import pytest

from monitors.ports import Frame
from tests import frames
from ui.turns import Turns

NOW = replace(frames.warning(), at_ms=1_000)


def later(by_ms: int, **changes: object) -> Frame:
    """The same frame, some milliseconds on."""
    return replace(NOW, number=NOW.number + 1, at_ms=NOW.at_ms + by_ms, **changes)  # type: ignore[arg-type]


def richer() -> Frame:
    view = NOW.accounts[0]
    assert view.account is not None
    return later(100, accounts=(replace(view, account=replace(view.account, equity=view.account.equity + 1)),))


def test_the_time_alone_is_drawn_once_a_second() -> None:
    turns = Turns(10)
    assert not turns.due(later(100), NOW, focused=True)
    assert not turns.due(later(999), NOW, focused=True)
    assert turns.due(later(1_000), NOW, focused=True)


def test_what_moved_is_drawn_at_every_look_while_focused_and_less_often_beside_another_window() -> None:
    turns = Turns(10)
    assert all(turns.due(richer(), NOW, focused=True) for _ in range(5))
    assert 1 <= sum(turns.due(richer(), NOW, focused=False) for _ in range(6)) <= 3


def test_for_a_second_after_something_moved_every_look_draws() -> None:
    turns = Turns(10)
    first = later(1, alerts=NOW.alerts[1:])
    assert turns.due(first, NOW, focused=True)
    assert turns.due(replace(first, at_ms=first.at_ms + 600), first, focused=True)
    late = replace(first, at_ms=first.at_ms + 1_100)
    assert not turns.due(replace(late, at_ms=late.at_ms + 100), late, focused=True)


@pytest.mark.parametrize("focused", [True, False])
def test_an_alert_waits_for_no_turn(*, focused: bool) -> None:
    first, *rest = NOW.alerts
    answered = replace(first, acknowledged_ms=None if first.acknowledged_ms else 1)
    for alerts in (NOW.alerts[1:], (answered, *rest), (replace(first, stage=first.stage + 1), *rest)):
        assert Turns(10).due(later(1, alerts=alerts), NOW, focused=focused)


@pytest.mark.parametrize(
    "changes", [{"mode": "observe"}, {"last_action": "closed"}, {"positions": ()}, {"reason": "x"}]
)
def test_what_a_person_may_wait_for_is_drawn_at_once(changes: dict[str, object]) -> None:
    moved = later(1, accounts=(replace(NOW.accounts[0], **changes),))  # type: ignore[arg-type]
    assert Turns(10).due(moved, NOW, focused=True)
