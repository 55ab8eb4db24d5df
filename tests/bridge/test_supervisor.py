"""One terminal behind processes of its own: what is seen, what goes out, what is said when something dies or hangs."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest

from bridge.attach import Attachment
from bridge.clock import SystemClock
from bridge.port import Awaited, CloseOrder, Receipt, TerminalError, Unanswered
from bridge.simulator import addressed
from bridge.simulator.launch import launched
from bridge.supervisor import AGAIN_S, LOOK_S, STALE_S, Supervisor
from monitors.kinds import Side
from monitors.model import Snapshot
from tests.bridge.served.clients import client
from tests.bridge.served.conftest import QUIET
from tests.bridge.served.rehearse import Rehearse

BOUND_S = 20.0
BEAT_S = 0.02
BRIEFLY_S = 0.05
"""How long the one thread that looks at all terminals may be held up by one of them."""
SLACK_S = 0.25
"""What a busy machine may add to a wait."""
STOPPED = pytest.mark.skipif(os.name != "posix", reason="only POSIX can stop a process")
ORDER = CloseOrder(ticket=1, symbol="EURUSD", side=Side.SELL, lots=0.1, filling=1, magic=0, comment="plimsoll abc 1")
START_BID = 1.1


class Moved(SystemClock):
    """This machine's clock, which a test may move on."""

    ahead_s = 0.0

    def monotonic(self) -> float:
        return super().monotonic() + self.ahead_s


class Watched(Supervisor):
    """A supervisor as its only user sees it: looked through beat by beat."""

    clock: Moved

    @classmethod
    def of(cls, file: Path, zone: str = "Europe/Athens") -> Watched:
        clock = Moved()
        made = cls(Attachment(name="main", backend="simulator", path=str(file), clock=zone), clock)
        made.clock = clock
        return made

    def seen(self, within_s: float = BOUND_S, *, enough: Callable[[Snapshot], bool] = lambda _: True) -> list[Snapshot]:
        """Look until what is seen is enough; everything that was seen on the way."""
        found: list[Snapshot] = []
        trouble = ""
        for _ in range(round(within_s / BEAT_S)):
            try:
                found.append(self.look(0))
                if enough(found[-1]):
                    return found
            except TerminalError as error:
                trouble = error.reason
            _beat()
        raise AssertionError(f"not seen within {within_s} s: {trouble}")

    def once(self) -> list[Snapshot]:
        """What one look brings, if anything."""
        try:
            return [self.look(0)]
        except TerminalError:
            return []

    def troubled(self, within_s: float = BOUND_S, *, words: str = "") -> TerminalError:
        """Look until there is an error that says so."""
        for _ in range(round(within_s / BEAT_S)):
            try:
                self.look(0)
            except TerminalError as error:
                if words in error.reason:
                    return error
            _beat()
        raise AssertionError(f"never said: {words}")

    def took(self) -> float:
        """How long one look takes that brings nothing."""
        began = self.clock.monotonic()
        with pytest.raises(Unanswered):
            self.look(0)
        return self.clock.monotonic() - began

    def told(self, awaited: Awaited) -> Receipt:
        """The receipt, once it is there."""
        for _ in range(round(BOUND_S / BEAT_S)):
            receipt = self.receipt(awaited)
            if receipt is not None:
                return receipt
            _beat()
        raise AssertionError("no receipt")

    def read(self) -> list[float]:
        """The lots that the records show."""
        for _ in range(round(BOUND_S / BEAT_S)):
            try:
                return [p.lots for p in self.records(0).positions]
            except Unanswered:
                _beat()
        raise AssertionError("no records")

    def host(self, lane: str) -> psutil.Process:
        return psutil.Process(self.pids[lane])


def _beat() -> None:
    threading.Event().wait(BEAT_S)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "simulator.json"


@pytest.fixture
def scenario(tmp_path: Path) -> Path:
    made = tmp_path / "quiet.toml"
    made.write_text(QUIET)
    return made


@pytest.fixture
def quiet(file: Path, scenario: Path) -> Iterator[Path]:
    """A served terminal with one position, on which nothing happens by itself."""
    with launched(file, scenario=scenario, rehearse=True):
        yield file


@pytest.fixture
def supervisor(quiet: Path) -> Iterator[Watched]:
    """Followed: the ticks of what is held come from here on."""
    made = Watched.of(quiet)
    try:
        made.seen(enough=follows)
        yield made
    finally:
        made.hang_up()


def follows(snapshot: Snapshot) -> bool:
    return "EURUSD" in snapshot.ticks


def bids(snapshots: list[Snapshot]) -> list[float]:
    return [bid for s in snapshots if "EURUSD" in s.ticks for bid in s.ticks["EURUSD"].bid.tolist()]


def has(bid: float) -> Callable[[Snapshot], bool]:
    return lambda snapshot: bid in bids([snapshot])


def kill(process: psutil.Process) -> None:
    process.kill()
    psutil.wait_procs([process], timeout=BOUND_S)


@contextmanager
def stopped(*processes: psutil.Process) -> Iterator[None]:
    """Stuck, as in a call that does not return."""
    for process in processes:
        os.kill(process.pid, signal.SIGSTOP)
    try:
        yield
    finally:
        for process in processes:
            if process.is_running():
                os.kill(process.pid, signal.SIGCONT)


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
        assert bids(supervisor.seen()) == [1.2]
    assert supervisor.pids["eyes"] != first.pid
    assert not first.is_running()


def test_a_terminal_that_hung_is_seen_within_two_seconds_of_its_return(quiet: Path, supervisor: Watched) -> None:
    with Rehearse(quiet) as rehearse:
        began, hang_s = supervisor.clock.monotonic(), 3.0
        rehearse.event("hang", seconds=hang_s)
    supervisor.took()
    supervisor.seen()
    assert hang_s - SLACK_S < supervisor.clock.monotonic() - began < hang_s + 2.0


@STOPPED
def test_a_close_goes_out_while_the_others_hang(quiet: Path, supervisor: Watched) -> None:
    supervisor.read()
    with stopped(supervisor.host("eyes"), supervisor.host("history")):
        supervisor.took()
        with pytest.raises(Unanswered):
            supervisor.records(1)
        receipt = supervisor.told(supervisor.send(ORDER))
        assert receipt.retcode == 10009
        assert receipt.records
        assert [p.lots for p in receipt.records.positions] == [pytest.approx(0.2)]
        with Rehearse(quiet) as rehearse:
            assert len(rehearse.books()[1]) == 1
    supervisor.seen(enough=lambda s: s.positions[0].lots == pytest.approx(0.2))


def test_several_closes_go_out_in_order_and_each_has_its_receipt(supervisor: Watched) -> None:
    sent = [supervisor.send(ORDER) for _ in range(3)]
    receipts = [supervisor.told(awaited) for awaited in sent]
    held = [sum(p.lots for p in r.records.positions) for r in receipts if r.records]
    assert held == [pytest.approx(0.2), pytest.approx(0.1), 0]


def test_nothing_is_sent_for_an_account_that_was_switched_since_the_last_look(quiet: Path, supervisor: Watched) -> None:
    with Rehearse(quiet) as rehearse:
        rehearse.event("switch_account", login=2002)
        for awaited in (supervisor.send(ORDER), supervisor.cancel(5)):
            receipt = supervisor.told(awaited)
            assert (receipt.retcode, receipt.error) == (None, -2)
            assert "another account" in receipt.text
        assert [row["volume"] for row in rehearse.books()[1]] == [0.3]
    supervisor.seen(enough=lambda s: s.account.login == 2002)


def test_nothing_is_sent_before_an_account_was_seen(quiet: Path) -> None:
    supervisor = Watched.of(quiet)
    with pytest.raises(TerminalError, match="no account"):
        supervisor.send(ORDER)
    supervisor.hang_up()


@STOPPED
def test_a_close_whose_host_was_killed_is_unclear_and_the_one_behind_it_was_not_sent(supervisor: Watched) -> None:
    hand = supervisor.host("hand")
    with stopped(hand):
        given, queued = supervisor.send(ORDER), supervisor.send(ORDER)
        assert supervisor.receipt(given) is None
        kill(hand)
    unclear, unsent = supervisor.told(given), supervisor.told(queued)
    assert (unclear.retcode, unclear.error) == (None, 0)
    assert (unsent.retcode, unsent.error) == (None, -2)


def test_a_hand_that_died_while_nobody_needed_it_costs_no_close(supervisor: Watched) -> None:
    first = supervisor.host("hand")
    kill(first)
    supervisor.seen(enough=lambda _: supervisor.pids.get("hand", first.pid) != first.pid)
    assert supervisor.told(supervisor.send(ORDER)).retcode == 10009


def test_a_receipt_nobody_knows_of_is_unclear(supervisor: Watched) -> None:
    receipt = supervisor.receipt(Awaited(99))
    assert receipt
    assert (receipt.retcode, receipt.error) == (None, 0)


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


def test_hanging_up_leaves_no_host_even_where_one_hangs(supervisor: Watched) -> None:
    hosts = [psutil.Process(pid) for pid in supervisor.pids.values()]
    assert len(hosts) >= 2
    if os.name == "posix":
        os.kill(hosts[0].pid, signal.SIGSTOP)
    supervisor.hang_up()
    assert not any(host.is_running() for host in hosts)
    assert not supervisor.pids
