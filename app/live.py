"""What is under way for one account: open requests, refusals, fills not shown yet."""

from __future__ import annotations

from dataclasses import dataclass, field

from app.attempts import Attempts
from bridge.port import Awaited
from monitors.history import History
from monitors.model import Instrument, Quote
from monitors.outcomes import Request
from monitors.ports import Clock

AT_ONCE_MS = 15_000
CAUGHT_UP_S = 10.0
"""After a gap the broker's history may lag: so long it is looked at before its silence counts."""


@dataclass(slots=True)
class Live:
    """What is under way; rebuilt from the journal at a start."""

    requests: dict[int, Request] = field(default_factory=dict)
    awaiting: dict[int, tuple[Awaited, Quote | None]] = field(default_factory=dict)
    """Requests whose receipt is on its way, with the quote at the send."""
    sent_s: dict[int, float] = field(default_factory=dict)
    """Monotonic second of each open request's send, as far as this run knows it."""
    attempts: dict[int, Attempts] = field(default_factory=dict)
    shown_as: dict[int, tuple[int, float]] = field(default_factory=dict)
    """Position to the most steps it may still show after a proven fill, and until when that is waited for."""
    told: dict[int, str] = field(default_factory=dict)
    seen_since_s: float | None = None
    """Since when every beat has brought a reading."""
    alarms: dict[tuple[str, str], int] = field(default_factory=dict)
    """Symbol and reason to the alert about it."""
    instruments: dict[str, Instrument] = field(default_factory=dict)

    def resume(self, clock: Clock, history: History | None) -> None:
        """A start, after which the history was seen last; a run that follows at once has not looked away."""
        if history and clock.utc_ms() - history.seen_ms < AT_ONCE_MS:
            self.seen_since_s = clock.monotonic() - CAUGHT_UP_S

    def seen(self, clock: Clock) -> None:
        """A reading in this beat."""
        self.seen_since_s = clock.monotonic() if self.seen_since_s is None else self.seen_since_s

    def silence_s(self, request: Request, clock: Clock) -> float:
        """How long the broker's records have been silent about a request: since its send, once they were seen in a row.

        One of an earlier run is as old as UTC says when it is first asked about.
        """
        now_s = clock.monotonic()
        earlier_s = (clock.utc_ms() - request.sent_ms - request.stepped_ms) / 1000
        age_s = now_s - self.sent_s.setdefault(request.number, now_s - earlier_s)
        seen_s = 0.0 if self.seen_since_s is None else now_s - self.seen_since_s
        return age_s if seen_s >= CAUGHT_UP_S else 0.0
