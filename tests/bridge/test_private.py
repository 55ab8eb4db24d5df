"""What is made for this user alone nobody else can look into."""

from __future__ import annotations

import stat
import sys
from pathlib import Path

import pytest

from app.store.folder import held
from bridge import private


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has other rights")
def test_every_folder_that_is_made_is_its_users_own_and_one_that_was_there_stays(tmp_path: Path) -> None:
    there = tmp_path / "there"
    there.mkdir()
    there.chmod(0o755)
    private.folder(there / "a" / "b")
    assert [mode(there), mode(there / "a"), mode(there / "a" / "b")] == [0o755, 0o700, 0o700]
    private.folder(there / "a" / "b")


def test_a_file_in_its_way_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(OSError, match="file"):
        private.folder(tmp_path / "file" / "below")
    with pytest.raises(FileExistsError):
        private.folder(tmp_path / "file")


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has other rights")
def test_the_accounts_of_a_run_are_in_a_folder_of_its_users_own(tmp_path: Path) -> None:
    with held(tmp_path / "data"):
        assert mode(tmp_path / "data") == 0o700
