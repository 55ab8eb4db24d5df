"""The guard's call for a stop process: a stop is latched, and the terminal does not answer the guard's own hosts."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from monitors.ports import Clock

if TYPE_CHECKING:
    from app.stopping.flattening import Launched

SILENT_S, AGAIN_S = 2.0, 30.0


class Summons:
    """At most one stop process at a time; it has a pipe of its own, which may work where ours does not."""

    def __init__(self, launch: Callable[[], Launched] | None, clock: Clock, say: Callable[[str], None]) -> None:
        """`launch` None: there is nothing that another process could reach."""
        self._launch = launch
        self._clock = clock
        self._say = say
        self._launched: Launched | None = None
        self._not_before_s = 0.0
        self._said = ""

    def watch(self, silent_s: float) -> None:
        """Once a beat while a person's stop is not flat; `silent_s`: how long nothing has been read."""
        if self._launch is None or silent_s < SILENT_S or self._clock.monotonic() < self._not_before_s:
            return
        if self._launched is not None and self._launched.code is None:
            return
        self._not_before_s = self._clock.monotonic() + AGAIN_S
        try:
            self._launched = self._launch()
        except OSError as error:
            self._say_once(f"the stop process cannot be started ({error.strerror or error}): act in MT5")
        else:
            self._say_once("the terminal does not answer: a stop process with a pipe of its own was started")

    def _say_once(self, text: str) -> None:
        if text != self._said:
            self._said = text
            self._say(text)

    def dismiss(self) -> None:
        """End the one that was called from here: a person lifts what it was called for."""
        launched, self._launched = self._launched, None
        if launched is not None:
            launched.kill()
            launched.wait()
