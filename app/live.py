"""What is under way for one account: open requests, refusals, fills not shown yet."""

from __future__ import annotations

from dataclasses import dataclass, field

from app.attempts import Attempts
from monitors.model import Instrument
from monitors.outcomes import Request


@dataclass(slots=True)
class Live:
    """What is under way; rebuilt from the journal at a start."""

    requests: dict[int, Request] = field(default_factory=dict)
    attempts: dict[int, Attempts] = field(default_factory=dict)
    shown_as: dict[int, tuple[int, float]] = field(default_factory=dict)
    """Position to the most steps it may still show after a proven fill, and until when that is waited for."""
    told: dict[int, str] = field(default_factory=dict)
    sends_s: list[float] = field(default_factory=list)
    alarms: dict[tuple[str, str], int] = field(default_factory=dict)
    """Symbol and reason to the alert about it."""
    instruments: dict[str, Instrument] = field(default_factory=dict)
