"""The file of a stop process as the running instance reads it: from where it stopped, or anew, and by whole lines."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.stopping.flattening import Following
from app.stopping.summons import Summons
from app.store.latch import append, file_of, hold, latch
from bridge.simulator.clock import VirtualClock
from tests.app.scripted import START

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
