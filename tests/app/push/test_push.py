"""The engine tells and never waits; what became of messages is a row of the log, and one alert where it lasts."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from app.operations.logbook import kept
from app.push.lane import Lane
from app.push.message import Entry
from app.push.push import LONG_S, RULE, Push
from app.push.sender import Answered, Asked
from app.push.targets import MISSING
from bridge.simulator.clock import VirtualClock
from monitors.masking import masked
from monitors.ports import Acknowledge, Severity
from monitors.settings import NotifySettings
from tests.app.push.conftest import REFUSED, TAKEN, Post
from tests.app.scripted import plain
from tests.app.stand import Make, Stand, rule

URL = "json://user:hidden@127.0.0.1:1/hidden"
SETTINGS = NotifySettings(urls=(URL,))


def entry(number: int = 1, severity: Severity = Severity.HIGH) -> Entry:
    return Entry(key=("main", number), severity=severity, what="R", states=("raised",), at="2026-03-02T08:00:00.000Z")


def seconds(clock: VirtualClock, by: float) -> None:
    clock.advance_to(clock.utc_ms() + round(by * 1000))


def lane(clock: VirtualClock, post: Post, per_minute: int = 6) -> Lane:
    made = Lane(URL, per_minute, clock, post, masked)
    made._mailbox.append(entry())  # as `put` does, without its thread
    return made


def test_a_message_goes_at_once_and_its_outcome_names_no_address(clock: VirtualClock, post: Post) -> None:
    made = lane(clock, post)
    assert made.step() is None
    assert [asked.title for asked in post.sent] == ["Plimsoll: high alert"]
    (outcome,) = made.outcomes
    assert (outcome.target, outcome.ok, outcome.alerts) == ("json://••••", True, (1,))


def test_a_refusal_is_tried_again_later_together_with_what_came_meanwhile(clock: VirtualClock, post: Post) -> None:
    post.answer = REFUSED
    made = lane(clock, post)
    wait_s = made.step()
    assert wait_s
    made._mailbox.append(entry(2, Severity.CRITICAL))
    assert made.step() == wait_s
    assert len(post.sent) == 1
    seconds(clock, wait_s)
    post.answer = TAKEN
    assert made.step() is None
    assert post.sent[1].title == "Plimsoll: 2 alerts, worst critical"
    assert made.failing is None


@pytest.fixture
def log(tmp_path: Path) -> Iterator[deque[str]]:
    """The last lines of the program's own log."""
    with kept(tmp_path, masked) as last:
        yield last


def test_what_fails_in_one_way_for_hours_is_one_line_of_the_log(
    clock: VirtualClock, post: Post, log: deque[str]
) -> None:
    made = lane(clock, post)
    for answer in (REFUSED, REFUSED, REFUSED, Answered(ok=False, said="elsewise"), TAKEN):
        post.answer = answer
        seconds(clock, made.step() or 3_600.0)
    assert len(post.sent) == 5
    assert [line.partition("•••• ")[2] for line in log] == [REFUSED.said, "elsewise", TAKEN.said]


class Blocked:
    """A service that hangs until it is let go."""

    def __init__(self) -> None:
        self.reached, self.go = threading.Event(), threading.Event()

    def send(self, _: Asked) -> Answered:
        self.reached.set()
        self.go.wait(60)
        return TAKEN

    def rest(self) -> None:
        """There is no process."""


@pytest.fixture
def blocked() -> Iterator[Blocked]:
    made = Blocked()
    yield made
    made.go.set()


def fallen(make: Make, push: Push, *, at: float = 9_500.0, severity: str = "critical") -> Stand:
    """A stand whose equity goes below a level."""
    stand = make(rule("equity", "below", {"at": at, "severity": severity, "action": "alert"}, rearm=1.0))
    stand.engine._push = push
    stand.terminal.hold(plain(1))
    stand.beat(2)
    stand.terminal.bid = 0.99
    stand.beat(2)
    return stand


def logged(stand: Stand) -> list[dict[str, Any]]:
    return [told for told in stand.engine.shared.journal.last_events(500) if told["event"] == "push"]


def test_beats_go_on_while_a_service_hangs_and_what_came_meanwhile_is_one_message(make: Make, blocked: Blocked) -> None:
    push = Push(SETTINGS, post=lambda _: blocked, there=lambda: True)
    stand = fallen(make, push)
    assert blocked.reached.wait(30)
    stand.beat(200)
    assert stand.engine.faults == []
    blocked.go.set()
    assert push.close(30)
    stand.beat()
    assert logged(stand)[0]["taken"] is True


def test_every_outcome_is_a_row_of_the_log_alone(make: Make, post: Post, clock: VirtualClock) -> None:
    push = Push(SETTINGS, clock=clock, post=lambda _: post, there=lambda: True)
    stand = fallen(make, push)
    (made,) = push._lanes
    made.stop()
    assert made.ended(30)
    made.step()
    stand.beat()
    row = logged(stand)[0]
    assert (row["account"], row["target"], row["taken"], row["said"]) == ("main", "json://••••", True, TAKEN.said)
    assert stand.of("push") == [], "no message tells of messages"
    assert "hidden" not in str(stand.engine.shared.journal.last_events(500))


def test_a_target_that_fails_for_long_is_one_alert_and_no_more(make: Make, post: Post, clock: VirtualClock) -> None:
    post.answer = REFUSED
    push = Push(SETTINGS, clock=clock, post=lambda _: post, there=lambda: True)
    stand = make()
    stand.engine._push = push
    (made,) = push._lanes
    made._mailbox.append(entry())
    made.step()
    stand.beat(5)
    assert alerts(stand) == []
    seconds(clock, LONG_S)
    stand.beat(50)
    assert [(a.severity, a.why) for a in alerts(stand)] == [
        (Severity.MEDIUM, "json://•••• takes no messages: error=503.")
    ]
    post.answer = TAKEN
    made.step()
    stand.beat()
    assert alerts(stand) == []


def test_what_trying_again_does_not_mend_is_an_alert_at_once(make: Make, post: Post, clock: VirtualClock) -> None:
    post.answer = Answered(ok=False, said="the keyring holds no it", lasting=True)
    push = Push(SETTINGS, clock=clock, post=lambda _: post, there=lambda: True)
    stand = make()
    stand.engine._push = push
    push._lanes[0]._mailbox.append(entry())
    push._lanes[0].step()
    stand.beat()
    assert len(alerts(stand)) == 1


def test_without_the_extra_there_is_one_line_and_one_alert(make: Make, post: Post) -> None:
    said: list[str] = []
    push = Push(SETTINGS, said.append, post=lambda _: post, there=lambda: False)
    stand = fallen(make, push)
    stand.beat(20)
    assert said == [MISSING]
    assert len(alerts(stand)) == 1
    assert post.sent == []


def test_without_targets_nothing_is_asked_and_no_thread_begins(make: Make) -> None:
    def never() -> bool:
        raise AssertionError

    stand = fallen(make, Push(NotifySettings(), there=never))
    assert stand.engine.faults == []


def test_other_targets_of_a_changed_config_are_those_from_then_on(make: Make, clock: VirtualClock, post: Post) -> None:
    push = Push(SETTINGS, clock=clock, post=lambda _: post, there=lambda: True)
    stand = make()
    stand.engine._push = push
    stand.configure(notify={"urls": ["keyring:phone", "tgram://hidden/1"], "per_minute": 1})
    assert [made.label for made in push._lanes] == ["keyring:phone", "tgram://••••"]


def test_an_alert_that_nobody_acknowledges_reaches_the_phone_again(make: Make, post: Post, clock: VirtualClock) -> None:
    push = Push(replace(SETTINGS, min_severity=Severity.EXTREME), clock=clock, post=lambda _: post, there=lambda: True)
    stand = fallen(make, push)
    stand.beat(80, seconds=4.0)
    (made,) = push._lanes
    made.stop()
    assert made.ended(30)
    made.step()
    assert len(post.sent) == 1, "critical is below the filter, what climbs is not"
    assert "not acknowledged, told again (1)" in post.sent[0].body
    stand.engine.obey(Acknowledge(stand.of("alert", state="raised")[0]["alert"], by="test"))
    made.step()
    assert "acknowledged" in post.sent[1].body


def alerts(stand: Stand) -> list[Any]:
    return [view for view in stand.engine.shared.alerts.views() if view.rule == RULE and view.active]
