"""`plimsoll stop` as a person types it: with an instance that is frozen, stuck or not there, and a config in pieces."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest

from app.instance.answers import answerer
from app.instance.control import Listener
from app.store.latch import hold
from app.watchdog.__main__ import stopping
from bridge.children import environment
from tests.app.flat_stand import PATIENCE_S, Served, served
from tests.app.test_flatten import once_each

ROOT = Path(__file__).resolve().parents[2]
PLIMSOLL = (sys.executable, "-m", "app")
CONFIG = """
[app]
data_dir = '{data}'
[[terminal]]
name = "main"
backend = "simulator"
path = '{file}'
login = 1001
server = "Demo"
[[rule]]
name = "Margin"
metric = "margin.level_pct"
when = "below"
levels = [{{ at = 100.0, severity = "medium", action = "alert" }}]
"""
FLAT = "main  flat: no positions, no pending orders\n"

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="no process can be frozen there")


class Desk(Served):
    """The terminal with a config, and the commands on it."""

    @property
    def config(self) -> Path:
        """Written anew by each test that breaks it."""
        return self.data.parent / "config.toml"

    def begun(self, *given: str) -> subprocess.Popen[str]:
        """A command, not waited for."""
        hidden = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
        environ = {name: value for name, value in os.environ.items() if name not in hidden}
        home = {"HOME": str(self.data.parent), "XDG_STATE_HOME": str(self.data.parent), "PYTHONPATH": str(ROOT)}
        return subprocess.Popen([*PLIMSOLL, *given, "--config", str(self.config)], env={**environ, **home},
                                cwd=self.data.parent, text=True, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                stderr=subprocess.PIPE, start_new_session=True)  # fmt: skip

    def plimsoll(self, *given: str) -> tuple[int, str, str]:
        """A command's code, stdout and stderr."""
        with self.begun(*given) as process:
            out, err = process.communicate(timeout=60)
            return process.returncode, out, err

    @contextmanager
    def guarded(self) -> Iterator[subprocess.Popen[str]]:
        """The instance runs, and has said that it started."""
        with self.begun("run", "--headless") as guard:
            assert guard.stdout
            assert "started" in guard.stdout.readline()
            try:
                yield guard
            finally:
                guard.send_signal(signal.SIGCONT)
                guard.terminate()
                guard.communicate(timeout=30)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with served(tmp_path) as made:
        found = Desk(made.file, made.data)
        found.config.write_text(CONFIG.format(data=made.data, file=made.file))
        yield found


def test_where_no_instance_answers_the_stop_closes_by_itself(desk: Desk) -> None:
    code, out, err = desk.plimsoll("stop")
    assert code == 0, out + err
    assert out.splitlines()[0].endswith("main  latched")
    assert out.endswith(FLAT)
    assert err.startswith("no running Plimsoll answers for ")
    once_each(desk)


def test_the_alarm_windows_stop_is_the_same(desk: Desk) -> None:
    done = subprocess.run(stopping(desk.data, desk.config), env=environment(), cwd=desk.data, text=True,
                          stdin=subprocess.DEVNULL, capture_output=True, timeout=60, check=False)  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.endswith(FLAT)
    once_each(desk)


def test_an_instance_that_runs_stops_by_itself(desk: Desk) -> None:
    with desk.guarded():
        assert desk.plimsoll("stop") == (0, "emergency stop latched; plimsoll status says when it is flat\n", "")
        _until(lambda: not desk.positions())
    assert not desk.records()


def test_an_instance_that_is_frozen_keeps_nobody_from_closing_and_knows_of_it_when_it_thaws(desk: Desk) -> None:
    with desk.guarded() as guard:
        guard.send_signal(signal.SIGSTOP)
        code, out, err = desk.plimsoll("stop")
        assert code == 0, out + err
        assert out.endswith(FLAT)
        once_each(desk)
        guard.send_signal(signal.SIGCONT)
        _until(lambda: "HALTED (stop): emergency stop" in desk.plimsoll("status")[1])
        _until(lambda: not (desk.data / "flatten-main.jsonl").exists())
    once_each(desk)


def test_an_instance_that_is_frozen_is_named_by_its_process_with_the_way_out(desk: Desk) -> None:
    with desk.guarded() as guard:
        guard.send_signal(signal.SIGSTOP)
        code, out, err = desk.plimsoll("status")
    assert (code, out) == (1, "")
    assert err == (f"the Plimsoll on {desk.data} (process {guard.pid}) does not answer; end that process and start "
                   "Plimsoll again; plimsoll stop closes without it\n")  # fmt: skip


def test_an_instance_whose_hosts_hang_calls_a_stop_process_and_a_reset_ends_that_one(desk: Desk) -> None:
    with desk.guarded() as guard:
        _until(lambda: "live" in desk.plimsoll("status")[1])
        hosts = [p for p in psutil.Process(guard.pid).children() if "bridge.host" in p.cmdline()]
        for host in hosts:
            host.suspend()
        assert desk.plimsoll("stop")[0] == 0
        _until(lambda: not desk.positions())
        assert desk.requests()
        assert all(host.is_running() for host in hosts), "a host that was replaced would prove nothing"
        _until(lambda: desk.plimsoll("reset", "--yes", "main")[0] == 0)
    once_each(desk)


def test_an_instance_whose_worker_is_stuck_is_done_without(desk: Desk) -> None:
    listener = Listener(desk.data, answerer(lambda: None, lambda _: Future()))
    try:
        code, out, err = desk.plimsoll("stop")
    finally:
        listener.close()
    assert code == 0, out + err
    assert "the worker is busy or stuck; closing by itself" in err
    once_each(desk)


@pytest.mark.parametrize("broken", ["[[rule]]\nname = 7\n", "[[rule]]\nname = \n", 'what = "\n', "\x00"])
def test_a_config_that_is_broken_elsewhere_keeps_nobody_from_closing(desk: Desk, broken: str) -> None:
    desk.config.write_text(f"{desk.config.read_text()}\n{broken}")
    code, out, err = desk.plimsoll("stop")
    assert code == 0, out + err
    once_each(desk)


def test_a_stop_that_has_so_long_ends_then_though_the_terminal_hangs(desk: Desk) -> None:
    desk.happen(do="hang", seconds=3600.0)
    code, out, err = desk.plimsoll("stop", "--for", "1")
    assert (code, out.count("latched\n")) == (1, 1)
    assert err.endswith("hangs in a call; the latch holds, start it again: plimsoll stop\n")
    assert "main: NOT flat as far as is known after 1 s" in err
    assert _is_free(desk.data), "the one that hangs is gone"
    assert (desk.data / "flatten-main.jsonl").exists()


def test_the_closing_outlives_the_command_that_began_it_and_all_of_its_group(desk: Desk) -> None:
    desk.happen(do="no_answer", executed=True, late_s=1.5, times=3)
    with desk.begun("stop") as process:
        assert process.stdout
        assert process.stdout.readline().endswith("latched\n")
        os.killpg(process.pid, signal.SIGKILL)
    _until(lambda: not desk.positions())
    _until(lambda: _is_free(desk.data))
    once_each(desk)


def test_an_account_that_there_is_not_is_refused(desk: Desk) -> None:
    code, out, err = desk.plimsoll("stop", "--account", "nobody")
    assert (code, out, err) == (1, "", 'no account "nobody"; there are main\n')
    assert len(desk.positions()) == 3


def test_the_folder_of_something_else_is_no_word_about_this_configs_terminals(desk: Desk, tmp_path: Path) -> None:
    code, out, err = desk.plimsoll("stop", "--data", str(tmp_path / "elsewhere"))
    assert (code, out) == (1, "")
    assert f"{tmp_path / 'elsewhere'} is not the data folder of this config ({desk.data})" in err
    assert desk.plimsoll("stop", "--data", str(desk.data / ".." / "data"), "--account", "nobody")[2].startswith(
        "no acc"
    )
    assert len(desk.positions()) == 3


def test_a_simulated_terminal_that_does_not_run_is_said_not_to(desk: Desk) -> None:
    desk.config.write_text(CONFIG.format(data=desk.data, file=desk.data / "other.json"))
    code, out, err = desk.plimsoll("stop")
    assert (code, out) == (1, "")
    assert err.endswith("main: there is no simulated terminal to stop\n")


def _is_free(data: Path) -> bool:
    held = hold(data, "main")
    if held:
        held.close()
    return held is not None


def _until(true: object) -> None:
    """Ask again until it is so."""
    pause = threading.Event()
    for _ in range(round(PATIENCE_S / 0.1)):
        if true():  # type: ignore[operator]
            return
        pause.wait(0.1)
    raise AssertionError
