"""What the history store holds of an account, as facts: whose it is, its equity, its alerts, its responses."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from monitors.kinds import Side
from monitors.model import Floats, Ints


@dataclass(frozen=True, slots=True)
class Whose:
    """An account as the archive keeps it: server and login are its identity, the rest is as last seen."""

    server: str
    login: int
    name: str
    currency: str
    digits: int
    zone: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EquityRange:
    """Columns of a picture, oldest first: five arrays of one length; money in account currency, UTC epoch ms.

    Each has the lowest, highest and last equity and the last balance of its stretch, and the time of its first point;
    NaN money is a gap in the data.
    """

    time_ms: Ints
    low: Floats
    high: Floats
    last: Floats
    balance: Floats

    def __len__(self) -> int:
        return len(self.time_ms)


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertRecord:
    """One alert's life; times UTC epoch ms, None where it did not come to that."""

    number: int
    account: str
    rule: str
    metric: str
    severity: str
    threshold: float | None
    value: float | None
    position: int | None
    raised_ms: int
    acknowledged_ms: int | None
    cleared_ms: int | None
    escalated_ms: int | None
    episode: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestRecord:
    """One close that was sent and what came of it; lots."""

    number: int
    position: int
    symbol: str
    side: Side
    lots: float
    filled: float
    state: str
    retcode: int | None
    sent_ms: int
    settled_ms: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ResponseRecord:
    """A plan with the requests that carried it out; `rule` is empty for those of no plan, such as a person's stop."""

    rule: str
    planned_ms: int
    closes: tuple[dict[str, Any], ...]
    requests: tuple[RequestRecord, ...]
    episode: int | None = None
    alert: int | None = None
    """The alert's number."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """What else happened: a start with its config, a halt, money moved, a time unseen."""

    at_ms: int
    kind: str
    amount: float | None
    text: str
