"""`plimsoll stop`: the running instance is asked; where none answers, a process of its own closes each terminal."""

from __future__ import annotations

import argparse
import os
import queue
from collections.abc import Sequence
from functools import partial
from pathlib import Path

from app.attachments import attachment
from app.commands import DONE, FAILED, told, written
from app.commands.remote import folder, own_folder
from app.commands.where import config_path
from app.config import ConfigError, lenient, load
from app.instance.control import NotRunning, ask
from app.stopping.flattening import Launched, launch, out_of_reach
from bridge.attach import Attachment
from bridge.clock import SystemClock
from bridge.crashes import CRASHES
from bridge.crashes import FOLDER as CRASHED
from monitors.settings import TerminalSettings

ANSWER_S = 1.0
"""How long the running instance may take to say that it has latched."""
SILENT_S = 30.0
"""A stop process says how it stands more often than this: one that does not hangs in a call and is replaced."""
LISTEN_S = 0.2
GRACE_S = 2.0
"""A stop process ends at its time by itself: one that has not so long afterwards hangs in a call."""


def stop(args: argparse.Namespace) -> int:
    """Exit 0 where the instance has latched, or where every terminal is flat; 1 otherwise."""
    where = folder(args)
    try:
        answer = ask(where, within_s=ANSWER_S, verb="stop", account=args.account)
    except NotRunning as error:
        answer = {"ok": False, "why": error.reason}
    if answer["ok"]:
        written("emergency stop latched; plimsoll status says when it is flat")
        return DONE
    why = answer.get("why") or "the running Plimsoll stopped nothing"
    if where.resolve() != (own := own_folder(args)).resolve():
        return told(f"{why}; nothing was closed: {where} is not the data folder of this config ({own}), and only its "
                    "own terminals are known; leave --data out, or name the other config with --config",
                    FAILED)  # fmt: skip
    terminals = _terminals(args)
    meant = {i: t for i, t in enumerate(terminals) if args.account in (None, t.name)}
    if not meant:
        names = ", ".join(t.name for t in terminals)
        return told(f'no account "{args.account}"; there are {names}', FAILED)
    reach = {i: attachment(settings, where) for i, settings in meant.items()}
    beyond = {i: reason for i, one in reach.items() if (reason := out_of_reach(one))}
    if len(beyond) == len(reach):
        return told(f"{why}; and {', '.join(f'{reach[i].name}: {r}' for i, r in beyond.items())}", FAILED)
    told(f"{why}; closing by itself", DONE)
    for i, reason in beyond.items():
        told(f"{reach.pop(i).name}: {reason}", FAILED)
    CRASHES.settle(where / CRASHED, "plimsoll stop")
    try:
        return max([Closers(where, reach, args.seconds).run(), FAILED if beyond else DONE])
    finally:
        CRASHES.end()


def _terminals(args: argparse.Namespace) -> Sequence[TerminalSettings]:
    path = config_path(args.config)
    try:
        return load(path, os.environ).terminals
    except ConfigError:
        return lenient.terminals(path, os.environ)


class Closers:
    """The stop processes of one command: their lines as they come, and one that hangs replaced."""

    def __init__(self, where: Path, terminals: dict[int, Attachment], seconds: float | None,
                 silent_s: float = SILENT_S) -> None:  # fmt: skip
        self._where = where
        self._terminals = terminals
        self._seconds = seconds
        self._silent_s = silent_s
        self._clock = SystemClock()
        self._end_s = None if seconds is None else self._clock.monotonic() + seconds
        self._lines: queue.SimpleQueue[tuple[int, str]] = queue.SimpleQueue()
        self._heard_s: dict[int, float] = {}
        self._running = {index: self._start(index) for index in terminals}

    def run(self) -> int:
        """Until all have ended; the worst of their codes. Interrupted, they go on without this one.

        One that hangs past the end of the command's time is ended with it.
        """
        worst = DONE
        try:
            while self._running:
                self._relay()
                for index, process in tuple(self._running.items()):
                    if (code := process.code) is not None:
                        process.wait()
                        del self._running[index]
                        worst = max(worst, FAILED if code else DONE)
                    elif self._end_s is not None and self._clock.monotonic() > self._end_s + GRACE_S:
                        self._give_up(index, process)
                        worst = FAILED
                    elif self._clock.monotonic() - self._heard_s[index] > self._silent_s:
                        self._replace(index, process)
            self._relay()
        except (KeyboardInterrupt, BrokenPipeError):
            numbers = ", ".join(str(process.pid) for process in self._running.values())
            told(f"closing goes on without this command (process {numbers})", FAILED)
            raise
        return worst

    def _start(self, index: int) -> Launched:
        now_s = self._clock.monotonic()
        self._heard_s[index] = now_s
        left_s = None if self._end_s is None else max(0.1, self._end_s - now_s)
        return launch(self._terminals[index], self._where, index, seconds=left_s, heard=partial(self._hear, index))

    def _hear(self, index: int, line: str) -> None:
        self._lines.put((index, line))

    def _relay(self) -> None:
        """What was said, waiting a moment for more."""
        try:
            while True:
                index, line = self._lines.get(timeout=LISTEN_S)
                self._heard_s[index] = self._clock.monotonic()
                written(line)
        except queue.Empty:
            return

    def _give_up(self, index: int, process: Launched) -> None:
        told(f"{self._terminals[index].name}: NOT flat as far as is known after {self._seconds:g} s: its stop process "
             "hangs in a call; the latch holds, start it again: plimsoll stop", FAILED)  # fmt: skip
        process.kill()
        process.wait()
        del self._running[index]

    def _replace(self, index: int, process: Launched) -> None:
        """Killed at any moment and started again it sends nothing twice."""
        told(f"{self._terminals[index].name}: its stop process hangs in a call; another one takes over", FAILED)
        process.kill()
        process.wait()
        self._running[index] = self._start(index)
