"""The client's end: what crosses unharmed, what a broken line looks like, and desks that hang or lie."""

from __future__ import annotations

import math
import os
import signal
from pathlib import Path

import numpy as np
import psutil
import pytest

from bridge import wire
from bridge.attach import Attached
from bridge.clock import SystemClock
from bridge.host import Host
from bridge.port import Replaced, TerminalError
from bridge.session import Session
from bridge.simulator import addressed, remote
from bridge.simulator.launch import launched
from tests.bridge.served.clients import Later, attachment, client
from tests.bridge.served.rehearse import Rehearse

CLOSE = {"action": 1, "position": 1, "symbol": "EURUSD", "volume": 0.1, "type": 1, "price": 1.1, "type_filling": 1}
SOON_S = 0.2


def kill(file: Path) -> None:
    address = addressed.read(file)
    assert address
    served = psutil.Process(address.pid)
    served.kill()
    psutil.wait_procs([served], timeout=10)


def test_a_session_reads_a_served_terminal_as_any_other(standing: Path) -> None:
    with client(standing) as attached:
        session = Session(attached.module, SystemClock(), attached.zone, world=attached.world)
        seen = session.look(0)
        assert (seen.account.login, seen.account.balance) == (1001, 10_000.0)
        assert [(p.identifier, p.lots) for p in seen.positions] == [(1, 0.3)]
        assert seen.broker_zone == "Europe/Athens"
        assert abs(seen.quotes["EURUSD"].time_ms - seen.taken_ms) < 60_000


def test_numbers_that_are_none_cross_as_they_are(standing: Path) -> None:
    with client(standing) as attached:
        tick = attached.module.symbol_info_tick("BLANK")
        assert math.isnan(tick.bid)
        assert math.isnan(tick.ask)


def test_arrays_cross_with_their_dtype_and_can_not_be_written_to(quiet: Path) -> None:
    with client(quiet) as attached, Rehearse(quiet) as rehearse:
        rehearse.event("quote", symbol="EURUSD", bid=1.2, ask=1.2001)
        ticks = attached.module.copy_ticks_from("EURUSD", 1, 10, 1)
        assert ticks["bid"].tolist() == [1.1, 1.2]
        assert (ticks.dtype.itemsize, ticks.dtype.names[0], ticks.flags.writeable) == (60, "time", False)
        none = attached.module.copy_ticks_from("EURUSD", 2_000_000_000, 10, 1)
        assert (len(none), none.dtype) == (0, ticks.dtype)
        assert isinstance(none, np.ndarray)


def test_a_lone_surrogate_crosses_too(quiet: Path) -> None:
    with client(quiet) as attached:
        assert attached.module.order_send({**CLOSE, "comment": "\ud800"}).retcode == 10009
        assert attached.module.history_deals_get(1, 2_000_000_000)[-1].comment == "\ud800"


def test_every_client_has_a_last_error_of_its_own(standing: Path) -> None:
    with client(standing) as one, client(standing) as other:
        assert one.module.symbol_info("NONE") is None
        assert one.module.last_error()[0] == -4
        assert other.module.last_error() == (1, "Success")
        one.module.shutdown()
        assert one.module.account_info() is None
        assert other.module.account_info().login == 1001


def test_a_terminal_that_is_back_is_connected_to_by_each_client_for_itself(quiet: Path) -> None:
    with client(quiet) as one, client(quiet) as other, Rehearse(quiet) as rehearse:
        rehearse.event("terminal_dies")
        assert one.module.account_info() is None
        rehearse.event("terminal_back")
        assert one.opened()
        assert one.module.account_info().login == 1001
        assert other.module.account_info() is None
        assert other.module.last_error()[0] == -10004


def test_a_login_that_is_not_there_is_an_error_with_a_remedy(standing: Path) -> None:
    with pytest.raises(TerminalError, match="no login 5") as raised:
        remote.attach(attachment(standing, "mine", 5))
    assert raised.value.remedy == "it has 1001 (main)"


def test_what_does_not_run_is_said_with_its_remedy(file: Path) -> None:
    with pytest.raises(TerminalError, match="is not running") as raised:
        remote.attach(attachment(file))
    assert str(file) in raised.value.remedy


def test_a_terminal_that_died_is_a_broken_pipe_and_then_not_running(quiet: Path) -> None:
    with client(quiet) as attached:
        kill(quiet)
        assert attached.module.positions_get() is None
        assert attached.module.last_error() in {(-10001, "IPC send failed"), (-10002, "IPC recv failed")}
        assert attached.module.positions_get() is None
        assert attached.module.last_error() == (-10001, "IPC send failed")
        assert attached.module.version() == (0, 0, "")
        with pytest.raises(TerminalError, match="is not running"):
            attached.ready()
        assert not attached.module.initialize()
        assert attached.module.last_error()[0] == -10003
        assert attached.module.positions_get() is None
        assert attached.module.last_error() == (-10004, "No IPC connection")


def test_a_terminal_that_was_started_anew_has_to_be_attached_to_anew(file: Path) -> None:
    with launched(file), client(file) as attached:
        kill(file)
        with launched(file):
            attached.module.shutdown()
            with pytest.raises(Replaced):
                attached.ready()
            with client(file) as fresh:
                assert fresh.world != attached.world


def test_a_host_attaches_anew_by_itself(file: Path) -> None:
    host = Host(attachment(file), SystemClock())
    look = wire.Look(1, 0, frozenset(), {})
    try:
        for _ in range(2):
            with launched(file):
                said = [host.answer(look) for _ in range(3)]
                assert isinstance(said[-1], wire.Looked)
                kill(file)
            failed = host.answer(look)
            assert isinstance(failed, wire.Failed)
    finally:
        host.close()


def test_a_call_on_a_desk_that_hangs_returns_when_the_hang_is_over(story: Path) -> None:
    with client(story) as hanging, client(story, "Swing") as other, Rehearse(story) as rehearse:
        rehearse.event("hang", seconds=1.0)
        late = Later(hanging.module.account_info)
        assert other.module.account_info().login == 88120475
        assert late.pending(SOON_S)
        figures, _ = rehearse.books()
        assert figures["balance"]
        assert late.answer().login == 51023381


def test_an_order_that_waits_in_a_hang_is_carried_out_though_its_sender_is_gone(quiet: Path) -> None:
    with client(quiet) as sender, Rehearse(quiet) as rehearse, client(quiet) as other:
        rehearse.event("hang", seconds=0.5)
        sent = Later(lambda: sender.module.order_send(CLOSE))
        assert sent.pending(SOON_S)
        _hang_up(sender)
        assert sent.answer() is None
        shown = (other.module.positions_get()[0].volume for _ in range(1_000))
        assert any(volume == pytest.approx(0.2) for volume in shown)


def _hang_up(attached: Attached) -> None:
    """Break the line as the death of the client's process does, while a call waits on it."""
    backend = attached.module.initialize._run.__self__._backend
    backend._socket.shutdown(2)


@pytest.mark.skipif(os.name != "posix", reason="only POSIX can stop a process")
def test_a_terminal_that_is_stopped_gives_no_answer_until_it_goes_on(standing: Path) -> None:
    address = addressed.read(standing)
    assert address
    with client(standing) as attached:
        os.kill(address.pid, signal.SIGSTOP)
        os.waitid(os.P_PID, address.pid, os.WSTOPPED | os.WNOWAIT)
        late = Later(attached.module.account_info)
        assert late.pending(SOON_S)
        os.kill(address.pid, signal.SIGCONT)
        assert late.answer().login == 1001


def test_garbage_is_an_answer_that_was_lost_and_the_next_one_is_sound(quiet: Path) -> None:
    with client(quiet) as attached, Rehearse(quiet) as rehearse:
        rehearse.fault("garbage", times=1)
        assert attached.module.account_info() is None
        assert attached.module.last_error() == (-10002, "IPC recv failed")
        assert attached.module.account_info().login == 1001


def test_an_order_answered_with_garbage_was_carried_out_all_the_same(quiet: Path) -> None:
    with client(quiet) as attached, Rehearse(quiet) as rehearse:
        rehearse.fault("garbage", times=1)
        assert attached.module.order_send(CLOSE) is None
        assert attached.module.last_error()[0] == -10002
        _, held = rehearse.books()
        assert [p["volume"] for p in held] == [pytest.approx(0.2)]


def test_a_slow_answer_comes_late_and_on_its_own_desk_only(story: Path) -> None:
    with client(story) as slow, client(story, "Swing") as other, Rehearse(story) as rehearse:
        rehearse.fault("slow", seconds=0.5, times=1)
        late = Later(slow.module.account_info)
        assert other.module.account_info().login == 88120475
        assert late.pending(SOON_S)
        assert late.answer().login == 51023381


def test_silence_is_for_ever_and_ends_with_the_line(quiet: Path) -> None:
    with client(quiet) as attached, client(quiet) as other, Rehearse(quiet) as rehearse:
        rehearse.fault("silent", times=1)
        never = Later(attached.module.account_info)
        assert never.pending(SOON_S)
        assert other.module.account_info().login == 1001
        _hang_up(attached)
        assert never.answer() is None
        assert attached.module.last_error()[0] == -10002


def test_a_fault_can_be_taken_back(quiet: Path) -> None:
    with client(quiet) as attached, Rehearse(quiet) as rehearse:
        rehearse.fault("garbage")
        assert attached.module.account_info() is None
        rehearse.fault("none")
        assert attached.module.account_info().login == 1001


def test_an_event_that_makes_no_sense_is_said_to_be_wrong(standing: Path) -> None:
    with Rehearse(standing) as rehearse:
        with pytest.raises(AssertionError, match="symbol"):
            rehearse.event("quote", symbol="NONE", bid=1.0, ask=1.0)
        with pytest.raises(AssertionError, match=r"event\.do"):
            rehearse.event("explode")
        with pytest.raises(AssertionError, match=r"fault\.kind"):
            rehearse.fault("loud")


def test_an_account_that_is_switched_is_seen_by_its_clients(quiet: Path) -> None:
    with client(quiet) as attached, Rehearse(quiet) as rehearse:
        rehearse.event("switch_account", login=2002)
        assert attached.module.account_info().login == 2002


def test_events_of_a_scenario_happen_at_their_seconds_after_the_start(file: Path, tmp_path: Path) -> None:
    toml = tmp_path / "late.toml"
    toml.write_text('[[symbol]]\nname = "EURUSD"\n[[event]]\nat = 0.01\ndo = "deposit"\namount = 250.0\n')
    with launched(file, scenario=toml), client(file) as attached:
        balances = (attached.module.account_info().balance for _ in range(10_000))
        assert next(balance for balance in balances if balance != 10_000.0) == 10_250.0
