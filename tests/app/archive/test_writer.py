"""The writing thread: a second later it is on disk, and whatever the disk does is said once and disturbs nobody."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from app.archive.facts import Dealt
from app.archive.reader import Reader
from app.archive.schema import VERSION
from app.archive.writer import Writer
from bridge.simulator.clock import VirtualClock
from tests.app.archive.parts import DAY, WHOSE, beat, written
from tests.app.scripted import START
from tests.builders import deal


class Bench:
    """A writer whose batches the test calls for itself."""

    def __init__(self, path: Path, waiting: int = 1_000) -> None:
        self.path, self.said = path, list[str]()
        self.writer = Writer(path, VirtualClock(START), self.said.append, waiting)
        self.writer._begun = True

    def close(self) -> None:
        if self.writer._store:
            self.writer._store.close()

    def count(self, table: str) -> int:
        reader = Reader(self.path)
        found = reader.db[table].count if table != "points" else len(reader.equity(1, DAY, DAY + 60_000, 60_000))
        reader.close()
        return found


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    return Bench(tmp_path / "history.db", waiting=100)


def test_what_is_put_is_on_disk_once_the_writer_is_closed(tmp_path: Path) -> None:
    said: list[str] = []
    writer = Writer(tmp_path / "history.db", VirtualClock(START), said.append)
    for n in range(500):
        writer.put(beat(DAY + 100 * n))
    writer.put(Dealt(WHOSE, deal(1)))
    writer.close()
    reader = Reader(tmp_path / "history.db")
    assert (len(reader.equity(1, DAY, DAY + 60_000)), reader.db["deal"].count, said) == (500, 1, [])


def test_a_writer_that_nothing_was_put_to_begins_no_thread_and_no_file(tmp_path: Path) -> None:
    writer = Writer(tmp_path / "history.db", VirtualClock(START), print)
    writer.close()
    assert not (tmp_path / "history.db").exists()


def test_a_locked_file_is_said_once_and_everything_is_there_afterwards(bench: Bench) -> None:
    bench.writer.put(beat(DAY))
    bench.writer.write()
    other = sqlite3.connect(bench.path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    bench.writer._store._db.conn.execute("PRAGMA busy_timeout = 0")  # type: ignore[union-attr] # the file was opened above
    for n in range(3):
        bench.writer.put(beat(DAY + 100 * (n + 1)))
        bench.writer.put(Dealt(WHOSE, deal(n)))
        bench.writer.write()
    assert [line for line in bench.said if "cannot be written" in line] == bench.said
    assert len(bench.said) == 1
    other.execute("ROLLBACK")
    other.close()
    bench.writer.write()
    bench.writer.put(beat(DAY + 900))
    bench.writer.write()
    assert (bench.count("points"), bench.count("deal"), len(bench.said)) == (5, 3, 2)
    bench.close()


def test_when_too_much_waits_the_oldest_points_go_and_no_deal_does(bench: Bench) -> None:
    for n in range(250):
        bench.writer.put(beat(DAY + 100 * n))
        bench.writer.put(Dealt(WHOSE, deal(n)))
    bench.writer.write()
    assert bench.writer.dropped == 150
    assert (bench.count("points"), bench.count("deal")) == (100, 250)
    reader = Reader(bench.path)
    assert reader.equity(1, DAY, DAY + 60_000).time_ms[0] == DAY + 15_000
    bench.close()


def test_what_waits_through_a_long_outage_stays_bounded(bench: Bench) -> None:
    bench.path.mkdir()
    for n in range(1_000):
        bench.writer.put(beat(DAY + n))
        bench.writer.put(Dealt(WHOSE, deal(n)))
        if n % 50 == 0:
            bench.writer.write()
    bench.writer.write()
    assert len(bench.writer._kept) == 1_100
    assert bench.writer.dropped == 900
    assert len(bench.said) == 1
    bench.path.rmdir()
    bench.writer.write()
    assert (bench.count("points"), bench.count("deal")) == (100, 1_000)
    bench.close()


def test_a_newer_file_means_running_without_an_archive_and_says_so(bench: Bench) -> None:
    written(bench.path).close()
    conn = sqlite3.connect(bench.path)
    conn.execute(f"PRAGMA user_version = {VERSION + 1}")
    conn.close()
    for n in range(3):
        bench.writer.put(beat(DAY + n))
        bench.writer.write()
    (line,) = bench.said
    assert "newer Plimsoll" in line
    assert line.endswith("running without an archive")
    assert not bench.writer._passing


def test_a_file_that_is_taken_away_while_it_runs_is_begun_anew(bench: Bench) -> None:
    bench.writer.put(beat(DAY))
    bench.writer.write()
    for ending in ("", "-wal", "-shm"):
        bench.path.with_name(bench.path.name + ending).unlink(missing_ok=True)
    bench.writer.put(beat(DAY + 100))
    bench.writer.write()
    bench.writer.write()
    assert bench.count("points") == 1
    assert "is gone" in bench.said[0]
    bench.close()
