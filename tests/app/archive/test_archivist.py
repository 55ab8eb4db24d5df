"""From what the engine shows and tells to what is kept: each thing once, under the account that it is of."""

from __future__ import annotations

from typing import Any, TypeVar

import pytest

from app.archive.archivist import Archivist
from app.archive.facts import RISK_FIGURES, Beat, Dealt, Excursed, Item, Risk, Told
from app.events import event
from monitors.excursions import Excursion
from tests.app.archive.parts import frame
from tests.builders import NOW_MS, account, deal, position, reading, snapshot

T = TypeVar("T")


class Desk:
    """An archivist and what it handed on."""

    def __init__(self) -> None:
        self.items: list[Item] = []
        self.archivist = Archivist(self.items.append)

    def of(self, kind: type[T]) -> list[T]:
        return [item for item in self.items if isinstance(item, kind)]

    def beat(self, *positions: Any, at_ms: int = 0, **changes: Any) -> None:
        seen = snapshot(*positions, taken_ms=NOW_MS + at_ms, **changes)
        far = {p.identifier: Excursion(best=float(at_ms)) for p in positions}
        self.archivist.beat(frame(reading(seen, excursions=far, low=seen.account.equity - 7)))


@pytest.fixture
def desk() -> Desk:
    return Desk()


def test_each_reading_is_one_point_with_its_lowest_tick(desk: Desk) -> None:
    once = reading()
    desk.archivist.beat(frame(once))
    desk.archivist.beat(frame(once))
    desk.beat(at_ms=100)
    assert [(b.time_ms - NOW_MS, b.equity, b.low) for b in desk.of(Beat)] == [
        (0, 10_000.0, 10_000.0), (100, 10_000.0, 9_993.0),
    ]  # fmt: skip


def test_an_account_that_is_not_seen_leaves_no_point(desk: Desk) -> None:
    desk.archivist.beat(frame(None))
    assert desk.items == []


def test_risk_is_written_every_ten_seconds_and_at_once_when_an_alert_changes(desk: Desk) -> None:
    for at in range(0, 25_000, 1_000):
        if at == 4_000:
            desk.archivist.event(event(NOW_MS + at, "alert", "main", alert=1, state="raised"))
        desk.beat(position(), at_ms=at)
    assert [(r.at_ms - NOW_MS, r.kept) for r in desk.of(Risk)] == [
        (0, False), (4_000, True), (14_000, False), (24_000, False),
    ]  # fmt: skip


def test_a_figure_that_does_not_apply_is_none(desk: Desk) -> None:
    desk.beat()
    figures = dict(zip(RISK_FIGURES, desk.of(Risk)[0].figures, strict=True))
    assert figures["margin_level_pct"] is None
    assert (figures["equity"], figures["daily_drawdown"], figures["exposure"]) == (10_000.0, 7.0, 0.0)


def test_a_deal_is_handed_on_once_also_when_it_came_before_the_account(desk: Desk) -> None:
    desk.archivist.booked("main", [deal(1), deal(2)])
    assert desk.items == []
    desk.beat(deals=(deal(2), deal(3)))
    desk.beat(deals=(deal(3),), at_ms=100)
    assert [d.deal.ticket for d in desk.of(Dealt)] == [1, 2, 3]
    assert [d.ticket for d in desk.archivist.dealings.deals("Demo", 1001)] == [1, 2, 3]


def test_a_position_that_is_gone_keeps_its_last_excursion(desk: Desk) -> None:
    desk.beat(position(1), position(2))
    desk.beat(position(1), position(2), at_ms=900)
    desk.beat(position(2), at_ms=1_000)
    closed = [e for e in desk.of(Excursed) if e.closed]
    assert [(e.position, e.excursion.best, e.seen_ms - NOW_MS) for e in closed] == [(1, 900.0, 1_000)]


def test_another_account_under_the_same_name_closes_nothing_of_the_first(desk: Desk) -> None:
    desk.beat(position(1), deals=(deal(1),))
    desk.beat(account=account(login=2002), deals=(deal(1),), at_ms=100)
    assert not [e for e in desk.of(Excursed) if e.closed]
    assert [d.whose.login for d in desk.of(Dealt)] == [1001, 2002]
    assert [b.whose.login for b in desk.of(Beat)] == [1001, 2002]


def test_events_before_the_account_was_seen_are_of_nobody_yet(desk: Desk) -> None:
    desk.archivist.event(event(NOW_MS, "started", "main", config="abc"))
    desk.beat()
    desk.archivist.event(event(NOW_MS, "halt", "main", scope="account", reason="x"))
    assert [t.whose and t.whose.login for t in desk.of(Told)] == [None, 1001]


def test_alerts_and_plans_of_the_first_beat_wait_for_the_account_that_they_are_of(desk: Desk) -> None:
    desk.archivist.event(event(NOW_MS, "alert", "main", alert=1, state="raised"))
    desk.archivist.event(event(NOW_MS, "plan", "main", episode=1))
    assert desk.items == []
    desk.beat()
    assert [(t.event["event"], t.whose and t.whose.login) for t in desk.of(Told)] == [("alert", 1001), ("plan", 1001)]


def test_what_was_told_of_an_account_that_was_never_seen_is_kept_at_the_end(desk: Desk) -> None:
    desk.archivist.event(event(NOW_MS, "alert", "main", alert=1, state="raised"))
    desk.archivist.close()
    assert [t.whose for t in desk.of(Told)] == [None]
