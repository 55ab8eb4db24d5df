"""What every test stands on: Qt without a screen, the shared material, and nothing left running."""

import os
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from time import sleep

import pytest

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

ROOT = Path(__file__).resolve().parents[1]
TASKS = Path("/proc/self/task")
# Threads that Qt and Arrow keep for the rest of the process, by the name the system shows (cut at 15 characters).
KEPT_THREADS = ("Thread (pooled)", "QDBusConnection", "QXcbEventQueue", "jemalloc_bg_thd")
KEPT_PROCESSES = ("resource_tracker", "forkserver")


@pytest.fixture(scope="session")
def shared() -> Path:
    """The shared material beside the clone: specifications, scenarios, recorded data."""
    found = ROOT.parent / "shared"
    if not found.is_dir():
        pytest.skip("../shared is not beside this clone")
    return found


def _read(path: Path) -> str:
    try:
        return path.read_text(errors="replace")
    except OSError:  # it ended between the listing and the look
        return ""


def _python_threads() -> dict[object, str]:
    return {thread: f"thread {thread.name}" for thread in threading.enumerate()}


def _native_threads() -> dict[object, str]:
    """Threads that Python need not know of, a QThread among them; those named like the process belong to libraries."""
    if not TASKS.is_dir():
        return {}
    own = _read(TASKS.parent / "comm")
    names = {task: _read(task / "comm") for task in TASKS.iterdir()}
    return {
        task.name: f"native thread {name.strip()}"
        for task, name in names.items()
        if name and name != own and not name.startswith(KEPT_THREADS)
    }


def _children() -> dict[object, str]:
    if not TASKS.is_dir():
        return {}
    numbers = {number for task in TASKS.iterdir() for number in _read(task / "children").split()}
    lines = {number: _read(Path("/proc", number, "cmdline")).replace("\0", " ") for number in numbers}
    return {
        number: f"process {number} {line.strip() or '(ended, nobody waited for it)'}"
        for number, line in lines.items()
        if not any(kept in line for kept in KEPT_PROCESSES)
    }


KINDS: tuple[Callable[[], dict[object, str]], ...] = (_python_threads, _native_threads, _children)


@pytest.fixture(autouse=True)
def nothing_left_running() -> Iterator[None]:
    """Fail the test that leaves a thread or a child process behind."""
    before = [kind().keys() for kind in KINDS]
    yield
    for kind, known in zip(KINDS, before, strict=True):
        # A thread that was waited for may be seen for some microseconds more.
        for _ in range(100):
            left = {key: text for key, text in kind().items() if key not in known}
            if not left:
                break
            sleep(0.01)
        else:
            pytest.fail(f"left running: {', '.join(left.values())}")
