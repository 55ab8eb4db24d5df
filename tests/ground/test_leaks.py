"""A test that leaves a thread or a process running, a child's child too, fails and says what it left."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

OFFENDERS = '''
import subprocess, sys, threading

import psutil
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


CHILD = """
import subprocess, sys
left = subprocess.Popen([sys.executable, "-c", sys.argv[1]], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL)
print(left.pid, flush=True)
"""


def orphan(line):
    """Its pid; its only parent has ended, and held the other end of its input."""
    done = subprocess.run([sys.executable, "-c", CHILD, line], stdout=subprocess.PIPE, check=True)
    return int(done.stdout)


def test_orphan():
    kept.append(orphan("import threading; threading.Event().wait()"))


def test_the_orphan_was_ended():
    assert not psutil.pid_exists(kept.pop())


def test_an_orphan_that_ends_by_itself():
    orphan("input()")


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
'''


@pytest.mark.skipif(sys.platform != "linux", reason="native threads and orphans are seen on Linux only")
def test_each_leak_fails_the_test_that_made_it(tmp_path: Path) -> None:
    shutil.copy(ROOT / "tests" / "conftest.py", tmp_path)
    (tmp_path / "test_offenders.py").write_text(OFFENDERS)
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-c", str(ROOT / "pyproject.toml")]
    done = subprocess.run(
        [*command, "--rootdir", tmp_path, tmp_path], capture_output=True, text=True, check=False, cwd=tmp_path
    )
    assert "7 passed, 4 errors" in done.stdout, done.stdout
    assert "left running: thread straggler" in done.stdout
    assert "left running: native thread Poller" in done.stdout
    assert "left running: process" in done.stdout
    assert "threading.Event().wait()" in done.stdout.partition("at teardown of test_orphan")[2]
