"""What was claimed is there after the power cut; with less syncing it is not, so this test can fail."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from app.store.folder import held
from tests.powercut.__main__ import measure
from tests.powercut.claims import Claims
from tests.powercut.disk import SECTOR, Disk, Kind, Told
from tests.powercut.record import missing

records = pytest.mark.skipif(bool(missing()), reason=missing() or "-")
CUTS, ROUNDS = 120, 3


def opened(name: str, fd: int = 3, *, fresh: bool = True) -> Told:
    return Told(Kind.OPEN, fd, int(fresh), 0, name.encode())


def wrote(data: bytes, at: int = 0, fd: int = 3) -> Told:
    return Told(Kind.WRITE, fd, at, 0, data)


def synced(fd: int = 3) -> Told:
    return Told(Kind.SYNC, fd, 0, 0, b"")


FOLDER = (opened("", 4, fresh=False), synced(4))


def cuts(*told: Told) -> list[dict[str, bytes]]:
    """What two hundred cuts after these steps leave."""
    disk = Disk()
    for step in told:
        disk.take(step)
    return [disk.cut(random.Random(seed)) for seed in range(200)]


@records
def test_nothing_claimed_is_lost_and_no_journal_is_damaged() -> None:
    found = measure(CUTS, synchronous="FULL", rounds=ROUNDS, seed=1)
    assert (found.lost, found.corrupt) == ([], [])
    assert found.cuts == CUTS
    assert len(found.claims.intents) > 2 * ROUNDS
    assert found.claims.acknowledged
    assert found.claims.row.number > 20 * ROUNDS


@records
def test_with_less_syncing_intents_are_lost() -> None:
    found = measure(CUTS, synchronous="NORMAL", rounds=ROUNDS, seed=1)
    assert len(found.intents_lost) > len(found.claims.intents) / 2
    assert found.rows_lost
    assert not found.corrupt


def test_what_was_synced_with_its_name_is_left_by_every_cut() -> None:
    assert cuts(opened("a"), wrote(b"kept"), synced(), *FOLDER) == [{"a": b"kept"}] * 200


def test_a_synced_file_whose_name_was_not_may_be_gone() -> None:
    left = cuts(opened("a"), wrote(b"kept"), synced())
    assert {"a" in found for found in left} == {True, False}
    assert {found["a"] for found in left if "a" in found} == {b"kept"}


def test_of_unsynced_writes_any_may_be_lost_and_any_torn_at_a_sector() -> None:
    old, new = b"o" * 3 * SECTOR, b"n" * 3 * SECTOR
    left = {found["a"] for found in cuts(opened("a"), wrote(old), synced(), *FOLDER, wrote(new[:SECTOR]),
                                         wrote(new[SECTOR:], SECTOR))}  # fmt: skip
    assert {old, new} <= left
    assert new[:SECTOR] + old[SECTOR:] in left
    assert old[:SECTOR] + new[SECTOR:] in left, "a later write may arrive first"
    assert any(0 < found.count(b"n") < SECTOR for found in left), "and noise in a sector"


def test_a_rename_is_sure_once_the_folder_is_synced() -> None:
    begun = (opened("a"), wrote(b"1"), synced(), *FOLDER, Told(Kind.RENAME, -1, 0, 0, b"a\0b"))
    assert {tuple(found) for found in cuts(*begun)} == {("a",), ("b",)}
    assert {tuple(found) for found in cuts(*begun, *FOLDER)} == {("b",)}


def test_an_answer_said_once_stays_and_what_is_asked_for_is_neither() -> None:
    claims = Claims()
    for mark in ("outcome 1 unknown 0.0", "outcome 1 done 0.1", "outcome 1 refused 0.0", "halting"):
        claims.take(mark)
    assert claims.outcomes == {1: ("done", 0.1)}
    assert claims.halted is None
    with pytest.raises(ValueError, match="what is this"):
        claims.take("what is this")


def test_a_folder_that_is_missing_is_made_with_all_above_it(tmp_path: Path) -> None:
    with held(tmp_path / "one" / "two"):
        assert (tmp_path / "one" / "two" / "instance.lock").exists()
