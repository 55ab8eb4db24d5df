"""One client's connection: whatever it sends ends it."""

from __future__ import annotations

import socket
import struct
import sys
from typing import Any

from websockets.frames import DATA_OPCODES, CloseCode, Frame
from websockets.protocol import Event
from websockets.sync.server import ServerConnection

from app.stream.asked import Asked
from app.stream.outbox import Outbox

READ_ONLY = "the stream is read-only: whatever is sent to it closes it"
GONE = "the client is gone"
STUCK_S = 10
"""So long a send may wait for a client that takes nothing."""
BUFFER = 64 * 1024
"""Bytes that the system keeps of what a client has not read."""


class ClientConnection(ServerConnection):
    """Its own thread sends what the outbox holds; the library's reads, and has nothing to give on."""

    def __init__(self, *given: Any, **more: Any) -> None:
        self.outbox = Outbox()
        self.asked = Asked()
        self.token = ""
        super().__init__(*given, **more)

    def process_event(self, event: Event) -> None:
        """The library's hook: the request first, then frames, of which pings and pongs alone are welcome."""
        if isinstance(event, Frame) and event.opcode in DATA_OPCODES:
            self.outbox.end(CloseCode.POLICY_VIOLATION, READ_ONLY)
        else:
            super().process_event(event)

    def recv_events(self) -> None:
        """The library's reading thread; where it ends there is nobody to send to."""
        try:
            super().recv_events()
        finally:
            self.outbox.end(CloseCode.GOING_AWAY, GONE)


def bounded(sock: socket.socket) -> None:
    """A client that reads nothing holds little memory, and its thread not for ever."""
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, BUFFER)
    span = struct.pack("@L", 1000 * STUCK_S) if sys.platform == "win32" else struct.pack("@ll", STUCK_S, 0)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDTIMEO, span)
