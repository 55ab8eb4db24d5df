"""What the stop process of one terminal keeps on disk: its file with the latch in front, and the lock that it holds."""

from __future__ import annotations

import contextlib
import json
import os
from pathlib import Path
from typing import BinaryIO
from urllib.parse import quote

from app.store.folder import lock, locked, sync_names
from bridge import private

REASON = "emergency stop by command (stop process)"
STALLED_S = 15.0
"""A stop process that gave no sign of life for so long hangs in a call: another one may take its place."""


def file_of(folder: Path, name: str) -> Path:
    """Where the stop process of that terminal writes; terminals are called anything, files are not."""
    return folder / f"flatten-{quote(name, safe=' ')}.jsonl"


def latch(folder: Path, *, name: str, login: int, server: str, now_ms: int) -> str:
    """Have the stop on disk, synced, unless it is there already; why it could not be written, empty where it is.

    Written with nothing but the standard library at hand: whoever presses must not wait for an import.
    """
    known = bool(login and server)
    halt = {"kind": "stop", "reason": REASON, "since_ms": now_ms, "by_person": True, "taken": False}
    record = {"key": f"memory:{server}:{login}" if known else f"unseen:{name}", "name": name, "server": server,
              "login": login, "halt": halt}  # fmt: skip
    file = file_of(folder, name)
    try:
        if latched(file):
            return ""
        private.folder(folder)
        append(file, json.dumps(record, ensure_ascii=False).encode())
    except OSError as error:
        return (error.strerror or str(error)).lower()
    return ""


def latched(file: Path) -> bool:
    """Whether a stop stands in the file."""
    try:
        return any(holds_halt(line) for line in file.read_bytes().splitlines())
    except FileNotFoundError:
        return False


def holds_halt(line: bytes) -> bool:
    """Whether a line of the file holds a halt; a torn one holds nothing."""
    with contextlib.suppress(ValueError, AttributeError):
        return bool(json.loads(line).get("halt"))
    return False


def append(file: Path, line: bytes) -> None:
    """One more line, synced; OSError where the disk does not take it. What a kill tore off before it stays alone."""
    with file.open("ab+") as out:
        if out.tell():
            out.seek(-1, os.SEEK_END)
            line = line if out.read(1) == b"\n" else b"\n" + line
        out.write(line + b"\n")
        out.flush()
        os.fsync(out.fileno())
    sync_names(file.parent)


class Held:
    """The lock of one terminal's stop process, with a sign of life; let go by the system however the process ends."""

    def __init__(self, path: Path, held: BinaryIO | None) -> None:
        self._path = path
        self._file = held

    @classmethod
    def of_nobody(cls, folder: Path, name: str) -> Held:
        """No lock, where none can be had: the process goes on without."""
        return cls(lock_of(folder, name), None)

    @property
    def superseded(self) -> bool:
        """True where another stop process took this one, which did not move, for dead, and the lock with it."""
        if self._file is None:
            return False
        try:
            return self._path.stat().st_ino != os.fstat(self._file.fileno()).st_ino
        except OSError:
            return False

    def live(self) -> None:
        """Leave a sign of life beside the lock."""
        with contextlib.suppress(OSError):
            os.utime(self._path)

    def close(self) -> None:
        """Let it go."""
        if self._file is not None:
            self._file.close()


def lock_of(folder: Path, name: str) -> Path:
    """The lock beside the file."""
    return file_of(folder, name).with_suffix(".lock")


def hold(folder: Path, name: str) -> Held | None:
    """The lock; None where another process holds it. A folder that takes no file cannot keep two apart."""
    path = lock_of(folder, name)
    try:
        private.folder(folder)
        held = lock(path)
    except OSError:
        return Held.of_nobody(folder, name)
    return Held(path, held) if held else None


class Elsewhere:
    """A stop process as others see it: whether it lives, by its lock, and moves, by the time of its last sign."""

    def __init__(self, folder: Path, name: str) -> None:
        self._path = lock_of(folder, name)
        self._sign = 0
        self._since_s: float | None = None

    def moves(self, now_s: float) -> bool:
        """True while one holds the lock and gave a sign of life lately."""
        try:
            sign = self._path.stat().st_mtime_ns  # first: to ask for a lock makes the file
            held = locked(self._path)
        except OSError:
            held, sign = False, 0
        if not held:
            self._since_s = None
            return False
        if self._since_s is None or sign != self._sign:
            self._sign, self._since_s = sign, now_s
        return now_s - self._since_s < STALLED_S

    @property
    def hangs(self) -> bool:
        """Whether the last look found one that holds the lock and gives no sign of life."""
        return self._since_s is not None

    def supersede(self) -> None:
        """Take the lock away from one that hangs, where the system lets an open file be taken away.

        Another file in its place is what tells it so when it wakes.
        """
        with contextlib.suppress(OSError):
            self._path.unlink()
            self._path.touch()
        self._since_s = None
