"""`run` says how it is used, starts at once when all is there, and leaves stdout to the command."""

import subprocess
import sys
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
RUN = ROOT / "run"

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows starts with run.cmd")


def start(*command: str | Path, cwd: Path = ROOT) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False)


def test_run_alone_prints_its_usage_and_exits_2() -> None:
    done = start(RUN)
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr.startswith("usage: ./run COMMAND")


def test_a_warm_start_takes_under_a_second_and_says_nothing() -> None:
    start(RUN, "true")
    began = time.monotonic()
    done = start(RUN, "true")
    assert time.monotonic() - began < 1
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_the_command_keeps_its_folder_its_arguments_and_its_exit_code(tmp_path: Path) -> None:
    code = "import monitors, os, sys; print(os.getcwd(), sys.argv[1:], sys.prefix); sys.exit(3)"
    done = start(RUN, "python", "-c", code, "two words", "*", cwd=tmp_path)
    assert done.returncode == 3
    assert done.stdout == f"{tmp_path} ['two words', '*'] {ROOT / '.venv'}\n"
