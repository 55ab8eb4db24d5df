"""The way to Kafka: the package that is only there where it was asked for, and what librdkafka is told of a cluster."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from app.push.targets import SERVICE, Unresolved, asked_of_keyring
from app.words import plain
from monitors.settings import DeskSettings

if TYPE_CHECKING:
    from confluent_kafka import Consumer, KafkaError, Producer

PASSWORD, USER = "PLIMSOLL_DESK_PASSWORD", "kafka"
"""The environment's variable, and the user under the keyring's service."""
EVENTS, ACCOUNTS = "events", "accounts"
MISSING = "confluent-kafka is not installed; bring it with: pip install plimsoll[desk]"
_silent = logging.getLogger("plimsoll.desk.librdkafka")
_silent.disabled = True  # what matters comes as an error to the callback


class DeskError(Exception):
    """There is no way to the desk; the text says the remedy."""


def topics(settings: DeskSettings) -> tuple[str, str]:
    """That of the events and that of the accounts."""
    return f"{settings.topic}.{EVENTS}", f"{settings.topic}.{ACCOUNTS}"


def producer(settings: DeskSettings, trouble: Callable[[KafkaError], None]) -> Producer:
    """One that numbers what it sends, so that the cluster keeps nothing twice of what it tries again."""
    package = _package()
    more = {
        "enable.idempotence": True,
        "acks": "all",
        "message.timeout.ms": 0,  # it waits here as long as the cluster is away; the outbox is what bounds it
        "queue.buffering.max.messages": 200_000,
        "linger.ms": 20,
        "compression.type": "lz4",
        "reconnect.backoff.max.ms": 2_000,
        "error_cb": trouble,
    }
    made: Producer = _made(package.Producer, settings, more)
    return made


def consumer(settings: DeskSettings, trouble: Callable[[KafkaError], None]) -> Consumer:
    """One that reads what it is assigned, commits nothing and makes no topic."""
    package = _package()
    more = {
        "group.id": "plimsoll-desk",  # librdkafka wants a name; without a subscription or a commit none is ever joined
        "enable.auto.commit": False,
        "enable.auto.offset.store": False,
        "auto.offset.reset": "earliest",
        "allow.auto.create.topics": False,
        "reconnect.backoff.max.ms": 2_000,
        "fetch.wait.max.ms": 100,
        "error_cb": trouble,
    }
    made: Consumer = _made(package.Consumer, settings, more)
    return made


def configured(settings: DeskSettings, environ: Mapping[str, str]) -> dict[str, Any]:
    """What librdkafka is told of the cluster, by its own names: these and no others."""
    given = {
        "bootstrap.servers": settings.brokers,
        "security.protocol": settings.security_protocol,
        "sasl.mechanism": settings.sasl_mechanism,
        "sasl.username": settings.sasl_username,
        "ssl.ca.location": settings.ssl_ca_location,
    }
    found = {key: value for key, value in given.items() if value}
    if settings.security_protocol.startswith("SASL"):
        found["sasl.password"] = _password(environ)
    return found


def away(error: KafkaError, brokers: str) -> str:
    """Why nobody answers, where that is what the error says; empty for any other."""
    if error.name() in {"_AUTHENTICATION", "_SSL"}:
        return f"{brokers}: {plain(error.str())}"
    return f"no broker answers at {brokers}" if error.name() == "_ALL_BROKERS_DOWN" else ""


def _password(environ: Mapping[str, str]) -> str:
    if found := environ.get(PASSWORD):
        return found
    try:
        kept = asked_of_keyring(lambda ring: ring.get_password(SERVICE, USER))
    except (ImportError, Unresolved):
        kept = None
    if not kept:
        raise DeskError(f"no password for Kafka: set {PASSWORD}, or type it at: keyring set {SERVICE} {USER}")
    return str(kept)


def _package() -> Any:
    try:
        import confluent_kafka  # noqa: PLC0415 -- slow to import, and not there where no extra was asked for
    except ImportError as error:
        raise DeskError(MISSING) from error
    return confluent_kafka


def _made(kind: Any, settings: DeskSettings, more: dict[str, Any]) -> Any:
    conf = configured(settings, os.environ) | more
    try:
        return kind(conf, logger=_silent)
    except Exception as error:
        if type(error).__name__ != "KafkaException":
            raise
        raise DeskError(f"Kafka does not take these settings: {error.args[0].str()}") from error
