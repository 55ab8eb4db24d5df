"""The widest spread of a day: every tick counts, what is no number does not, and what is older is forgotten."""

from __future__ import annotations

import math

import pytest

from app.widest import Hours, note, widest
from monitors.model import Snapshot
from tests.builders import NOW_MS, position, quote, snapshot, ticks

HOUR_MS = 3_600_000


def seen(spread: float, hours: int = 0, symbol: str = "EURUSD", **changes: object) -> Snapshot:
    found = snapshot(position(1, symbol), quotes={symbol: quote(1.1, 1.1 + spread)})
    return type(found)(
        **{f: getattr(found, f) for f in found.__slots__} | {"taken_ms": NOW_MS + hours * HOUR_MS, **changes}
    )


def test_every_tick_of_a_look_counts_and_one_that_is_no_number_does_not() -> None:
    known: Hours = {}
    wide = ticks((1, 1.1, 1.1002), (2, 1.1, 1.1030), (3, math.nan, 1.5))
    note(known, seen(0.0001, ticks={"EURUSD": wide}))
    assert widest(known, NOW_MS) == {"EURUSD": pytest.approx(0.003)}


def test_a_day_is_remembered_an_hour_at_a_time_and_no_longer() -> None:
    known: Hours = {}
    note(known, seen(0.004))
    note(known, seen(0.001, hours=12))
    assert widest(known, NOW_MS + 23 * HOUR_MS) == {"EURUSD": pytest.approx(0.004)}
    assert widest(known, NOW_MS + 24 * HOUR_MS) == {"EURUSD": pytest.approx(0.001)}
    note(known, seen(0.002, hours=25))
    assert len(known["EURUSD"]) == 2


def test_a_symbol_that_is_not_quoted_for_a_day_is_let_go() -> None:
    known: Hours = {}
    note(known, seen(0.004))
    note(known, seen(0.001, hours=30, symbol="GBPUSD"))
    assert list(known) == ["GBPUSD"]
