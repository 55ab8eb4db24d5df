"""Files that are replaced, read-only, full or held for long, and a start on a damaged journal with positions open."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest

from app.config import from_table
from app.engine import Engine
from app.events import Event
from app.main import Program, World
from app.store.chain import HEAD_FILE
from app.store.journal import Journal, JournalError
from bridge.simulator.clock import VirtualClock
from monitors.gate import HaltKind
from monitors.ports import EmergencyStop, Reset
from tests.app.scripted import START, ScriptedTerminal, plain
from tests.app.stand import Make, Stand, rule
from tests.app.test_disk_trouble import full, locked

FLOOR = rule("equity", "below", {"at": 9_500.0, "severity": "critical", "action": "close_all"}, rearm=1.0)
HALT = rule("equity", "below", {"at": 9_500.0, "severity": "critical", "action": "halt"}, rearm=1.0)
NOBODY = 65_534
root = pytest.mark.skipif(getattr(os, "geteuid", lambda: 1)() != 0, reason="only root can run as somebody else")
HOLDER = """
import sqlite3, sys
held = sqlite3.connect(sys.argv[1])
held.execute("BEGIN IMMEDIATE")
print("held", flush=True)
sys.stdin.read()
"""


def replaced(stand: Stand) -> None:
    """Another journal stands in the journal's place, as after a sync program's or a person's copying back."""
    (stand.folder / "other").mkdir()
    Journal(stand.folder / "other" / "journal.db").close()
    (stand.folder / "other" / "journal.db").replace(stand.folder / "journal.db")


def deleted(stand: Stand) -> None:
    for ending in ("", "-wal", "-shm"):
        (stand.folder / f"journal.db{ending}").unlink()


def cut_short(stand: Stand) -> None:
    """The write-ahead log is gone, and with it all that was not copied into the journal yet."""
    (stand.folder / "journal.db-wal").unlink()


@pytest.mark.parametrize("away", [replaced, deleted, cut_short])
def test_a_journal_that_has_lost_its_name_sends_nothing_by_itself_and_is_alarmed(
    make: Make, away: Callable[[Stand], None]
) -> None:
    stand = make(FLOOR)
    stand.terminal.hold(plain(1))
    stand.beat(3)
    away(stand)
    stand.terminal.bid = 0.99
    stand.beat(5)
    assert not stand.terminal.sent
    assert not stand.guard.keeper.ok
    assert len(stand.of("alert", rule="Journal", state="raised")) == 1


@pytest.mark.parametrize("away", [replaced, deleted])
def test_a_stop_on_a_journal_that_has_lost_its_name_closes_and_is_found_again(
    make: Make, away: Callable[[Stand], None]
) -> None:
    stand = make()
    stand.terminal.hold(plain(1), plain(2))
    stand.beat(3)
    away(stand)
    assert stand.engine.obey(EmergencyStop())
    assert stand.of("halt"), "the spare file has it"
    stand.beat(3)
    assert [o.lots for o in stand.terminal.sent] == [1.0, 1.0]
    stand.restart()
    stand.beat(3)
    halt = stand.guard.halting.halt
    assert halt is not None
    assert (halt.kind, halt.by_person) == (HaltKind.STOP, True)
    assert len(stand.terminal.sent) == 2


@contextmanager
def read_only(stand: Stand) -> Iterator[None]:
    """The disk under the journal is mounted read-only, as after an error of it."""
    conn = stand.engine.shared.journal._conn
    conn.execute("PRAGMA query_only = ON")
    yield
    conn.execute("PRAGMA query_only = OFF")


def test_a_disk_that_turns_read_only_is_one_alarm_and_acts_once_it_can_be_written(make: Make) -> None:
    stand = make(FLOOR)
    stand.terminal.hold(plain(1))
    stand.beat(3)
    with read_only(stand):
        stand.terminal.bid = 0.99
        stand.beat(50)
        assert not stand.terminal.sent
        assert len(stand.of("alert", rule="Journal", state="raised")) == 1
    stand.beat(3)
    assert [o.lots for o in stand.terminal.sent] == [1.0]


@contextmanager
def no_spare(stand: Stand) -> Iterator[None]:
    """Nothing can be written in the spare file's place."""
    (stand.folder / "emergency.jsonl").mkdir()
    try:
        yield
    finally:
        (stand.folder / "emergency.jsonl").rmdir()


@pytest.mark.parametrize("trouble", [full, locked, read_only])
def test_a_rules_halt_is_said_once_and_only_when_it_is_on_disk(make: Make, trouble: Any) -> None:
    stand = make(HALT)
    stand.terminal.hold(plain(1))
    stand.beat(3)
    with trouble(stand), no_spare(stand):
        stand.terminal.bid = 0.99
        stand.beat(20)
        stand.terminal.hold(plain(2))
        stand.beat(5)
        assert not stand.of("halt")
        assert not stand.terminal.sent, "the halt undoes nothing before it is on disk"
    stand.beat(3)
    assert len(stand.of("halt")) == 1
    stand.restart()
    assert stand.guard.halting.halt is not None
    stand.beat(3)
    assert len(stand.of("halt")) == 1


@pytest.mark.parametrize("trouble", [locked, read_only])
def test_a_stop_that_no_file_takes_holds_and_closes_and_is_said_with_the_commit_that_keeps_it(
    make: Make, trouble: Any
) -> None:
    stand = make()
    stand.terminal.hold(plain(1))
    stand.beat(3)
    with trouble(stand), no_spare(stand):
        stand.engine.obey(EmergencyStop())
        stand.beat(5)
        assert [o.lots for o in stand.terminal.sent] == [1.0]
        assert stand.guard.halting.halt is not None
        assert not stand.of("halt"), "a start after a kill now would not know of it"
    stand.beat(3)
    assert len(stand.of("halt")) == 1
    stand.restart()
    assert stand.guard.halting.halt is not None
    stand.beat(3)
    assert len(stand.of("halt")) == 1


def test_a_stop_that_no_file_took_and_a_person_lifted_is_never_said(make: Make) -> None:
    stand = make()
    stand.beat(3)
    with locked(stand), no_spare(stand):
        stand.engine.obey(EmergencyStop())
    assert stand.engine.obey(Reset("main"))
    stand.beat(3)
    stand.engine.obey(EmergencyStop())
    stand.beat(3)
    assert len(stand.of("halt")) == 1


def test_a_journal_held_by_another_process_for_ten_minutes_and_then_free(make: Make) -> None:
    stand = make(FLOOR)
    stand.terminal.hold(plain(1))
    stand.beat(3)
    command = [sys.executable, "-c", HOLDER, str(stand.folder / "journal.db")]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as holder:
        assert holder.stdin
        assert holder.stdout
        assert holder.stdout.readline() == b"held\n"
        stand.terminal.bid = 0.99
        stand.beat(600, seconds=1.0)
        assert not stand.terminal.sent
        holder.stdin.close()
        holder.wait()
    stand.beat(3)
    assert [o.lots for o in stand.terminal.sent] == [1.0]
    assert len(stand.of("alert", rule="Journal", state="raised")) == 1
    assert len(stand.of("alert", rule="equity", state="raised")) == 1
    assert stand.engine.audit.damage(whole=True) is None


def damaged(folder: Path) -> None:
    """What a dying disk leaves of a journal with a plan under way, and a head noted beside it."""
    stand = Stand(folder, FLOOR)
    stand.terminal.hold(plain(1))
    stand.beat(700)
    stand.engine.close()
    content = (folder / "journal.db").read_bytes()
    (folder / "journal.db").write_bytes(content[:4096] + b"\xff" * 8192 + content[12288:])
    assert (folder / HEAD_FILE).exists()


def begun(folder: Path, terminal: ScriptedTerminal, events: list[Event], said: list[str]) -> Engine:
    """The armed program on one account, as the worker begins it."""
    terminals = [{"name": "main", "backend": "simulator", "login": 1001, "server": "Demo"}]
    config = from_table({"app": {"mode": "armed"}, "terminal": terminals, "rule": [FLOOR]}, source="test")
    program = Program(config, lambda: World(terminal.clock, lambda _: terminal), folder, said.append)
    program.sinks = (events.append,)
    engine = program._engine()
    engine.start()
    return engine


def test_a_start_on_a_damaged_journal_observes_the_brokers_truth_and_a_stop_closes(tmp_path: Path) -> None:
    damaged(tmp_path)
    clock, events, said = VirtualClock(START), list[Event](), list[str]()
    terminal = ScriptedTerminal(clock).hold(plain(1), plain(2))
    terminal.bid = 0.99
    engine = begun(tmp_path, terminal, events, said)

    def beat(times: int) -> None:
        for _ in range(times):
            engine.beat()
            clock.advance_to(clock.utc_ms() + 100)

    beat(5)
    assert "observing only until the next start" in said[0]
    assert [e["threshold"] for e in events if e["event"] == "alert" and e["rule"] == "equity"] == [9_500.0]
    assert not terminal.sent, "the rule is not armed"
    reading = engine.guards["main"].now.reading
    assert reading is not None
    assert {p.identifier for p in reading.snapshot.positions} == {1, 2}
    assert not [e for e in events if e["event"] == "recovered"]
    assert not [e for e in events if e["event"] == "alert" and e["rule"] == "Audit log"], "the old head went with it"
    assert engine.obey(EmergencyStop())
    beat(5)
    assert [o.lots for o in terminal.sent] == [1.0, 1.0]
    engine.close()


@contextmanager
def somebody_else(folder: Path, folders: int, files: int) -> Iterator[None]:
    """The program runs as a user who owns nothing in the folder, under these permissions."""
    for each in (folder, *folder.iterdir()):
        each.chmod(folders if each.is_dir() else files)
    os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(0)


@pytest.fixture
def anywhere() -> Iterator[Path]:
    """A folder that every user reaches."""
    with TemporaryDirectory() as folder:
        yield Path(folder)


@root
def test_a_damaged_journal_that_cannot_be_set_aside_is_told_with_what_to_do(anywhere: Path) -> None:
    damaged(anywhere)
    with (
        somebody_else(anywhere, 0o1777, 0o666),  # written by everybody, renamed by its owner only
        pytest.raises(JournalError, match=r"cannot be set aside \(.*\); move it away or choose another data folder"),
    ):
        begun(anywhere, ScriptedTerminal(VirtualClock(START)), [], [])


@root
@pytest.mark.parametrize("there", [True, False])
def test_a_data_folder_where_nothing_may_be_written_is_told_at_the_start(anywhere: Path, there: bool) -> None:
    if there:
        Journal(anywhere / "journal.db").close()
    with (
        somebody_else(anywhere, 0o755, 0o644),
        pytest.raises(JournalError, match=r"cannot be used .*choose another data folder"),
    ):
        begun(anywhere, ScriptedTerminal(VirtualClock(START)), [], [])
