"""What lies at the top of the project: nothing of an experiment stays there."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
GIT = shutil.which("git") or ""
FOLDERS = {".ci", "app", "assets", "bridge", "monitors", "tests", "ui"}
FILES = {".gitattributes", ".gitignore", "ARCHITECTURE.md", "LICENSE", "README.md", "config.toml", "pyproject.toml",
         "run", "run.cmd", "uv.lock"}  # fmt: skip


@pytest.mark.skipif(not (ROOT / ".git").exists() or not GIT, reason="no clone, or no git")
def test_the_top_level_holds_what_belongs_there_and_nothing_else() -> None:
    listed = subprocess.run([GIT, "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False)
    if listed.returncode:
        pytest.skip(f"git does not list this clone: {listed.stderr.strip()}")
    assert {line.split("/")[0] for line in listed.stdout.splitlines()} == FOLDERS | FILES
