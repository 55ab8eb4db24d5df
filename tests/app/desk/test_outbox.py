"""The outbox: what waits stays over a restart, within its bound, states going before events."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from app.desk.outbox import Dropped, Outbox, Put, opened


def put(*names: str) -> list[Put]:
    """Messages of ten bytes."""
    return [Put(name, 5, name.encode().ljust(10)) for name in names]


def names(outbox: Outbox) -> list[str]:
    return [row.key for row in outbox.events(0, 100)]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "outbox.db"


def test_what_waits_is_there_after_a_restart_in_its_order(path: Path) -> None:
    outbox = Outbox(path)
    outbox.put(put("a", "b"), put("account"))
    outbox.close()
    again = Outbox(path)
    assert names(again) == ["a", "b"]
    assert [(row.key, row.at_ms, row.message) for row in again.states()] == [("account", 5, b"account   ")]
    assert again.size == 30
    again.close()


def test_a_state_takes_the_place_of_the_one_before_and_an_older_confirmation_takes_nothing_of_it(path: Path) -> None:
    outbox = Outbox(path)
    outbox.put([], [Put("account", 1, b"first")])
    (first,) = outbox.states()
    outbox.put([], [Put("account", 2, b"second")])
    outbox.remove([], [first.id])
    assert [row.message for row in outbox.states()] == [b"second"]
    assert outbox.size == 6
    outbox.close()


def test_at_the_bound_states_go_first_and_no_event(path: Path) -> None:
    outbox = Outbox(path, largest=40)
    assert outbox.put(put("a"), put("x", "y")) == Dropped(0, 0)
    assert outbox.put(put("b", "c"), []) == Dropped(0, 2)
    assert (names(outbox), outbox.states(), outbox.size) == (["a", "b", "c"], [], 30)
    outbox.close()


def test_then_the_oldest_events_that_are_not_on_their_way(path: Path) -> None:
    outbox = Outbox(path, largest=40)
    outbox.put(put("a", "b", "c", "d"), [])
    on_their_way = outbox.events(0, 1)[0].id
    assert outbox.put(put("e", "f"), put("x"), on_their_way) == Dropped(2, 1)
    assert (names(outbox), outbox.size) == (["a", "d", "e", "f"], 40)
    outbox.close()


def test_what_is_removed_is_gone_and_its_room_free(path: Path) -> None:
    outbox = Outbox(path)
    outbox.put(put("a", "b"), put("x"))
    outbox.remove([row.id for row in outbox.events(0, 1)], [row.id for row in outbox.states()])
    assert (names(outbox), outbox.waiting(), outbox.size) == (["b"], (1, 0), 10)
    outbox.close()


def test_a_commit_that_fails_changes_nothing(path: Path) -> None:
    outbox = Outbox(path)
    outbox.put(put("a"), [])
    with pytest.raises(sqlite3.IntegrityError):
        outbox.put(put("b"), [Put("account", "now", b"x")])  # type: ignore[arg-type]  # what the table does not take
    assert (names(outbox), outbox.size) == (["a"], 10)
    outbox.close()


@pytest.mark.parametrize("content", [b"no database at all, but long enough to be looked at" * 40, None])
def test_a_file_that_is_no_outbox_is_set_aside_and_said(path: Path, content: bytes | None) -> None:
    if content is None:
        other = sqlite3.connect(path)
        other.execute("CREATE TABLE mine (x)")
        other.commit()
        other.close()
    else:
        path.write_bytes(content)
    outbox, said = opened(path, "damaged-1")
    assert "kept as outbox.db.damaged-1" in said
    assert outbox.waiting() == (0, 0)
    assert path.with_name("outbox.db.damaged-1").exists()
    outbox.close()
