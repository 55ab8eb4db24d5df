"""librdkafka's own mock cluster, which lives in this process and speaks real sockets; a broker of it can go away."""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

PARTITIONS = 3
_POINTERS = "rd_kafka_conf_new", "rd_kafka_new", "rd_kafka_mock_cluster_new"


@lru_cache(maxsize=1)
def _library() -> Any:
    """The library that the package brings, the same as its clients'."""
    spec = find_spec("confluent_kafka")
    assert spec is not None
    assert spec.origin is not None
    (found,) = Path(spec.origin).parents[1].glob("confluent_kafka.libs/librdkafka*")
    library = ctypes.CDLL(str(found))
    for name in _POINTERS:
        getattr(library, name).restype = ctypes.c_void_p
    library.rd_kafka_mock_cluster_bootstraps.restype = ctypes.c_char_p
    return library


class Cluster:
    """One broker; its two topics are there from the start."""

    def __init__(self, topic: str = "plimsoll", partitions: int = PARTITIONS) -> None:
        self._lib = library = _library()
        conf, words = ctypes.c_void_p(library.rd_kafka_conf_new()), ctypes.create_string_buffer(512)
        assert library.rd_kafka_conf_set(conf, b"log_level", b"0", words, 512) == 0, words.value
        self._handle = ctypes.c_void_p(library.rd_kafka_new(0, conf, words, 512))
        self._mock = ctypes.c_void_p(library.rd_kafka_mock_cluster_new(self._handle, 1))
        for kind in ("events", "accounts"):
            self.make(f"{topic}.{kind}", partitions)
        self.brokers: str = library.rd_kafka_mock_cluster_bootstraps(self._mock).decode()

    def make(self, topic: str, partitions: int = PARTITIONS) -> None:
        assert self._lib.rd_kafka_mock_topic_create(self._mock, topic.encode(), partitions, 1) == 0

    def go(self) -> None:
        """The broker answers nobody and ends every connection."""
        assert self._lib.rd_kafka_mock_broker_set_down(self._mock, 1) == 0

    def come_back(self) -> None:
        assert self._lib.rd_kafka_mock_broker_set_up(self._mock, 1) == 0

    def refuse(self, code: int, times: int) -> None:
        """Answer the next sends with an error."""
        codes = (ctypes.c_int * times)(*([code] * times))
        self._lib.rd_kafka_mock_push_request_errors_array(self._mock, 0, ctypes.c_size_t(times), codes)

    def close(self) -> None:
        self._lib.rd_kafka_mock_cluster_destroy(self._mock)
        self._lib.rd_kafka_destroy(self._handle)


@contextmanager
def cluster(topic: str = "plimsoll") -> Iterator[Cluster]:
    made = Cluster(topic)
    try:
        yield made
    finally:
        made.close()
