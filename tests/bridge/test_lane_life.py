"""How a lane's hosts come and go: started again when they died, let go of when nobody needs them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

from bridge.lane import Lane
from bridge.simulator.clock import VirtualClock
from tests.bridge.lanes import (
    ATTACHMENT,
    DEADLINE_S,
    PATIENCE_S,
    SOON_S,
    Make,
    ask,
    done,
    ended,
    fetched,
    heard,
    hosted,
    later,
    said,
)


@pytest.mark.parametrize("wait", [heard, ended], ids=["its end was seen", "nothing was looked at"])
def test_a_host_that_died_while_nobody_wanted_anything_costs_no_request(
    make: Make, wait: Callable[[Lane], None]
) -> None:
    lane = make("hello", "answers")
    ask(lane, "a")
    fetched(lane, "a")
    hosted(lane).kill()
    wait(lane)
    ask(lane, "b")
    assert done(fetched(lane, "b"))


@pytest.mark.parametrize("late", [True, False], ids=["before its end is known", "while it still runs"])
def test_what_could_not_be_written_was_not_sent(make: Make, late: bool) -> None:
    lane = make("hello", "answers") if late else make("shut")
    lane.open()
    heard(lane)
    if late:
        lane.fetch("nothing", SOON_S)
        hosted(lane).kill()
        ended(lane)
        assert lane._lines.get() == b"", "as if it had not come yet"
    ask(lane, "a")
    outcome = fetched(lane, "a")
    assert not outcome.sent
    assert outcome.trouble
    assert "gone" in outcome.trouble.reason


def test_a_lane_that_is_kept_open_replaces_its_host_before_it_is_needed(make: Make) -> None:
    lane = make("hello", "answers")
    lane.open()
    first = lane.pid
    assert first
    psutil.Process(first).kill()
    ended(lane)
    lane.open()
    assert lane.pid not in {None, first}


def test_starts_that_come_to_nothing_are_ever_further_apart(make: Make, clock: VirtualClock, log: Path) -> None:
    lane = make("exit")
    gaps: list[float] = []
    since, count = clock.monotonic(), 0
    while len(gaps) < 15:
        lane.open()
        if lane.pid is not None:
            ended(lane)
            gaps.append(round(clock.monotonic() - since, 2))
            since, count = clock.monotonic(), 0
            continue
        count += 1
        assert count < 1000
        later(clock, 0.05)
    assert gaps == [0.0, 0.0, 0.25, 0.5, *[1.0] * 8, 1.5, 1.5, 1.5]
    assert said(log).count("start") == 15


def test_an_answer_makes_the_next_start_come_at_once_again(make: Make, clock: VirtualClock) -> None:
    lane = make("hello", "answer", "exit")
    for number in range(4):
        ask(lane, str(number))
        assert done(fetched(lane, str(number)))
        ended(lane)
        clock.advance_to(clock.utc_ms() + 1)


@pytest.mark.parametrize("steps", [("hello", "answers"), ("hello", "deaf")], ids=["listens", "does not listen"])
def test_closing_leaves_no_process_whether_it_listens_or_not(make: Make, steps: tuple[str, ...]) -> None:
    lane = make(*steps)
    lane.open()
    pid = lane.pid
    assert pid
    heard(lane)
    child = lane._child
    lane.close()
    assert not psutil.pid_exists(pid)
    assert lane.pid is None
    assert child
    assert child.stdin
    assert child.stdout
    assert child.stdin.closed
    assert child.stdout.closed
    lane.close()


def test_a_host_that_listens_ends_by_itself(make: Make) -> None:
    lane = make("hello")
    lane.open()
    heard(lane)
    child = lane._child
    assert child
    lane.part()
    assert child.wait(PATIENCE_S) == 0


def test_what_was_under_way_at_the_close_has_an_outcome(make: Make) -> None:
    lane = make("hello", "read")
    ask(lane, "a")
    lane.close()
    outcome = lane.fetch("a")
    assert outcome
    assert outcome.trouble


@pytest.mark.parametrize("first", ["opened", "asked"])
def test_a_lane_that_was_idle_for_long_is_not_taken_for_late(make: Make, clock: VirtualClock, first: str) -> None:
    lane = make("hello", "answers")
    lane.open()
    if first == "asked":
        ask(lane, "a")
        fetched(lane, "a")
    else:
        heard(lane)
    pid = lane.pid
    later(clock, 100 * DEADLINE_S)
    assert lane.idle_s >= 100 * DEADLINE_S
    ask(lane, "b")
    assert done(fetched(lane, "b"))
    assert lane.pid == pid
    later(clock, 3.0)
    assert lane.idle_s == pytest.approx(3.0)


def test_a_lane_at_rest_has_no_host_until_it_is_asked_again(make: Make) -> None:
    lane = make("hello", "answer", "deaf")
    ask(lane, "a")
    fetched(lane, "a")
    host = hosted(lane)
    lane.rest()
    assert lane.pid is None
    ended(lane)
    assert not host.is_running()
    ask(lane, "b")
    assert done(fetched(lane, "b"))


def test_a_host_that_cannot_be_started_is_said_and_nothing_was_sent(clock: VirtualClock) -> None:
    lane = Lane(ATTACHMENT, clock, DEADLINE_S, ("/nowhere/python",))
    ask(lane, "a")
    outcome = lane.fetch("a")
    assert outcome
    assert not outcome.sent
    assert outcome.trouble
    assert "cannot be started" in outcome.trouble.reason
    assert "started again" in lane.unanswered.reason
