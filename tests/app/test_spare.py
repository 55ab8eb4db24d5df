"""The spare file: what was torn, what has no file, and to whom a stop of before the first look belongs."""

from __future__ import annotations

from pathlib import Path

from app.memory import Halt, Memory
from app.store.absorb import absorb, readable
from app.store.journal import Journal
from app.store.spare import SpareJournal
from monitors.gate import HaltKind

STOP = Halt(kind=HaltKind.STOP, reason="emergency stop by click", since_ms=1, by_person=True)


def record(key: str, login: int) -> dict[str, object]:
    return {"key": key, "name": "main", "server": "Demo", "login": login, "halt": STOP}


def test_a_torn_line_hides_nothing_that_was_written_after_it(tmp_path: Path) -> None:
    spare = SpareJournal(tmp_path / "emergency.jsonl")
    spare.write(record("memory:Demo:1001", 1001))
    with (tmp_path / "emergency.jsonl").open("ab") as file:
        file.write(b'{"key": "mem\n')
    spare.write(record("memory:Demo:1002", 1002))
    assert [found.key for found in readable(spare.lines())] == ["memory:Demo:1001", "memory:Demo:1002"]


def test_without_a_file_nothing_is_kept_and_nothing_set_aside() -> None:
    spare = SpareJournal(None)
    assert not spare.write(record("memory:Demo:1001", 1001))
    spare.set_aside()
    assert not spare.holds
    assert spare.lines() == []


def test_a_stop_of_an_account_that_the_name_does_not_stand_for_stays_its_own(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "journal.db")
    journal.save("name:main", ("Demo", 2002))
    spare = SpareJournal(tmp_path / "emergency.jsonl")
    spare.write(record("unseen:main", 1001))
    assert absorb(spare, journal) == 1
    assert journal.load("memory:Demo:2002", Memory) is None
    found = journal.load("unseen:main", Memory)
    assert found is not None
    assert found.halt == STOP
    spare.write(record("unseen:main", 0))
    absorb(spare, journal)
    found = journal.load("memory:Demo:2002", Memory)
    assert found is not None
    assert found.halt == STOP
    journal.close()
