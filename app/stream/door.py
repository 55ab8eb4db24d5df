"""Who may connect: each request is looked at before anything is answered, and refused unless all of it is right."""

from __future__ import annotations

from collections.abc import Callable, Collection
from http import HTTPStatus
from typing import TYPE_CHECKING

from websockets.http11 import Request, Response

from app.stream.asked import Refused, asked, parameters
from app.stream.page import Page
from app.stream.token import Token, TokenError
from monitors.settings import StreamSettings

if TYPE_CHECKING:
    from app.stream.connection import ClientConnection

PAGE, STREAM = "/", "/stream"
PROTOCOL, BEARER = "plimsoll", "token."
"""What a browser offers, which cannot set headers: both as subprotocols, the second followed by the token."""
HTTP_PORT = 80
SHOWS = "plimsoll stream token shows it"
FIXED = {
    "Cache-Control": "no-store", "Cross-Origin-Resource-Policy": "same-origin", "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff", "X-Frame-Options": "DENY",
}  # fmt: skip
"""Headers of every answer."""


class _Denied(Exception):
    def __init__(self, status: HTTPStatus, text: str) -> None:
        super().__init__(text)
        self.status = status


class Door:
    """Asked from the threads of the connections. `room` takes a seat for a client; False where all are taken."""

    def __init__(self, settings: StreamSettings, names: Collection[str], token: Token,
                 room: Callable[[ClientConnection], bool]) -> None:  # fmt: skip
        host = f"[{settings.host}]" if ":" in settings.host else settings.host
        hosts = {host, "localhost"}
        self._hosts = {f"{name}:{settings.port}" for name in hosts}
        self._hosts |= hosts if settings.port == HTTP_PORT else set()
        self._origins = {f"http://{name}" for name in self._hosts} | set(settings.origins)
        self._names = names
        self._token = token
        self._room = room
        self._page = Page()

    def answer(self, connection: ClientConnection, request: Request) -> Response | None:
        """The page or a refusal; None lets a client of the stream in, with what it asked for and its token noted."""
        try:
            return self._answer(connection, request)
        except _Denied as denied:
            response = connection.respond(denied.status, f"{denied}\n")
        except Refused as refused:
            response = connection.respond(HTTPStatus.BAD_REQUEST, f"{refused}\n")
        except TokenError as error:
            response = connection.respond(HTTPStatus.SERVICE_UNAVAILABLE, f"{error}\n")
        response.headers.update(FIXED)
        if response.status_code == HTTPStatus.UNAUTHORIZED:
            response.headers["WWW-Authenticate"] = "Bearer"
        return response

    def still(self, connection: ClientConnection) -> bool:
        """Whether a client's token is still the one that opens."""
        return self._token.still_fits(connection.token)

    def _answer(self, connection: ClientConnection, request: Request) -> Response | None:
        host = _only(request, "Host")
        if host not in self._hosts:
            raise _Denied(HTTPStatus.MISDIRECTED_REQUEST, "the Host is not this machine's own name for the stream")
        if "Origin" in request.headers and _only(request, "Origin") not in self._origins:
            raise _Denied(HTTPStatus.FORBIDDEN, "pages of that origin may not connect; see origins under [stream]")
        path, mark, query = request.path.partition("?")
        if path == PAGE and not mark:
            return self._shown(connection, host)
        if path != STREAM:
            raise _Denied(HTTPStatus.NOT_FOUND, f"there are {PAGE} (the page) and {STREAM} alone")
        wanted = parameters(query)
        connection.token = self._given(request)
        connection.asked = asked(wanted, self._names)
        if not self._room(connection):
            raise _Denied(HTTPStatus.SERVICE_UNAVAILABLE, "as many clients as may be are connected already")
        return None

    def _shown(self, connection: ClientConnection, host: str) -> Response:
        response = connection.respond(HTTPStatus.OK, "")
        for name in ("Content-Type", "Content-Length"):
            del response.headers[name]
        response.body = self._page.body
        response.headers.update({**FIXED, **self._page.headers(host), "Content-Length": str(len(self._page.body))})
        return response

    def _given(self, request: Request) -> str:
        """The token, once it is found right; one in the wrong place is none."""
        header = request.headers.get_all("Authorization")
        given = [one.removeprefix("Bearer ") for one in header if one.startswith("Bearer ")]
        given += [one.removeprefix(BEARER) for one in offered(request) if one.startswith(BEARER)]
        if len(given) != 1:
            raise _Denied(HTTPStatus.UNAUTHORIZED, f"a token is wanted in the header Authorization: Bearer; {SHOWS}")
        if not self._token.fits(given[0]):
            raise _Denied(HTTPStatus.UNAUTHORIZED, f"that is not the token; {SHOWS}")
        return given[0]


def offered(request: Request) -> list[str]:
    """The subprotocols that a browser names."""
    return [one.strip() for header in request.headers.get_all("Sec-WebSocket-Protocol") for one in header.split(",")]


def _only(request: Request, name: str) -> str:
    """A header that may be there once; empty where it is not there, or more than once."""
    found = request.headers.get_all(name)
    return found[0] if len(found) == 1 else ""
