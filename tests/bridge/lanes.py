"""Lanes to scripted hosts on a clock that stands still: asked, waited for, looked into."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import psutil
import pytest

from bridge import wire
from bridge.attach import Attachment
from bridge.lane import Lane, Outcome
from bridge.simulator.clock import VirtualClock

START = datetime(2026, 3, 2, 8, tzinfo=UTC)
DEADLINE_S = 10.0
PATIENCE_S = 20.0
SOON_S = 0.1
ATTACHMENT = Attachment(name="main", backend="mt5")
posix_only = pytest.mark.skipif(os.name != "posix", reason="only POSIX can stop a process")

Make = Callable[..., Lane]


def ask(lane: Lane, key: str) -> None:
    lane.ask(key, lambda number: wire.WarmUp(number, key))


def fetched(lane: Lane, key: str) -> Outcome:
    outcome = lane.fetch(key, PATIENCE_S)
    assert outcome, lane.unanswered.reason
    return outcome


def done(outcome: Outcome) -> bool:
    return isinstance(outcome.reply, wire.Done)


def later(clock: VirtualClock, seconds: float) -> None:
    clock.advance_to(clock.utc_ms() + round(seconds * 1000))


def said(log: Path) -> list[str]:
    return log.read_text().splitlines() if log.exists() else []


def heard(lane: Lane) -> None:
    """Wait until something of the host lies ready, and leave it there."""
    first = lane._lines.get(timeout=PATIENCE_S)
    lane._lines.put(first)


def hosted(lane: Lane) -> psutil.Process:
    assert lane.pid
    return psutil.Process(lane.pid)


def ended(lane: Lane) -> None:
    """Wait until the host is dead and buried."""
    assert lane._reader
    lane._reader.join(PATIENCE_S)
    assert not lane._reader.is_alive()
