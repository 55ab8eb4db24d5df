"""What waits for one target: merged by alert, held to a rate, and after a failure to a pause that grows."""

from __future__ import annotations

from collections import deque

from app.push.message import Entry

MINUTE_S = 60.0
FIRST_S, LONGEST_S = 2.0, 300.0
"""The pause after a first failure doubles with each further one."""
WAITING = 200
STALE_S = 1_800.0
"""What could not be delivered for so long is let go."""


class Outbox:
    """Times are monotonic seconds of one clock."""

    def __init__(self, per_minute: int) -> None:
        self._per_minute = per_minute
        self._waiting: dict[tuple[str, object], tuple[float, Entry]] = {}
        self._sent_s: deque[float] = deque(maxlen=per_minute)
        self._failures = 0
        self._next_s = 0.0
        self.dropped = 0
        """Entries that had to go unsaid, since the last message that was taken."""

    def put(self, entry: Entry, now_s: float) -> None:
        """To be said; where too much waits the mildest of the oldest goes."""
        since_s, earlier = self._waiting.pop(entry.key, (now_s, None))
        self._waiting[entry.key] = since_s, entry.after(earlier)
        if len(self._waiting) > WAITING:
            del self._waiting[min(self._waiting, key=lambda key: self._waiting[key][1].severity.rank)]
            self.dropped += 1

    def wait_s(self, now_s: float) -> float | None:
        """Seconds until the next message is due; None while there is nothing to say."""
        for key in [key for key, (since_s, _) in self._waiting.items() if now_s - since_s >= STALE_S]:
            del self._waiting[key]
            self.dropped += 1
        if not self._waiting:
            return None
        full = len(self._sent_s) == self._per_minute
        return max(0.0, self._next_s - now_s, self._sent_s[0] + MINUTE_S - now_s if full else 0.0)

    def entries(self) -> list[Entry]:
        """All that waits; they stay until `taken`."""
        return [entry for _, entry in self._waiting.values()]

    def taken(self, now_s: float) -> None:
        """The service has them."""
        self._waiting.clear()
        self._sent_s.append(now_s)
        self._failures, self._next_s, self.dropped = 0, 0.0, 0

    def refused(self, now_s: float) -> None:
        """Try again after a pause."""
        self._next_s = now_s + min(LONGEST_S, FIRST_S * 2**self._failures)
        self._failures = min(self._failures + 1, 16)
