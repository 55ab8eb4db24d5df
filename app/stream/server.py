"""The stream as it runs: the port, the clients' threads and their limits, and the engine's way in."""

from __future__ import annotations

import logging
import socket
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from functools import partial
from threading import Lock, Thread, current_thread
from typing import TYPE_CHECKING, Any, cast

from websockets.exceptions import ConnectionClosed
from websockets.frames import CloseCode
from websockets.sync.server import ServerConnection, serve
from websockets.typing import Subprotocol

from app.events import Event
from app.stream.connection import ClientConnection, bounded
from app.stream.door import PAGE, PROTOCOL, STREAM, Door
from app.stream.hub import Hub
from app.stream.token import Token, TokenError, system_vault
from bridge.clock import SystemClock
from monitors.ports import Frame
from monitors.settings import StreamSettings

if TYPE_CHECKING:
    from app.main import Program

MOST_CLIENTS, MOST_CONNECTIONS = 64, 96
"""Clients of the stream; connections of any kind, those included that have not asked for anything yet."""
MOST_SIZE = 1024
"""Bytes of what a client may send before it is cut off; none of it is read."""
PING_S, PONG_S, OPEN_S, CLOSE_S, JOIN_S = 20.0, 20.0, 5.0, 1.0, 3.0
RENEWED, ENDING = "the token was renewed", "Plimsoll is ending"


class Stream:
    """Serves from its construction on; OSError where the port cannot be had."""

    def __init__(self, settings: StreamSettings, names: Collection[str], token: Token, poll_ms: int,
                 say: Callable[[str], None]) -> None:  # fmt: skip
        self._say = say
        self._token = token
        self._lock = Lock()
        self._open: dict[socket.socket, Thread] = {}
        self._seats: dict[socket.socket, ClientConnection] = {}
        self._closing = False
        family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
        listening = socket.create_server((settings.host, settings.port), family=family)
        self._door = Door(settings, names, token, self._seated)
        self._server = serve(
            cast("Any", self._client), sock=listening, create_connection=ClientConnection,
            process_request=cast("Any", self._door.answer), subprotocols=[Subprotocol(PROTOCOL)],
            select_subprotocol=_selected, compression=None, server_header=None, logger=_unlogged(),
            open_timeout=OPEN_S, ping_interval=PING_S, ping_timeout=PONG_S, close_timeout=CLOSE_S,
            max_size=MOST_SIZE, max_queue=1,
        )  # fmt: skip
        self._server.handler = partial(self._connected, self._server.handler)
        self._hub = Hub(SystemClock(), poll_ms, say)
        self._thread = Thread(target=self._serve, name="stream door", daemon=True)
        self._thread.start()

    def tell(self, told: Event) -> None:
        """An event, from the engine's thread."""
        self._hub.tell(told)

    def put(self, frame: Frame) -> None:
        """The newest frame, from the engine's thread."""
        self._hub.put(frame)

    def close(self) -> None:
        """Say goodbye, let every connection go, and end all threads."""
        self._server.shutdown()
        self._thread.join()
        with self._lock:
            self._closing = True
            strangers = [sock for sock in self._open if sock not in self._seats]
            threads = list(self._open.values())
            for connection in self._seats.values():
                connection.outbox.end(CloseCode.GOING_AWAY, ENDING)
        for sock in strangers:
            _cut(sock)
        for thread in threads:
            thread.join(JOIN_S)
        for sock in list(self._open):
            _cut(sock)
        for thread in threads:
            thread.join()
        self._hub.close()

    def _serve(self) -> None:
        try:
            self._token.current()
        except TokenError as error:
            self._say(f"stream: {error}")
        with suppress(OSError):  # Windows says so where the socket is closed under it
            self._server.serve_forever()

    def _connected(self, handle: Callable[[socket.socket, Any], None], sock: socket.socket, address: Any) -> None:
        """One connection from its first byte to its end, in a thread of its own."""
        with self._lock:
            full = self._closing or len(self._open) >= MOST_CONNECTIONS
            if not full:
                self._open[sock] = current_thread()
        if full:
            sock.close()
            return
        try:
            bounded(sock)
            handle(sock, address)
        finally:
            with self._lock:
                del self._open[sock]
                self._seats.pop(sock, None)

    def _seated(self, connection: ClientConnection) -> bool:
        with self._lock:
            there = not self._closing and len(self._seats) < MOST_CLIENTS
            if there:
                self._seats[connection.socket] = connection
        return there

    def _client(self, connection: ClientConnection) -> None:
        """Send what the outbox holds until one of the two ends it."""
        outbox = connection.outbox
        self._hub.join(outbox, connection.asked)
        try:
            while (message := outbox.take()) is not None:
                if not self._door.still(connection):
                    outbox.end(CloseCode.POLICY_VIOLATION, RENEWED)
                    break
                connection.send(message, text=True)
        except ConnectionClosed:
            return
        finally:
            self._hub.leave(outbox)
        connection.close(*outbox.ending)


@contextmanager
def streaming(program: Program, say: Callable[[str], None]) -> Iterator[None]:
    """The stream while a program runs, where its config asks for one; without its port the guard goes on without it."""
    settings = program.config.stream
    token = Token(program.folder, system_vault(), SystemClock())
    names = [terminal.name for terminal in program.config.terminals]
    where = f"{settings.host}:{settings.port}"
    try:
        stream = Stream(settings, names, token, program.config.poll_ms, say)
    except OSError as error:
        say(f"stream: {where} cannot be had ({error.strerror or error}); the guard goes on without a stream: "
            "choose another stream.port")  # fmt: skip
        yield
        return
    say(f"stream: ws://{where}{STREAM}, page http://{where}{PAGE}; its token: plimsoll stream token --data "
        f"{program.folder}")  # fmt: skip
    program.sinks = (*program.sinks, stream.tell)
    program.mailbox.arrived = stream.put
    with closing(stream):
        yield


def _selected(_: ServerConnection, offered: Sequence[Subprotocol]) -> Subprotocol | None:
    """Never the token, which a browser offers beside it."""
    return Subprotocol(PROTOCOL) if PROTOCOL in offered else None


def _cut(sock: socket.socket) -> None:
    with suppress(OSError):
        sock.shutdown(socket.SHUT_RDWR)


def _unlogged() -> logging.Logger:
    """What is asked of the port, tokens among it, reaches no log."""
    logger = logging.getLogger("plimsoll.stream")
    logger.disabled = True
    return logger
