"""A test that leaves a thread or a process running fails, and says what it left."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

OFFENDERS = """
import subprocess, sys, threading
from PySide6.QtCore import QThread

kept = []
begun = threading.Event()  # a QThread takes its name when it begins
ended = threading.Event()


class Poller(QThread):
    def run(self):
        begun.set()
        ended.wait()


def test_python_thread():
    kept.append(threading.Thread(target=ended.wait, name="straggler", daemon=True))
    kept[-1].start()


def test_qt_thread():
    kept.append(Poller())
    kept[-1].start()
    begun.wait()


def test_process():
    kept.append(subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE))


def test_tidy():
    thread = Poller()
    ended.set()
    thread.start()
    thread.wait()
    straggler, poller, process = kept
    straggler.join()
    poller.wait()
    process.communicate()
    kept.clear()
"""


@pytest.mark.skipif(not Path("/proc/self/task").is_dir(), reason="native threads and children are read from /proc")
def test_each_leak_fails_the_test_that_made_it(tmp_path: Path) -> None:
    shutil.copy(ROOT / "tests" / "conftest.py", tmp_path)
    (tmp_path / "test_offenders.py").write_text(OFFENDERS)
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-c", str(ROOT / "pyproject.toml")]
    done = subprocess.run(
        [*command, "--rootdir", tmp_path, tmp_path], capture_output=True, text=True, check=False, cwd=tmp_path
    )
    assert "4 passed, 3 errors" in done.stdout, done.stdout
    assert "left running: thread straggler" in done.stdout
    assert "left running: native thread Poller" in done.stdout
    assert "left running: process" in done.stdout
