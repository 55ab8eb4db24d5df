"""The data folder: made where it is missing, proven writable, and held by one instance at a time."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from bridge import private

LOCK, JOURNAL, SPARE = "instance.lock", "journal.db", "emergency.jsonl"


class FolderError(Exception):
    """The data folder cannot be used: choose another; the text names it."""


class FolderTaken(Exception):
    """Another instance holds the data folder: end that one first."""


@contextmanager
def held(folder: Path) -> Iterator[None]:
    """Hold the folder; the system lets it go however this process ends. The lock file stays and means nothing alone."""
    try:
        missing = [each for each in (folder, *folder.parents) if not each.exists()]
        private.folder(folder)
        for each in missing:
            sync_names(each.parent)
        file = lock(folder / LOCK)
    except OSError as error:
        why = (error.strerror or str(error)).lower()
        raise FolderError(f"{folder}: {why}; choose a data folder that can be written (app.data_dir)") from error
    if file is None:
        raise FolderTaken(f"a Plimsoll is already running on {folder}")
    with file:
        yield


def sync_names(folder: Path) -> None:
    """Have it on disk which files are in the folder: a synced file whose name is lost in a power cut is lost.

    Windows keeps names with what is synced, and some network drives sync no folder: there nothing more can be done.
    """
    if sys.platform == "win32":
        return
    with suppress(OSError):
        listing = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(listing)
        finally:
            os.close(listing)


def lock(path: Path) -> BinaryIO | None:
    """The file, locked until it is closed or this process ends; None where someone else holds it."""
    file = path.open("ab")
    if _take(file):
        return file
    file.close()
    return None


def locked(path: Path) -> bool:
    """Whether someone else holds the file now; OSError where it cannot be asked."""
    file = lock(path)
    if file is not None:
        file.close()
    return file is None


if sys.platform == "win32":
    import msvcrt

    def _take(file: BinaryIO) -> bool:
        try:
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

else:
    import fcntl

    def _take(file: BinaryIO) -> bool:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return False
        return True


def bearers(journal: Path) -> tuple[tuple[int, int] | None, ...]:
    """Which files bear the names of a journal and its log, by device and number; None where there is none."""
    return _bearer(journal), _bearer(journal.with_name(f"{journal.name}-wal"))


def _bearer(path: Path) -> tuple[int, int] | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino
