"""The file of a stop process as the running instance reads it: from where it stopped, or anew, and by whole lines."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.stopping.flattening import Following
from app.stopping.summons import Summons
from app.store.latch import append, file_of, hold, latch
from bridge.simulator.clock import VirtualClock
from monitors.ports import Reset
from tests.app.scripted import START, plain
from tests.app.stand import Make

OTHER = b'{"key": "memory:Demo:1001", "name": "main", "server": "Demo", "login": 1001}'


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return file_of(tmp_path, "main")


@pytest.fixture
def following(tmp_path: Path) -> Following:
    clock = VirtualClock(START)
    return Following(tmp_path, "main", clock, Summons(None, clock, print))


def press(folder: Path) -> None:
    assert not latch(folder, name="main", login=0, server="", now_ms=0)


def test_a_press_is_told_once_whatever_is_written_after_it(tmp_path: Path, file: Path, following: Following) -> None:
    press(tmp_path)
    assert following.pressed()
    assert not following.pressed()
    append(file, OTHER)
    assert not following.pressed()


def test_a_file_that_was_cut_short_is_read_from_its_beginning(tmp_path: Path, file: Path, following: Following) -> None:
    press(tmp_path)
    for _ in range(9):
        append(file, OTHER)
    assert following.pressed()
    node = file.stat().st_ino
    with file.open("r+b") as out:
        out.truncate()
    press(tmp_path)
    assert file.stat().st_ino == node
    assert following.pressed()


def test_another_file_in_its_place_is_read_from_its_beginning(tmp_path: Path, file: Path, following: Following) -> None:
    append(file, OTHER)
    assert not following.pressed()
    aside = tmp_path / "aside"
    aside.mkdir()
    press(aside)
    append(file_of(aside, "main"), OTHER)
    file_of(aside, "main").replace(file)
    assert following.pressed()


def test_a_line_that_is_not_whole_yet_counts_once_it_is(tmp_path: Path, file: Path, following: Following) -> None:
    press(tmp_path)
    text = file.read_bytes()
    file.unlink()
    with file.open("wb", buffering=0) as out:
        out.write(text[:30])
        assert not following.pressed()
        out.write(text[30:-1])
        assert not following.pressed()
        out.write(text[-1:])
        assert following.pressed()


def test_what_is_left_is_not_said_while_a_stop_process_is_closing(tmp_path: Path, following: Following) -> None:
    press(tmp_path)
    held = hold(tmp_path, "main")
    assert held
    during = following.left()
    held.close()
    assert during == []
    assert [bool(record.halt) for record in following.left()] == [True]
    assert following.left() == [], "once"


def test_a_stop_whose_file_cannot_be_set_aside_is_not_lifted_and_is_not_back_once_it_was(make: Make) -> None:
    stand = make()
    stand.terminal.hold(plain(1))
    stand.beat(2)
    summons = Summons(None, stand.clock, print)
    stand.stops = lambda name: Following(stand.folder, name, stand.clock, summons)
    stand.restart()
    in_the_way = stand.folder / "flatten-main-taken-2.jsonl"
    in_the_way.mkdir()
    press(stand.folder)
    stand.beat(5)
    assert not stand.terminal.positions
    assert not stand.engine.obey(Reset("main")), "the next start would find it pressed"
    in_the_way.rmdir()
    assert stand.engine.obey(Reset("main"))
    stand.terminal.hold(plain(2))
    stand.restart()
    stand.beat(5)
    assert set(stand.terminal.positions) == {2}
