"""One terminal behind processes of its own: what is seen of it, and what is said when something dies or hangs."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import psutil
import pytest

from bridge.port import TerminalError, Unanswered
from bridge.simulator import addressed
from bridge.simulator.launch import launched
from bridge.supervisor import AGAIN_S, LOOK_S, STALE_S
from monitors.model import Snapshot
from tests.bridge.served.clients import client
from tests.bridge.served.rehearse import Rehearse
from tests.bridge.watched import (
    BRIEFLY_S,
    ORDER,
    SLACK_S,
    START_BID,
    STOPPED,
    Watched,
    bids,
    follows,
    has,
    kill,
    stopped,
)


def test_what_is_seen_is_what_a_session_sees(supervisor: Watched) -> None:
    (seen,) = supervisor.seen()
    assert (seen.account.login, seen.account.balance, seen.broker_zone) == (1001, 10_000.0, "Europe/Athens")
    assert [(p.identifier, p.lots) for p in seen.positions] == [(1, 0.3)]
    assert seen.quotes["EURUSD"].bid == START_BID
    assert seen.world
    assert supervisor.read()[0] == 0.3


def test_the_brokers_clock_is_found_out_where_it_is_not_known(quiet: Path) -> None:
    supervisor = Watched.of(quiet, zone="")
    try:
        assert supervisor.seen()[-1].broker_zone == "Europe/Athens"
    finally:
        supervisor.hang_up()


def test_every_tick_is_seen_once_though_the_host_is_killed_again_and_again(quiet: Path, supervisor: Watched) -> None:
    seen: list[Snapshot] = []
    count, killed = 60, set()
    with Rehearse(quiet) as rehearse, client(quiet) as beside:
        for number in range(count):
            rehearse.event("quote", symbol="EURUSD", bid=round(1.2 + number / 1e5, 5), ask=1.3)
            seen += supervisor.once() if number % 2 else []
            if number % 12 == 11 and "eyes" in supervisor.pids:
                seen += supervisor.once() if number % 24 == 11 else []
                killed.add(supervisor.pids["eyes"])
                supervisor.host("eyes").kill()
                seen += supervisor.seen()
        rehearse.event("quote", symbol="EURUSD", bid=1.25, ask=1.3)
        seen += supervisor.seen(enough=has(1.25))
        assert bids(supervisor.seen()) == []
        written = beside.module.copy_ticks_from("EURUSD", 1, 10_000, 1)["bid"].tolist()
    assert bids(seen) == written[1:]
    assert len(written) == count + 2
    assert len(killed) == count // 12


@STOPPED
def test_a_look_that_comes_late_is_given_to_a_later_call_with_all_its_ticks(quiet: Path, supervisor: Watched) -> None:
    with Rehearse(quiet) as rehearse, stopped(supervisor.host("eyes")):
        rehearse.event("quote", symbol="EURUSD", bid=1.2, ask=1.3)
        supervisor.took()
    (late,) = supervisor.seen()
    assert bids([late]) == [1.2]
    assert bids(supervisor.seen()) == []


@STOPPED
def test_a_look_that_took_too_long_is_no_reading_and_its_ticks_come_with_the_next(
    quiet: Path, supervisor: Watched
) -> None:
    pid = supervisor.pids["eyes"]
    with Rehearse(quiet) as rehearse, stopped(supervisor.host("eyes")):
        rehearse.event("quote", symbol="EURUSD", bid=1.2, ask=1.3)
        supervisor.took()
        supervisor.clock.ahead_s += STALE_S
    assert "different times" in supervisor.troubled(words="the look took").reason
    assert bids(supervisor.seen()) == [1.2]
    assert supervisor.pids["eyes"] == pid


@STOPPED
def test_nobody_waits_long_for_a_terminal_that_hangs_and_then_not_at_all(supervisor: Watched) -> None:
    with stopped(supervisor.host("eyes")):
        assert supervisor.took() < BRIEFLY_S + SLACK_S
        assert sum(supervisor.took() for _ in range(50)) < BRIEFLY_S + SLACK_S
    supervisor.seen()


@STOPPED
def test_a_host_that_hangs_for_too_long_is_replaced_and_nothing_is_missed(quiet: Path, supervisor: Watched) -> None:
    first = supervisor.host("eyes")
    with Rehearse(quiet) as rehearse, stopped(first):
        rehearse.event("quote", symbol="EURUSD", bid=1.2, ask=1.3)
        supervisor.took()
        supervisor.clock.ahead_s += LOOK_S
        assert supervisor.troubled(words="no answer within").remedy
        assert bids(supervisor.seen(enough=has(1.2))) == [1.2]
    assert supervisor.pids["eyes"] != first.pid
    assert not first.is_running()


def test_a_terminal_that_hung_is_seen_within_two_seconds_of_its_return(quiet: Path, supervisor: Watched) -> None:
    with Rehearse(quiet) as rehearse:
        began, hang_s = supervisor.clock.monotonic(), 3.0
        rehearse.event("hang", seconds=hang_s)
    supervisor.took()
    supervisor.seen()
    assert hang_s - SLACK_S < supervisor.clock.monotonic() - began < hang_s + 2.0


def test_a_terminal_that_is_gone_is_a_state_with_its_remedy_and_nobody_starts_it(file: Path, scenario: Path) -> None:
    with launched(file, scenario=scenario) as pid:
        supervisor = Watched.of(file)
        try:
            supervisor.seen()
            kill(psutil.Process(pid))
            error = supervisor.troubled(words="is not running")
            assert "start it" in error.remedy
            supervisor.clock.ahead_s += 10 * AGAIN_S
            assert "start it" in supervisor.troubled(words="is not running").remedy
            assert addressed.running(file) is None
        finally:
            supervisor.hang_up()


def test_a_terminal_that_was_started_anew_is_seen_within_two_seconds(file: Path, scenario: Path) -> None:
    with launched(file, scenario=scenario) as pid:
        supervisor = Watched.of(file)
        try:
            world = supervisor.seen(enough=follows)[-1].world
            hosts = supervisor.pids
            kill(psutil.Process(pid))
            supervisor.troubled(words="is not running")
            with launched(file, scenario=scenario):
                seen = supervisor.seen(2.0)[-1]
                assert seen.world != world
                assert supervisor.pids["eyes"] == hosts["eyes"], "a host survives its terminal"
                assert supervisor.told(supervisor.send(ORDER)).retcode == 10009, "no close is spent on a dead line"
        finally:
            supervisor.hang_up()


def test_a_terminal_that_was_never_there_is_said_with_its_remedy(file: Path) -> None:
    supervisor = Watched.of(file)
    try:
        assert "start it" in supervisor.troubled(words="is not running").remedy
    finally:
        supervisor.hang_up()


@pytest.mark.parametrize("fault", ["garbage", "slow"])
def test_answers_gone_wrong_are_no_reading_and_the_next_good_one_is(
    quiet: Path, supervisor: Watched, fault: str
) -> None:
    with Rehearse(quiet) as rehearse:
        rehearse.fault(fault, times=1, **({"seconds": 0.3} if fault == "slow" else {}))
        supervisor.troubled()
        rehearse.event("quote", symbol="EURUSD", bid=1.2, ask=1.3)
    assert bids(supervisor.seen(enough=has(1.2))) == [1.2]


def test_the_history_host_is_let_go_when_nobody_needs_it(supervisor: Watched) -> None:
    supervisor.read()
    assert "history" in supervisor.pids
    supervisor.clock.ahead_s += 31.0
    supervisor.seen()
    assert "history" not in supervisor.pids
    assert supervisor.read() == [0.3]


def test_records_of_another_account_than_the_one_seen_are_refused(quiet: Path, supervisor: Watched) -> None:
    assert supervisor.read() == [0.3]
    with Rehearse(quiet) as rehearse:
        rehearse.event("switch_account", login=2002)
    with pytest.raises(TerminalError, match="of another account: 2002") as caught:
        supervisor.read()
    assert not isinstance(caught.value, Unanswered)
    supervisor.seen(enough=lambda s: s.account.login == 2002)
    assert supervisor.read() == [0.3]


def test_another_accounts_ticks_are_followed_anew(quiet: Path, supervisor: Watched) -> None:
    with Rehearse(quiet) as rehearse:
        rehearse.event("switch_account", login=2002)
        supervisor.seen(enough=lambda s: s.account.login == 2002)
        rehearse.event("quote", symbol="EURUSD", bid=1.2, ask=1.3)
        (first,) = supervisor.seen()
        assert not follows(first), "how far the other account's ticks were read says nothing of these"
        rehearse.event("quote", symbol="EURUSD", bid=1.21, ask=1.3)
        assert bids(supervisor.seen()) == [1.21]


def test_hanging_up_leaves_no_host_even_where_one_hangs(supervisor: Watched) -> None:
    hosts = [psutil.Process(pid) for pid in supervisor.pids.values()]
    assert len(hosts) >= 2
    if os.name == "posix":
        os.kill(hosts[0].pid, signal.SIGSTOP)
    supervisor.hang_up()
    assert not any(host.is_running() for host in hosts)
    assert not supervisor.pids
