"""Reads the desk's topics into the board: the accounts from their beginning, the events from now on; writes nothing."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING, cast

from app.desk import messages
from app.desk.board import SILENT_S, Board
from app.desk.kafka import away, consumer, topics
from app.desk.messages import BadMessage, Told
from app.desk.sending import AGE
from app.words import plain

if TYPE_CHECKING:
    from confluent_kafka import Consumer, KafkaError, Message

    from monitors.desk import DeskView
    from monitors.ports import Clock
    from monitors.settings import DeskSettings

    Connect = Callable[[DeskSettings, Callable[[KafkaError], None]], Consumer]

BATCH, WAIT_S, VIEW_EVERY_S = 1_000, 0.1, 0.25
LOOK_EVERY_S, LOOK_AWAY_S, ANSWER_S = 5.0, 1.0, 1.0
READY_S = 5.0
"""What lay in the topic is read by then, or is shown as far as it came."""


class Listener:
    """`run` in one thread; `newest` and `stop` from any."""

    def __init__(self, settings: DeskSettings, clock: Clock, *, told: Callable[[Told], None] = lambda _: None,
                 viewed: Callable[[DeskView], None] = lambda _: None, silent_s: float = SILENT_S,
                 connect: Connect = consumer) -> None:  # fmt: skip
        """`told` hears each event once, `viewed` each view; DeskError where there is no way to Kafka."""
        self._topics = topics(settings)
        self._brokers = settings.brokers
        self._clock = clock
        self._told, self._viewed = told, viewed
        self._board = Board(clock, silent_s)
        self._newest: DeskView | None = None
        self._over = threading.Event()
        self._ends: dict[tuple[str, int], int] = {}
        """Of each partition that is read the offset up to which everything lay there before."""
        self._behind: set[tuple[str, int]] = set()
        """Those of accounts that are not read so far yet."""
        self._first = True
        """Events that lay there when the desk was opened are of the past; of topics made since then they are not."""
        self._looked_s = self._viewed_s = -LOOK_EVERY_S
        self._began_s = clock.monotonic()
        self._consumer: Consumer | None = connect(settings, self._trouble)

    def newest(self) -> DeskView | None:
        """The latest view; None before what lay in the topic is read."""
        return self._newest

    def stop(self) -> None:
        """End `run` soon."""
        self._over.set()

    def run(self) -> None:
        """Until `stop`."""
        found, self._consumer = self._consumer, None
        if found is None:
            return
        try:
            while not self._over.is_set():
                self._look(found)
                for message in found.consume(BATCH, WAIT_S):
                    self._take(message)
                self._show()
        finally:
            found.close()

    def _look(self, found: Consumer) -> None:
        """Which partitions there are, now and then; new ones are read too."""
        now_s = self._clock.monotonic()
        if now_s - self._looked_s < (LOOK_AWAY_S if self._board.away or not self._ends else LOOK_EVERY_S):
            return
        self._looked_s = now_s
        from confluent_kafka import KafkaException, TopicPartition  # noqa: PLC0415 -- the extra is there by now

        fresh = []
        try:
            for topic in self._topics:
                metadata = found.list_topics(topic, ANSWER_S).topics[topic]
                for number in metadata.partitions if metadata.error is None else ():
                    if (topic, number) not in self._ends:
                        low, high = found.get_watermark_offsets(TopicPartition(topic, number), ANSWER_S, cached=False)
                        fresh.append((topic, number, low, high))
        except KafkaException as error:
            self._board.away = self._board.away or f"{self._brokers}: {plain(error.args[0].str())}"
            return
        self._board.away = "" if self._ends or fresh else f"no topic {' or '.join(self._topics)} at {self._brokers} yet"
        for topic, number, low, high in fresh:
            accounts = topic == self._topics[1]
            self._ends[topic, number] = high
            if accounts and low < high:
                self._behind.add((topic, number))
            begin = high if self._first and not accounts else low
            found.incremental_assign([TopicPartition(topic, number, begin)])
        self._first = False

    def _take(self, message: Message) -> None:
        if (error := message.error()) is not None:
            self._trouble(error)
            return
        topic, partition, offset = message.topic() or "", message.partition() or 0, message.offset() or 0
        lay = offset < self._ends.get((topic, partition), 0)
        if offset >= self._ends.get((topic, partition), 0) - 1:
            self._behind.discard((topic, partition))
        self._board.away = ""
        try:
            if topic == self._topics[0]:
                self._hear(message.value())
            else:
                self._learn(message, lay=lay)
        except BadMessage:
            self._board.unreadable += 1

    def _hear(self, value: bytes | None) -> None:
        found = messages.told(value)
        if self._board.hear(found):
            self._told(found)

    def _learn(self, message: Message, *, lay: bool) -> None:
        key, value = (message.key() or b"").decode(errors="replace"), message.value()
        if value is None:  # Kafka's way to say that a key is no more
            self._board.forget(key)
            return
        self._board.learn(messages.state(value), key, fresh=not lay and _age_s(message) < SILENT_S)

    def _show(self) -> None:
        now_s = self._clock.monotonic()
        reading = (self._behind or not self._ends) and now_s - self._began_s < READY_S and not self._board.away
        if reading or now_s - self._viewed_s < VIEW_EVERY_S:
            return
        self._viewed_s = now_s
        view = self._board.view()
        self._newest = view
        self._viewed(view)

    def _trouble(self, error: KafkaError) -> None:
        self._board.away = away(error, self._brokers) or self._board.away


def _age_s(message: Message) -> float:
    """How long it had waited with its machine when it was sent."""
    for name, value in cast("list[tuple[str, bytes | None]]", message.headers() or []):
        if name == AGE and value is not None:
            with suppress(ValueError):
                return int(value) / 1000
    return 0.0
