"""The alarm's sound: the platform's own player, and a plain bell beside it; never waits, never raises."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

SOUND = Path(__file__).parents[2] / "assets" / "alarm.wav"
PLAYERS = ("afplay", "pw-play", "paplay", "aplay")
LONGEST_S = 3.0
"""A player that has not ended by then hangs."""


def terminal_bell() -> None:
    """The bell of whoever reads stderr on a terminal; a log gets no bell."""
    if sys.stderr.isatty():
        sys.stderr.write("\a")
        sys.stderr.flush()


def on_escalation(ring: Callable[[], None]) -> Callable[[dict[str, Any]], None]:
    """A sink of events that rings for each alert that is told again."""

    def sink(told: dict[str, Any]) -> None:
        if told["event"] == "alert" and told["state"] == "escalated":
            ring()

    return sink


class Bell:
    """Rings with a sound and with `plain`, since a player may be there while nothing can be heard from it."""

    def __init__(self, plain: Callable[[], object] = terminal_bell) -> None:
        self._plain = plain
        self._player: subprocess.Popen[bytes] | None = None

    def ring(self) -> None:
        """Sound the alarm once and return at once; one that still sounds is not doubled."""
        with suppress(Exception):
            self._plain()
        with suppress(Exception):
            self._play()

    def quiet(self, seconds: float = 0.0) -> None:
        """Let what sounds sound out for that long, then end it."""
        player, self._player = self._player, None
        if player is not None:
            with suppress(subprocess.TimeoutExpired):
                player.wait(seconds)
            player.kill()
            player.wait()

    def _play(self) -> None:
        if sys.platform == "win32":
            import winsound  # noqa: PLC0415 -- Windows has it and no other

            winsound.PlaySound(str(SOUND), winsound.SND_FILENAME | winsound.SND_ASYNC | winsound.SND_NODEFAULT)
            return
        if self._player is not None and self._player.poll() is None:
            return
        player = next(filter(None, map(shutil.which, PLAYERS)), None)
        if player:
            nothing = subprocess.DEVNULL
            line = [player, str(SOUND)]
            self._player = subprocess.Popen(line, stdin=nothing, stdout=nothing, stderr=nothing)  # noqa: S603 -- found by its name
