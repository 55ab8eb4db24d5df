"""A journal that is missing, empty, torn, foreign, newer or held by another: a clear line, and nothing lost."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

import pytest

from app.main import Program, World
from app.store.aside import set_aside
from app.store.audit import sound, verified
from app.store.journal import Journal, JournalDamaged, JournalError, JournalForeign
from bridge.simulator.clock import VirtualClock
from monitors.settings import Config
from tests.app.scripted import START


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "journal.db"


def filled(path: Path) -> bytes:
    """A journal with something in it; its bytes."""
    journal = Journal(path)
    for number in range(50):
        journal.save(f"key {number}", "x" * 500)
    journal.close()
    return path.read_bytes()


def changed(path: Path, statement: str) -> None:
    conn = sqlite3.connect(path)
    conn.execute(statement)
    conn.commit()
    conn.close()


def test_a_missing_and_an_empty_file_become_journals(path: Path) -> None:
    Journal(path).close()
    path.unlink()
    path.touch()
    journal = Journal(path)
    assert (journal.found, journal.number("alert")) == (False, 1)
    journal.close()


def torn(data: bytes) -> bytes:
    return data[:4096] + b"\xff" * 8192 + data[12288:]


@pytest.mark.parametrize("damage", [torn, lambda data: data[:6000]], ids=["torn pages", "cut off"])
def test_a_damaged_journal_is_known_as_one(path: Path, damage: Any) -> None:
    path.write_bytes(damage(filled(path)))
    with pytest.raises(JournalDamaged, match=r"journal\.db: damaged"):
        Journal(path)


def test_a_journal_whose_schema_is_no_text_any_more_is_damaged(path: Path) -> None:
    path.write_bytes(filled(path).replace(b"CREATE TABLE event", b"CREATE TABLE \xf2v(nt"))
    with pytest.raises(JournalDamaged, match=r"journal\.db: damaged"):
        Journal(path)
    assert verified(path).damage is not None
    with pytest.raises(sqlite3.DatabaseError):
        sound(path)


@pytest.mark.parametrize("content", [b"a shopping list, do not lose\n", b"SQLite", b"PK\x03\x04" + b"\0" * 5000],
                         ids=["text", "a stump", "a zip"])  # fmt: skip
def test_a_file_of_something_else_is_refused_and_left_alone(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    with pytest.raises(JournalForeign, match="move it away or choose another data folder"):
        Journal(path)
    assert path.read_bytes() == content
    assert [p.name for p in path.parent.iterdir()] == ["journal.db"]


def test_a_database_of_something_else_is_refused_and_keeps_its_tables(path: Path) -> None:
    changed(path, "CREATE TABLE mine (x)")
    with pytest.raises(JournalForeign, match="of something else"):
        Journal(path)
    changed(path, "INSERT INTO mine VALUES (1)")


def test_a_journal_of_a_newer_version_is_refused(path: Path) -> None:
    filled(path)
    changed(path, "PRAGMA user_version = 9")
    with pytest.raises(JournalForeign, match="version 9"):
        Journal(path)


def test_a_journal_without_one_of_its_tables_is_damaged(path: Path) -> None:
    filled(path)
    changed(path, "DROP TABLE request")
    with pytest.raises(JournalDamaged, match="no table request"):
        Journal(path)


def test_a_journal_that_another_holds_is_told_at_the_start(path: Path) -> None:
    filled(path)
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(JournalError, match="locked"):
        Journal(path)
    other.close()


def test_a_folder_in_its_place_and_a_missing_folder_are_told(path: Path) -> None:
    path.mkdir()
    for wrong in (path, path / "no" / "such" / "journal.db"):
        with pytest.raises(JournalError, match="cannot be used"):
            Journal(wrong)


@pytest.mark.parametrize("value", ["[", "1", '"x"'])
def test_a_remembered_value_that_is_none_is_told_by_its_key(path: Path, value: str) -> None:
    journal = Journal(path)
    journal.save("alerts", [1])
    changed(path, f"UPDATE state SET value = '{value}'")  # noqa: S608 -- the test's own
    with pytest.raises(JournalError, match="alerts cannot be read"):
        journal.load("alerts", list)
    journal.close()


def test_setting_aside_keeps_the_companions_with_the_file(path: Path) -> None:
    for ending in ("", "-wal", "-shm"):
        path.with_name(path.name + ending).write_text(ending)
    kept = set_aside(path, "damaged-1")
    assert {p.name for p in path.parent.iterdir()} == {f"journal.db.damaged-1{e}" for e in ("", "-wal", "-shm")}
    assert kept.with_name(kept.name + "-wal").read_text() == "-wal"


def program(folder: Path, said: list[str]) -> Program:
    """An armed program without terminals, whose journal lies in `folder`."""

    def connect(_: object) -> Any:
        raise AssertionError("there is no terminal")

    return Program(Config(armed=True, terminals=()), lambda: World(VirtualClock(START), connect), folder, said.append)


def test_a_damaged_journal_is_set_aside_and_the_start_is_disarmed(path: Path) -> None:
    damaged = torn(filled(path))
    path.write_bytes(damaged)
    said: list[str] = []
    engine = program(path.parent, said)._engine()
    assert engine._config.armed is False
    assert engine.shared.journal.found is False
    engine.close()
    (kept,) = [p for p in path.parent.glob("*damaged*") if not p.name.endswith(("-wal", "-shm"))]
    assert kept.read_bytes()[4096:] == damaged[4096:]
    assert said == [said[0]]
    assert f"kept as {kept.name}" in said[0]


def test_a_sound_journal_leaves_the_program_armed(path: Path) -> None:
    filled(path)
    said: list[str] = []
    engine = program(path.parent, said)._engine()
    assert (engine._config.armed, said) == (True, [])
    engine.close()


def test_a_schema_whose_names_are_no_text_is_damage_that_is_named(tmp_path: Path) -> None:
    path = tmp_path / "journal.db"
    Journal(path).close()
    conn = sqlite3.connect(path, isolation_level=None)
    conn.execute("PRAGMA writable_schema = ON")
    conn.execute("UPDATE sqlite_master SET name = CAST(x'ff' AS TEXT), sql = 'CREATE TABLE (' WHERE name = 'request'")
    conn.close()
    with pytest.raises(JournalDamaged, match="no text"):
        Journal(path)
