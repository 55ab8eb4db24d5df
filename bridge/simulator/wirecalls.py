"""How calls on a simulated terminal travel: one JSON object a line each way, numbers and arrays exactly as they were.

A call is `{"call": name, "given": [...], "named": {...}}`; its answer `{"value": ...}` or `{"refused": [code, text]}`.
"""

from __future__ import annotations

import base64
import json
from io import BufferedIOBase
from typing import Any

import numpy as np

from bridge.simulator.backend import RATES, TICKS, Refusal

LONGEST = 65_536
"""Bytes of a request; an answer may be as long as it is."""
CALLS = frozenset({
    "start", "stop", "login", "version", "terminal", "account", "symbols_total", "symbols", "symbol", "select", "tick",
    "ticks_from", "ticks_range", "rates_from", "rates_from_pos", "rates_range", "positions", "orders", "history_orders",
    "history_deals", "history_orders_of", "history_deals_of", "margin", "profit", "check", "send", "book",
    "book_subscribe",
})  # fmt: skip
"""What may be called: the functions of `Backend` and nothing else."""
_DTYPES = {"ticks": TICKS, "rates": RATES}


class Garbled(Exception):
    """A line that is not what it should be."""


def put(stream: BufferedIOBase, frame: dict[str, Any]) -> None:
    """Write one line. The standard library's JSON, because it keeps NaN, infinities and lone surrogates as they are."""
    stream.write(json.dumps(frame, separators=(",", ":"), default=_packed).encode() + b"\n")
    stream.flush()


def take(stream: BufferedIOBase, longest: int = -1) -> dict[str, Any] | None:
    """Read one line; None at the end of the stream, Garbled where it is no JSON object."""
    line = stream.readline(longest)
    if not line:
        return None
    if not line.endswith(b"\n"):
        raise Garbled
    try:
        frame = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise Garbled from error
    if not isinstance(frame, dict):
        raise Garbled
    return frame


def outcome(frame: dict[str, Any]) -> Any:
    """The value of an answer; Refusal where it is one, Garbled where it is neither."""
    match frame:
        case {"value": {"dtype": str(name), "rows": str(rows)}} if name in _DTYPES:
            try:
                return np.frombuffer(base64.b64decode(rows, validate=True), dtype=_DTYPES[name])
            except ValueError as error:
                raise Garbled from error
        case {"value": value}:
            return value
        case {"refused": [int(code), str() | None as text]}:
            raise Refusal(code, text)
    raise Garbled


def _packed(value: Any) -> Any:
    """What JSON has no words for: an array as its kind and its bytes."""
    if isinstance(value, np.ndarray):
        name = next(name for name, dtype in _DTYPES.items() if dtype == value.dtype)
        return {"dtype": name, "rows": base64.b64encode(value.tobytes()).decode()}
    if isinstance(value, np.generic):
        return value.item()
    raise TypeError(f"{type(value).__name__} does not travel")
