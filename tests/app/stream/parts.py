"""A stream on a port of this machine, and clients of every kind, those included that mean harm."""

from __future__ import annotations

import base64
import json
import re
import socket
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from websockets.sync.client import connect
from websockets.sync.connection import Connection

from app.events import Event, event
from app.stream.server import Stream
from app.stream.token import Token
from bridge.clock import SystemClock
from monitors.settings import StreamSettings
from tests.frame_parts import NOW_MS

FUNDED = "Funded 100k"
PATIENCE_S = 30.0


def free_port() -> int:
    """One that nobody has."""
    with socket.create_server(("127.0.0.1", 0)) as held:
        return int(held.getsockname()[1])


class Served:
    """The stream of three accounts; everything that is connected to it ends with it."""

    def __init__(self, folder: Path, **settings: Any) -> None:
        self.port = free_port()
        self.said: list[str] = []
        self.token = Token(folder, None, SystemClock())
        given = StreamSettings(enabled=True, port=self.port, **settings)
        self.stream = Stream(given, (FUNDED, "Swing", "Gold EA"), self.token, 100, self.said.append)
        self._stack = ExitStack()

    def client(self, query: str = "", *, token: str | None = None, **more: Any) -> Connection:
        """One that is let in, with the token in a header."""
        held = {"Authorization": f"Bearer {token or self.token.current()}"}
        made = connect(f"ws://127.0.0.1:{self.port}/stream{query}", additional_headers=held, proxy=None,
                       ping_interval=None, close_timeout=1, open_timeout=PATIENCE_S, **more)  # fmt: skip
        return self._stack.enter_context(made)

    def ask(self, target: str = "/stream", *, headers: tuple[str, ...] | None = None, **named: str) -> tuple[int, str]:
        """A request for the stream as whoever writes it: status and all of the answer.

        `headers` replaces Host, Origin and token; `named` replaces one of them, empty: it is left out.
        """
        usual = {"Host": f"127.0.0.1:{self.port}", "Authorization": f"Bearer {self.token.current()}", **named}
        lines = headers if headers is not None else tuple(f"{name}: {one}" for name, one in usual.items() if one)
        key = base64.b64encode(bytes(16)).decode()
        head = (f"GET {target} HTTP/1.1", *lines, "Connection: Upgrade", "Upgrade: websocket",
                f"Sec-WebSocket-Key: {key}", "Sec-WebSocket-Version: 13")  # fmt: skip
        with socket.create_connection(("127.0.0.1", self.port), PATIENCE_S) as line:
            line.sendall("\r\n".join((*head, "", "")).encode())
            first = line.recv(65_536).decode(errors="replace")
            found = re.match(r"HTTP/1\.1 (\d+)", first)
            status = int(found[1]) if found else 0
            return status, first if status == 101 else first + _rest(line)

    def stranger(self) -> socket.socket:
        """A connection that says nothing."""
        return self._stack.enter_context(socket.create_connection(("127.0.0.1", self.port), PATIENCE_S))

    def close(self) -> None:
        self.stream.close()
        self._stack.close()


def served(folder: Path, **settings: Any) -> Iterator[Served]:
    """For a fixture."""
    made = Served(folder, **settings)
    yield made
    made.close()


def told(client: Connection) -> dict[str, Any]:
    """The next message."""
    message = client.recv(PATIENCE_S)
    assert isinstance(message, str)
    found = json.loads(message)
    assert isinstance(found, dict)
    return found


def until(client: Connection, **want: Any) -> dict[str, Any]:
    """The next message with these values."""
    while True:
        found = told(client)
        if all(found.get(key) == value for key, value in want.items()):
            return found


def hung_up(line: socket.socket) -> bool:
    """Whether the other end says nothing and goes."""
    try:
        return line.recv(1) == b""
    except ConnectionResetError:  # it had not been taken yet
        return True


def alert_event(number: int, state: str = "raised", account: str = FUNDED, **more: Any) -> Event:
    """As the engine tells it."""
    facts = {"alert": number, "episode": None, "rule": "Margin level", "metric": "margin.level_pct", "value": 118.2,
             "threshold": 120.0, "severity": "critical", "state": state}  # fmt: skip
    return event(NOW_MS, "alert", account, **(facts | more))


def _rest(line: socket.socket) -> str:
    found = b""
    while part := line.recv(65_536):
        found += part
    return found.decode(errors="replace")
