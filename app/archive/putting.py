"""An archive put together: what is told, the thread that writes it, and what it knows of the past."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from app.archive.archivist import Archivist
from app.archive.opening import FILE
from app.archive.past import past_of
from app.archive.writer import Writer
from app.dealings import Dealings
from monitors.ports import Clock


def archivist(folder: Path, clock: Clock, say: Callable[[str], None]) -> Archivist:
    """The history of the accounts whose data lie in that folder."""
    path = folder / FILE
    writer = Writer(path, clock, say)
    return Archivist(writer.put, writer.close, Dealings(past_of(path, clock.utc_ms)))
