"""What is under way for one account: open requests, refusals, fills not shown yet."""

from __future__ import annotations

from dataclasses import dataclass, field

from app.attempts import Attempts
from bridge.port import Awaited
from monitors.history import History
from monitors.model import Instrument, Quote
from monitors.outcomes import Request, Retry
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
    attempts: dict[int | str, Attempts] = field(default_factory=dict)
    """Refusals in a row, by the identifier of a position, by a symbol whose market or permission they are about, and
    under "" those of the whole account."""
    barred: set[str] = field(default_factory=set)
    """Symbols whose broker refused to close positions by each other in this run."""
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

    @property
    def open_requests(self) -> list[Request]:
        """Requests whose outcome is not proven, oldest first."""
        return [r for r in self.requests.values() if r.open]

    @property
    def blocked(self) -> frozenset[int]:
        """Positions with an open request, or with a fill that is not shown yet."""
        return frozenset(p for r in self.open_requests for p in r.positions) | frozenset(self.shown_as)

    @staticmethod
    def places(position: int, symbol: str, by: int = 0) -> tuple[int | str, ...]:
        """Under which keys refusals may stand that hold for a position; the symbol and the account come last."""
        return (position, by, symbol, "") if by else (position, symbol, "")

    def ready(self, position: int, symbol: str, now_s: float, quote: Quote | None) -> bool:
        """Whether nothing that was refused has to wait any longer."""
        found = (self.attempts.get(place) for place in self.places(position, symbol))
        return all(attempts is None or attempts.ready(now_s, quote) for attempts in found)

    def probe(self, symbol: str, now_s: float) -> None:
        """One request goes out to see whether what held for all of the symbol, or of the account, still does."""
        for place in (symbol, ""):
            if place in self.attempts:
                self.attempts[place].probe(now_s)

    def permitted(self) -> None:
        """A person has to allow trading, and the terminal shows it: once it is allowed nothing waits."""
        for attempts in self.attempts.values():
            if attempts.retry is Retry.PERMISSION:
                attempts.not_before_s = 0.0

    def seen(self, clock: Clock) -> None:
        """A reading in this beat."""
        self.seen_since_s = clock.monotonic() if self.seen_since_s is None else self.seen_since_s

    def silence_s(self, request: Request, clock: Clock) -> float:
        """How long the broker's records have been silent about a request: since its send, once they were seen in a row.

        One of an earlier run is as old as UTC says when it is first asked about, and never younger than it was sent.
        """
        now_s = clock.monotonic()
        earlier_s = max(0.0, (clock.utc_ms() - request.sent_ms - request.stepped_ms) / 1000)
        age_s = now_s - self.sent_s.setdefault(request.number, now_s - earlier_s)
        seen_s = 0.0 if self.seen_since_s is None else now_s - self.seen_since_s
        return age_s if seen_s >= CAUGHT_UP_S else 0.0
