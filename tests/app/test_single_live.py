"""A second start on an account that is guarded already: it shows the first one and ends."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from app.mailbox import Mailbox
from bridge.simulator.launch import launched
from ui.main_window import MainWindow

ROOT = Path(__file__).resolve().parents[2]
PLIMSOLL = (sys.executable, "-m", "app")
LOGIN = 51023381
CONFIG = """
[app]
data_dir = "{data}"
[[terminal]]
name = "main"
backend = "simulator"
path = "{path}"
login = {login}
"""
ACTS = """
[[rule]]
name = "Margin"
metric = "margin.level_pct"
when = "below"
levels = [{ at = 1000000.0, severity = "high", action = "reduce", percent = 10.0 }]
"""
Live = subprocess.Popen[str]
Start = Callable[..., Live]

unasked = pytest.mark.skipif(sys.platform == "win32", reason="Windows ends a process without asking it")


@pytest.fixture
def environ(tmp_path: Path) -> dict[str, str]:
    hidden = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM", "XDG_STATE_HOME", "XDG_DATA_HOME")
    given = {name: value for name, value in os.environ.items() if name not in hidden}
    return {**given, "HOME": str(tmp_path), "PYTHONPATH": str(ROOT)}


@pytest.fixture
def simulator(tmp_path: Path) -> Iterator[Path]:
    """The address of a simulated terminal that several programs may reach."""
    with launched(tmp_path / "simulator.json"):
        yield tmp_path / "simulator.json"


def config(folder: Path, simulator: Path, login: int = LOGIN) -> Path:
    folder.mkdir(exist_ok=True)
    path = folder / "config.toml"
    path.write_text(CONFIG.format(data=(folder / "data").as_posix(), path=simulator.as_posix(), login=login))
    return path


def sees(path: Path, environ: dict[str, str]) -> bool:
    """Asked until it has read the account, so that it holds it; a bounded number of times."""
    line = [*PLIMSOLL, "status", "--json", "--config", str(path)]
    for _ in range(100):
        done = subprocess.run(line, env=environ, cwd=ROOT, text=True, capture_output=True, timeout=60, check=False)
        if done.returncode == 0 and json.loads(done.stdout)["accounts"][0]["equity"] is not None:
            return True
    return False


@pytest.fixture
def start(environ: dict[str, str]) -> Iterator[Start]:
    """A program on a config, once it has read its account; it is ended after the test."""
    with ExitStack() as stack:

        def begin(path: Path, *given: str, **more: str) -> Live:
            process = subprocess.Popen([*PLIMSOLL, *given, "--config", str(path)], env={**environ, **more}, cwd=ROOT,
                                       text=True, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                       stderr=subprocess.PIPE)  # fmt: skip
            stack.enter_context(process)
            stack.callback(process.kill)
            assert sees(path, environ)
            return process

        yield begin


def second(path: Path, environ: dict[str, str]) -> tuple[int, str, str]:
    """Another start: exit code, stdout, stderr."""
    line = [*PLIMSOLL, "run", "--headless", "--for", "2", "--config", str(path)]
    done = subprocess.run(line, env=environ, cwd=ROOT, text=True, capture_output=True, timeout=60, check=False)
    return done.returncode, done.stdout, done.stderr


@unasked
def test_a_second_start_on_the_account_ends_with_one_line_and_after_a_kill_it_takes_over(
    tmp_path: Path, simulator: Path, environ: dict[str, str], start: Start
) -> None:
    first = start(config(tmp_path / "a", simulator), "run", "--headless")
    other = config(tmp_path / "b", simulator)
    code, out, err = second(other, environ)
    assert (code, out, err.count("\n")) == (1, "", 1)
    assert err.startswith(f"a Plimsoll is already running on account {LOGIN} (")
    assert "it runs without a window" in err
    assert f"), its data in {tmp_path / 'a' / 'data'}; " in err
    assert first.poll() is None
    first.send_signal(signal.SIGKILL)
    first.wait(30)
    code, out, _ = second(other, environ)
    assert (code, "started" in out) == (0, True)


@unasked
def test_a_login_found_only_while_running_is_watched_and_not_acted_on(
    tmp_path: Path, simulator: Path, environ: dict[str, str], start: Start
) -> None:
    start(config(tmp_path / "a", simulator), "run", "--headless")
    other = config(tmp_path / "b", simulator, login=0)
    start(other, "run", "--headless")
    line = [*PLIMSOLL, "status", "--config", str(other)]
    done = subprocess.run(line, env=environ, cwd=ROOT, text=True, capture_output=True, timeout=60, check=False)
    assert "holds this account already: this one only watches" in done.stdout


@unasked
def test_a_second_start_raises_the_window_of_the_first(
    tmp_path: Path, simulator: Path, environ: dict[str, str], start: Start
) -> None:
    first = start(config(tmp_path / "a", simulator), QT_QPA_PLATFORM="offscreen")
    code, out, err = second(config(tmp_path / "b", simulator), environ)
    assert (code, out, err.endswith("its window was raised\n")) == (1, "", True)
    assert first.poll() is None


@unasked
def test_two_machines_on_one_account_are_one_that_acts_and_one_that_watches(
    tmp_path: Path, simulator: Path, environ: dict[str, str], start: Start
) -> None:
    first, other = config(tmp_path / "a", simulator), config(tmp_path / "b", simulator)
    for path in (first, other):
        path.write_text(path.read_text().replace("[app]", '[app]\nmode = "armed"') + ACTS)
    acting = start(first, "run", "--headless", "--json")
    assert acting.stdout
    assert any('"outcome"' in line for line in acting.stdout)
    elsewhere = {**environ, "XDG_STATE_HOME": str(tmp_path / "elsewhere")}
    line = [*PLIMSOLL, "run", "--headless", "--json", "--for", "6", "--config", str(other)]
    done = subprocess.run(line, env=elsewhere, cwd=ROOT, text=True, capture_output=True, timeout=60, check=False)
    told = [json.loads(one) for one in done.stdout.splitlines()]
    own = (tmp_path / "a" / "data" / "identity").read_text().strip()
    reason = f"another Plimsoll ({own}) acts on this account: this one only watches"
    assert {e["reason"] for e in told if e["event"] == "denied"} == {reason}
    assert [e["rule"] for e in told if e["event"] == "alert"].count("Another Plimsoll") == 1
    assert [e for e in told if e["event"] == "intent"] == []


def test_a_window_that_was_hidden_or_made_small_comes_forward(qtbot: QtBot) -> None:
    window = MainWindow(Mailbox(), lambda _: None)
    qtbot.addWidget(window)
    window.showMinimized()
    window.hide()
    with qtbot.waitActive(window, timeout=5_000):
        window.wanted.emit()
    assert window.isVisible()
    assert not window.isMinimized()
