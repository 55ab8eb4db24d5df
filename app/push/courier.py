"""A target's process as its lane sees it: started when there is something to say, killed where it is late."""

from __future__ import annotations

import queue
import subprocess
import threading
from contextlib import suppress
from subprocess import DEVNULL, PIPE

import msgspec

from app.push.sender import Answered, Asked
from bridge.children import python, spawn
from monitors.masking import masked

START_S, WITHIN_S = 90.0, 20.0
"""What a start may take, for Apprise loads every service that it knows; and then a message."""


class Courier:
    """Used in one thread. A process that ended or was killed is followed by another with the next message."""

    def __init__(self, target: str, within_s: float = WITHIN_S) -> None:
        self._target, self._within_s = target, within_s
        self._child: subprocess.Popen[bytes] | None = None
        self._lines: queue.SimpleQueue[bytes] = queue.SimpleQueue()

    def attach(self) -> Answered:
        """Have a process that knows the target; the service's name, or why there is none."""
        if self._child is not None and self._child.poll() is None:
            return Answered(ok=True, said="")
        self.rest()
        self._lines = queue.SimpleQueue()
        try:
            self._child = spawn(python("app.push.sender"), stdin=PIPE, stdout=PIPE, stderr=DEVNULL)
        except OSError as error:
            return Answered(ok=False, said=f"its process cannot be started ({error.strerror or error})")
        threading.Thread(target=_read, args=(self._child, self._lines), name="push answers", daemon=True).start()
        return self._answer(Asked(target=self._target), START_S)

    def send(self, asked: Asked) -> Answered:
        """A message; whatever the service does, there is an answer within START_S and then `within_s`."""
        attached = self.attach()
        return self._answer(asked, self._within_s) if attached.ok else attached

    def rest(self) -> None:
        """End the process; it keeps nothing."""
        child, self._child = self._child, None
        if child is not None:
            child.kill()
            child.wait()
            with suppress(OSError):
                if child.stdin:
                    child.stdin.close()

    def _answer(self, asked: Asked, within_s: float) -> Answered:
        """What the process says; one that is late, or says nothing that can be read, is ended."""
        child = self._child
        if child is None or child.stdin is None:
            return Answered(ok=False, said="its process has ended")
        try:
            child.stdin.write(msgspec.json.encode(asked) + b"\n")
            child.stdin.flush()
            answered = msgspec.json.decode(self._lines.get(timeout=within_s), type=Answered)
        except queue.Empty:
            why = f"no answer within {within_s:g} s"
        except (OSError, msgspec.DecodeError):
            why = "its process has ended"
        else:
            if not answered.ok and answered.lasting:
                self.rest()
            return msgspec.structs.replace(answered, said=masked(answered.said))
        self.rest()
        return Answered(ok=False, said=why)


def _read(child: subprocess.Popen[bytes], lines: queue.SimpleQueue[bytes]) -> None:
    """Every line, and an empty one at the end."""
    if child.stdout is not None:
        with child.stdout:
            for line in child.stdout:
                lines.put(line)
    lines.put(b"")
