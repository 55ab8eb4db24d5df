"""What every test stands on: Qt without a screen, the shared material, and nothing left running."""

import ctypes
import gc
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Container, Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from time import sleep

import pytest

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

ROOT = Path(__file__).resolve().parents[1]
TASKS = Path("/proc/self/task")
# Threads that Qt and Arrow keep for the rest of the process, by the name the system shows (cut at 15 characters).
KEPT_THREADS = ("Thread (pooled)", "QDBusConnection", "QXcbEventQueue", "jemalloc_bg_thd")
KEPT_PROCESSES = ("resource_tracker", "forkserver")
SET_CHILD_SUBREAPER = 36

if sys.platform == "linux":  # what a child leaves behind comes to this process and not to init, and is seen here
    ctypes.CDLL(None).prctl(SET_CHILD_SUBREAPER, 1, 0, 0, 0)


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


def _orphans(known: Container[object]) -> set[int]:
    """The children that no Popen of this process began: a child of ours has left them behind."""
    children = {int(str(number)) for number in _children() if number not in known}
    return children and children - {o.pid for o in gc.get_objects() if issubclass(type(o), subprocess.Popen)}


def _bury(orphans: Iterable[int], how: int) -> None:
    """What has ended is nobody else's to wait for."""
    for orphan in orphans:
        with suppress(ChildProcessError):
            os.waitpid(orphan, how)


def _end_orphans(known: Container[object]) -> None:
    """And theirs, which become orphans by that; each can be killed, since only we can bury it."""
    while orphans := _orphans(known):
        for orphan in orphans:
            os.kill(orphan, signal.SIGKILL)
        _bury(orphans, 0)


@pytest.fixture(autouse=True)
def nothing_left_running() -> Iterator[None]:
    """Fail the test that leaves a thread or a process behind, be it a child's child; orphans are ended too."""
    before = {key for kind in KINDS for key in kind()}
    yield
    left: dict[object, str] = {}
    # A thread that was waited for may be seen for some microseconds more, an orphan on its way out for longer.
    for _ in range(100):
        left = {key: text for kind in KINDS for key, text in kind().items() if key not in before}
        if not left:
            return
        if sys.platform == "linux":
            _bury(_orphans(before), os.WNOHANG)
        sleep(0.01)
    if sys.platform == "linux":
        _end_orphans(before)
    pytest.fail(f"left running: {', '.join(left.values())}")


@pytest.fixture(autouse=True)
def no_loop_refused() -> Iterator[None]:
    """Fail the test that told the application to end without running it: every later event loop would not begin."""
    yield
    core = sys.modules.get("PySide6.QtCore")
    if core is None or core.QCoreApplication.instance() is None:
        return
    loop = core.QEventLoop()
    core.QTimer.singleShot(0, loop.quit)
    if loop.exec() != 0:
        core.QTimer.singleShot(0, core.QCoreApplication.quit)
        core.QCoreApplication.exec()
        pytest.fail("the application was told to end while it was not running")
