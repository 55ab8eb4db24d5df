"""`python -m app.push.sender`: one message to one address, by Apprise; asked on stdin, and killed where it is late."""

from __future__ import annotations

import logging
import os
import sys
from contextlib import suppress

import msgspec

from app.push.targets import Unresolved, address, secrets
from bridge.oneshot import NoAnswer, answer, ask
from bridge.port import TerminalError
from monitors.masking import masked

WITHIN_S = 30.0
"""All that a message may take, the import and an answer without end included."""
CONNECT_S, READ_S = 5.0, 8.0
MEMORY = 768 * 1024 * 1024
"""A service that answers without end fills no more than that."""
POLITE = 5


class Asked(msgspec.Struct, frozen=True):
    """A target and a message; without a body it is only looked whether the target is one."""

    target: str
    title: str = ""
    body: str = ""


class Answered(msgspec.Struct, frozen=True):
    """Whether the service took it, and what it said, masked; `lasting`: trying again mends nothing."""

    ok: bool
    said: str
    lasting: bool = False


def send(asked: Asked) -> Answered:
    """By a process of its own; whatever that does, there is an answer within WITHIN_S."""
    try:
        return ask("app.push.sender", asked, Answered, WITHIN_S)
    except NoAnswer as late:
        return Answered(ok=False, said=masked(late.reason))
    except (TerminalError, OSError) as error:
        return Answered(ok=False, said=masked(str(error)))


def deliver(asked: Asked) -> Answered:
    """In that process."""
    _be_modest()
    try:
        url = address(asked.target)
    except Unresolved as error:
        return Answered(ok=False, said=str(error), lasting=True)
    hidden = secrets(url)
    try:
        return _through_apprise(url, asked, hidden)
    except Exception as error:  # noqa: BLE001 -- a hundred services fail in as many ways, and none of them is ours
        return Answered(ok=False, said=masked(f"{type(error).__name__}: {error}", hidden))


def _through_apprise(url: str, asked: Asked, hidden: set[str]) -> Answered:
    import apprise  # noqa: PLC0415 -- an extra, and slow to import

    heard = _Heard()
    logging.getLogger("apprise").addHandler(heard)
    asset = apprise.AppriseAsset(app_id="Plimsoll", async_mode=False)
    service = apprise.Apprise(asset=asset)
    if not service.add(url):
        return Answered(ok=False, said="Apprise does not know such an address", lasting=True)
    for each in service:
        each.socket_connect_timeout, each.socket_read_timeout = CONNECT_S, READ_S
        name = str(each.service_name)
    if not asked.body:
        return Answered(ok=True, said=name)
    taken = service.notify(title=asked.title, body=asked.body, body_format=apprise.NotifyFormat.TEXT)
    said = "; ".join(heard.lines) or (f"taken by {name}" if taken else f"{name} did not take it and says no reason")
    return Answered(ok=bool(taken), said=masked(said, hidden))


class _Heard(logging.Handler):
    """What Apprise logs of a service's answer."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(record.getMessage())


def _be_modest() -> None:
    """No beat waits for a message's processor time, and no answer fills the machine."""
    if sys.platform != "win32":
        import resource  # noqa: PLC0415 -- not on Windows

        os.nice(POLITE)
        with suppress(OSError, ValueError):
            resource.setrlimit(resource.RLIMIT_DATA, (MEMORY, MEMORY))


if __name__ == "__main__":
    sys.exit(answer(deliver, Asked))
