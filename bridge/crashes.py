"""What a process of ours leaves when an error ends it: a report in the data folder, which nothing sends anywhere."""

from __future__ import annotations

import faulthandler
import json
import os
import sys
import threading
import traceback
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import IO

from bridge import private
from bridge.child import CONFIG, WHERE
from bridge.clock import SystemClock
from monitors.masking import masked

FOLDER, TOLD = "crashes", "told.json"
KEPT = 20
MOST = 10
"""Reports of one process: one a place in the code, for a slot can fail with every frame."""
LARGEST = 256 * 1024
_STDERR = 2


class Crashes:
    """One a process. Before `settle` and after `end` nothing is written."""

    def __init__(self) -> None:
        self._folder: Path | None = None
        self._process = self._config = ""
        self._hide: Callable[[str], str] = masked
        self._lines: Callable[[], Iterable[str]] = tuple
        self._known: set[str] = set()
        self._faults: IO[bytes] | None = None
        self._before = (sys.excepthook, threading.excepthook, False)

    def settle(self, folder: Path, process: str, *, config: str = "", hide: Callable[[str], str] = masked,
               lines: Callable[[], Iterable[str]] = tuple) -> None:  # fmt: skip
        """Where reports go from now on, and what they say; `lines` gives the log's last ones."""
        self._folder, self._process, self._config, self._hide, self._lines = folder, process, config, hide, lines
        self._known.clear()

    def begin(self) -> None:
        """Report what nobody catches, and faults too; OSError where the folder cannot be made."""
        if self._folder is None:
            return
        private.folder(self._folder)
        self._faults = (self._folder / f"fault-{self._process}.txt").open("ab")
        self._before = (sys.excepthook, threading.excepthook, faulthandler.is_enabled())
        faulthandler.enable(self._faults)
        sys.excepthook, threading.excepthook = self._hook, self._thread_hook

    def end(self) -> None:
        """As before."""
        self._folder = None
        if self._faults is None:
            return
        sys.excepthook, threading.excepthook, enabled = self._before
        faulthandler.disable()
        if enabled:
            faulthandler.enable(_STDERR)
        self._faults.close()
        self._faults = None

    @property
    def passed_on(self) -> Mapping[str, str]:
        """What a child finds in its environment."""
        return {WHERE: str(self._folder), CONFIG: self._config} if self._folder else {}

    def write(self, error: BaseException) -> Path | None:
        """The report of this error; None where none is written: nowhere to, one of that place is there, a full disk."""
        frames = traceback.extract_tb(error.__traceback__)
        place = f"{type(error).__name__} {frames[-1].filename}:{frames[-1].lineno}" if frames else repr(error)
        if self._folder is None or place in self._known or len(self._known) >= MOST:
            return None
        self._known.add(place)
        now = datetime.fromtimestamp(SystemClock().utc_ms() / 1000, UTC)
        name = f"crash-{now:%Y%m%dT%H%M%S}-{self._process}-{os.getpid()}-{len(self._known)}.txt"
        with suppress(OSError):
            private.put(
                self._folder / name, self._hide(self._text(error, f"{now:%Y-%m-%dT%H:%M:%SZ}"))[:LARGEST].encode()
            )
            for old in sorted(self._folder.glob("crash-*.txt"))[:-KEPT]:
                old.unlink()
            return self._folder / name
        return None

    def _text(self, error: BaseException, at: str) -> str:
        from bridge.versions import lines  # noqa: PLC0415 -- a child has better to do than to import that

        told = "".join(traceback.format_exception(error))
        head = [f"Plimsoll crash report of {at}. It stays on this computer: nothing sends it anywhere.",
                f"process {self._process} {os.getpid()}", f"config {self._config or 'unknown'}"]  # fmt: skip
        return "\n".join([*head, *lines(), "", told, "The log's last lines:", *self._lines(), ""])

    def _hook(self, kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        if issubclass(kind, Exception):
            self.write(error)
        self._before[0](kind, error, trace)

    def _thread_hook(self, args: threading.ExceptHookArgs) -> None:
        if args.exc_value is not None and issubclass(args.exc_type, Exception):
            self.write(args.exc_value)
        self._before[1](args)


CRASHES = Crashes()
"""This process's."""


def report(folder: str, process: str, config: str, error: BaseException) -> None:
    """That of a child, which ends or loses a thread by it."""
    here = Crashes()
    here.settle(Path(folder), process, config=config)
    here.write(error)


def news(folder: Path) -> list[Path]:
    """Reports, and files of faults that have grown, since this was last asked; the newest last."""
    with suppress(OSError):
        found = {path.name: path.stat().st_size for path in folder.glob("*.txt")}
        try:
            told = json.loads((folder / TOLD).read_bytes())
        except (OSError, ValueError):
            told = {}
        fresh = [name for name, size in found.items() if size > (told.get(name) or 0)]
        if fresh or told.keys() - found.keys():
            private.put(folder / TOLD, json.dumps(found).encode())
        return sorted((folder / name for name in fresh), key=lambda path: path.stat().st_mtime_ns)
    return []
