"""How commands and a second start reach a running instance: one JSON line each way over loopback.

The port and a secret of 256 bits stand in a file that only this user can read; it names the process that listens.
"""

from __future__ import annotations

import hmac
import os
import secrets
import socket
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import msgspec

from app.store.folder import LOCK, locked
from bridge.private import put

FILE = "instance.json"
LONGEST = 65_536
"""Bytes of a request; an answer may be as long as it is."""
TIMEOUT_S = 5.0
READ_S = 0.5
"""How long a request may pause: a client that says nothing must not keep a stop waiting."""

Answer = Callable[[dict[str, Any]], dict[str, Any]]


class NotRunning(Exception):
    """No instance answers: the reason says where it was looked for."""

    def __init__(self, reason: str, remedy: str) -> None:
        super().__init__(f"{reason}; {remedy}")
        self.reason = reason
        self.remedy = remedy


class Silent(NotRunning):
    """An instance is there, since it holds the data folder, and does not answer."""

    def __init__(self, folder: Path, pid: int) -> None:
        super().__init__(f"the Plimsoll on {folder} (process {pid}) does not answer",
                         "end that process and start Plimsoll again; plimsoll stop closes without it")  # fmt: skip
        self.pid = pid


class Listener:
    """Serves one request a connection until closed; `answer` runs in the listener's thread and raises nothing.

    Who does not know the secret, or does not speak JSON, is hung up on without a word.
    """

    def __init__(self, folder: Path, answer: Answer) -> None:
        self._file = folder / FILE
        self._answer = answer
        self._secret = secrets.token_hex(32)
        self._closing = False
        self._socket = socket.create_server(("127.0.0.1", 0))
        self._thread = threading.Thread(target=self._serve, name="control", daemon=True)
        try:
            self._write()
        except OSError:
            self._socket.close()
            raise
        self._thread.start()

    def close(self) -> None:
        """Stop listening and take the file away."""
        self._closing = True
        with suppress(OSError), socket.create_connection(self._socket.getsockname(), timeout=TIMEOUT_S):
            pass  # wakes `accept`, which closing the socket alone does not do on every system
        self._thread.join()
        self._socket.close()
        self._file.unlink(missing_ok=True)

    def _write(self) -> None:
        facts = {"port": self._socket.getsockname()[1], "secret": self._secret, "pid": os.getpid()}
        put(self._file, msgspec.json.encode(facts))

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._socket.accept()
            except ConnectionError:  # the client was gone before it was taken
                continue
            with connection, suppress(OSError):
                if self._closing:
                    return
                self._serve_one(connection)

    def _serve_one(self, connection: socket.socket) -> None:
        connection.settimeout(READ_S)
        with suppress(msgspec.DecodeError, UnicodeEncodeError):
            asked = msgspec.json.decode(_line(connection, LONGEST), type=dict[str, Any])
            if hmac.compare_digest(str(asked.pop("secret", "")).encode(), self._secret.encode()):
                answer = msgspec.json.encode(self._answer(asked)) + b"\n"
                connection.settimeout(TIMEOUT_S)
                connection.sendall(answer)


def ask(folder: Path, *, within_s: float = TIMEOUT_S, **request: Any) -> dict[str, Any]:
    """The running instance's answer; NotRunning where none answers in time, Silent where one is there all the same."""
    facts: dict[str, Any] = {}
    try:
        facts = msgspec.json.decode((folder / FILE).read_bytes(), type=dict[str, Any])
        with socket.create_connection(("127.0.0.1", int(facts["port"])), timeout=within_s) as connection:
            connection.sendall(msgspec.json.encode({**request, "secret": facts["secret"]}) + b"\n")
            return msgspec.json.decode(_line(connection), type=dict[str, Any])
    except (OSError, OverflowError, msgspec.DecodeError, KeyError, TypeError, ValueError) as error:
        if isinstance(pid := facts.get("pid"), int) and _held(folder / LOCK):
            raise Silent(folder, pid) from error
        raise NotRunning(f"no running Plimsoll answers for {folder}", "start it, or name its folder: --data") from error


def _held(path: Path) -> bool:
    """Whether an instance holds the data folder; asked only where one has left its file."""
    with suppress(OSError):
        return locked(path)
    return False


def _line(connection: socket.socket, most: int | None = None) -> bytes:
    received = b""
    while b"\n" not in received and (most is None or len(received) < most):
        part = connection.recv(65_536)
        if not part:
            break
        received += part
    return received
