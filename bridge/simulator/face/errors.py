"""What `last_error()` says: the codes, their texts, and the state between two calls."""

from collections.abc import Mapping
from typing import Final

from bridge.simulator.backend import Refusal

SUCCESS: Final = (1, "Success")
INVALID_PARAMS: Final = -2
NOT_FOUND: Final = -4
NO_RECEIPT: Final = -10002
NO_CONNECTION: Final = -10004

INVALID: Final = "Invalid arguments"
TOO_MANY: Final = "Invalid number of arguments"
UNNAMED: Final = "Unnamed arguments not allowed"
FIRST: Final = "Invalid 1st unnamed argument"

_CALL_FAILED: Final = "Terminal: Call failed"
_TEXTS: Final = {
    -1: _CALL_FAILED,
    -2: "Terminal: Invalid params",
    -3: "Terminal: Out of memory",
    -4: "Terminal: Not found",
    -5: "Terminal: Incompatible versions, please install the latest version of Terminal and Python module",
    -6: "Terminal: Authorization failed",
    -7: "Terminal: Unsupported function",
    -10000: "IPC call failed",
    -10001: "IPC send failed",
    -10002: "IPC recv failed",
    -10003: "IPC initialize failed",
    -10004: "No IPC connection",
    -10005: "IPC timeout",
}


def named(key: str) -> str:
    return f'Invalid "{key}" argument'


class BadArgument(Exception):
    """An argument that the package itself turns away: -2, and nothing is sent.

    With a `cause` the genuine function returns with an exception set, which CPython reports as SystemError.
    """

    def __init__(self, text: str = INVALID, cause: Exception | None = None) -> None:
        super().__init__(text)
        self.text = text
        self.cause = cause


class LastError:
    """The error of the last call, as `(code, text)`; `(0, '')` before the first.

    `late` is an exception that the genuine package leaves set while it goes on: the request is sent, the answer lost.
    """

    def __init__(self) -> None:
        self.value: tuple[int, str] = (0, "")
        self.late: Exception | None = None

    def clear(self) -> None:
        self.value = SUCCESS
        self.late = None

    def turn_away(self, bad: BadArgument) -> None:
        self.value = (INVALID_PARAMS, bad.text)

    def refuse(self, refusal: Refusal, texts: Mapping[int, str]) -> None:
        """Takes a refusal's own text, else the function's for that code, else the package's."""
        text = refusal.text if refusal.text is not None else texts.get(refusal.code, _TEXTS.get(refusal.code))
        self.value = (refusal.code, _CALL_FAILED if text is None else text)
