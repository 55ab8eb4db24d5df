"""The history store's answers for the charts, from a thread of its own, so that no reading keeps the window waiting."""

from __future__ import annotations

from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

from app.archive.opening import FILE
from app.archive.recorded import recorded
from monitors.stretch import Recorded, Stretch


class StoreRecall:
    """One reading after the other, each on a connection of its own that changes nothing."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / FILE
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="recall")

    def __call__(self, wanted: Stretch) -> Future[Recorded]:
        """What is recorded of it."""
        return self._pool.submit(recorded, self._path, wanted)

    def close(self) -> None:
        """Wait for the reading under way; those behind it are cancelled."""
        self._pool.shutdown(cancel_futures=True)
