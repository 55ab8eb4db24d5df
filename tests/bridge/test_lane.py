"""The conversation with one child: one request at a time, and no trust in a host that is late or talks nonsense."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import psutil
import pytest

from bridge import wire
from bridge.attach import Attachment
from bridge.children import python
from bridge.lane import Lane, Outcome
from bridge.simulator.clock import VirtualClock

START = datetime(2026, 3, 2, 8, tzinfo=UTC)
DEADLINE_S = 10.0
PATIENCE_S = 20.0
SOON_S = 0.1
ATTACHMENT = Attachment(name="main", backend="mt5")
posix_only = pytest.mark.skipif(os.name != "posix", reason="only POSIX can stop a process")

Make = Callable[..., Lane]


@pytest.fixture
def clock() -> VirtualClock:
    return VirtualClock(START)


@pytest.fixture
def log(tmp_path: Path) -> Path:
    return tmp_path / "log"


@pytest.fixture
def make(clock: VirtualClock, log: Path) -> Iterator[Make]:
    """A lane to a child that does these steps at every start; its time stands still unless it is moved."""
    made: list[Lane] = []

    def build(*steps: str) -> Lane:
        command = (*python("tests.bridge.scripted_host"), str(log), *steps)
        made.append(Lane(ATTACHMENT, clock, DEADLINE_S, command))
        return made[-1]

    yield build
    for lane in made:
        lane.close()


def ask(lane: Lane, key: str) -> None:
    lane.ask(key, lambda number: wire.WarmUp(number, key))


def fetched(lane: Lane, key: str) -> Outcome:
    outcome = lane.fetch(key, PATIENCE_S)
    assert outcome, lane.state
    return outcome


def done(outcome: Outcome) -> bool:
    return isinstance(outcome.reply, wire.Done)


def later(clock: VirtualClock, seconds: float) -> None:
    clock.advance_to(clock.utc_ms() + round(seconds * 1000))


def said(log: Path) -> list[str]:
    return log.read_text().splitlines() if log.exists() else []


def heard(lane: Lane) -> None:
    """Wait until something of the host lies ready, and leave it there."""
    first = lane._lines.get(timeout=PATIENCE_S)
    lane._lines.put(first)


def hosted(lane: Lane) -> psutil.Process:
    assert lane.pid
    return psutil.Process(lane.pid)


def ended(lane: Lane) -> None:
    """Wait until the host is dead and buried."""
    assert lane._reader
    lane._reader.join(PATIENCE_S)
    assert not lane._reader.is_alive()


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
    assert gaps == [0.0, 0.0, 0.25, 0.5, *[1.0] * 8, 5.0, 5.0, 5.0]
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
    assert "started again" in lane.state


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
    assert "for 10 s" in lane.state
    os.kill(pid, signal.SIGCONT)
    outcome = fetched(lane, "b")
    assert done(outcome)
    assert outcome.waited_s == pytest.approx(DEADLINE_S - 0.1)
