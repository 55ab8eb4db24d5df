"""The served terminal's life: how it says where it answers, how it ends, and whom it hangs up on."""

from __future__ import annotations

import os
import signal
import stat
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import psutil
import pytest

from bridge.port import TerminalError
from bridge.simulator import addressed
from bridge.simulator.launch import launched
from tests.bridge.served.clients import PATIENCE_S, client, line
from tests.bridge.served.rehearse import Rehearse

SERVE = [sys.executable, "-m", "bridge.simulator.serve"]
PARENT = """
import sys
from pathlib import Path
from bridge.simulator.launch import launched
with launched(Path(sys.argv[1])) as pid:
    print(pid, flush=True)
    sys.stdin.read()
"""


def said(*arguments: str) -> tuple[int, str]:
    ended = subprocess.run([*SERVE, *arguments], capture_output=True, text=True, timeout=30, check=False)
    return ended.returncode, ended.stderr


def test_the_address_is_for_this_users_eyes_only(standing: Path) -> None:
    address = addressed.read(standing)
    assert address
    assert len(bytes.fromhex(address.secret)) == 32
    if os.name == "posix":
        assert stat.S_IMODE(standing.stat().st_mode) == 0o600


def test_every_start_is_another_world(file: Path) -> None:
    worlds = set()
    for _ in range(2):
        with launched(file):
            address = addressed.read(file)
            assert address
            worlds.add((address.world, address.secret))
    assert len(worlds) == 2


def test_a_terminal_that_ended_leaves_no_address(file: Path) -> None:
    with launched(file) as pid:
        assert file.exists()
    assert not file.exists()
    assert not psutil.pid_exists(pid)


@pytest.mark.skipif(os.name != "posix", reason="Windows sends no such signals")
@pytest.mark.parametrize("number", ["SIGTERM", "SIGINT"])
def test_a_signal_ends_it_and_takes_the_address_away(file: Path, number: str) -> None:
    with launched(file) as pid:
        with line(file) as stream:
            os.kill(pid, getattr(signal, number))
            with suppress(ConnectionResetError):  # a connection that it had not accepted yet is reset
                assert stream.readline() == b""
        with pytest.raises((TerminalError, OSError, AssertionError)), client(file):
            pass  # nobody there: the address is gone, or leads nowhere
    assert not file.exists()


@pytest.mark.skipif(os.name != "posix", reason="kill -9 is this system's")
def test_it_dies_with_the_program_that_launched_it_however_that_dies(file: Path) -> None:
    with subprocess.Popen([sys.executable, "-c", PARENT, str(file)], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                          text=True) as parent:  # fmt: skip
        assert parent.stdout
        served = psutil.Process(int(parent.stdout.readline()))
        os.kill(served.pid, signal.SIGSTOP)  # stuck, it cannot see the end of its input
        parent.kill()
        gone, _ = psutil.wait_procs([served], timeout=PATIENCE_S)
        assert gone
    assert addressed.running(file) is None


@pytest.mark.skipif(os.name != "posix", reason="Windows has no process that is dead and not buried")
def test_one_that_was_killed_is_not_running_though_nobody_has_waited_for_it(file: Path) -> None:
    with launched(file) as pid:
        os.kill(pid, signal.SIGKILL)
        os.waitid(os.P_PID, pid, os.WEXITED | os.WNOWAIT)
        assert file.exists()
        assert addressed.running(file) is None


def test_a_second_terminal_does_not_take_the_place_of_one_that_lives(standing: Path) -> None:
    code, text = said(str(standing))
    assert code == 2
    assert "answers there" in text


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        ([], "FILE"),
        (["{file}", "--seed", "x"], "whole number"),
        (["{file}", "--seed", "-1"], "--seed"),
        (["{file}", "--scenario", "{file}.toml"], "cannot be read"),
        (["{file}/nowhere/file"], "no such file"),
    ],
)
def test_bad_arguments_are_one_clear_line(file: Path, arguments: list[str], why: str) -> None:
    code, text = said(*(argument.format(file=file) for argument in arguments))
    assert code == 2
    assert why in text
    assert text.count("\n") == 1
    assert not file.exists()


def test_a_start_that_fails_is_an_error_and_leaves_nothing(file: Path, tmp_path: Path) -> None:
    with pytest.raises(TerminalError, match="code 2"), launched(file, scenario=tmp_path / "none.toml"):
        pass


def test_an_address_that_is_another_ones_by_now_is_left_alone(file: Path) -> None:
    with launched(file):
        file.write_text("another's")
    assert file.read_text() == "another's"


HELLO = b'{"secret":"%s","name":"","login":0}\n'


def hello(file: Path) -> bytes:
    """The one that is let in."""
    address = addressed.read(file)
    assert address
    return HELLO % address.secret.encode()


@pytest.mark.parametrize(
    "stranger",
    [
        HELLO % (b"0" * 64),
        b'{"secret":"\\ud800","name":"","login":0}\n',
        b"GET / HTTP/1.1\r\n",
        b"[]\n",
        b"[" * 60_000 + b"\n",
        b"x" * 70_000 + b"\n",
    ],
    ids=["wrong secret", "no text", "http", "no object", "deep", "long"],
)
def test_who_does_not_know_the_secret_is_hung_up_on_without_a_word(standing: Path, stranger: bytes) -> None:
    with line(standing) as stream:
        stream.write(stranger)
        stream.flush()
        try:
            answer = stream.read()
        except ConnectionResetError:
            answer = b""
    assert answer == b""


def test_a_hello_that_is_too_long_is_hung_up_on_though_it_knows_the_secret(standing: Path) -> None:
    with line(standing) as stream:
        stream.write(hello(standing).replace(b'"name":""', b'"name":"%s"' % (b"x" * 70_000)))
        stream.flush()
        try:
            answer = stream.readline()
        except ConnectionResetError:
            answer = b""
    assert answer == b""


def test_who_says_nothing_is_hung_up_on_and_who_was_let_in_may_be_silent_for_longer(standing: Path) -> None:
    with client(standing) as inside, line(standing) as stream:
        assert stream.readline() == b""
        assert inside.module.account_info().login == 1001


def test_a_login_that_is_not_there_is_refused_at_the_door_as_well(standing: Path) -> None:
    with line(standing) as stream:
        stream.write(hello(standing).replace(b'"login":0', b'"login":5'))
        stream.flush()
        assert b"-6" in stream.readline()
        assert stream.readline() == b""


@pytest.mark.parametrize(
    "call",
    [
        b'{"call":"__init__","given":[],"named":{}}\n',
        b'{"call":"__repr__","given":[],"named":{}}\n',
        b'{"call":"_wait_out_hang","given":[],"named":{}}\n',
        b'{"call":"connected","given":[],"named":{}}\n',
        b'{"shell":"ls"}\n',
    ],
)
def test_what_is_not_on_the_list_is_not_called(standing: Path, call: bytes) -> None:
    with line(standing) as stream:
        stream.write(hello(standing) + call)
        stream.flush()
        assert stream.readline() == b'{"value":"main"}\n'
        assert b"value" not in stream.readline()


def test_without_rehearsing_no_event_can_be_ordered(file: Path) -> None:
    with launched(file), Rehearse(file) as rehearse, pytest.raises(AssertionError, match="hung up"):
        rehearse.event("terminal_dies")


def test_the_story_has_three_accounts_in_a_market_that_is_open_now(story: Path) -> None:
    with client(story) as first, client(story, "Swing") as second, client(story, "other", 70993012) as third:
        logins = [attached.module.account_info().login for attached in (first, second, third)]
        assert logins == [51023381, 88120475, 70993012]
        assert all(attached.module.positions_get() for attached in (first, second, third))
        assert {attached.zone for attached in (first, second, third)} == {"new-york-close"}
