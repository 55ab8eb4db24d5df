"""A cluster of one broker for each test that wants one."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.kafka import Cluster
from tests.kafka import cluster as made


@pytest.fixture
def cluster() -> Iterator[Cluster]:
    with made() as found:
        yield found
