"""A desktop in memory with a window manager, and the demo as a process on it, reached by keys and by commands."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
MANAGERS = ("openbox", "xfwm4", "metacity", "marco")
SIZE = 1_366, 768
PATIENCE_S, TRIES = 300, 200
"""How long anything may take on a busy machine before it counts as not done."""


def missing() -> str:
    """Why there can be no such desktop; empty where there can."""
    if sys.platform != "linux":
        return "a display in memory is X11's"
    lacking = [name for name in ("Xvfb", "xdotool", "xprop") if not shutil.which(name)]
    if not any(shutil.which(name) for name in MANAGERS):
        lacking.append("a window manager (" + ", ".join(MANAGERS) + ")")
    return f"not installed: {', '.join(lacking)}" if lacking else ""


@dataclass(slots=True)
class Desk:
    """The desktop: what is pressed and what is shown on it."""

    environ: dict[str, str]

    def run(self, *line: str) -> str:
        """A program's output; CalledProcessError where it fails."""
        done = subprocess.run(line, env=self.environ, cwd=ROOT, text=True, capture_output=True, check=True,
                              timeout=PATIENCE_S)  # fmt: skip
        return done.stdout

    def press(self, *keys: str) -> None:
        """As a keyboard would, to whatever has the focus."""
        self.run("xdotool", "key", "--clearmodifiers", *keys)

    def window(self, title: str) -> str:
        """The number of the window of that title, once it is shown."""
        return self.run("xdotool", "search", "--sync", "--onlyvisible", "--name", title).split()[0]

    def shown(self, title: str) -> bool:
        """Whether a window of that title is shown now."""
        try:
            return bool(self.run("xdotool", "search", "--onlyvisible", "--name", title).strip())
        except subprocess.CalledProcessError:  # it found none
            return False

    def activate(self, window: str) -> None:
        """Give it the focus, by the window manager."""
        self.run("xdotool", "windowactivate", "--sync", window)

    def size(self, window: str) -> tuple[int, int]:
        """Its width and height."""
        lines = self.run("xdotool", "getwindowgeometry", "--shell", window).splitlines()
        found = dict(line.split("=") for line in lines if "=" in line)
        return int(found["WIDTH"]), int(found["HEIGHT"])

    def states(self, window: str) -> str:
        """What the window manager says of it."""
        return self.run("xprop", "-id", window, "_NET_WM_STATE")


@dataclass(slots=True)
class Demo:
    """The demo on that desktop."""

    desk: Desk
    process: subprocess.Popen[bytes]
    data: Path

    def status(self) -> dict[str, Any]:
        """What `plimsoll status --json` says; empty until something was read."""
        line = [sys.executable, "-m", "app", "status", "--json", "--data", str(self.data)]
        done = subprocess.run(line, env=self.desk.environ, cwd=ROOT, text=True, capture_output=True, check=False,
                              timeout=PATIENCE_S)  # fmt: skip
        return json.loads(done.stdout) if done.returncode == 0 else {}

    def events(self) -> list[tuple[str, dict[str, Any]]]:
        """The audit log, oldest first: name and body."""
        with closing(sqlite3.connect(f"file:{self.data / 'journal.db'}?mode=ro", uri=True)) as journal:
            rows = journal.execute("SELECT event, body FROM event ORDER BY number").fetchall()
        return [(name, json.loads(body)) for name, body in rows]


def until(true: Callable[[], object]) -> None:
    """Ask until it is so; each question takes its own time, and there is an end to them."""
    for _ in range(TRIES):
        if true():
            return
    raise AssertionError("it never came to be so")


@contextmanager
def desktop(home: Path) -> Iterator[Desk]:
    """A display that nobody sees, with a window manager on it."""
    hidden = ("WAYLAND_DISPLAY", "QT_QPA_PLATFORM", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "DBUS_SESSION_BUS_ADDRESS")
    environ = {name: value for name, value in os.environ.items() if name not in hidden}
    screen = f"{SIZE[0]}x{SIZE[1]}x24"
    with _running(["Xvfb", "-displayfd", "1", "-screen", "0", screen, "-nolisten", "tcp"], environ) as server:
        assert server.stdout is not None
        number = server.stdout.readline().decode().strip()
        environ |= {"DISPLAY": f":{number}", "HOME": str(home), "PYTHONPATH": str(ROOT), "TMPDIR": str(home)}
        manager = next(name for name in MANAGERS if shutil.which(name))
        with _running([manager], environ):
            yield Desk(environ)


@contextmanager
def demo(desk: Desk, data: Path) -> Iterator[Demo]:
    """The demo, once its window is shown, has the focus, and every account was read."""
    line = [sys.executable, "-m", "app", "demo", "--data", str(data)]
    with _running(line, desk.environ) as process:
        made = Demo(desk, process, data)
        desk.activate(desk.window("^Plimsoll"))
        until(lambda: made.status().get("accounts"))
        yield made


@contextmanager
def _running(line: list[str], environ: dict[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen(line, env=environ, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                               stderr=subprocess.DEVNULL)  # fmt: skip
    try:
        yield process
    finally:
        if process.poll() is None:
            process.terminate()
        try:
            process.communicate(timeout=PATIENCE_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate()
