"""The heartbeat to the watchdog, from a thread that waits for neither window nor worker; starts the watchdog too."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from types import TracebackType
from typing import Self

from app.watchdog.pulse import BYE, EVERY_S, Pulse

Process = subprocess.Popen[bytes]
LEAVE_S = 5.0
"""What a watchdog may take to leave after a goodbye."""
PAUSE = 20
"""Beats between two starts of a watchdog that does not stay."""


class Heart:
    """Beats while entered; a watchdog that is gone is started again. Who leaves by an exception says no bye."""

    def __init__(self, pulse: Callable[[], Pulse], watchdog: Callable[[], Process], say: Callable[[str], None], *,
                 every_s: float = EVERY_S, leave_s: float = LEAVE_S) -> None:  # fmt: skip
        """`watchdog` starts one; `leave_s` is what it may take to leave."""
        self._pulse = pulse
        self._start = watchdog
        self._say = say
        self._every_s, self._leave_s = every_s, leave_s
        self._watchdog: Process | None = None
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._beat, name="heart", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None,
                 trace: TracebackType | None) -> None:  # fmt: skip
        self._over.set()
        self._thread.join(2 * EVERY_S)
        watchdog = self._watchdog
        if watchdog is None:
            return
        in_order = kind is None or not self._pulse().worker  # a guard that never began leaves nobody unguarded
        if in_order:
            if self._thread.is_alive():  # it waits for a watchdog that does not listen
                watchdog.kill()
            self._tell(watchdog, BYE)
        if watchdog.stdin:
            watchdog.stdin.close()
        if in_order:
            with suppress(subprocess.TimeoutExpired):
                watchdog.wait(self._leave_s)
            watchdog.kill()
            watchdog.wait()

    def _beat(self) -> None:
        beats, next_start = 0, 0
        while True:
            if self._watchdog is None and beats >= next_start:
                next_start = beats + PAUSE
                self._begin()
            watchdog = self._watchdog
            if watchdog and not self._tell(watchdog, self._pulse().line()):
                self._watchdog = None
                _end(watchdog)
                self._say("the watchdog has ended or hangs; another is started")
            beats += 1
            if self._over.wait(self._every_s):
                return

    def _begin(self) -> None:
        try:
            self._watchdog = started = self._start()
            if started.stdin and sys.platform != "win32":  # Windows can do that to a pipe from Python 3.12 on
                os.set_blocking(started.stdin.fileno(), False)
        except OSError as error:
            self._say(f"no watchdog: {error.strerror or error}; nothing outside this program watches it")

    def _tell(self, watchdog: Process, line: bytes) -> bool:
        """False where the pipe is broken, or full."""
        if watchdog.stdin is None:
            return False
        with suppress(OSError):
            return watchdog.stdin.write(line) == len(line)
        return False


def _end(watchdog: Process) -> None:
    """End one that does not listen."""
    if watchdog.stdin:
        watchdog.stdin.close()
    watchdog.kill()
    watchdog.wait()
