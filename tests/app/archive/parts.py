"""What the archive's tests share: an account, its beats, and a store in a folder of the test."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from app.archive.facts import Beat
from app.archive.reader import Reader
from app.archive.store import Store
from monitors.model import Ints
from monitors.ports import AccountFrame, Frame, Link
from monitors.reading import Reading
from monitors.record import Whose

WHOSE = Whose(server="Demo", login=1001, name="main", currency="USD", digits=2, zone="UTC")
DAY = 1_772_409_600_000
"""Monday 2026-03-02 00:00 UTC."""


def beat(at_ms: int, equity: float = 10_000.0, low: float | None = None, balance: float = 10_000.0) -> Beat:
    return Beat(WHOSE, at_ms, equity, equity if low is None else low, balance)


def points(time_ms: Any, cents: Any, below: int = 0) -> Ints:
    """Points of the record: their times, their equity in cents, how far below it each beat went."""
    time, last = np.array(time_ms, dtype=np.int64), np.array(cents, dtype=np.int64)
    return np.stack([time, last, np.full_like(last, below), np.zeros_like(last), np.full_like(last, 1_000_000)])


def frame(reading: Reading | None, name: str = "main", **changes: Any) -> Frame:
    shown: dict[str, Any] = {
        "name": name, "login": 1001, "server": "Demo", "mode": "armed", "link": Link.LIVE, "reason": "",
        "as_of_ms": None, "reading": reading, **changes,
    }  # fmt: skip
    return Frame(number=1, at_ms=0, accounts=(AccountFrame(**shown),), alerts=())


def written(path: Path, *batches: list[Any]) -> Reader:
    """An archive that holds these batches, open for reading."""
    store = Store(path)
    for batch in batches:
        store.write(batch)
    store.close()
    return Reader(path)
