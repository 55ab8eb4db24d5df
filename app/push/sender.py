"""`python -m app.push.sender`: the process that reaches one target by Apprise; it is told a line, and answers a line.

The first line names the target, each further one is a message. It keeps nothing and may be killed at any moment.
"""

from __future__ import annotations

import logging
import os
import sys
from contextlib import suppress
from typing import Any, BinaryIO

import msgspec

from app.push.targets import Unresolved, address, secrets
from bridge.children import answers, die_with_parent
from monitors.masking import masked

CONNECT_S, READ_S = 5.0, 8.0
MEMORY = 512 * 1024 * 1024
"""A service that answers without end fills no more than that."""
POLITE = 5


class Asked(msgspec.Struct, frozen=True):
    """A message, or the target at first."""

    title: str = ""
    body: str = ""
    target: str = ""


class Answered(msgspec.Struct, frozen=True):
    """Whether the service took it, and what it said, masked; `lasting`: trying again mends nothing."""

    ok: bool
    said: str
    lasting: bool = False


class Sender:
    """One target's service."""

    def __init__(self) -> None:
        self._service: Any = None
        self._hidden: set[str] = set()
        self._heard = _Heard()

    def attach(self, target: str) -> Answered:
        """Find the address and the service behind it; its name."""
        try:
            url = address(target)
        except Unresolved as error:
            return Answered(ok=False, said=str(error), lasting=True)
        self._hidden = secrets(url)
        return self._safely(url)

    def _safely(self, url: str) -> Answered:
        try:
            return self._attach(url)
        except Exception as error:  # noqa: BLE001 -- as for a message
            return self._failed(error)

    def _attach(self, url: str) -> Answered:
        import apprise  # noqa: PLC0415 -- an extra, and slow to import

        logging.getLogger("apprise").addHandler(self._heard)
        service = apprise.Apprise(asset=apprise.AppriseAsset(app_id="Plimsoll", async_mode=False))
        if not service.add(url):
            return Answered(ok=False, said="Apprise does not know such an address", lasting=True)
        for each in service:
            each.socket_connect_timeout, each.socket_read_timeout = CONNECT_S, READ_S
        self._service = service
        return Answered(ok=True, said=str(service[0].service_name))

    def deliver(self, asked: Asked) -> Answered:
        """One message, once attached."""
        self._heard.lines.clear()
        try:
            taken = bool(self._service.notify(title=asked.title, body=asked.body, body_format="text"))
        except Exception as error:  # noqa: BLE001 -- a hundred services fail in as many ways, and none of them is ours
            return self._failed(error)
        said = "; ".join(self._heard.lines) or ("taken" if taken else "not taken, for no reason that it says")
        return Answered(ok=taken, said=masked(said, self._hidden))

    def _failed(self, error: Exception) -> Answered:
        return Answered(ok=False, said=masked(f"{type(error).__name__}: {error}", self._hidden))


class _Heard(logging.Handler):
    """What Apprise logs of a service's answer."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(record.getMessage())


def serve(source: BinaryIO, sink: BinaryIO) -> None:
    """Answer lines until they end, or the first names no target."""
    sender = Sender()

    def say(answered: Answered) -> bool:
        sink.write(msgspec.json.encode(answered) + b"\n")
        sink.flush()
        return answered.ok

    if say(sender.attach(_asked(source.readline()).target)):
        for line in source:
            say(sender.deliver(_asked(line)))


def _asked(line: bytes) -> Asked:
    return msgspec.json.decode(line, type=Asked)


def _be_modest() -> None:
    """No beat waits for a message's processor time, and no answer fills the machine."""
    if sys.platform != "win32":
        import resource  # noqa: PLC0415 -- not on Windows

        os.nice(POLITE)
        with suppress(OSError, ValueError):
            resource.setrlimit(resource.RLIMIT_DATA, (MEMORY, MEMORY))


if __name__ == "__main__":
    die_with_parent()
    _be_modest()
    serve(sys.stdin.buffer, answers())
