"""What ends a process of ours is reported in the data folder, told once, and nothing secret is in it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from bridge.child import CONFIG, WHERE
from bridge.children import environment, python
from bridge.crashes import CRASHES, KEPT, MOST, Crashes, news


@pytest.fixture
def crashes(tmp_path: Path) -> Iterator[Crashes]:
    CRASHES.settle(tmp_path, "plimsoll", config="abc", lines=lambda: ["the last line"])
    CRASHES.begin()
    yield CRASHES
    CRASHES.end()


def reports(folder: Path) -> list[str]:
    return [path.read_text() for path in sorted(folder.glob("crash-*.txt"))]


def error() -> ValueError:
    with pytest.raises(ValueError, match="hidden") as raised:
        raise ValueError("token=hidden at tgram://hidden/1, account 51023381")
    return raised.value


def test_a_report_holds_versions_config_traceback_and_the_last_lines_and_no_secret(
    crashes: Crashes, tmp_path: Path
) -> None:
    written = crashes.write(error())
    assert written is not None
    text = written.read_text()
    assert "nothing sends it anywhere" in text
    assert all(part in text for part in ("plimsoll 0.", "Python 3.", "config abc", "Traceback", "the last line"))
    assert "ValueError: token=•••• at tgram://•••• account ••••3381" in text
    assert "hidden" not in text
    assert sys.platform == "win32" or written.stat().st_mode & 0o077 == 0
    assert reports(tmp_path) == [text]


def test_one_place_is_reported_once_and_the_folder_stays_small(crashes: Crashes, tmp_path: Path) -> None:
    assert [crashes.write(error()) is None for _ in range(3)] == [False, True, True]
    for n in range(MOST + 5):
        crashes.write(ValueError(str(n)))
    assert len(reports(tmp_path)) == MOST
    for n in range(KEPT + 5):
        (tmp_path / f"crash-2020{n:04}.txt").write_text("old")
    crashes.settle(tmp_path, "plimsoll")
    crashes.write(error())
    assert len(reports(tmp_path)) == KEPT


def child(folder: Path, *given: str) -> subprocess.CompletedProcess[str]:
    environ = {**environment(), WHERE: str(folder), CONFIG: "abc"}
    return subprocess.run(python("tests.app.operations.dying", *given), env=environ, capture_output=True, text=True,
                          timeout=60, check=False)  # fmt: skip


@pytest.mark.parametrize("how", ["raise", "thread"])
def test_a_child_that_dies_of_an_error_is_reported_by_its_module(tmp_path: Path, how: str) -> None:
    done = child(tmp_path, how)
    (text,) = reports(tmp_path)
    assert done.returncode == (1 if how == "raise" else 0)
    assert "process tests.app.operations.dying" in text
    assert "RuntimeError: token=••••" in text
    assert "RuntimeError" in done.stderr, "and said where it always was"


def test_a_child_that_ends_as_it_should_leaves_no_report(tmp_path: Path) -> None:
    done = child(tmp_path, "exit")
    assert (done.returncode, done.stdout) == (3, "exit\n")
    assert reports(tmp_path) == []
    assert news(tmp_path) == []


@pytest.mark.skipif(sys.platform == "win32", reason="a signal")
def test_a_child_that_the_system_ends_leaves_its_stacks(tmp_path: Path) -> None:
    assert child(tmp_path, "fault").returncode == -signal.SIGSEGV
    (file,) = news(tmp_path)
    assert file.name == "fault-tests.app.operations.dying.txt"
    assert "in fault" in file.read_text()


def test_without_a_folder_nothing_is_written(tmp_path: Path) -> None:
    assert Crashes().write(error()) is None
    assert {name: value for name, value in environment().items() if name in {WHERE, CONFIG}} == {}
    assert list(tmp_path.iterdir()) == []


def test_what_is_there_is_told_once_and_a_fault_again_when_it_grows(tmp_path: Path) -> None:
    (tmp_path / "crash-1.txt").write_text("x")
    (tmp_path / "fault-plimsoll.txt").write_text("")
    assert [path.name for path in news(tmp_path)] == ["crash-1.txt"]
    assert news(tmp_path) == []
    (tmp_path / "fault-plimsoll.txt").write_text("stack")
    assert [path.name for path in news(tmp_path)] == ["fault-plimsoll.txt"]
    assert news(tmp_path / "nowhere") == []
    os.utime(tmp_path / "crash-1.txt")
    assert news(tmp_path) == []
