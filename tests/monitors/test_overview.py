"""All accounts side by side: sums by currency, rooms, and their order."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from monitors.model import Unknown, Value
from monitors.overview import in_order, nearest, room_share, seen, sums
from monitors.ports import AccountFrame, LevelView, Link, Severity
from tests import frames
from tests.frame_parts import account, alert


def level(
    at: float, value: Value, *, when: str = "above", metric: str = "drawdown.daily", tripped: bool = False
) -> LevelView:
    return LevelView(rule="R", metric=metric, when=when, at=at, severity=Severity.HIGH, action="alert", tripped=tripped,
                     value=value, unit="money")  # fmt: skip


def view(name: str, *levels: LevelView, **changes: Any) -> AccountFrame:
    return replace(frames.calm_account(), **{"name": name, "levels": levels, **changes})


@pytest.mark.parametrize(("value", "at", "when", "share"), [
    (0.0, 100.0, "above", 1.0), (25.0, 100.0, "above", 0.75), (100.0, 100.0, "above", 0.0),
    (130.0, 100.0, "above", 0.0),
    (240.0, 120.0, "below", 0.5), (120.0, 120.0, "below", 0.0), (90.0, 120.0, "below", 0.0), (5.0, 0.0, "below", 1.0),
    (-5.0, 100.0, "above", 1.0),
])  # fmt: skip
def test_a_room_is_what_is_left_of_the_way(value: float, at: float, when: str, share: float) -> None:
    assert room_share(value, at, when) == pytest.approx(share)


def test_the_nearest_level_is_the_one_with_the_least_left_and_none_that_has_tripped() -> None:
    found = nearest((level(100.0, 10.0), level(200.0, 150.0), level(50.0, 60.0, tripped=True)))
    assert found is not None
    assert (found.level.at, found.left, round(found.share, 6)) == (200.0, 50.0, 0.25)


def test_a_level_without_a_figure_or_without_a_zero_has_no_room() -> None:
    assert nearest((level(1.0, Unknown("no"), when="below"), level(9.0, 10.0, when="below", metric="equity"))) is None


def test_sums_are_by_currency_and_leave_out_what_is_not_seen() -> None:
    dollar = view("A", level(100.0, 60.0)), view("B", level(100.0, 10.0))
    blind = view("C", link=Link.BLIND)
    euro = view("D", account=replace(account(), currency="EUR"))
    usd, eur = sums((*dollar, blind, euro))
    assert (usd.currency, usd.accounts, usd.without) == ("USD", 2, ("C",))
    assert usd.equity == pytest.approx(2 * 101_182.6)
    assert usd.today == pytest.approx(825.2)
    assert usd.least is not None
    assert (usd.least[0], round(usd.least[1], 6)) == ("A", 0.4)
    assert (eur.currency, eur.accounts, eur.without) == ("EUR", 1, ())


def test_an_unknown_day_makes_no_sum_of_days() -> None:
    (one,) = sums((view("A"), view("B", metrics={"pnl.today": Unknown("day not seen")})))
    assert one.today is None


def test_an_account_that_was_never_read_is_in_no_sum() -> None:
    never = view("A", account=None, link=Link.WAITING)
    assert sums((never,)) == ()
    assert not seen(never)


def test_alerts_come_first_then_the_least_room_and_one_not_seen_has_none() -> None:
    calm, tight = view("calm", level(100.0, 5.0)), view("tight", level(100.0, 95.0))
    needs = view("needs", level(100.0, 1.0))
    blind = view("blind", link=Link.BLIND)
    waiting = replace(alert(1, "equity", 9.0, Severity.MEDIUM), account="needs")
    assert [v.name for v in in_order((calm, tight, needs, blind), (waiting,))] == ["needs", "blind", "tight", "calm"]
    shelved = replace(waiting, shelved_until_ms=1)
    assert in_order((calm, needs), (shelved,))[0].name == "calm"
