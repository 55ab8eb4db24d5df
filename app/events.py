"""The events that the stream, the journal and `simulate` share: one object each, keys in a fixed order."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec

Event = dict[str, Any]
Tell = Callable[[Event], None]

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_encoder = msgspec.json.Encoder()


def stamp(utc_ms: int) -> str:
    """UTC with milliseconds: 2026-03-02T08:00:05.000Z."""
    moment = _EPOCH + timedelta(milliseconds=utc_ms)
    return f"{moment:%Y-%m-%dT%H:%M:%S}.{utc_ms % 1000:03d}Z"


def epoch_ms(at: str) -> int:
    """A stamp as UTC epoch milliseconds; ValueError where it is none."""
    return (datetime.fromisoformat(at) - _EPOCH) // timedelta(milliseconds=1)


def event(at_ms: int, name: str, account: str, **body: Any) -> Event:
    """`at`, `event`, `account`, then the event's own keys in the order given."""
    return {"at": stamp(at_ms), "event": name, "account": account, **body}


def line(told: Event) -> bytes:
    """One JSON line; NaN and infinity never get here, and would be null."""
    return _encoder.encode(told) + b"\n"
