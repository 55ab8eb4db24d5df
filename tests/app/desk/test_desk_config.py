"""The section [desk]: off as it comes, its values held to what Kafka takes, and never a password."""

from __future__ import annotations

from typing import Any

import pytest

from app.config import ConfigError, from_table
from monitors.settings import DeskSettings


def read(environ: dict[str, str] | None = None, **desk: Any) -> DeskSettings:
    return from_table({"desk": desk}, source="c", environ=environ or {}).desk


def faults(**desk: Any) -> list[str]:
    with pytest.raises(ConfigError) as caught:
        read(**desk)
    return [str(fault) for fault in caught.value.faults]


def test_it_is_off_as_it_comes() -> None:
    assert read() == DeskSettings()
    assert not read().brokers


def test_a_real_cluster_is_named_as_librdkafka_names_it() -> None:
    found = read(brokers="kafka-1.example:9092, [::1]:9093", topic="desk.eu", machine="pc-7", sasl_mechanism="PLAIN",
                 security_protocol="SASL_SSL", sasl_username="plimsoll", ssl_ca_location="/etc/ca.pem")  # fmt: skip
    assert found.brokers == "kafka-1.example:9092,[::1]:9093"
    assert (found.topic, found.machine, found.security_protocol) == ("desk.eu", "pc-7", "SASL_SSL")


@pytest.mark.parametrize("brokers", ["kafka", "kafka:0", "kafka:70000", "a:1,,b:2", "a b:9", "http://a:1", 9092])
def test_brokers_are_hosts_with_ports(brokers: object) -> None:
    (found,) = faults(brokers=brokers)
    assert found.startswith("c: desk.brokers: found ")
    assert 'expected brokers such as "kafka-1:9092,kafka-2:9092"' in found


@pytest.mark.parametrize(
    ("key", "value"),
    [("topic", ""), ("topic", "a/b"), ("machine", "a/b"), ("machine", "x" * 65), ("security_protocol", "TLS"),
     ("sasl_mechanism", "GSSAPI"), ("sasl_password", "secret"), ("ssl_ca_location", 5)],
)  # fmt: skip
def test_what_kafka_or_the_desk_does_not_take_is_refused(key: str, value: object) -> None:
    (found,) = faults(**{key: value})
    assert found.startswith(f"c: desk.{key}: found ")


def test_signing_in_wants_a_mechanism_and_a_name() -> None:
    assert faults(security_protocol="SASL_SSL") == [
        f'c: desk.{key}: found "", expected one, since security_protocol is SASL_SSL'
        for key in ("sasl_mechanism", "sasl_username")
    ]


def test_the_password_in_the_environment_is_no_key_of_the_config() -> None:
    environ = {"PLIMSOLL_DESK_PASSWORD": "secret", "PLIMSOLL_DESK__BROKERS": "a:1"}
    assert read(environ).brokers == "a:1"
