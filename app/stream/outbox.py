"""What waits for one client: events in order, of each update the newest alone, and never more than a bound."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from threading import Condition

from websockets.frames import CloseCode

Place = tuple[str, str]
"""Account and kind of update."""
Update = tuple[Place, bytes]
MOST_EVENTS = 512
MOST_BYTES = 768 * 1024
"""Of events and updates together; a message that is being sent counts no more."""
SLOW = "too slow: too many events were waiting; connect again for a new snapshot"


class Outbox:
    """Filled by the hub without waiting, emptied by the client's own thread.

    An update that nobody took is replaced by the next of its place; that one says how many were left out (`conflated`),
    and `seq` skips as many. Events are never left out: where too many wait the client is dropped and told why.
    """

    def __init__(self) -> None:
        self._there = Condition()
        self._events: deque[bytes] = deque()
        self._updates: dict[Place, tuple[bytes, int]] = {}
        """Body, and how many before it nobody took, by what it is an update of."""
        self._bytes = 0
        self._seq = 0
        self._ending: tuple[int, str] | None = None

    @property
    def ending(self) -> tuple[int, str]:
        """Close code and reason."""
        return self._ending or (CloseCode.NORMAL_CLOSURE, "")

    def event(self, body: bytes) -> None:
        """One more JSON object, to be sent whatever else comes."""
        with self._there:
            if self._ending is None:
                self._events.append(body)
                self._bounded(len(body))

    def update(self, updates: Iterable[Update]) -> None:
        """The newest of each place."""
        with self._there:
            for place, body in updates if self._ending is None else ():
                before, left_out = self._updates.get(place, (b"", -1))
                self._updates[place] = body, left_out + 1
                self._bounded(len(body) - len(before))

    def end(self, code: int, reason: str) -> None:
        """Send nothing more; the first reason stands."""
        with self._there:
            self._end(code, reason)

    def take(self) -> bytes | None:
        """The next message, once there is one; None once it is over."""
        with self._there:
            self._there.wait_for(lambda: self._ending or self._events or self._updates)
            if self._ending:
                return None
            if self._events:
                body, left_out = self._events.popleft(), 0
            else:
                body, left_out = self._updates.pop(next(iter(self._updates)))
            self._bytes -= len(body)
            self._seq += 1 + left_out
            said = b',"conflated":%d' % left_out if left_out else b""
            return b'%b%b,"seq":%d}' % (body[:-1], said, self._seq)

    def _bounded(self, more: int) -> None:
        self._bytes += more
        if len(self._events) > MOST_EVENTS or self._bytes > MOST_BYTES:
            self._end(CloseCode.TRY_AGAIN_LATER, SLOW)
        self._there.notify()

    def _end(self, code: int, reason: str) -> None:
        if self._ending is None:
            self._ending = code, reason
            self._events.clear()
            self._updates.clear()
        self._there.notify()
