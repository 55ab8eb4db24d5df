"""A machine that tells the desk, stepped by the test, and somebody who reads all that a broker has."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import msgspec
from confluent_kafka import OFFSET_BEGINNING, Consumer, TopicPartition

from app.desk.messages import State, Told, encoded
from app.desk.outbox import LARGEST
from app.desk.publisher import Publisher
from app.desk.stating import stated
from app.events import event
from bridge.simulator.clock import VirtualClock
from monitors.ports import Frame
from monitors.settings import DeskSettings
from tests import frames
from tests.app.scripted import START
from tests.kafka import PARTITIONS

DEADLINE_S = 60.0
STEP_S = 0.02
NOWHERE = DeskSettings(brokers="127.0.0.1:1", machine="pc-1")
"""Nobody listens there."""


def until(true: Callable[[], object], step: Callable[[], object] = lambda: None) -> None:
    """Step until it is true; fails once it has not been for a minute."""
    pause = threading.Event()
    for _ in range(round(DEADLINE_S / STEP_S)):
        if true():
            return
        step()
        pause.wait(STEP_S)
    raise AssertionError("it never became true")


def blind(number: int, account: str = "Funded 100k") -> dict[str, Any]:
    """An event that says its own number."""
    return event(1_772_454_727_000 + number, "blind", account, reason=f"number {number}")


class Machine:
    """A publisher whose steps the test makes itself."""

    def __init__(self, folder: Path, settings: DeskSettings, *, waiting: int = 1_000, largest: int = LARGEST) -> None:
        self.clock, self.said, self.frame = VirtualClock(START), list[str](), frames.desk_frame()
        self.publisher = Publisher(settings, folder, lambda: self.frame, self.clock, self.said.append,
                                   waiting=waiting, largest=largest)  # fmt: skip
        self.publisher._begun = True

    def tell(self, *numbers: int) -> None:
        for number in numbers:
            self.publisher.tell(blind(number))

    def step(self) -> None:
        self.publisher.step()

    def beat(self, seconds: float = 1.0) -> None:
        """Time passes and there is another frame."""
        self.clock.advance_to(self.clock.utc_ms() + round(1000 * seconds))
        self.frame = replace(self.frame, number=self.frame.number + 1)

    @property
    def waiting(self) -> tuple[int, int]:
        return self.publisher._outbox.waiting() if self.publisher._outbox else (0, 0)

    def end(self) -> None:
        """As a kill does: nothing is finished."""
        self.publisher._stop_sending()
        if self.publisher._outbox is not None:
            self.publisher._outbox.close()


@contextmanager
def machine(folder: Path, brokers: str, **more: Any) -> Iterator[Machine]:
    made = Machine(folder, DeskSettings(brokers=brokers, machine="pc-1"), **more)
    try:
        yield made
    finally:
        made.end()


@dataclass(slots=True)
class Read:
    """One message as a broker has it."""

    partition: int
    key: str
    body: dict[str, Any]

    @property
    def number(self) -> int:
        return int(self.body["number"])


@contextmanager
def reader(brokers: str, kind: str = "events", topic: str = "plimsoll") -> Iterator[Callable[[], list[Read]]]:
    """Gives all that came so far, from the beginning."""
    consumer = Consumer({"bootstrap.servers": brokers, "group.id": "test", "enable.auto.commit": False, "log_level": 0})
    consumer.assign([TopicPartition(f"{topic}.{kind}", number, OFFSET_BEGINNING) for number in range(PARTITIONS)])
    found: list[Read] = []

    def read() -> list[Read]:
        for message in consumer.consume(10_000, 0.05):
            if message.error() is None:
                key, value = message.key(), message.value()
                assert isinstance(key, bytes)
                assert isinstance(value, bytes)
                found.append(Read(message.partition() or 0, key.decode(), msgspec.json.decode(value)))
        return found

    try:
        yield read
    finally:
        consumer.close()


def told(number: int, *, run: str = "a", machine: str = "pc-1", account: str = "Funded 100k") -> Told:
    return Told(machine=machine, run=run, number=number, event=blind(number, account))


def state(
    number: int = 1, *, run: str = "a", machine: str = "pc-1", frame: Frame | None = None, place: int = 0
) -> State:
    """Of one account of a frame; the desk's first."""
    shown = frame or frames.desk_frame()
    return stated(shown, shown.accounts[place], machine, run, number)


def raw(message: Told | State) -> dict[str, Any]:
    """As JSON holds it, to be spoiled."""
    found: dict[str, Any] = msgspec.json.decode(encoded(message))
    return found
