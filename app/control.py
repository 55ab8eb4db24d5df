"""How `status`, `acknowledge`, `reset` and `stop` reach a running instance: one JSON line each way over loopback.

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

FILE = "instance.json"
LONGEST = 65_536
TIMEOUT_S = 5.0

Answer = Callable[[dict[str, Any]], dict[str, Any]]


class NotRunning(Exception):
    """No instance answers; the text says where it was looked for."""


class Listener:
    """Serves one request a connection until closed; `answer` runs in the listener's thread."""

    def __init__(self, folder: Path, answer: Answer) -> None:
        self._file = folder / FILE
        self._answer = answer
        self._secret = secrets.token_hex(32)
        self._socket = socket.create_server(("127.0.0.1", 0))
        self._thread = threading.Thread(target=self._serve, name="control", daemon=True)
        self._write()
        self._thread.start()

    def close(self) -> None:
        """Stop listening and take the file away."""
        with suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        self._thread.join()
        self._file.unlink(missing_ok=True)

    def _write(self) -> None:
        facts = {"port": self._socket.getsockname()[1], "secret": self._secret, "pid": os.getpid()}
        fresh = self._file.with_suffix(".new")
        with suppress(FileNotFoundError):
            fresh.unlink()
        with os.fdopen(os.open(fresh, os.O_CREAT | os.O_WRONLY | os.O_EXCL, 0o600), "wb") as file:
            file.write(msgspec.json.encode(facts))
        fresh.replace(self._file)

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            with connection, suppress(OSError, msgspec.DecodeError, msgspec.ValidationError):
                connection.settimeout(TIMEOUT_S)
                asked = msgspec.json.decode(_line(connection), type=dict[str, Any])
                told = str(asked.pop("secret", ""))
                if hmac.compare_digest(told.encode(), self._secret.encode()):
                    connection.sendall(msgspec.json.encode(self._answer(asked)) + b"\n")


def ask(folder: Path, **request: Any) -> dict[str, Any]:
    """The running instance's answer; NotRunning where none answers within five seconds."""
    try:
        facts = msgspec.json.decode((folder / FILE).read_bytes(), type=dict[str, Any])
        with socket.create_connection(("127.0.0.1", int(facts["port"])), timeout=TIMEOUT_S) as connection:
            connection.sendall(msgspec.json.encode({**request, "secret": facts["secret"]}) + b"\n")
            return msgspec.json.decode(_line(connection), type=dict[str, Any])
    except (OSError, msgspec.DecodeError, msgspec.ValidationError, KeyError, ValueError) as error:
        raise NotRunning(f"no running Plimsoll answers for {folder}") from error


def _line(connection: socket.socket) -> bytes:
    received = b""
    while b"\n" not in received and len(received) < LONGEST:
        part = connection.recv(4096)
        if not part:
            break
        received += part
    return received
