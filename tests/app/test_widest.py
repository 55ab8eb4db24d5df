"""The widest spread of a day: every tick counts, what is no number does not, and what is older is forgotten."""

from __future__ import annotations

import math
from typing import Any

import pytest

from app.widest import Hours, note, widest
from monitors.model import Snapshot
from tests.builders import NOW_MS, position, quote, snapshot, ticks

HOUR_MS = 3_600_000


def seen(spread: float, symbol: str = "EURUSD", **changes: Any) -> Snapshot:
    return snapshot(position(1, symbol), quotes={symbol: quote(1.1, 1.1 + spread)}, **changes)


def test_every_tick_of_a_look_counts_and_one_that_is_no_number_does_not() -> None:
    known: Hours = {}
    wide = ticks((1, 1.1, 1.1002), (2, 1.1, 1.1030), (3, math.nan, 1.5))
    note(known, seen(0.0001, ticks={"EURUSD": wide}), NOW_MS)
    assert widest(known, NOW_MS) == {"EURUSD": pytest.approx(0.003)}


def test_a_day_is_remembered_an_hour_at_a_time_and_no_longer() -> None:
    known: Hours = {}
    note(known, seen(0.004), NOW_MS)
    note(known, seen(0.001), NOW_MS + 12 * HOUR_MS)
    assert widest(known, NOW_MS + 23 * HOUR_MS) == {"EURUSD": pytest.approx(0.004)}
    assert widest(known, NOW_MS + 24 * HOUR_MS) == {"EURUSD": pytest.approx(0.001)}
    note(known, seen(0.002), NOW_MS + 25 * HOUR_MS)
    assert len(known["EURUSD"]) == 2


def test_a_symbol_that_is_not_quoted_for_a_day_is_let_go() -> None:
    known: Hours = {}
    note(known, seen(0.004), NOW_MS)
    note(known, seen(0.001, symbol="GBPUSD"), NOW_MS + 30 * HOUR_MS)
    assert list(known) == ["GBPUSD"]
