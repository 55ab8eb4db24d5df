"""The program's log, in files of bounded size and without secrets; whoever writes to it never waits for the disk."""

from __future__ import annotations

import logging
import queue
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from logging.handlers import QueueHandler, QueueListener, RotatingFileHandler
from pathlib import Path

from bridge import private

LOG = logging.getLogger("plimsoll")
LOG.addHandler(logging.NullHandler())
LOG.propagate = False
FOLDER, FILE = "logs", "plimsoll.log"
LARGEST, KEPT = 1_000_000, 4
WAITING, LAST = 5_000, 100
LONGEST_S = 3.0


class Hidden(logging.Formatter):
    """A line with its traceback, masked as a whole."""

    converter = staticmethod(time.gmtime)

    def __init__(self, hide: Callable[[str], str]) -> None:
        super().__init__("%(asctime)s.%(msecs)03dZ %(levelname)s %(threadName)s: %(message)s", "%Y-%m-%dT%H:%M:%S")
        self._hide = hide

    def format(self, record: logging.LogRecord) -> str:
        return self._hide(super().format(record))


class Passing(QueueHandler):
    """Hands lines on, masked; those that find no room are let go, and counted by nobody: the audit log is complete."""

    def __init__(self, waiting: queue.Queue[logging.LogRecord], last: deque[str]) -> None:
        super().__init__(waiting)
        self._last = last

    def prepare(self, record: logging.LogRecord) -> logging.LogRecord:
        made: logging.LogRecord = super().prepare(record)
        self._last.append(made.getMessage())
        return made

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 -- logging's own name
        """No room, or no words: nothing that is worth a line on stderr for each."""


class _File(RotatingFileHandler):
    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 -- logging's own name
        """A disk that takes nothing ends no guard."""


class _Listener(QueueListener):
    """Ends within some seconds, whatever the disk does."""

    def stop(self) -> None:
        with suppress(queue.Full):
            self.enqueue_sentinel()
        if self._thread is not None:
            self._thread.join(LONGEST_S)
            self._thread = None


@contextmanager
def kept(folder: Path, hide: Callable[[str], str]) -> Iterator[deque[str]]:
    """The log in that data folder; gives its last lines. OSError where the folder takes none."""
    where = folder / FOLDER
    private.folder(where)
    waiting, last = queue.Queue[logging.LogRecord](WAITING), deque[str](maxlen=LAST)
    passing = Passing(waiting, last)
    passing.setFormatter(Hidden(hide))
    file = _File(where / FILE, maxBytes=LARGEST, backupCount=KEPT, encoding="utf-8", delay=True)
    listener = _Listener(waiting, file)
    before = LOG.level
    LOG.setLevel(logging.INFO)
    LOG.addHandler(passing)
    listener.start()
    try:
        yield last
    finally:
        LOG.removeHandler(passing)
        LOG.setLevel(before)
        listener.stop()
        file.close()
