"""What a person types about a day, a week and all time stands in for what was seen."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import pytest

from monitors.anchors import Anchor
from monitors.openings import fit, kept, typed
from monitors.ports import Opening
from tests.builders import NOW_MS, history
from tests.monitors.beats import beat


def test_every_figure_goes_where_it_belongs_and_the_others_stay() -> None:
    before = history()
    assert typed(before, Opening(account="main", balance=9_900.0)).day.balance == Anchor.at(9_900.0)
    after = typed(before, Opening(account="main", day_high=10_300.0))
    assert (after.day.peak, after.day.reconstructed, after.day.equity) == (Anchor.at(10_300.0), True, before.day.equity)
    after = typed(before, Opening(account="main", week_high=10_400.0))
    assert (after.week.peak, after.day, after.peak) == (Anchor.at(10_400.0), before.day, before.peak)
    after = typed(before, Opening(account="main", high_water=12_000.0))
    assert (after.peak, after.day, after.week) == (Anchor.at(12_000.0), before.day, before.week)


def test_an_equity_at_the_reset_lifts_a_high_below_it_and_leaves_an_unknown_one() -> None:
    before = history()
    after = typed(before, Opening(account="main", equity=10_100.0))
    assert after.day.equity == after.day.peak == Anchor.at(10_100.0)
    missed = replace(before, day=replace(before.day, equity=None, peak=None))
    after = typed(missed, Opening(account="main", equity=10_100.0))
    assert (after.day.equity, after.day.peak) == (Anchor.at(10_100.0), None)


def test_a_high_is_never_below_the_equity_last_seen() -> None:
    after = typed(history(), Opening(account="main", day_high=9_000.0, week_high=9_000.0, high_water=9_000.0))
    assert after.day.peak == after.week.peak == after.peak == Anchor.at(10_000.0)


def test_what_was_typed_is_followed_from_then_on() -> None:
    before = history()
    missed = replace(before, day=replace(before.day, equity=None, peak=None))
    after = beat(typed(missed, Opening(account="main", day_high=10_200.0)), 9_700.0, now_ms=NOW_MS)
    assert after.day.deepest == 500.0
    assert after.day.peak == Anchor.at(10_200.0)


@pytest.mark.parametrize("figure", [0.0, -1.0, math.nan, math.inf])
def test_what_is_no_amount_is_not_fit(figure: float) -> None:
    assert not fit(Opening(account="main", equity=figure))
    assert not fit(Opening(account="main"))
    assert fit(Opening(account="main", equity=1.0))


def test_a_high_is_never_below_an_opening_typed_before_it() -> None:
    opened = typed(history(), Opening(account="main", equity=11_000.0))
    found = typed(opened, Opening(account="main", day_high=10_500.0, high_water=10_500.0))
    assert found.day.peak == Anchor.at(11_000.0)
    assert found.peak == Anchor.at(11_000.0)


def test_what_was_typed_goes_before_what_bars_rebuilt_and_nothing_else_does() -> None:
    rebuilt, named = history(), ("balance", "equity", "day_high", "week_high", "high_water")
    figures: dict[str, Any] = dict(zip(named, (9_900.0, 10_050.0, 10_300.0, 10_400.0, 12_000.0), strict=True))
    seen = typed(history(), Opening(account="main", **figures))
    assert kept(rebuilt, seen, ()) == rebuilt
    found = kept(rebuilt, seen, named)
    assert (found.day.balance, found.day.equity) == (Anchor.at(9_900.0), Anchor.at(10_050.0))
    assert (found.day.peak, found.week.peak, found.peak) == tuple(map(Anchor.at, (10_300.0, 10_400.0, 12_000.0)))
    assert kept(rebuilt, seen, {"equity"}).day.peak == Anchor.at(10_050.0)
    missed = replace(seen, day=replace(seen.day, equity=None))
    assert kept(rebuilt, missed, {"equity"}) == rebuilt
