"""The config file while the program runs: a good change is taken, a bad one is told and the last good one kept."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

from app.config import ConfigError, load
from monitors.settings import Config


class Watch:
    """Looks at the file's time and size; reads it again only when they changed."""

    def __init__(self, path: Path, running: Config, say: Callable[[str], None]) -> None:
        self._path = path
        self._running = running
        self._say = say
        self._mark = self._look()
        self.refused: Callable[[str], None] = lambda _: None
        """Told why a change was not taken, besides `say`."""

    def changed(self) -> Config | None:
        """The new config where there is a good one that differs; terminals and data_dir wait for the next start."""
        mark = self._look()
        if mark == self._mark:
            return None
        self._mark = mark
        try:
            fresh = load(self._path, os.environ)
        except ConfigError as error:
            self._say(f"{error}\nThe config before this change stays in force.")
            self.refused(str(error))
            return None
        if fresh.digest == self._running.digest:
            return None
        if (fresh.terminals, fresh.data_dir) != (self._running.terminals, self._running.data_dir):
            self._say(f"{self._path}: changes of [[terminal]] and data_dir take effect at the next start")
        self._running = fresh
        return fresh

    def _look(self) -> tuple[int, int] | None:
        try:
            found = self._path.stat()
        except OSError:
            return None
        return found.st_mtime_ns, found.st_size
