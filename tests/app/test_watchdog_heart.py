"""The heartbeat's thread, the alarm's sound and the machine kept awake: none of them may hold the guard up."""

from __future__ import annotations

import os
import queue
import subprocess
import sys
import threading
from contextlib import ExitStack
from itertools import pairwise
from pathlib import Path

import pytest

from app.watchdog.alarm import SOUND, Bell
from app.watchdog.awake import Awake, possible
from app.watchdog.heart import PAUSE, Heart
from app.watchdog.pulse import BYE, Pulse, read
from bridge.clock import SystemClock

LISTEN = "import sys\nwith open(sys.argv[1], 'wb', buffering=0) as out:\n for line in sys.stdin.buffer: out.write(line)"
SOON_S = 20.0


def listener(file: Path) -> subprocess.Popen[bytes]:
    """In the watchdog's place: writes down what it hears."""
    return subprocess.Popen([sys.executable, "-c", LISTEN, str(file)], stdin=subprocess.PIPE, bufsize=0)


def deafness() -> subprocess.Popen[bytes]:
    """Lives and does not read."""
    line = [sys.executable, "-c", "import threading; threading.Event().wait()"]
    return subprocess.Popen(line, stdin=subprocess.PIPE, bufsize=0)


class Counting:
    """Pulses, and a way to wait for the next."""

    def __init__(self) -> None:
        self.asked = 0
        self._more = threading.Semaphore(0)

    def __call__(self) -> Pulse:
        self.asked += 1
        self._more.release()
        return Pulse(window=None, worker=self.asked, armed=True)

    def wait(self, count: int) -> None:
        for _ in range(count):
            assert self._more.acquire(timeout=SOON_S)


def test_the_heart_beats_and_says_goodbye(tmp_path: Path) -> None:
    pulse = Counting()
    with Heart(pulse, lambda: listener(tmp_path / "heard"), print, every_s=0.01):
        pulse.wait(3)
    *pulses, last = (tmp_path / "heard").read_bytes().splitlines(keepends=True)
    assert last == BYE
    assert [found and found.worker for found in map(read, pulses)] == list(range(1, pulse.asked + 1))


def test_who_leaves_by_an_exception_says_no_goodbye(tmp_path: Path) -> None:
    pulse, begun = Counting(), [listener(tmp_path / "heard")]

    def guard() -> None:
        with Heart(pulse, lambda: begun[0], print, every_s=0.01):
            pulse.wait(2)
            raise OSError("no disk")

    with pytest.raises(OSError, match="no disk"):
        guard()
    assert begun[0].wait(SOON_S) == 0
    assert BYE not in (tmp_path / "heard").read_bytes()


def test_a_watchdog_that_is_gone_is_said_and_started_again(tmp_path: Path) -> None:
    pulse, said = Counting(), queue.SimpleQueue[str]()
    begun: list[subprocess.Popen[bytes]] = []

    def begin() -> subprocess.Popen[bytes]:
        begun.append(listener(tmp_path / f"heard {len(begun)}"))
        return begun[-1]

    with Heart(pulse, begin, said.put, every_s=0.01):
        pulse.wait(2)
        begun[0].kill()
        begun[0].wait()
        assert said.get(timeout=SOON_S) == "the watchdog has ended or hangs; another is started"
        pulse.wait(60)
    assert len(begun) == 2
    assert BYE in (tmp_path / "heard 1").read_bytes()


def test_a_watchdog_that_does_not_stay_is_not_started_with_every_beat() -> None:
    times, clock, every_s = queue.SimpleQueue[tuple[float, float]](), SystemClock(), 0.01

    def begin() -> subprocess.Popen[bytes]:
        began_s = clock.monotonic()
        gone = subprocess.Popen([sys.executable, "-c", ""], stdin=subprocess.PIPE, bufsize=0)
        gone.wait()
        times.put((began_s, clock.monotonic()))
        return gone

    with Heart(Counting(), begin, lambda _: None, every_s=every_s):
        starts = [times.get(timeout=SOON_S) for _ in range(3)]
    pauses = [later - earlier for (_, earlier), (later, _) in pairwise(starts)]
    assert min(pauses) > PAUSE * every_s / 2, "beats are at least so long, but for a coarse clock"


def test_a_watchdog_that_cannot_be_started_is_said_and_the_guard_goes_on() -> None:
    pulse, said = Counting(), queue.SimpleQueue[str]()

    def fail() -> subprocess.Popen[bytes]:
        raise OSError(11, "Resource temporarily unavailable")

    with Heart(pulse, fail, said.put, every_s=0.01):
        assert "nothing outside this program watches it" in said.get(timeout=SOON_S)


def test_a_watchdog_that_does_not_listen_cannot_hold_the_end_up(tmp_path: Path) -> None:
    deaf, pulse = deafness(), Counting()
    with Heart(pulse, lambda: deaf, print, every_s=0.01, leave_s=0.1):
        pulse.wait(2)
    assert deaf.returncode is not None


@pytest.mark.skipif(sys.platform == "win32", reason="a full pipe blocks the thread there")
def test_a_watchdog_that_hangs_is_replaced_once_its_pipe_is_full(tmp_path: Path) -> None:
    begun, said = [deafness(), listener(tmp_path / "heard")], queue.SimpleQueue[str]()
    names, waiting = ("x" * 10_000,), iter(begun)
    with Heart(lambda: Pulse(window=1, worker=1, armed=True, accounts=names), lambda: next(waiting), said.put,
               every_s=0.01):  # fmt: skip
        assert said.get(timeout=SOON_S) == "the watchdog has ended or hangs; another is started"
        assert begun[0].returncode is not None
    begun[1].kill()
    begun[1].communicate()


def player(folder: Path, script: str) -> None:
    """The only player on the path."""
    file = folder / "aplay"
    file.write_text(f"#!/bin/sh\n{script}\n")
    file.chmod(0o755)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows plays by itself")
def test_the_alarm_plays_its_sound_and_does_not_double_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    player(tmp_path, f'echo "$1" >> {tmp_path}/played; exec cat {tmp_path}/pipe')
    os.mkfifo(tmp_path / "pipe")
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    plain: list[int] = []
    bell = Bell(lambda: plain.append(1))
    bell.ring()
    bell.ring()
    with (tmp_path / "pipe").open("wb"):
        assert (tmp_path / "played").read_text() == f"{SOUND}\n"
    bell.quiet(SOON_S)
    assert len(plain) == 2
    assert SOUND.is_file()


def test_an_alarm_that_cannot_sound_raises_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    player(tmp_path, "exit 1")
    (tmp_path / "aplay").write_bytes(b"\x7fELF no program")
    monkeypatch.setenv("PATH", str(tmp_path))

    def fail() -> None:
        raise OSError("no terminal")

    bell = Bell(fail)
    bell.ring()
    bell.quiet()


def test_sleep_is_prevented_while_armed_and_let_go_when_observing() -> None:
    looks = queue.SimpleQueue[bool]()
    states = queue.SimpleQueue[str]()

    def hold(held: ExitStack) -> str:
        states.put("held")
        held.callback(states.put, "let go")
        return ""

    with Awake(lambda: looks.get(timeout=SOON_S), print, hold, every_s=0.01):
        for armed in (False, True, True, False, False, True):
            looks.put(armed)
        assert [states.get(timeout=SOON_S) for _ in range(3)] == ["held", "let go", "held"]
        looks.put(True)
    assert states.get(timeout=SOON_S) == "let go"
    assert states.empty()


def test_that_sleep_cannot_be_prevented_is_said_once() -> None:
    looks, tried, said = queue.SimpleQueue[bool](), queue.SimpleQueue[str](), queue.SimpleQueue[str]()

    def fail(_: ExitStack) -> str:
        tried.put("no desktop")
        return "no desktop"

    with Awake(lambda: looks.get(timeout=SOON_S), said.put, fail, every_s=0.01):
        for armed in (True, False, True):
            looks.put(armed)
        for _ in range(2):
            tried.get(timeout=SOON_S)
        looks.put(False)
    told = said.get(timeout=SOON_S)
    assert told.startswith("sleep cannot be prevented here: no desktop; ")
    assert said.empty()


@pytest.mark.skipif(sys.platform != "linux", reason="asks a desktop of Linux")
def test_without_a_desktop_sleep_cannot_be_prevented_and_the_reason_is_one_line(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("DBUS_SESSION_BUS_ADDRESS", raising=False)
    can, why = possible()
    assert not can
    assert why == "no answer from org.freedesktop.PowerManagement, org.gnome.SessionManager"
