"""The watchdog's window, in a process of its own, so that a display that fails cannot take the watchdog with it."""

from __future__ import annotations

import json
import subprocess
from contextlib import suppress

from app.spawn import start

LEAVE_S = 2.0


class Plaque:
    """At most one window; it ends when a person has seen it, when it is withdrawn, and with the watchdog."""

    def __init__(self) -> None:
        self._window: subprocess.Popen[bytes] | None = None

    def show(self, **words: object) -> None:
        """Show these words, in the window that is there or in a new one."""
        line = json.dumps(words).encode() + b"\n"
        if not (self.waits() and self._told(line)):
            self.withdraw()
            with suppress(OSError):
                self._window = start("ui.alarm_window")
                self._told(line)

    def waits(self) -> bool:
        """Whether a window is there that nobody has answered."""
        return self._window is not None and self._window.poll() is None

    def withdraw(self) -> None:
        """Take the window away."""
        window, self._window = self._window, None
        if window is not None:
            if window.stdin:
                with suppress(OSError):
                    window.stdin.close()
            with suppress(subprocess.TimeoutExpired):
                window.wait(LEAVE_S)
            window.kill()
            window.wait()

    def _told(self, line: bytes) -> bool:
        if self._window is None or self._window.stdin is None:
            return False
        with suppress(OSError):
            self._window.stdin.write(line)
            return True
        return False
