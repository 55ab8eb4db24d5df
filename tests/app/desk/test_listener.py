"""The desk's reading end, with a real cluster: from what lay there to what comes, doubles, nonsense and an absence."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from confluent_kafka import Producer

from app.desk.listener import Listener
from app.desk.messages import Told, encoded
from app.desk.sending import AGE
from bridge.clock import SystemClock
from monitors.desk import DeskView
from monitors.ports import Link
from monitors.settings import DeskSettings
from tests.app.desk.parts import machine, state, told, until
from tests.kafka import Cluster, cluster


class Desk:
    """A listener in its thread."""

    def __init__(self, brokers: str, silent_s: float = 10.0) -> None:
        self.heard: list[Told] = []
        self.listener = Listener(DeskSettings(brokers=brokers), SystemClock(), told=self.heard.append,
                                 silent_s=silent_s)  # fmt: skip

    @property
    def view(self) -> DeskView:
        found = self.listener.newest()
        assert found is not None
        return found

    def shows(self, true: Callable[[DeskView], object]) -> None:
        until(lambda: self.listener.newest() is not None and true(self.view))

    @property
    def numbers(self) -> list[int]:
        return [one.number for one in self.heard]


@contextmanager
def listening(brokers: str, silent_s: float = 10.0) -> Iterator[Desk]:
    desk = Desk(brokers, silent_s)
    thread = threading.Thread(target=desk.listener.run)
    thread.start()
    try:
        yield desk
    finally:
        desk.listener.stop()
        thread.join()


class Sender:
    """Puts whatever a test likes into the topics."""

    def __init__(self, brokers: str) -> None:
        self._producer = Producer({"bootstrap.servers": brokers, "log_level": 0})

    def send(self, kind: str, value: bytes | None, key: str = "pc-1/a/1", age_ms: int = 0) -> None:
        self._producer.produce(f"plimsoll.{kind}", value, key, headers=[(AGE, str(age_ms).encode())])
        assert self._producer.flush(30) == 0


@pytest.fixture
def sender(cluster: Cluster) -> Iterator[Sender]:
    made = Sender(cluster.brokers)
    yield made
    del made._producer


def test_a_machine_is_seen_on_the_desk_with_its_events_and_sums(tmp_path: Path, cluster: Cluster) -> None:
    with listening(cluster.brokers) as desk, machine(tmp_path, cluster.brokers) as pc:
        until(lambda: desk.listener._ends)
        pc.tell(1, 2)
        until(lambda: len(desk.heard) == 2 and len(desk.view.frame.accounts) == 3, pc.step)
        desk.shows(lambda view: view.frame.accounts[0].link is Link.LIVE)
        assert [one.name for one in desk.view.machines] == ["pc-1"]
        assert desk.view.together.unit == "USD"
        assert desk.view.counted.events == 2


def test_what_lay_there_is_shown_as_of_then_until_its_machine_speaks(cluster: Cluster, sender: Sender) -> None:
    sender.send("accounts", encoded(state()))
    sender.send("events", encoded(told(1)))
    with listening(cluster.brokers) as desk:
        desk.shows(lambda view: view.frame.accounts)
        assert desk.view.frame.accounts[0].link is Link.SILENT
        sender.send("accounts", encoded(state(2)))
        desk.shows(lambda view: view.frame.accounts[0].link is Link.LIVE)
        sender.send("events", encoded(told(2)))
        until(lambda: desk.heard)
        assert desk.numbers == [2]


def test_a_state_that_waited_on_its_machine_is_none_of_now(cluster: Cluster, sender: Sender) -> None:
    with listening(cluster.brokers) as desk:
        until(lambda: desk.listener._ends)
        sender.send("accounts", encoded(state()), age_ms=60_000)
        desk.shows(lambda view: view.frame.accounts)
        assert desk.view.frame.accounts[0].link is Link.SILENT


def test_a_machine_that_goes_is_silent(cluster: Cluster, sender: Sender) -> None:
    with listening(cluster.brokers, silent_s=1.0) as desk:
        until(lambda: desk.listener._ends)
        sender.send("accounts", encoded(state()))
        desk.shows(lambda view: view.machines and view.machines[0].silent)
        assert desk.view.frame.accounts[0].reason.startswith("silent since ")


def test_doubles_are_dropped_and_nonsense_is_counted_and_passed_over(cluster: Cluster, sender: Sender) -> None:
    with listening(cluster.brokers) as desk:
        until(lambda: desk.listener._ends)
        for value in (encoded(told(1)), b"nonsense", encoded(told(1)), encoded(told(2))):
            sender.send("events", value)
        sender.send("accounts", b"[]")
        sender.send("accounts", encoded(state()))
        desk.shows(lambda view: view.counted.unreadable == 2 and view.counted.events == 2)
        assert desk.numbers == [1, 2]
        assert desk.view.counted.doubled == 1
        assert len(desk.view.frame.accounts) == 1


def test_an_account_whose_key_was_deleted_is_no_more(cluster: Cluster, sender: Sender) -> None:
    with listening(cluster.brokers) as desk:
        until(lambda: desk.listener._ends)
        sender.send("accounts", encoded(state()))
        desk.shows(lambda view: view.frame.accounts)
        sender.send("accounts", None)
        desk.shows(lambda view: not view.frame.accounts)


def test_a_broker_that_goes_is_said_and_what_it_gets_afterwards_is_heard(cluster: Cluster, sender: Sender) -> None:
    with listening(cluster.brokers) as desk:
        until(lambda: desk.listener._ends)
        sender.send("events", encoded(told(1)))
        until(lambda: desk.heard)
        cluster.go()
        desk.shows(lambda view: view.away)
        assert desk.view.away == f"no broker answers at {cluster.brokers}"
        cluster.come_back()
        sender.send("events", encoded(told(2)))
        until(lambda: len(desk.heard) == 2)
        desk.shows(lambda view: not view.away)
        assert desk.numbers == [1, 2]


def test_topics_that_are_not_there_yet_are_waited_for_not_made_and_then_read_whole() -> None:
    with cluster("other") as bare, listening(bare.brokers) as desk:
        desk.shows(lambda view: view.away)
        assert desk.view.away == f"no topic plimsoll.events or plimsoll.accounts at {bare.brokers} yet"
        for kind in ("events", "accounts"):
            bare.make(f"plimsoll.{kind}")
        sender = Sender(bare.brokers)
        sender.send("events", encoded(told(1)))
        until(lambda: desk.heard)
        desk.shows(lambda view: not view.away)
        del sender
