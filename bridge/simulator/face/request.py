"""A trade request as order_check and order_send read it: a dict or keywords, field by field in the genuine order."""

from collections.abc import Callable
from typing import Any, Final

from bridge.simulator.backend import Row
from bridge.simulator.face.arguments import real, signed, string, unsigned, unsigned32
from bridge.simulator.face.errors import TOO_MANY, UNNAMED, BadArgument, named
from bridge.simulator.face.structures import KINDS, STRUCTURES

_REQUEST: Final = STRUCTURES["TradeRequest"]
_MISSING: Final = object()


def _text(value: Any, text: str) -> str:
    return string(value, text=text)


_READERS: Final[dict[str, Callable[[Any, str], int | float | str]]] = {
    "float": real,
    "str": _text,
    "int": unsigned,
}
_OWN_READERS: Final = {
    "action": unsigned32,
    "type": unsigned32,
    "type_filling": unsigned32,
    "type_time": unsigned32,
    "expiration": signed,
}
_FIELDS: Final = tuple(
    (field, _OWN_READERS.get(field, _READERS[kind]), KINDS[kind](), named(field))
    for field, kind in _REQUEST.kinds.items()
)


def read_request(args: tuple[Any, ...], kwargs: dict[str, Any]) -> Row:
    """All seventeen fields; what is not given is zero or empty.

    Nothing is required and no other key is looked at, so `order_send(request={...})` is an order of zeros.
    """
    if len(args) > 1 or not (args or kwargs):
        raise BadArgument(TOO_MANY)
    if args and kwargs:
        raise BadArgument(UNNAMED)
    given = args[0] if args else kwargs
    if not isinstance(given, dict):
        raise BadArgument
    request: Row = {}
    for field, read, zero, text in _FIELDS:
        value = dict.get(given, field, _MISSING)
        request[field] = zero if value is _MISSING else read(value, text)
    return request


def echo(request: Row) -> Any:
    return _REQUEST.fill(request)
