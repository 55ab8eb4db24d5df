"""A disk under the recorded writes: what is surely on it, what is not yet, and what a cut may leave of that."""

from __future__ import annotations

import random
import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import IntEnum
from pathlib import Path

SECTOR = 512
_HEAD = struct.Struct("<BiqqI")


class Kind(IntEnum):
    """As in shim.c."""

    OPEN = 1
    CLOSE = 2
    WRITE = 3
    TRUNCATE = 4
    SYNC = 5
    UNLINK = 6
    RENAME = 7
    LINK = 8
    MARK = 9


@dataclass(frozen=True, slots=True)
class Told:
    """One thing that the disk was told, or a mark."""

    kind: Kind
    fd: int
    a: int
    b: int
    data: bytes

    @property
    def text(self) -> str:
        """A path or a mark."""
        return self.data.decode()


def read(record: Path) -> list[Told]:
    """The whole record of one process."""
    data, at, found = record.read_bytes(), 0, []
    while at < len(data):
        kind, fd, a, b, length = _HEAD.unpack_from(data, at)
        at += _HEAD.size
        found.append(Told(Kind(kind), fd, a, b, data[at : at + length]))
        at += length
    return found


@dataclass(frozen=True, slots=True)
class Change:
    """Bytes at an offset, or, with no bytes, another size."""

    at: int
    data: bytes | None


class File:
    """The content that was synced, and the changes since in their order."""

    def __init__(self) -> None:
        self.synced = bytearray()
        self.changes: list[Change] = []

    def sync(self) -> None:
        for change in self.changes:
            _apply(self.synced, change)
        self.changes.clear()

    def left(self, kept: list[Change]) -> bytes:
        """The content with these changes only."""
        content = bytearray(self.synced)
        for change in kept:
            _apply(content, change)
        return bytes(content)


Names = dict[str, File]
Entry = tuple[Kind, str, File | str]
"""What became of a name: opened with this file, taken away, moved or linked to another name."""


@dataclass(slots=True)
class Disk:
    """Files by name: those that a sync of the folder made sure of, and what became of names since."""

    names: Names = field(default_factory=dict)
    """As the running program sees them."""
    sure: Names = field(default_factory=dict)
    entries: list[Entry] = field(default_factory=list)
    _open: dict[int, File | None] = field(default_factory=dict)
    """By descriptor; None is the folder itself."""

    def restart(self) -> None:
        """Another process: its descriptors are its own."""
        self._open.clear()

    def take(self, told: Told) -> None:
        """Go on by one step."""
        match told.kind:
            case Kind.OPEN:
                self._opened(told)
            case Kind.CLOSE:
                self._open.pop(told.fd, None)
            case Kind.WRITE | Kind.TRUNCATE:
                file = self._open[told.fd]
                if file is not None:
                    file.changes.append(Change(told.a, told.data if told.kind is Kind.WRITE else None))
            case Kind.SYNC:
                file = self._open[told.fd]
                if file is None:
                    self.sure, self.entries = dict(self.names), []
                else:
                    file.sync()
            case Kind.UNLINK:
                self._enter((Kind.UNLINK, told.text, ""))
            case Kind.RENAME | Kind.LINK:
                source, target = told.text.split("\0")
                self._enter((told.kind, source, target))
            case Kind.MARK:
                pass

    def _opened(self, told: Told) -> None:
        if not told.text:
            self._open[told.fd] = None
            return
        if told.a or told.text not in self.names:
            self._enter((Kind.OPEN, told.text, File()))
        file = self._open[told.fd] = self.names[told.text]
        if told.b:
            file.changes.append(Change(0, None))

    def _enter(self, entry: Entry) -> None:
        self.entries.append(entry)
        _become(self.names, entry)

    def whole(self) -> dict[str, bytes]:
        """All that was written, as the running machine shows it."""
        return {name: file.left(file.changes) for name, file in self.names.items()}

    def cut(self, chance: random.Random) -> dict[str, bytes]:
        """What the power cut leaves: all that was synced, and of the rest none, all, a beginning or any part.

        Names keep their order, as every file system with a journal of its own has it; writes do not.
        """
        names = dict(self.sure)
        for entry in self.entries[: _some(chance, len(self.entries))]:
            _become(names, entry)
        left: dict[str, bytes] = {}
        for name, file in names.items():
            kept = [part for change in _survivors(chance, file.changes) for part in _torn(chance, change)]
            left[name] = file.left(kept)
        return left


def _become(names: Names, entry: Entry) -> None:
    match entry:
        case (Kind.OPEN, name, File() as file):
            names[name] = file
        case (Kind.UNLINK, name, _):
            names.pop(name, None)
        case (Kind.RENAME, name, str(target)):
            names[target] = names.pop(name)
        case (_, name, str(target)):
            names[target] = names[name]


def _apply(content: bytearray, change: Change) -> None:
    if change.data is None:
        del content[change.at :]
        content.extend(bytes(change.at - len(content)))
        return
    content.extend(bytes(max(0, change.at - len(content))))
    content[change.at : change.at + len(change.data)] = change.data


def _some(chance: random.Random, count: int) -> int:
    """None, all, or so many of the first."""
    return chance.choice((0, count, chance.randint(0, count)))


def _survivors(chance: random.Random, changes: list[Change]) -> list[Change]:
    """None, all, the first ones, or any of them in any choice: a disk writes in an order of its own."""
    if chance.random() < 1 / 3:
        return [change for change in changes if chance.random() < 1 / 2]
    return changes[: _some(chance, len(changes))]


def _torn(chance: random.Random, change: Change) -> Iterator[Change]:
    """The change, or, one time in three, its sectors as they arrived: the first ones, any, or noise in some."""
    if change.data is None or chance.random() > 1 / 3:
        yield change
        return
    sectors = list(_sectors(change.at, change.data))
    how = chance.choice(("first", "any", "noise"))
    first = chance.randint(0, len(sectors))
    for index, (at, data) in enumerate(sectors):
        if index < first if how == "first" else chance.random() < 1 / 2:
            yield Change(at, data)
        elif how == "noise":
            yield Change(at, chance.randbytes(len(data)))


def _sectors(at: int, data: bytes) -> Iterator[tuple[int, bytes]]:
    """The parts of a write that a disk takes or does not take as one."""
    begin = 0
    while begin < len(data):
        end = min(len(data), begin + SECTOR - (at + begin) % SECTOR)
        yield at + begin, data[begin:end]
        begin = end
