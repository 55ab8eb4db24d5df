"""The floors of the firms' plans, each against figures worked out by hand, and against those that firms publish."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitors.days import Calendar
from monitors.floors import (
    DailyLoss,
    Floors,
    Limit,
    MaximumLoss,
    Measured,
    Share,
    Stand,
    Trail,
    after_reset,
    breached,
    daily_floor,
    daily_limit,
    maximum_floor,
    opening_loss,
)
from monitors.settings import DaySettings
from monitors.zones import zone

I = 100_000.0  # noqa: E741 -- the table's own letter


def stand(initial: float = I, **changes: Any) -> Stand:
    """An account that has only its initial balance, unless the test says otherwise."""
    figures: dict[str, Any] = dict.fromkeys(
        ("balance", "equity", "peak", "eod_high", "closed_high", "live_high"), initial
    )
    return Stand(initial=initial, **(figures | changes))


def daily(amount: float, anchor: Measured = Measured.BALANCE, of: Share = Share.INITIAL) -> DailyLoss:
    return DailyLoss(anchor=anchor, limit=Limit(amount=amount, of=of))


def maximum(
    amount: float, trail: Trail = Trail.STATIC, of: Share = Share.INITIAL, lock: float | None = None
) -> MaximumLoss:
    return MaximumLoss(trail=trail, limit=Limit(amount=amount, of=of), lock=lock)


@pytest.mark.parametrize(
    ("plan", "figures", "floor"),
    [
        (daily(5), {"balance": 103_000.0, "equity": 104_000.0}, 98_000.0),
        (daily(3), {"balance": 103_000.0, "equity": 99_000.0}, 100_000.0),
        (daily(4), {"balance": 98_000.0}, 94_000.0),
        (daily(5, Measured.HIGHER, Share.ANCHOR), {"balance": 103_000.0, "equity": 104_000.0}, 98_800.0),
        (daily(5, Measured.HIGHER, Share.ANCHOR), {"balance": 103_000.0, "equity": 99_000.0}, 97_850.0),
        (daily(3, of=Share.ANCHOR), {"balance": 103_000.0}, 99_910.0),
        (daily(5, Measured.EQUITY, Share.ANCHOR), {"balance": 103_000.0, "equity": 99_000.0}, 94_050.0),
        (daily(250, Measured.PEAK, Share.MONEY), {"peak": 100_200.0}, 99_950.0),
    ],
    ids=["FTMO 2-step", "FTMO 1-step", "FundedNext Lite", "The5ers by equity", "The5ers by balance", "E8 One",
         "of the equity alone", "from the day's peak"],
)  # fmt: skip
def test_a_daily_floor_lies_its_limit_below_its_anchor(plan: DailyLoss, figures: Any, floor: float) -> None:
    assert daily_floor(plan, stand(**figures)) == pytest.approx(floor)


@pytest.mark.parametrize(
    ("plan", "initial", "figures", "floor"),
    [
        (maximum(10), I, {"eod_high": 120_000.0, "live_high": 130_000.0}, 90_000.0),
        (maximum(10, Trail.EOD_BALANCE), I, {"eod_high": 104_000.0, "closed_high": 106_000.0}, 94_000.0),
        (maximum(10, Trail.EOD_BALANCE), I, {"eod_high": 96_000.0}, 90_000.0),
        (maximum(6), I, {}, 94_000.0),
        (maximum(8), I, {"balance": 99_000.0}, 92_000.0),
        (maximum(6, Trail.CLOSED_BALANCE, lock=0.0), I, {"eod_high": 101_000.0, "closed_high": 104_000.0}, 98_000.0),
        (maximum(6, Trail.CLOSED_BALANCE, lock=0.0), I, {"closed_high": 109_000.0}, 100_000.0),
        (maximum(2_000, Trail.EOD_BALANCE, Share.MONEY, 0.0), 50_000.0, {"eod_high": 51_500.0}, 49_500.0),
        (maximum(2_000, Trail.EOD_BALANCE, Share.MONEY, 0.0), 50_000.0, {"eod_high": 53_000.0}, 50_000.0),
        (maximum(2_500, Trail.LIVE_EQUITY, Share.MONEY, 100.0), 50_000.0, {"live_high": 52_000.0}, 49_500.0),
        (maximum(2_500, Trail.LIVE_EQUITY, Share.MONEY, 100.0), 50_000.0, {"live_high": 55_000.0}, 50_100.0),
    ],
    ids=["FTMO 2-step", "FTMO 1-step", "FTMO 1-step below the start", "Stellar 1-step", "Stellar Lite", "E8 One",
         "E8 One locked", "Topstep 50K", "Topstep 50K locked", "Apex 50K", "Apex 50K locked"],
)  # fmt: skip
def test_the_floor_for_good_follows_what_its_plan_names_up_to_the_lock(
    plan: MaximumLoss, initial: float, figures: Any, floor: float
) -> None:
    assert maximum_floor(plan, stand(initial, **figures)) == pytest.approx(floor)


def published(shared: Path) -> dict[str, dict[str, Any]]:
    text = (shared / "data" / "drawdown_rules" / "examples.json").read_text("utf-8")
    return {example["id"]: example for example in json.loads(text)}


def test_every_published_daily_floor_is_reproduced(shared: Path) -> None:
    by_equity = daily(5, Measured.EQUITY, Share.ANCHOR)
    higher = daily(5, Measured.HIGHER, Share.BALANCE)
    known = published(shared)
    for name in ("dr01", "dr02"):
        figures = stand(equity=known[name]["equity_midnight"])
        assert daily_floor(by_equity, figures) == pytest.approx(known[name]["expected_floor"])
    for name in ("dr07", "dr14"):
        plan = daily(known[name]["pct"], of=Share.ANCHOR)
        assert daily_floor(plan, stand(balance=known[name]["prev_balance"])) == pytest.approx(
            known[name]["expected_floor"]
        )
    for name in ("dr11", "dr13"):
        figures = stand(balance=known[name]["balance"], equity=known[name]["equity"])
        assert daily_floor(higher, figures) == pytest.approx(known[name]["expected_floor"])


def test_every_published_fall_from_the_peak_of_a_day_is_reproduced(shared: Path) -> None:
    known = published(shared)
    for name in ("dr04", "dr05"):
        example = known[name]
        figures = stand(example["start"], peak=max(example["path"]))
        floor = daily_floor(daily(example["limit"], Measured.PEAK, Share.MONEY), figures)
        assert floor is not None
        assert max(example["path"]) - example["path"][-1] == example["expected_drawdown"]
        assert breached(example["path"][-1], floor, touch=True) is example["expected_breach"]
        assert breached(example["path"][-1] + 0.01, floor, touch=True) is False


def test_every_published_trailing_floor_is_reproduced(shared: Path) -> None:
    known = published(shared)
    for name in ("dr08", "dr10"):
        figures = stand(known[name]["start"], closed_high=known[name]["high_water_balance"])
        assert maximum_floor(maximum(6, Trail.CLOSED_BALANCE, lock=0.0), figures) == known[name]["expected_floor"]
    for name in ("dr16", "dr17", "dr19", "dr20"):
        start, fall, high = known[name]["args"]
        lock = float(known[name]["kwargs"].get("lock_at", start)) - start
        trail = Trail.EOD_BALANCE if "dd_type" in known[name]["kwargs"] else Trail.LIVE_EQUITY
        figures = stand(start, eod_high=high, live_high=high)
        assert maximum_floor(maximum(fall, trail, Share.MONEY, lock), figures) == known[name]["expected_floor"]
    for name in ("dr22", "dr23"):
        example = known[name]
        plan = maximum(example["max_dd"], Trail.LIVE_EQUITY, Share.MONEY, 0.0)
        floor = maximum_floor(plan, stand(example["start"], live_high=example["peak"]))
        answers = (breached(example["current_equity"], floor, touch=True), example["current_equity"] - floor)
        assert example["expected"] in answers


def test_no_published_example_is_left_out(shared: Path) -> None:
    used = "dr01 dr02 dr04 dr05 dr07 dr08 dr10 dr11 dr13 dr14 dr16 dr17 dr19 dr20 dr22 dr23"
    assert sorted(published(shared)) == used.split()


def test_equity_exactly_at_the_floor_has_lost_only_where_touching_loses() -> None:
    assert breached(95_000.0, 95_000.0, touch=True)
    assert not breached(95_000.0, 95_000.0, touch=False)
    assert breached(94_999.99, 95_000.0, touch=False)


def test_after_a_missed_reset_a_floor_from_equity_is_not_known_and_one_from_the_balance_is() -> None:
    missed = stand(equity=None, peak=None)
    assert daily_floor(daily(5), missed) == 95_000.0
    for anchor in (Measured.EQUITY, Measured.HIGHER, Measured.PEAK):
        assert daily_floor(daily(5, anchor), missed) is None
        assert daily_limit(daily(5, anchor), missed) is None


@pytest.mark.parametrize(
    ("day", "shown"),
    [("2026-01-15", "01:00"), ("2026-03-16", "02:00"), ("2026-07-01", "01:00"), ("2026-10-28", "02:00")],
)
def test_midnight_in_prague_is_one_or_two_in_the_morning_on_a_new_york_close_server(day: str, shown: str) -> None:
    noon = round(datetime.fromisoformat(f"{day}T12:00").replace(tzinfo=UTC).timestamp() * 1000)
    midnight = Calendar(DaySettings(zone="Europe/Prague"), "new-york-close").day_start_ms(noon)
    wall = datetime.fromtimestamp(zone("new-york-close").to_wall_ms(midnight) / 1000, UTC)
    assert wall.strftime("%Y-%m-%d %H:%M") == f"{day} {shown}"


money = st.floats(min_value=1_000, max_value=1e6)


@given(trail=st.sampled_from(Trail), high=money, more=st.floats(min_value=0, max_value=1e6), pct=st.floats(0.1, 50))
def test_a_floor_for_good_never_falls_while_what_it_follows_rises(
    trail: Trail, high: float, more: float, pct: float
) -> None:
    plan = maximum(pct, trail, lock=0.0)
    before = stand(eod_high=high, closed_high=high, live_high=high)
    then = after_reset(before, balance=high + more, equity=high + more)
    assert maximum_floor(plan, then) >= maximum_floor(plan, before)
    assert maximum_floor(plan, then) <= I


@given(
    anchor=st.sampled_from(Measured), of=st.sampled_from(Share), balance=money, equity=money, amount=st.floats(0.1, 50)
)
def test_a_daily_floor_lies_below_its_anchor_by_its_limit(
    anchor: Measured, of: Share, balance: float, equity: float, amount: float
) -> None:
    plan, figures = daily(amount, anchor, of), stand(balance=balance, equity=equity, peak=max(balance, equity))
    floor, limit = daily_floor(plan, figures), daily_limit(plan, figures)
    assert floor is not None
    assert limit is not None
    assert limit > 0
    start = {Measured.BALANCE: balance, Measured.EQUITY: equity}.get(anchor, max(balance, equity))
    assert floor + limit == pytest.approx(start)


@pytest.mark.parametrize(
    ("first", "second", "loss"),
    [(daily(5), maximum(10), 5_000.0), (None, maximum(10), 10_000.0), (None, None, 0.0)],
    ids=["a day's", "in all", "none"],
)
def test_the_loss_that_an_account_begins_with_is_the_days_or_the_whole(
    first: DailyLoss | None, second: MaximumLoss | None, loss: float
) -> None:
    assert opening_loss(Floors(plan="P", initial=I, daily=first, maximum=second)) == loss
