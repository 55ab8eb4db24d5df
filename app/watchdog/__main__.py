"""Watches the program from a process of its own (`python -m app.watchdog`): hears its heartbeat, and alarms without it.

It needs nothing but the library while all is well, so that it lives where the program dies.
"""

from __future__ import annotations

import argparse
import os
import queue
import sys
import threading
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from app.watchdog.alarm import LONGEST_S, Bell
from app.watchdog.notice import CAUSES, HEADLINES, guarded, remedies, sentence
from app.watchdog.plaque import Plaque
from app.watchdog.pulse import BYE, SILENT_S, End, Judge, Pulse, Trouble, read
from bridge.children import python
from bridge.clock import SystemClock

if TYPE_CHECKING:
    from monitors.ports import Clock

LOG, INSTANCE = "watchdog.log", "instance.json"
LOOK_S = 0.25
AGAIN_S = 5.0
POLLS = 20

Heard = queue.SimpleQueue[Pulse | End]


class Watchdog:
    """One program's: an alarm an episode, withdrawn by itself when the heartbeat returns."""

    def __init__(self, judge: Judge, clock: Clock, data: Path, plaque: Plaque | None, bell: Bell,
                 config: Path | None = None) -> None:  # fmt: skip
        """`plaque` is None where nothing can be shown; `config` is None where the program has no file."""
        self._judge = judge
        self._clock = clock
        self._data = data
        self._plaque = plaque
        self._bell = bell
        self._stop = stopping(data, config)
        self._trouble: Trouble | None = None
        self._rang_s = 0.0
        self._died: tuple[int, int] | None = None

    def step(self, heard: Pulse | End | None) -> bool:
        """One look, after what was heard since the last; False when there is nothing left to do."""
        now_s = self._clock.monotonic()
        if heard is End.BYE:
            return self._over()
        if heard is End.BROKEN:
            self._judge.ended()
        elif isinstance(heard, Pulse):
            self._judge.heard(heard, now_s)
        trouble = self._judge.verdict(now_s)
        if trouble is not self._trouble:
            self._change(trouble, now_s)
        waits = self._plaque is not None and self._plaque.waits()
        if waits and trouble is Trouble.DIED and self._instance() not in {None, self._died}:
            self._write("Plimsoll runs again.")
            return self._over()
        if waits and now_s - self._rang_s >= AGAIN_S:
            self._ring(now_s)
        return waits or trouble is not Trouble.DIED or self._over()

    def _change(self, trouble: Trouble | None, now_s: float) -> None:
        self._trouble = trouble
        pulse = self._judge.last
        if trouble is None:
            self._write("Plimsoll answers again.")
            if self._plaque:
                self._plaque.withdraw()
            return
        self._died = self._instance()
        self._write(sentence(trouble, pulse))
        self._ring(now_s)
        if self._plaque:
            self._plaque.show(
                headline=HEADLINES[trouble],
                since_ms=self._clock.utc_ms() - round(1000 * self._judge.since(trouble)),
                guarded=guarded(trouble, pulse),
                cause=CAUSES[trouble],
                remedies=remedies(trouble),
                stop=self._stop,
            )

    def _instance(self) -> tuple[int, int] | None:
        """What tells one running program on this data folder from the next; None where none runs."""
        try:
            found = (self._data / INSTANCE).stat()
        except OSError:
            return None
        return found.st_ino, found.st_mtime_ns

    def _ring(self, now_s: float) -> None:
        self._rang_s = now_s
        self._bell.ring()

    def _write(self, text: str) -> None:
        moment = datetime.fromtimestamp(self._clock.utc_ms() / 1000, UTC)
        with suppress(OSError, ValueError):
            sys.stderr.write(f"plimsoll watchdog: {text}\n")
            sys.stderr.flush()
        with suppress(OSError), (self._data / LOG).open("a", encoding="utf-8") as log:
            log.write(f"{moment:%Y-%m-%dT%H:%M:%SZ} {text}\n")

    def _over(self) -> bool:
        if self._plaque:
            self._plaque.withdraw()
        self._bell.quiet(LONGEST_S)
        return False


def stopping(data: Path, config: Path | None) -> tuple[str, ...]:
    """`plimsoll stop` of the program that is watched, in the same Python."""
    file = () if config is None else ("--config", str(config))
    return python("app", "stop", "--data", str(data.absolute()), *file)


def listen(pipe: int, heard: Heard) -> None:
    """Every pulse of a pipe, and then how it ended."""
    rest = b""
    while part := os.read(pipe, 65_536):
        *lines, rest = (rest + part).split(b"\n")
        for line in lines:
            if line + b"\n" == BYE:
                heard.put(End.BYE)
                return
            if pulse := read(line):
                heard.put(pulse)
    heard.put(End.BROKEN)


def main() -> int:
    """Until the program has said goodbye, or has died and a person has seen it."""
    parser = argparse.ArgumentParser(prog="python -m app.watchdog", description=__doc__)
    parser.add_argument("data", type=Path, help="the data folder, for the log")
    parser.add_argument("poll_ms", type=int, help="how often the worker looks")
    parser.add_argument("--display", action="store_true", help="an alarm can be shown here")
    parser.add_argument("--config", type=Path, help="the config file, for a stop")
    args = parser.parse_args()
    clock, heard = SystemClock(), Heard()
    judge = Judge(max(SILENT_S, POLLS * args.poll_ms / 1000), clock.monotonic())
    dog = Watchdog(judge, clock, args.data, Plaque() if args.display else None, Bell(), args.config)
    threading.Thread(target=listen, args=(sys.stdin.fileno(), heard), name="pulse", daemon=True).start()
    while dog.step(_next(heard)):
        pass
    return 0


def _next(heard: Heard) -> Pulse | End | None:
    try:
        return heard.get(timeout=LOOK_S)
    except queue.Empty:
        return None


if __name__ == "__main__":
    sys.exit(main())
