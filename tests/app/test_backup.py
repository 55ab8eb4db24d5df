"""A backup taken while the guard runs is whole, and a restore brings back what it held and loses nothing."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from app.archive.opening import FILE
from app.archive.reader import Reader
from app.archive.store import Store
from app.cli import main
from app.store.backup import LABEL, BackupError, back_up, restore
from app.store.folder import JOURNAL, held
from app.store.journal import Journal
from tests.app.archive.parts import DAY, beat

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def data(tmp_path: Path) -> Path:
    folder = tmp_path / "data"
    folder.mkdir()
    return folder


def known(folder: Path) -> tuple[int | None, int]:
    """What the journal remembers, and how many points the archive has."""
    journal, reader = Journal(folder / JOURNAL), Reader(folder / FILE)
    found = journal.load("key", int), len(reader.equity(1, DAY, DAY + 60_000))
    journal.close()
    reader.close()
    return found


@pytest.fixture
def backup(data: Path, tmp_path: Path) -> Path:
    """Taken while both files are open and written; afterwards both go on."""
    journal, store = Journal(data / JOURNAL), Store(data / FILE)
    journal.save("key", 1)
    store.write([beat(DAY)])
    assert back_up(data, tmp_path / "b.zip") == [JOURNAL, FILE]
    journal.save("key", 2)
    store.write([beat(DAY + 1_000)])
    journal.close()
    store.close()
    return tmp_path / "b.zip"


def test_what_was_backed_up_comes_back_and_what_was_there_is_set_aside(data: Path, backup: Path) -> None:
    assert known(data) == (2, 2)
    names, aside = restore(backup, data, "before")
    assert known(data) == (1, 1)
    assert names == [JOURNAL, FILE]
    assert {f"{JOURNAL}.before", f"{FILE}.before"} <= set(aside)
    for name in (JOURNAL, FILE):
        (data / f"{name}.before").replace(data / name)
    assert known(data) == (2, 2)


def test_a_restore_into_an_empty_folder_works(backup: Path, tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    assert restore(backup, tmp_path / "other", "before") == ([JOURNAL, FILE], [])
    assert known(tmp_path / "other") == (1, 1)


def spoiled(backup: Path, name: str, change: Callable[[bytes], bytes]) -> None:
    with zipfile.ZipFile(backup) as bundle:
        files = {each: bundle.read(each) for each in bundle.namelist()}
    files[name] = change(files[name])
    with zipfile.ZipFile(backup, "w") as bundle:
        for each, content in files.items():
            bundle.writestr(each, content)


@pytest.mark.parametrize("name", [JOURNAL, FILE])
@pytest.mark.parametrize("change", [lambda b: b[:5_000], lambda b: b[:4_096] + b"\xff" * 8_192 + b[12_288:],
                                    lambda _: b"nothing"], ids=["cut off", "torn", "no database"])  # fmt: skip
def test_a_backup_that_is_not_whole_is_refused_before_anything_is_touched(
    data: Path, backup: Path, name: str, change: Callable[[bytes], bytes]
) -> None:
    spoiled(backup, name, change)
    with pytest.raises(BackupError, match=r"b\.zip: .*; take another backup$"):
        restore(backup, data, "before")
    assert known(data) == (2, 2)
    assert not list(data.glob("*.before"))


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"a shopping list"])
def test_a_file_that_is_no_backup_is_refused_with_the_remedy(data: Path, tmp_path: Path, content: bytes) -> None:
    (tmp_path / "x.zip").write_bytes(content)
    with pytest.raises(BackupError, match=r"x\.zip: no backup of Plimsoll"):
        restore(tmp_path / "x.zip", data, "before")


def test_a_backup_of_a_newer_program_is_refused(data: Path, backup: Path) -> None:
    spoiled(backup, LABEL, lambda b: json.dumps(json.loads(b) | {"format": 2}).encode())
    with pytest.raises(BackupError, match="newer Plimsoll"):
        restore(backup, data, "before")


def test_a_backup_that_fails_leaves_the_one_before(data: Path, backup: Path) -> None:
    before = backup.read_bytes()
    (data / FILE).write_bytes(b"SQLite format 3\0" + b"\xff" * 9_000)
    with pytest.raises(BackupError):
        back_up(data, backup)
    assert backup.read_bytes() == before
    assert not list(backup.parent.glob("*.new"))


def test_no_restore_while_an_instance_holds_the_folder(
    data: Path, backup: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    with held(data):
        assert main(["restore", str(backup), "--data", str(data)]) == 1
    assert "a Plimsoll is already running" in capfd.readouterr().err
    assert known(data) == (2, 2)
    assert main(["restore", str(backup), "--data", str(data)]) == 0
    assert "what was there is kept as journal.db.before-restore-" in capfd.readouterr().out
    assert known(data) == (1, 1)


def test_a_restore_that_finds_no_room_leaves_everything_in_its_place(data: Path, backup: Path) -> None:
    (data / f"{FILE}.new").mkdir()  # nothing can be written there, as on a full disk
    before = {path.name: path.read_bytes() for path in data.iterdir() if path.is_file()}
    with pytest.raises(BackupError, match=r"history\.db\.new: .*nothing was changed"):
        restore(backup, data, "before")
    assert {path.name: path.read_bytes() for path in data.iterdir() if path.is_file()} == before


def test_a_damaged_archive_is_named_with_the_remedy_by_backup_and_report(
    data: Path, backup: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with (data / FILE).open("r+b") as file:  # everything behind the header's page
        file.seek(4_096)
        file.write(b"\xff" * ((data / FILE).stat().st_size - 4_096))
    for command in (("backup", "--out", str(tmp_path / "c.zip")), ("report", "--out", str(tmp_path / "r.html"))):
        assert main((*command, "--data", str(data))) == 2
        (line,) = capsys.readouterr().err.splitlines()
        assert line.startswith(f"{data / FILE}: ")
        assert "start Plimsoll on it once" in line
    assert backup.is_file()
