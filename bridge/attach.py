"""From what a config says of a terminal to a session on it in this process."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from bridge.brokerclock import REMEDY, Detected, detect
from bridge.port import TerminalError
from bridge.session import Session
from monitors.ports import Clock


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """One terminal of a config, as far as the bridge needs it.

    `path` is the terminal's program, for a simulated one the file that says where it listens; `login` 0 means any
    account; `clock` names the broker's zone, empty where it has to be found out.
    """

    name: str
    backend: str
    path: str = ""
    login: int = 0
    server: str = ""
    clock: str = ""
    display: str = ""
    """The currency that sums over accounts are shown in, so that its pair is read too; empty: none is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Attached:
    """A module with MetaTrader5's face and the way to its terminal.

    `ready` raises TerminalError where one must not even try, such as on a terminal that its user closed; `connect`
    opens the connection and raises the same where it leads to another terminal. `zone` and `world` are told by
    simulated terminals only.
    """

    module: Any
    ready: Callable[[], None]
    connect: Callable[[], bool]
    zone: str = ""
    world: str = ""

    def opened(self) -> bool:
        """Connect where that may be tried; False where the terminal did not answer."""
        self.ready()
        return self.connect()

    def answering(self) -> None:
        """Connect; TerminalError where that may not be tried, and where the terminal did not answer."""
        if not self.opened():
            code, text = self.module.last_error()
            raise TerminalError(f"the terminal does not answer: {text} ({code})", "look at MetaTrader 5")


def attach(attachment: Attachment) -> Attached:
    """The module for that backend; TerminalError where this machine has none."""
    if attachment.backend == "simulator":
        from bridge.simulator import remote  # noqa: PLC0415 -- a host pays only for the backend that it serves

        return remote.attach(attachment)
    from bridge import metatrader  # noqa: PLC0415 -- the same

    return metatrader.attach(attachment)


def session(attachment: Attachment, clock: Clock, attached: Attached | None = None) -> Session:
    """A session in this process; TerminalError where the broker's clock is not known and cannot be found out."""
    attached = attached or attach(attachment)
    zone = attachment.clock or attached.zone or found_clock(attached, clock).zone
    return Session(attached.module, clock, zone, world=attached.world, connect=attached.opened,
                   display=attachment.display)  # fmt: skip


def found_clock(attached: Attached, clock: Clock) -> Detected:
    """The broker's clock by what its bars and ticks show; TerminalError where they do not show it."""
    attached.answering()
    found = detect(attached.module, clock.utc_ms())
    if not found.zone:
        raise TerminalError(f"the broker's clock is not known: {found.why}", REMEDY)
    return found
