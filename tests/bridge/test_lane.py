"""The conversation with one child: one request at a time, and no trust in one that is late or talks nonsense."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest

from bridge.simulator.clock import VirtualClock
from tests.bridge.lanes import (
    DEADLINE_S,
    SOON_S,
    Make,
    ask,
    done,
    fetched,
    heard,
    later,
    posix_only,
    said,
)


def test_requests_are_answered_one_at_a_time_in_the_order_they_were_asked(make: Make, log: Path) -> None:
    lane = make("hello", "answers")
    ask(lane, "a")
    heard(lane)
    assert lane.fetch("a") is None
    for key in "bc":
        ask(lane, key)
    assert all(done(fetched(lane, key)) for key in "cab")
    assert said(log) == ["start", "attach", "warm a", "warm b", "warm c"], "no two lines were ever on their way"


def test_an_answer_that_is_not_there_yet_is_fetched_when_it_is(make: Make) -> None:
    lane = make("hello", "answers")
    assert not lane.asked("a")
    ask(lane, "a")
    assert lane.fetch("a") is None
    assert lane.asked("a")
    heard(lane)
    assert done(fetched(lane, "a"))
    assert not lane.asked("a")
    assert lane.fetch("a") is None, "an outcome is fetched once"


def test_a_host_that_is_late_is_replaced_and_only_what_it_was_given_counts_as_sent(
    make: Make, clock: VirtualClock, log: Path
) -> None:
    lane = make("hello", "read")
    ask(lane, "given")
    ask(lane, "queued")
    heard(lane)
    assert lane.fetch("given") is None
    first = lane.pid
    later(clock, DEADLINE_S)
    assert lane.fetch("given") is None, "at the deadline it is not late yet"
    later(clock, 0.1)
    given, queued = fetched(lane, "given"), fetched(lane, "queued")
    assert given.sent
    assert given.waited_s > DEADLINE_S
    assert not queued.sent
    assert given.trouble
    assert "within 10 s" in given.trouble.reason
    ask(lane, "next")
    heard(lane)
    assert lane.pid != first
    assert "warm queued" not in said(log), "what was not sent in time is not sent later"


def test_a_host_that_never_greets_is_replaced_and_got_nothing(make: Make, clock: VirtualClock, log: Path) -> None:
    lane = make("read", "read")
    ask(lane, "a")
    assert lane.fetch("a", SOON_S) is None
    first = lane.pid
    later(clock, DEADLINE_S + 0.1)
    assert not fetched(lane, "a").sent
    assert "warm a" not in said(log)
    lane.open()
    assert lane.pid not in {None, first}


@pytest.mark.parametrize(
    ("steps", "why"),
    [
        (("hello", "garbage"), "nonsense"),
        (("hello", "wrong"), "nobody asked"),
        (("hello", "flood"), "ended"),
        (("hello", "read", "exit"), "ended"),
    ],
    ids=["garbage", "another number", "no end of line", "death"],
)
def test_a_host_that_answers_otherwise_is_replaced_and_the_request_counts_as_sent(
    make: Make, steps: tuple[str, ...], why: str
) -> None:
    lane = make(*steps)
    ask(lane, "a")
    ask(lane, "b")
    heard(lane)
    first = lane.pid
    outcome = fetched(lane, "a")
    assert (outcome.reply, outcome.sent) == (None, True)
    assert outcome.trouble
    assert why in outcome.trouble.reason
    assert not fetched(lane, "b").sent
    lane.open()
    assert lane.pid not in {None, first}


def test_a_figure_that_is_no_number_is_an_answer_and_the_host_stays(make: Make) -> None:
    lane = make("hello", "no number", "answers")
    ask(lane, "a")
    ask(lane, "b")
    outcome, first = fetched(lane, "a"), lane.pid
    assert outcome.trouble
    assert "records.positions[0].open" in outcome.trouble.reason
    assert done(fetched(lane, "b"))
    assert lane.pid == first


def test_a_host_that_speaks_unasked_is_replaced(make: Make) -> None:
    lane = make("hello", "unasked")
    lane.open()
    first = lane.pid
    lane.fetch("nothing", SOON_S)
    lane.fetch("nothing", SOON_S)
    lane.open()
    ask(lane, "a")
    assert lane.pid != first


def test_a_host_that_refuses_the_conversation_says_why(make: Make) -> None:
    lane = make("refuse", "exit")
    ask(lane, "a")
    outcome = fetched(lane, "a")
    assert not outcome.sent
    assert outcome.trouble
    assert outcome.trouble.reason == "refused"


@posix_only
def test_an_answer_that_comes_before_the_deadline_is_taken_however_late(make: Make, clock: VirtualClock) -> None:
    lane = make("hello", "answers")
    ask(lane, "a")
    fetched(lane, "a")
    assert lane.pid
    pid = lane.pid
    os.kill(pid, signal.SIGSTOP)
    ask(lane, "b")
    later(clock, DEADLINE_S - 0.1)
    assert lane.fetch("b", SOON_S) is None
    assert "for 10 s" in lane.unanswered.reason
    os.kill(pid, signal.SIGCONT)
    outcome = fetched(lane, "b")
    assert done(outcome)
    assert outcome.waited_s == pytest.approx(DEADLINE_S - 0.1)
