"""A journal that is missing, empty, torn, foreign, newer or held by another: a clear line, and nothing lost."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

import pytest

from app.events import event
from app.main import Program, World
from app.store.aside import set_aside
from app.store.audit import sound, verified
from app.store.journal import Journal, JournalDamaged, JournalError, JournalForeign
from bridge.simulator.clock import VirtualClock
from monitors.ports import Severity
from monitors.settings import Config
from tests.app.scripted import START
from tests.app.stand import Make


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


def written(path: Path) -> None:
    """A journal of an earlier run, with rows in its log and the head of them beside it."""
    said: list[str] = []
    engine = program(path.parent, said)._engine()
    engine.start()
    engine.shared.journal.save("memory:Demo:1001", {})
    engine.shared.journal.save("number:alert", 3)
    engine.tell(event(1_772_438_400_000, "reset", "main", scope="account", reason="a row"))
    engine.close()


def value_gone(path: Path, key: str) -> None:
    changed(path, f"UPDATE state SET value = '{{x' WHERE key = '{key}'")  # noqa: S608 -- the test's own


@pytest.mark.parametrize("key", ["memory:Demo:1001", "number:alert"])
def test_a_value_that_cannot_be_read_is_damage_and_not_the_end_of_the_guard(path: Path, key: str) -> None:
    written(path)
    value_gone(path, key)
    said: list[str] = []
    engine = program(path.parent, said)._engine()
    engine.start()
    assert (engine._config.armed, engine.shared.journal.found) == (False, False)
    assert f"{key} cannot be read" in said[0]
    engine.close()


def test_a_request_that_cannot_be_read_is_damage_too(path: Path) -> None:
    written(path)
    changed(path, "INSERT INTO request VALUES (1, 'Demo', 1001, 'main', 1, 0, 'sent', 0.1, 0.0, 1, '{x')")
    said: list[str] = []
    engine = program(path.parent, said)._engine()
    assert engine._config.armed is False
    assert "request cannot be read" in said[0]
    engine.close()


def first_byte_gone(path: Path) -> None:
    path.write_bytes(b"\xff" + path.read_bytes()[1:])


def emptied(path: Path) -> None:
    path.write_bytes(b"")


@pytest.mark.parametrize("damage", [first_byte_gone, emptied, Path.unlink])
def test_what_the_head_beside_it_knows_to_have_been_a_journal_is_damaged_and_not_new(path: Path, damage: Any) -> None:
    written(path)
    damage(path)
    said: list[str] = []
    engine = program(path.parent, said)._engine()
    assert engine._config.armed is False
    assert len(said) == 1
    engine.close()
    said.clear()
    engine = program(path.parent, said)._engine()
    assert (engine._config.armed, said) == (True, [])
    engine.close()


def test_one_that_another_process_holds_is_not_damaged(path: Path) -> None:
    written(path)
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    with pytest.raises(JournalError) as told:
        program(path.parent, [])._engine()
    assert not isinstance(told.value, JournalDamaged)
    other.close()
    assert [p.name for p in path.parent.glob("*damaged*")] == []


def test_what_was_set_aside_is_alarmed_at_every_account_and_says_why_it_only_observes(make: Make) -> None:
    stand = make()
    stand.engine.close()
    lost = "journal.db: damaged (cut); kept as journal.db.damaged-1, a new one begun"
    stand.lost = lost
    stand.engine = stand.start()
    stand.beat(2)
    (alert,) = stand.engine.frame().alerts
    assert (alert.rule, alert.severity, alert.why) == ("Journal set aside", Severity.CRITICAL, lost)
    assert stand.engine.frame().accounts[0].mode_reason == lost
    stand.lost = ""
    stand.restart()
    stand.beat(2)
    (alert,) = stand.engine.frame().alerts
    assert (alert.active, alert.acknowledged_ms) == (False, None), "it stays listed until a person has seen it"
    assert stand.engine.frame().accounts[0].mode_reason == ""
