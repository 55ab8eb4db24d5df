"""The functions about the connection, the terminal and the account."""

from typing import Any, Final

from bridge.simulator.backend import Refusal
from bridge.simulator.face.arguments import PATH_UNITS, SECRET_UNITS, string, unsigned, unsigned32
from bridge.simulator.face.connection import Calls
from bridge.simulator.face.errors import FIRST, TOO_MANY, BadArgument, named
from bridge.simulator.face.structures import STRUCTURES

_TIMEOUT_MS: Final = 60_000
_MOST_LOGIN_ARGUMENTS: Final = 3
_ACCOUNT: Final = STRUCTURES["AccountInfo"]
_TERMINAL: Final = STRUCTURES["TerminalInfo"]


class TerminalCalls(Calls):
    """initialize, shutdown, login, version, terminal_info, account_info."""

    def initialize(self, /, *args: Any, **kwargs: Any) -> bool:
        """Drops the connection first, even when an argument is wrong; whatever fails leaves none behind."""
        self._backend.stop()
        if len(args) > 1:
            raise BadArgument(TOO_MANY)
        path = string(args[0], PATH_UNITS, FIRST) if args else None
        if "path" in kwargs:
            path = string(kwargs["path"], PATH_UNITS, named("path"))
        timeout_ms = _timeout(kwargs)
        login = unsigned(kwargs["login"], named("login")) if "login" in kwargs else None
        server = _secret("server", kwargs)
        password = _secret("password", kwargs)
        try:
            self._backend.start(path or None, login, password, server, timeout_ms, bool(kwargs.get("portable")))
        except Refusal:
            self._backend.stop()
            raise
        return True

    def shutdown(self) -> bool:
        self._backend.stop()
        return True

    def login(self, /, *args: Any, **kwargs: Any) -> bool:
        """A keyword wins over the same argument by position; login 0 is none."""
        if len(args) > _MOST_LOGIN_ARGUMENTS:
            raise BadArgument(TOO_MANY)
        login = unsigned(args[0], FIRST) if args else 0
        named_by_place = dict(zip(("password", "server"), args[1:], strict=False))
        if "login" in kwargs:
            login = unsigned(kwargs["login"], named("login"))
        timeout_ms = _timeout(kwargs)
        server = _secret("server", named_by_place | kwargs)
        password = _secret("password", named_by_place | kwargs)
        if not login:
            raise BadArgument(named("login"))
        self._terminal.login(login, password, server, timeout_ms)
        return True

    def version(self) -> tuple[int, int, str]:
        return self._terminal.version()

    def terminal_info(self) -> Any:
        return _TERMINAL.fill(self._terminal.terminal())

    def account_info(self) -> Any:
        return _ACCOUNT.fill(self._terminal.account())


def _timeout(kwargs: dict[str, Any]) -> int:
    return unsigned32(kwargs["timeout"], named("timeout")) if "timeout" in kwargs else _TIMEOUT_MS


def _secret(key: str, given: dict[str, Any]) -> str | None:
    """None when missing or empty: neither asks for a login."""
    return (string(given[key], SECRET_UNITS, named(key)) or None) if key in given else None
