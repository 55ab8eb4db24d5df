"""Which terminals run here: found by name with their full paths, quickly, whatever else the machine runs."""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from pathlib import Path

import psutil
import pytest

from bridge.processes import _path, same_place, terminals
from tests.bridge.standin.installation import program


def test_a_running_terminal_is_found_with_its_full_path_and_process(tmp_path: Path) -> None:
    with program(tmp_path) as path:
        found = [one for one in terminals() if one.path == str(path)]
        assert len(found) == 1
        assert psutil.Process(found[0].pid).exe() == str(path)
    assert all(one.path != str(path) for one in terminals())


def test_the_case_of_the_name_does_not_matter(tmp_path: Path) -> None:
    path = tmp_path / "Terminal64.EXE"
    shutil.copy(shutil.which("cat") or "", path)
    with subprocess.Popen([str(path)], stdin=subprocess.PIPE):
        assert str(path) in [one.path for one in terminals()]


def test_what_has_another_name_is_no_terminal() -> None:
    assert os.getpid() not in [one.pid for one in terminals()]


def test_a_terminal_that_ended_and_was_not_waited_for_runs_no_more(tmp_path: Path) -> None:
    path = tmp_path / "terminal64.exe"
    shutil.copy(shutil.which("true") or "", path)
    child = subprocess.Popen([str(path)])
    os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOWAIT)
    assert child.pid not in [one.pid for one in terminals()]
    child.wait()


def test_a_path_that_the_system_keeps_to_itself_is_empty(tmp_path: Path) -> None:
    class Elevated(psutil.Process):
        def exe(self) -> str:
            raise psutil.AccessDenied(self.pid)

    assert _path(Elevated()) == ""


def test_the_list_takes_less_than_fifty_milliseconds() -> None:
    took = []
    for _ in range(5):
        began = time.perf_counter()  # noqa: TID251 -- the machine's time is what is measured
        terminals()
        took.append(time.perf_counter() - began)  # noqa: TID251 -- the same
    assert min(took) < 0.05


@pytest.mark.parametrize("other", [r"c:\metatrader 5\TERMINAL64.exe", "C:/MetaTrader 5/terminal64.exe"])
def test_windows_paths_are_the_same_whatever_their_case_and_slashes(other: str) -> None:
    assert same_place(r"C:\MetaTrader 5\terminal64.exe", other)
    assert not same_place(r"C:\MetaTrader 4\terminal64.exe", other)


def test_a_link_leads_to_the_same_place(tmp_path: Path) -> None:
    (tmp_path / "here").mkdir()
    (tmp_path / "there").symlink_to(tmp_path / "here")
    assert same_place(str(tmp_path / "here"), str(tmp_path / "there"))
