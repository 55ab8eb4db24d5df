"""The server's end: a thread for each client, one connection of its own to the desk that its hello names."""

from __future__ import annotations

import hmac
import secrets
import socket
import socketserver
import threading
from typing import Any

from bridge.port import TerminalError
from bridge.simulator import addressed, wirecalls
from bridge.simulator.backend import Refusal
from bridge.simulator.exchange import Exchange
from bridge.simulator.rehearsal import Rehearsal
from bridge.simulator.terminal import NOT_AUTHORISED, DeskTerminal

HELLO_S = 2.0
"""How long a client may take to say who it is."""
_END_S = 0.05


class Listener(socketserver.ThreadingTCPServer):
    """Answers on loopback from the moment it is made until `close`; `rehearsing` lets clients order events."""

    daemon_threads = True
    block_on_close = False  # a client of a desk that hangs does not keep the process
    request_queue_size = 64

    def __init__(self, exchange: Exchange, *, rehearsing: bool) -> None:
        super().__init__((addressed.HOST, 0), _Client)
        self.exchange = exchange
        self.secret = secrets.token_hex(32)
        self.rehearsal = Rehearsal(exchange) if rehearsing else None
        self._thread = threading.Thread(target=self.serve_forever, args=(_END_S,), name="listener", daemon=True)
        self._thread.start()

    @property
    def port(self) -> int:
        return int(self.server_address[1])

    @property
    def accounts(self) -> tuple[tuple[str, int], ...]:
        """Name and login of each desk, the first one leads."""
        return tuple((desk.name, desk.account.login) for desk in self.exchange.desks.values())

    def close(self) -> None:
        self.shutdown()
        self.server_close()
        self._thread.join()


class _Client(socketserver.StreamRequestHandler):
    """One client from its hello to its end; whoever does not keep to the protocol is hung up on."""

    disable_nagle_algorithm = True
    timeout = HELLO_S
    server: Listener
    connection: socket.socket

    def handle(self) -> None:
        try:
            account = self._greeted()
            if account is not None:
                self.connection.settimeout(None)
                self._serve(account, self.server.exchange.connection(account))
        except (OSError, wirecalls.Garbled):
            return

    def _greeted(self) -> str | None:
        match wirecalls.take(self.rfile, wirecalls.LONGEST):
            case {"secret": str(secret), "name": str(name), "login": int(login)}:
                if hmac.compare_digest(secret.encode(), self.server.secret.encode()):
                    return self._account(name, login)
        return None

    def _account(self, name: str, login: int) -> str | None:
        try:
            account = addressed.chosen(self.server.accounts, name, login)
        except TerminalError as error:
            wirecalls.put(self.wfile, {"refused": [NOT_AUTHORISED, str(error)]})
            return None
        wirecalls.put(self.wfile, {"value": account})
        return account

    def _serve(self, account: str, terminal: DeskTerminal) -> None:
        rehearsal = self.server.rehearsal
        while (frame := wirecalls.take(self.rfile, wirecalls.LONGEST)) is not None:
            if "call" in frame:
                answer = _called(terminal, frame)
                if rehearsal is None or rehearsal.pass_on(account, self.wfile):
                    wirecalls.put(self.wfile, answer)
            elif rehearsal is not None:
                wirecalls.put(self.wfile, rehearsal.obey(account, frame))
            else:
                raise wirecalls.Garbled


def _called(terminal: DeskTerminal, frame: dict[str, Any]) -> dict[str, Any]:
    match frame:
        case {"call": str(name), "given": list(given), "named": dict(named)} if name in wirecalls.CALLS:
            try:
                return {"value": getattr(terminal, name)(*given, **named)}
            except Refusal as refusal:
                return {"refused": [refusal.code, refusal.text]}
    raise wirecalls.Garbled
