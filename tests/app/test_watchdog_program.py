"""The program and its watchdog as processes: stopped, killed, ended in order, and left with a worker that is stuck."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from app.watchdog.__main__ import LOG
from app.watchdog.notice import HEADLINES
from app.watchdog.pulse import Trouble
from bridge.clock import SystemClock
from tests.app.test_commands import CONFIG

ROOT = Path(__file__).resolve().parents[2]
Live = subprocess.Popen[str]
LEFT = """
import sys, threading
from pathlib import Path
from app.commands.show import Showing, windowed
from app.config import from_table
from app.main import Program

def never():
    threading.Event().wait()

config = from_table({"terminal": [{"name": "main", "backend": "simulator", "login": 1}]}, source="test")
program = Program(config, never, Path(sys.argv[1]), print)
sys.exit(windowed(program, Showing(seconds=0.5), offscreen=True))
"""

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows knows no SIGSTOP and ends without asking")


@pytest.fixture
def environ(tmp_path: Path) -> dict[str, str]:
    hidden = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    given = {name: value for name, value in os.environ.items() if name not in hidden}
    return {**given, "HOME": str(tmp_path), "PYTHONPATH": str(ROOT)}


@pytest.fixture
def guard(tmp_path: Path, environ: dict[str, str]) -> Iterator[Live]:
    """`run --headless`, once it has said that it started."""
    config = tmp_path / "config.toml"
    config.write_text(CONFIG.format(data=(tmp_path / "data").as_posix()))
    line = [sys.executable, "-m", "app", "run", "--headless", "--config", str(config)]
    started = subprocess.Popen(line, env=environ, cwd=ROOT, text=True, stdin=subprocess.DEVNULL,
                               stdout=subprocess.PIPE, stderr=subprocess.PIPE)  # fmt: skip
    assert started.stdout is not None
    assert "started" in started.stdout.readline()
    yield started
    started.send_signal(signal.SIGCONT)
    started.kill()
    started.communicate(timeout=30)


def watchdogs(of: Live) -> list[psutil.Process]:
    return [child for child in psutil.Process(of.pid).children() if "app.watchdog" in child.cmdline()]


def heard(guard: Live) -> str:
    """The next thing that the watchdog says on the stderr it shares."""
    assert guard.stderr is not None
    return next(line for line in guard.stderr if line.startswith("plimsoll watchdog: "))


def test_a_stopped_program_is_alarmed_within_six_seconds_and_withdrawn_when_it_goes_on(guard: Live) -> None:
    clock = SystemClock()
    guard.send_signal(signal.SIGSTOP)
    stopped_s = clock.monotonic()
    assert HEADLINES[Trouble.SILENT] in heard(guard)
    assert clock.monotonic() - stopped_s < 6.0
    guard.send_signal(signal.SIGCONT)
    assert heard(guard) == "plimsoll watchdog: Plimsoll answers again.\n"


def test_a_killed_program_is_alarmed_and_its_watchdog_leaves(guard: Live, tmp_path: Path) -> None:
    (dog,) = watchdogs(guard)
    guard.kill()
    assert HEADLINES[Trouble.DIED] in heard(guard)
    guard.wait(20)  # its pipe is closed before its children become ours, and only what is ours can be waited for
    dog.wait(20)
    assert HEADLINES[Trouble.DIED] in (tmp_path / "data" / LOG).read_text()


def test_the_watchdog_knows_which_config_a_stop_would_need(guard: Live, tmp_path: Path) -> None:
    (dog,) = watchdogs(guard)
    assert dog.cmdline()[-2:] == ["--config", str(tmp_path / "config.toml")]


def test_a_program_that_ends_in_order_takes_its_watchdog_along_in_silence(guard: Live, tmp_path: Path) -> None:
    (dog,) = watchdogs(guard)
    guard.send_signal(signal.SIGTERM)
    _, err = guard.communicate(timeout=30)
    assert (guard.returncode, err) == (0, "")
    assert not dog.is_running()
    assert not (tmp_path / "data" / LOG).exists()


def test_a_watchdog_that_was_killed_is_replaced(guard: Live) -> None:
    (dog,) = watchdogs(guard)
    dog.kill()
    assert guard.stderr is not None
    assert guard.stderr.readline() == "the watchdog has ended or hangs; another is started\n"
    guard.send_signal(signal.SIGTERM)
    guard.communicate(timeout=30)
    assert guard.returncode == 0


def test_a_worker_that_is_stuck_at_the_end_is_left_behind_with_a_line_and_exit_1(
    tmp_path: Path, environ: dict[str, str]
) -> None:
    done = subprocess.run([sys.executable, "-c", LEFT, str(tmp_path / "data")], env=environ, cwd=ROOT, text=True,
                          capture_output=True, timeout=60, check=False)  # fmt: skip
    assert done.returncode == 1
    assert done.stderr == "the worker is stuck in a call and was left behind; look at your positions in MT5\n"
