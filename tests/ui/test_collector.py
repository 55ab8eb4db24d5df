"""When garbage is looked for, and that what stood for long is not looked through each time, yet not kept for ever."""

from __future__ import annotations

import gc
import weakref
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QObject

from ui.collector import FIRST, FULL, WHOLE, Collector


class Node:
    """Refers to itself, so that only a collection takes it away."""

    def __init__(self) -> None:
        self.own = self


@pytest.fixture
def collector() -> Iterator[Collector]:
    """One whose timer does not run; what it sets aside is given back."""
    was = gc.isenabled()
    parent = QObject()
    made = Collector(parent)
    made._timer.stop()
    yield made
    gc.unfreeze()
    if was:
        gc.enable()


def beats(collector: Collector, count: int) -> None:
    for _ in range(count):
        collector.beat()


def test_garbage_goes_by_the_next_full_collection(collector: Collector) -> None:
    gone = weakref.ref(Node())
    beats(collector, FULL)
    assert gone() is None


def test_what_stands_when_the_program_has_started_is_set_aside(collector: Collector) -> None:
    beats(collector, FIRST - 1)
    before = gc.get_freeze_count()
    beats(collector, 1)
    assert gc.get_freeze_count() > before + 1_000
    assert len(gc.get_objects()) < 1_000


def test_what_was_set_aside_and_became_garbage_goes_within_the_hour(collector: Collector) -> None:
    kept = Node()
    gone = weakref.ref(kept)
    beats(collector, FIRST)
    del kept
    beats(collector, FULL)
    assert gone() is not None
    beats(collector, WHOLE - FULL - FIRST)
    assert gone() is None
