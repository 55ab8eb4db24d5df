"""Rows of the outbox on their way to Kafka, and which of them a broker has confirmed."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from app.desk.kafka import away, topics
from app.desk.outbox import Outbox, Row

if TYPE_CHECKING:
    from confluent_kafka import KafkaError, Message, Producer

    from monitors.settings import DeskSettings

    Connect = Callable[[DeskSettings, Callable[[KafkaError], None]], Producer]

WINDOW = 5_000
"""Events on their way at once."""
FLUSH_S, FLUSH_AWAY_S = 1.0, 0.1
AGE = "age_ms"
"""The header that says how long a message had waited when it was sent, by the clock that wrote it."""


class Sending:
    """One producer's life. Used from one thread; callbacks come while `poll` or `finish` runs in it."""

    def __init__(self, settings: DeskSettings, connect: Connect) -> None:
        """DeskError where there is no way to Kafka."""
        self._topics, self._brokers = topics(settings), settings.brokers
        self.sent = 0
        """The largest id of the events that are on their way, or were."""
        self._events = 0
        """How many of them are."""
        self._keys: set[str] = set()
        """Whose states are."""
        self.stale = True
        """There may be states to send."""
        self._done: tuple[list[int], list[int]] = [], []
        self.refused = 0
        """Messages that no broker will ever take, such as one that is too large."""
        self.away = ""
        """Why nobody answers; empty while somebody does."""
        self.broken = ""
        """Why this producer is of no use any more; another begins with what is still in the outbox."""
        self._producer: Producer | None = connect(settings, self._trouble)

    def fill(self, outbox: Outbox, now_ms: int) -> None:
        """Send what waits, as much as may be on its way at once; of each account one state at a time."""
        if (room := WINDOW - self._events) > 0:
            for row in outbox.events(self.sent, room):
                if not self._produce(0, row, now_ms):
                    return
                self.sent = row.id
                self._events += 1
        if self.stale:
            for row in outbox.states():
                if row.key not in self._keys:
                    if not self._produce(1, row, now_ms):
                        return
                    self._keys.add(row.key)
            self.stale = False

    def poll(self) -> None:
        """Hear what became of what was sent."""
        if self._producer is not None:
            self._producer.poll(0)

    def confirmed(self) -> tuple[list[int], list[int]]:
        """Ids of events and of states that need not wait any more, once."""
        done, self._done = self._done, ([], [])
        return done

    def finish(self) -> None:
        """Wait a moment for what is on its way; what is not confirmed then stays in the outbox."""
        if self._producer is not None:
            self._producer.flush(FLUSH_AWAY_S if self.away or self.broken else FLUSH_S)

    def close(self) -> None:
        """Let the producer go with all that it has not sent."""
        self._producer = None

    def _produce(self, kind: int, row: Row, now_ms: int) -> bool:
        """False where no more fits for now."""
        if self._producer is None:
            return False
        heard = partial(self._heard, kind, row.id, row.key)
        age = str(max(0, now_ms - row.at_ms)).encode()
        try:
            self._producer.produce(self._topics[kind], row.message, row.key.encode(), on_delivery=heard,
                                   headers=[(AGE, age)])  # fmt: skip
        except BufferError:
            return False
        return True

    def _heard(self, kind: int, number: int, key: str, error: KafkaError | None, _message: Message) -> None:
        if kind:
            self._keys.discard(key)
            self.stale = True
        else:
            self._events -= 1
        if error is None:
            self.away = ""
        elif error.name() in {"MSG_SIZE_TOO_LARGE", "INVALID_MSG", "INVALID_RECORD"}:
            self.refused += 1
        else:
            self.broken = self.broken or error.str()
            return
        self._done[kind].append(number)

    def _trouble(self, error: KafkaError) -> None:
        if error.fatal():
            self.broken = error.str()
        else:
            self.away = away(error, self._brokers) or self.away
