"""What a machine tells the desk: it reaches a broker once it can, over restarts too, and the engine waits for none."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from app.desk import kafka
from app.desk.doubles import Doubles
from app.desk.kafka import DeskError
from app.desk.publisher import Publisher
from bridge.clock import SystemClock
from monitors.settings import DeskSettings
from tests import frames
from tests.app.desk.parts import NOWHERE, blind, machine, reader, until
from tests.kafka import Cluster


def test_events_and_states_reach_the_broker_and_leave_the_outbox(tmp_path: Path, cluster: Cluster) -> None:
    with (
        machine(tmp_path, cluster.brokers) as pc,
        reader(cluster.brokers) as events,
        reader(cluster.brokers, "accounts") as states,
    ):
        pc.tell(1, 2, 3)
        pc.beat()
        pc.step()
        until(lambda: len(events()) == 3 and len(states()) == 3, pc.step)
        until(lambda: pc.waiting == (0, 0), pc.step)
        assert [one.body["event"]["reason"] for one in events()] == ["number 1", "number 2", "number 3"]
        assert {one.key for one in events()} == {"pc-1/FTMO-Server4/51023381"}
        assert {one.partition for one in events()} == {events()[0].partition}
        assert [one.number for one in events()] == [1, 2, 3]
        assert sorted(one.body["account"] for one in states()) == ["Funded 100k", "Gold EA", "Swing"]
        assert pc.said == []


def test_while_the_broker_is_away_it_waits_on_disk_and_then_comes_once_and_in_order(
    tmp_path: Path, cluster: Cluster
) -> None:
    with machine(tmp_path, cluster.brokers) as pc:
        cluster.go()
        pc.tell(*range(1, 401))
        until(lambda: len(pc.said) == 1, pc.step)
        assert pc.waiting == (400, 3)
        assert pc.said[0].startswith(f"Kafka: no broker answers at {cluster.brokers}; what the desk is to hear waits")
        cluster.come_back()
        with reader(cluster.brokers) as events:
            until(lambda: len(events()) >= 400 and pc.waiting == (0, 0), pc.step)
            assert [one.number for one in events()] == list(range(1, 401))
        assert pc.said[1:] == ["Kafka takes what the desk is to hear again"]


def test_a_restart_sends_what_the_run_before_could_not(tmp_path: Path, cluster: Cluster) -> None:
    with machine(tmp_path, NOWHERE.brokers) as before:
        before.tell(1, 2)
        before.step()
        assert before.waiting == (2, 3)
    with machine(tmp_path, cluster.brokers) as after, reader(cluster.brokers) as events:
        after.tell(3)
        until(lambda: len(events()) == 3, after.step)
        assert [one.body["event"]["reason"] for one in events()] == ["number 1", "number 2", "number 3"]
        runs = [one.body["run"] for one in events()]
        assert runs[0] == runs[1] != runs[2]
        assert [one.number for one in events()] == [1, 2, 1]


def test_a_kill_between_delivery_and_deletion_sends_twice_and_a_listener_drops_the_doubles(
    tmp_path: Path, cluster: Cluster
) -> None:
    with reader(cluster.brokers) as events:
        with machine(tmp_path, cluster.brokers) as killed:
            killed.tell(1, 2, 3)
            killed.step()  # on their way; nothing is taken out before the next step
            assert killed.publisher._sending is not None
            killed.publisher._sending.finish()
            assert killed.waiting[0] == 3
        with machine(tmp_path, cluster.brokers) as after:
            after.tell(4)
            until(lambda: len(events()) == 7 and after.waiting[0] == 0, after.step)
        doubles = Doubles()
        kept = [one.body["event"]["reason"] for one in events()
                if doubles.take(one.body["machine"], one.body["run"], one.number)]  # fmt: skip
        assert kept == ["number 1", "number 2", "number 3", "number 4"]
        assert doubles.missing == 0


def test_the_bound_lets_states_go_then_events_and_says_how_many(tmp_path: Path, cluster: Cluster) -> None:
    with machine(tmp_path, NOWHERE.brokers, largest=2_000) as full:
        full.tell(*range(1, 31))
        full.beat()
        full.step()
        assert full.waiting[1] == 0
        assert 0 < full.waiting[0] < 30
        lost = full.publisher.dropped_events
        assert (full.waiting[0], full.publisher.dropped_states) == (30 - lost, 3)
        assert [said for said in full.said if "let go" in said] == [
            "more waits for Kafka than may: states are let go, then the oldest events; they are in the audit log"
        ]
        full.publisher._settings = DeskSettings(brokers=cluster.brokers)
        full.publisher._stop_sending()
        until(lambda: full.waiting == (0, 0), full.step)
        assert full.said[-1] == f"all is sent to Kafka; {lost} events and 3 states were let go meanwhile"


def test_a_full_mailbox_drops_what_comes_and_its_number_is_missing(tmp_path: Path, cluster: Cluster) -> None:
    with machine(tmp_path, cluster.brokers, waiting=3) as pc, reader(cluster.brokers) as events:
        pc.tell(1, 2, 3, 4, 5)
        pc.step()
        pc.tell(6)
        until(lambda: len(events()) == 4, pc.step)
        assert [one.number for one in events()] == [1, 2, 3, 6]
        assert pc.publisher.unkept == 2


def test_a_guard_whose_beats_stop_says_no_state_any_more(tmp_path: Path) -> None:
    with machine(tmp_path, NOWHERE.brokers) as pc:
        pc.step()
        first = pc.publisher._states
        pc.clock.advance_to(pc.clock.utc_ms() + 5_000)
        pc.step()
        assert pc.publisher._states == first == 3
        pc.beat(0.0)
        pc.step()
        assert pc.publisher._states == 6


def test_states_are_told_once_a_second(tmp_path: Path) -> None:
    with machine(tmp_path, NOWHERE.brokers) as pc:
        pc.step()
        pc.beat(0.5)
        pc.step()
        assert pc.publisher._states == 3
        pc.beat(0.5)
        pc.step()
        assert pc.publisher._states == 6


def test_a_send_that_the_broker_refuses_is_tried_again_by_another_producer(tmp_path: Path, cluster: Cluster) -> None:
    unauthorised = 29
    with machine(tmp_path, cluster.brokers) as pc, reader(cluster.brokers) as events:
        pc.frame = replace(pc.frame, accounts=())
        cluster.refuse(unauthorised, 1)
        pc.tell(1)
        until(lambda: pc.said, pc.step)
        assert "authorization failed" in pc.said[0]
        assert pc.waiting == (1, 0)
        pc.clock.advance_to(pc.clock.utc_ms() + 6_000)
        until(lambda: events() and pc.waiting == (0, 0), pc.step)
        assert pc.said[1:] == ["Kafka takes what the desk is to hear again"]


def test_where_the_package_is_missing_one_line_says_so_and_all_waits(tmp_path: Path) -> None:
    def connect(*_: object) -> None:
        raise DeskError(kafka.MISSING)

    with machine(tmp_path, NOWHERE.brokers) as pc:
        pc.publisher._connect = connect  # type: ignore[assignment]  # what the import says where it fails
        for _ in range(5):
            pc.tell(1)
            pc.beat(6.0)
            pc.step()
        assert pc.said == [f"{kafka.MISSING}; what the desk is to hear waits in {tmp_path / 'outbox.db'}"]
        assert pc.waiting == (5, 3)


def test_a_disk_that_takes_nothing_is_said_once_and_what_was_told_waits_in_memory(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    folder.write_text("a file where the folder should be")
    with machine(folder, NOWHERE.brokers) as pc:
        pc.tell(1)
        pc.step()
        pc.step()
        assert len(pc.said) == 1
        assert "cannot be written" in pc.said[0]
        folder.unlink()
        pc.step()
        assert any(words.endswith("is written again") for words in pc.said[1:]), pc.said
        assert pc.waiting[0] == 1


def test_the_thread_ends_with_everything_sent(tmp_path: Path, cluster: Cluster) -> None:
    shown = frames.desk_frame()
    publisher = Publisher(DeskSettings(brokers=cluster.brokers), tmp_path, lambda: shown, SystemClock(), print)
    publisher.tell(blind(1))
    with reader(cluster.brokers) as events:
        until(lambda: len(events()) == 1)  # it has its broker: finding one can take longer than an end waits
        for number in range(2, 51):
            publisher.tell(blind(number))
        publisher.close()
        until(lambda: len(events()) == 50)


def test_a_publisher_that_nothing_was_told_begins_no_thread_and_no_file(tmp_path: Path) -> None:
    Publisher(NOWHERE, tmp_path, lambda: None, SystemClock(), print).close()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("protocol", ["SASL_SSL", "SASL_PLAINTEXT"])
def test_the_password_comes_from_the_environment_and_only_where_it_is_needed(protocol: str) -> None:
    environ = {kafka.PASSWORD: "secret"}
    settings = DeskSettings(brokers="a:1", security_protocol=protocol, sasl_mechanism="PLAIN", sasl_username="me")
    assert kafka.configured(settings, environ) == {
        "bootstrap.servers": "a:1", "security.protocol": protocol, "sasl.mechanism": "PLAIN", "sasl.username": "me",
        "sasl.password": "secret",
    }  # fmt: skip
    assert kafka.configured(DeskSettings(brokers="a:1"), environ) == {"bootstrap.servers": "a:1"}


def test_settings_that_librdkafka_does_not_take_are_one_clear_error(tmp_path: Path) -> None:
    settings = DeskSettings(brokers="a:1", security_protocol="SSL", ssl_ca_location=str(tmp_path / "none.pem"))
    with pytest.raises(DeskError, match="Kafka does not take these settings"):
        kafka.producer(settings, lambda _: None)
