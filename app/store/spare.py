"""A plain synced file that takes a person's emergency stop where the journal cannot be written."""

from __future__ import annotations

from pathlib import Path

import msgspec

from app.store.folder import sync_names
from app.store.latch import append

FIRST = 1_000_000_000
"""Numbers from here on were given by the spare file, so that they never meet the journal's."""


class SpareJournal:
    """Appends one JSON line a request and syncs it; `path` None keeps nothing."""

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self._given = _lines(path) if path else 0

    def number(self) -> int:
        """A request number of its own range; past all that were written before."""
        self._given += 1
        return FIRST + self._given

    def write(self, record: object) -> bool:
        """Keep one JSON-able record; False where this disk takes nothing at all, and a stop goes out even then."""
        if self._path is None:
            return False
        try:
            append(self._path, msgspec.json.encode(record))
        except OSError:
            return False
        return True

    @property
    def holds(self) -> bool:
        """Whether anything waits in it to be taken into the journal."""
        return self._path is not None and self._path.exists()

    def lines(self) -> list[bytes]:
        """What was kept, oldest first; nothing where there is no file."""
        try:
            return self._path.read_bytes().splitlines() if self._path else []
        except OSError:
            return []

    def set_aside(self) -> None:
        """The journal has taken it all: the file is kept under another name, so that it is not taken again.

        Synced, or a stop that a person lifts after this would be back after a power cut.
        """
        if self._path is not None:
            count = sum(1 for _ in self._path.parent.glob(f"{self._path.stem}-taken-*"))
            self._path.replace(self._path.with_name(f"{self._path.stem}-taken-{count + 1}{self._path.suffix}"))
            sync_names(self._path.parent)


def _lines(path: Path) -> int:
    """How many records the file and those set aside hold: at least as many as numbers were given."""
    try:
        return sum(file.read_bytes().count(b"\n") for file in path.parent.glob(f"{path.stem}*{path.suffix}"))
    except OSError:
        return 0
