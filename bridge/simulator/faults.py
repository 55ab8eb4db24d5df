"""What the broker does wrong with the next orders: one queue, the oldest first."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """The answer a request gets, right or wrong; `retcode` None: no answer at all.

    `executed`: it was carried out all the same, and shows only after `late_ms`.
    """

    retcode: int | None
    executed: bool = False
    late_ms: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Partial:
    """A fill of this share of the volume only."""

    share: float


@dataclass(slots=True)
class Faults:
    """Each order_send that reaches the broker takes the oldest; stops hit meanwhile come before it."""

    queue: deque[Answer | Partial] = field(default_factory=deque)
    stop_hits: list[int] = field(default_factory=list)

    def add(self, fault: Answer | Partial, times: int = 1) -> None:
        self.queue.extend([fault] * times)

    def take(self) -> Answer | Partial | None:
        return self.queue.popleft() if self.queue else None

    def take_stop_hits(self) -> list[int]:
        """Identifiers of the positions whose stop is hit while this request is on its way."""
        hits, self.stop_hits = self.stop_hits, []
        return hits
