"""The program at work in processes of its own, with every write and sync of its data folder on record."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from tests.powercut.disk import Told, read
from tests.powercut.work import RUNS

HERE = Path(__file__).parent
ROOT = HERE.parents[1]


def missing() -> str:
    """Why nothing can be recorded here; empty where it can."""
    if sys.platform != "linux":
        return "writes are recorded with LD_PRELOAD, which Linux has"
    return "" if shutil.which("gcc") else "no gcc to build the recorder with"


def recorded(place: Path, *, synchronous: str, rounds: int) -> tuple[list[list[Told]], dict[str, bytes]]:
    """What each process told the disk, and the data folder as they left it; `place` is an empty folder."""
    shim, folder = place.resolve() / "shim.so", place.resolve() / "data"
    folder.mkdir()
    subprocess.run(["gcc", "-shared", "-fPIC", "-O1", "-o", shim, HERE / "shim.c", "-ldl"], check=True)  # noqa: S607
    records = [place / f"record-{run}" for run in range(RUNS)]
    for run, record in enumerate(records):
        command: list[str | Path] = [sys.executable, "-m", "tests.powercut.work", folder, place / "broker.json",
                                     str(run), synchronous, str(rounds)]  # fmt: skip
        environment = {**os.environ, "LD_PRELOAD": str(shim), "POWERCUT_FOLDER": str(folder),
                       "POWERCUT_RECORD": str(record)}  # fmt: skip
        subprocess.run(command, cwd=ROOT, env=environment, check=True)
    left = {str(file.relative_to(folder)): file.read_bytes() for file in folder.rglob("*") if file.is_file()}
    return [read(record) for record in records], left
