"""What the window asks for, on its way to the worker; a stop that the worker does not take goes to the stop process."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass

from PySide6.QtCore import QObject, QTimer, Signal, SignalInstance

from monitors.ports import (
    Acknowledge,
    ClosePart,
    Command,
    Consent,
    EmergencyStop,
    Loosen,
    Opening,
    Reset,
    Shelve,
    TightenStop,
)

LATE_MS = 100
"""How long the worker may take to take a stop."""

Stop = Callable[[str | None, Callable[[str], None]], None]
"""Has an account, or all, closed by processes of their own; what they say is given on, from any thread."""


@dataclass(slots=True, kw_only=True)
class Posted:
    """A command under way; `apart` once the stop process has it."""

    command: Command
    answer: Future[bool]
    apart: bool = False


class Controller(QObject):
    """Lives in the window's thread. `said` carries a headline and a sentence that the person must read."""

    said = Signal(str, str)
    _answered = Signal(object)

    def __init__(self, post: Callable[[Command], Future[bool]], stop: Stop | None) -> None:
        """`stop` is None where no other process reaches the terminals."""
        super().__init__()
        self._post = post
        self._stop = stop
        self._answered.connect(self._look)

    def send(self, command: Command) -> None:
        """Have it obeyed; what becomes of it is said where it fails."""
        posted = Posted(command=command, answer=self._post(command))
        posted.answer.add_done_callback(lambda _: _emit(self._answered, posted))
        if isinstance(command, EmergencyStop):
            QTimer.singleShot(LATE_MS, self, lambda: self._late(posted))

    def _late(self, posted: Posted) -> None:
        if not posted.answer.done():
            self._failed(posted, f"the worker has not taken it for {LATE_MS} ms")

    def _look(self, posted: Posted) -> None:
        answer = posted.answer
        if answer.cancelled():
            self._failed(posted, "the worker has ended")
        elif error := answer.exception():
            self._failed(posted, f"{type(error).__name__}: {error}")
        elif not answer.result() and not isinstance(posted.command, Acknowledge):
            self._failed(posted, "the worker could not do it")

    def _failed(self, posted: Posted, why: str) -> None:
        command = posted.command
        if posted.apart:
            return
        if isinstance(command, EmergencyStop) and self._stop:
            posted.apart = True
            self.said.emit("EMERGENCY STOP", f"{why[0].upper()}{why[1:]}: the stop process does it")
            self._stop(command.account, lambda line: _emit(self.said, "STOP PROCESS", line))
        else:
            self.said.emit("NOT DONE", f"{_name(command)}: {why}")


def _emit(signal: SignalInstance, *given: object) -> None:
    """From whatever thread; nobody is there to hear it any more once the window is gone."""
    with suppress(RuntimeError):
        signal.emit(*given)


def _name(command: Command) -> str:
    match command:
        case EmergencyStop():
            return "Emergency stop: act in MT5"
        case Reset(account=account):
            return f"Reset of {account or 'all accounts'}"
        case Loosen(account=account):
            return f"Loosening of {account}"
        case Acknowledge(alert=number):
            return f"Acknowledging alert {number}"
        case Shelve(alert=number):
            return f"Shelving alert {number}"
        case Opening(account=account):
            return f"Openings of {account}"
        case Consent(account=account):
            return f"Consent to the backstop of {account or 'all accounts'}"
        case ClosePart(position=position):
            return f"Closing part of position {position}"
        case TightenStop(position=position):
            return f"Tightening the stop of position {position}"
