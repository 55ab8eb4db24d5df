"""What the program tells its watchdog, line by line, and what the watchdog makes of it; nothing but the library."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from enum import StrEnum

BYE = b"bye\n"
EVERY_S = 0.5
SILENT_S = 5.0
START_S = 30.0
"""Until the first beat: terminals are found and warmed up."""
GAP_S = 2.0
"""Time that passed without us: the machine slept, or we were stopped; what stood still then proves nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pulse:
    """One heartbeat. `window` is None where there is none; `answered`: a person has seen the window's own alarm."""

    window: int | None
    worker: int
    armed: bool
    answered: bool = False
    accounts: tuple[str, ...] = ()

    def line(self) -> bytes:
        """As it crosses the pipe."""
        return json.dumps(asdict(self)).encode() + b"\n"


def read(line: bytes) -> Pulse | None:
    """The pulse of a line; None for what is none."""
    try:
        found = json.loads(line)
        return Pulse(**{**found, "accounts": tuple(found["accounts"])})
    except (ValueError, TypeError, KeyError):
        return None


class Trouble(StrEnum):
    """What can be wrong with a program, worst first."""

    DIED = "died"
    SILENT = "silent"
    WORKER = "worker"
    WINDOW = "window"


class End(StrEnum):
    """How the pipe ended."""

    BYE = "bye"
    BROKEN = "broken"


class Judge:
    """Which trouble there is; told what was heard and what time it is, and asks for neither."""

    def __init__(self, worker_s: float, now_s: float) -> None:
        """`worker_s`: how long the worker's counter may stand still."""
        self._worker_s = worker_s
        self._asked_s = self._heard_s = self._window_s = self._worker_at_s = now_s
        self._ended = False
        self.last = Pulse(window=None, worker=0, armed=False)

    def heard(self, pulse: Pulse, now_s: float) -> None:
        """A line came; after a silence both counters have their whole time again."""
        if now_s - self._heard_s > GAP_S:
            self._window_s = self._worker_at_s = now_s
        self._heard_s = now_s
        if pulse.window is None or pulse.window != self.last.window:
            self._window_s = now_s
        if pulse.worker != self.last.worker:
            self._worker_at_s = now_s
        self.last = pulse

    def ended(self) -> None:
        """The pipe ended without a goodbye."""
        self._ended = True

    def verdict(self, now_s: float) -> Trouble | None:
        """The worst there is; after a time without us everything has its whole time again."""
        if now_s - self._asked_s > GAP_S:
            self._heard_s = self._window_s = self._worker_at_s = now_s
        self._asked_s = now_s
        if self._ended:
            return Trouble.DIED
        if now_s - self._heard_s > SILENT_S:
            return Trouble.SILENT
        patience_s = self._worker_s if self.last.worker else max(self._worker_s, START_S)
        if now_s - self._worker_at_s > patience_s and not self.last.answered:
            return Trouble.WORKER
        return Trouble.WINDOW if now_s - self._window_s > SILENT_S else None

    def since(self, trouble: Trouble) -> float:
        """How long ago the last sign of what is in trouble came, as of the last verdict."""
        last_s = {Trouble.WORKER: self._worker_at_s, Trouble.WINDOW: self._window_s}.get(trouble, self._heard_s)
        return self._asked_s - last_s
