"""Clients of a served terminal: attached ones, and raw lines for those who do not keep to the protocol."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from bridge.attach import Attached, Attachment
from bridge.simulator import addressed, remote

PATIENCE_S = 10.0


def attachment(file: Path, name: str = "", login: int = 0) -> Attachment:
    return Attachment(name=name, backend="simulator", path=str(file), login=login)


@contextmanager
def client(file: Path, name: str = "", login: int = 0) -> Iterator[Attached]:
    """Attached and connected; the line is let go of at the end."""
    attached = remote.attach(attachment(file, name, login))
    assert attached.opened(), attached.module.last_error()
    try:
        yield attached
    finally:
        attached.module.shutdown()


@contextmanager
def line(file: Path) -> Iterator[Any]:
    """A bare stream to the listener."""
    address = addressed.read(file)
    assert address
    with (
        socket.create_connection((addressed.HOST, address.port), timeout=PATIENCE_S) as made,
        made.makefile("rwb") as stream,
    ):
        yield stream


class Later:
    """A call that runs beside the test, so that one can see that it has not returned."""

    def __init__(self, call: Callable[[], Any]) -> None:
        self._answer: Any = None
        self._thread = threading.Thread(target=self._run, args=(call,))
        self._thread.start()

    def _run(self, call: Callable[[], Any]) -> None:
        self._answer = call()

    def pending(self, for_s: float) -> bool:
        """Whether it is still running after so long."""
        self._thread.join(for_s)
        return self._thread.is_alive()

    def answer(self) -> Any:
        self._thread.join(PATIENCE_S)
        assert not self._thread.is_alive(), "no answer"
        return self._answer
