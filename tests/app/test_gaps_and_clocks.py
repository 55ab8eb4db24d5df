"""Prices that are none after a reconnect, a weekend with positions open, and days over a change of clocks."""

from __future__ import annotations

import math
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import pairwise

import pytest

from monitors.ports import Link
from monitors.zones import DAY_MS, HOUR_MS
from tests.app.scripted import plain
from tests.app.stand import Make, Stand, rule

FLOOR = rule("equity", "below", {"at": 9_500.0, "severity": "critical", "action": "close_all"}, rearm=1.0, confirm=1)
DAY = rule("drawdown.daily_pct", "above", {"at": 4.0, "severity": "critical", "action": "close_all"}, rearm=0.5,
           confirm=1)  # fmt: skip


def moved(stand: Stand, at: str) -> None:
    """To that instant of UTC, unseen."""
    stand.clock.advance_to(datetime.fromisoformat(at).replace(tzinfo=UTC))


def link(stand: Stand) -> Link:
    return stand.guard.link


@pytest.mark.parametrize("price", [0.0, math.nan, -1.0, math.inf])
def test_prices_that_are_none_at_a_reconnect_are_no_reading_and_trip_nothing(make: Make, price: float) -> None:
    stand = make(FLOOR, DAY)
    stand.terminal.hold(plain(1))
    stand.beat(5)
    stand.terminal.down = "no answer"
    stand.beat(15, seconds=1.0)
    assert link(stand) is Link.BLIND
    stand.terminal.down, stand.terminal.bid = "", price
    stand.beat(20)
    assert link(stand) is Link.BLIND, "what it shows is nothing to go by"
    assert not stand.of("sighted")
    assert not stand.of("alert", rule="equity")
    assert not stand.terminal.sent
    stand.terminal.bid = 0.999
    stand.beat(2)
    assert link(stand) is Link.LIVE
    assert len(stand.of("sighted")) == 1
    assert not stand.terminal.sent
    history = stand.guard.keeper.memory.history
    assert history is not None
    assert history.peak.money == 10_000.0
    assert history.day.equity is not None
    assert history.day.equity.money == 10_000.0
    stand.terminal.bid = 0.99
    stand.beat(2)
    assert [o.lots for o in stand.terminal.sent] == [1.0]


def over_a_weekend(stand: Stand) -> Iterator[None]:
    """From Friday's close to Sunday's opening, a beat every ten minutes on the last prices."""
    moved(stand, "2026-03-06T21:50")
    stand.terminal.hold(plain(1))
    stand.beat(2, seconds=600.0)
    for _ in range(48 * 6):
        stand.beat(1, seconds=600.0)
        yield


def test_a_weekend_on_the_last_prices_is_neither_blind_nor_a_drawdown(make: Make) -> None:
    stand = make(FLOOR, DAY)
    for _ in over_a_weekend(stand):
        assert link(stand) is Link.LIVE
    assert not stand.of("blind")
    assert not stand.of("alert")
    assert not stand.terminal.sent


def test_an_opening_with_a_gap_is_judged_with_its_first_price(make: Make) -> None:
    stand = make(DAY)
    list(over_a_weekend(stand))
    stand.terminal.bid = 0.995
    stand.beat(1)
    assert len(stand.of("alert", state="raised")) == 1, "5 % below the day's opening, which was on the last prices"
    assert [o.lots for o in stand.terminal.sent] == [1.0]


def test_the_same_where_the_program_was_started_only_after_the_gap(make: Make) -> None:
    stand = make(FLOOR)
    stand.terminal.hold(plain(1))
    moved(stand, "2026-03-06T21:50")
    stand.beat(5)
    stand.kill()
    moved(stand, "2026-03-08T22:05")
    stand.terminal.bid = 0.99
    stand.start()
    stand.beat(1)
    assert [o.lots for o in stand.terminal.sent] == [1.0]


SPRING = ["2026-03-27T22:00", "2026-03-28T22:00", "2026-03-29T21:00", "2026-03-30T21:00"]
AUTUMN = ["2026-10-23T21:00", "2026-10-24T21:00", "2026-10-25T22:00", "2026-10-26T22:00"]
PRAGUE_SPRING = ["2026-03-27T23:00", "2026-03-28T23:00", "2026-03-29T22:00", "2026-03-30T22:00"]
PRAGUE_AUTUMN = ["2026-10-23T22:00", "2026-10-24T22:00", "2026-10-25T23:00", "2026-10-26T23:00"]


@pytest.mark.parametrize("restarts", [False, True])
@pytest.mark.parametrize(("starts", "zone"), [
    (SPRING, "server"), (AUTUMN, "server"), (PRAGUE_SPRING, "Europe/Prague"), (PRAGUE_AUTUMN, "Europe/Prague"),
])  # fmt: skip
def test_each_day_begins_once_and_at_its_midnight_when_clocks_change(
    make: Make, starts: list[str], zone: str, restarts: bool
) -> None:
    stand = make(day={"zone": zone, "reset": "00:00"})
    stand.terminal.zone = "Europe/Athens"
    moved(stand, f"{starts[0][:8]}{int(starts[0][8:10]) + 1}T12:00")
    stand.terminal.hold(plain(1))
    found: list[tuple[int, int]] = []
    for beat in range(60 * 6):
        stand.terminal.bid = 1.0 - 0.0001 * (beat % 2)
        stand.beat(1, seconds=600.0)
        history = stand.guard.keeper.memory.history
        assert history is not None
        if not found or history.day.start_ms != found[-1][0]:
            found.append((history.day.start_ms, stand.clock.utc_ms() - 600_000))
        if restarts and beat % 7 == 0:
            stand.restart()
    wanted = [round(datetime.fromisoformat(at).replace(tzinfo=UTC).timestamp() * 1000) for at in starts]
    assert [start for start, _ in found] == wanted
    assert all(seen - start < 600_000 for start, seen in found[1:]), "none late"
    assert {b - a for a, b in pairwise(wanted)} - {DAY_MS} in ({23 * HOUR_MS}, {25 * HOUR_MS})
