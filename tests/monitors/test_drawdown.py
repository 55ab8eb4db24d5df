"""Drawdown of a reading: from what, of what, and unknown where the reset was missed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from monitors import drawdown
from monitors.anchors import Anchor
from monitors.history import History
from monitors.metrics import METRICS
from monitors.model import NotApplicable, Unknown, Value
from monitors.reading import Reading
from monitors.settings import Rule
from tests.builders import NOW_MS, history, reading, rule, snapshot


def remembered(**day: Anchor | None) -> History:
    """Opened with a balance of 10,000 and an equity of 10,200; highest 10,500, the week's 10,800, all time's 12,000."""
    made = history()
    anchors = {"balance": Anchor.at(10_000.0), "equity": Anchor.at(10_200.0), "peak": Anchor.at(10_500.0)} | day
    return replace(
        made,
        day=replace(made.day, **anchors),  # type: ignore[arg-type]
        week=replace(made.week, peak=Anchor.at(10_800.0)),
        peak=Anchor.at(12_000.0),
        peak_ms=NOW_MS - 90_500,
        deepest=3_000.0,
    )


def at(low: float, equity: float | None = None, past: History | None = None) -> Reading:
    return reading(snapshot(balance=low if equity is None else equity), history=past or remembered(), low=low)


def daily(base: str, of: str = "base") -> Rule:
    return rule("drawdown.daily_pct", "above", base=base, of=of)


@pytest.mark.parametrize(
    ("base", "money", "pct"),
    [
        ("balance", 500.0, 5.0),
        ("equity", 700.0, 100 * 700 / 10_200),
        ("higher", 700.0, 100 * 700 / 10_200),
        ("peak", 1_000.0, 100 * 1_000 / 10_500),
    ],
)
def test_a_daily_drawdown_is_measured_from_its_base(base: str, money: float, pct: float) -> None:
    assert drawdown.daily(at(9_500.0), daily(base)) == money
    assert drawdown.daily_pct(at(9_500.0), daily(base)) == pytest.approx(pct)


def test_higher_takes_the_balance_where_positions_floated_under_water_at_the_reset() -> None:
    past = remembered(equity=Anchor.at(9_900.0))
    assert drawdown.daily(at(9_500.0, past=past), daily("higher")) == 500.0


@pytest.mark.parametrize(("base", "pct"), [("balance", 5.0), ("equity", 7.0), ("higher", 7.0), ("peak", 10.0)])
def test_of_initial_divides_the_same_money_by_the_initial_balance(base: str, pct: float) -> None:
    assert drawdown.daily_pct(at(9_500.0), daily(base, "initial")) == pytest.approx(pct)
    unknown = at(9_500.0, past=replace(remembered(), initial=0.0))
    assert drawdown.daily_pct(unknown, daily(base, "initial")) == Unknown("no initial balance is known")


def test_the_week_and_all_time_are_measured_from_their_highest_equity() -> None:
    seen, plain = at(9_600.0), daily("balance")
    assert drawdown.weekly(seen, plain) == 1_200.0
    assert drawdown.weekly_pct(seen, plain) == pytest.approx(100 * 1_200 / 10_800)
    assert drawdown.weekly_pct(seen, daily("balance", "initial")) == pytest.approx(12.0)
    assert drawdown.maximum(seen, plain) == 2_400.0
    assert drawdown.maximum_pct(seen, plain) == pytest.approx(20.0)
    assert drawdown.maximum_pct(seen, daily("balance", "initial")) == pytest.approx(24.0)


def test_the_worst_equity_of_the_beat_counts_and_not_its_end() -> None:
    seen, plain = at(9_000.0, equity=10_000.0), daily("balance")
    assert drawdown.daily(seen, plain) == 1_000.0
    assert drawdown.daily_pct(seen, plain) == 10.0
    assert drawdown.weekly(seen, plain) == 1_800.0
    assert drawdown.maximum(seen, plain) == 3_000.0


def test_money_is_taken_from_the_one_figure_and_percent_from_the_other() -> None:
    past = remembered(balance=Anchor(money=5_500.0, unit=5_000.0))
    assert drawdown.daily(at(4_500.0, past=past), daily("balance")) == 1_000.0
    assert drawdown.daily_pct(at(4_500.0, past=past), daily("balance")) == 10.0


@pytest.mark.parametrize("measure", [drawdown.daily, drawdown.daily_pct, drawdown.weekly, drawdown.weekly_pct,
                                     drawdown.maximum, drawdown.maximum_pct])  # fmt: skip
def test_a_drawdown_is_never_negative(measure: Callable[[Reading, Rule], Value]) -> None:
    assert measure(at(20_000.0), daily("peak")) == 0.0


@pytest.mark.parametrize("base", ["equity", "higher", "peak"])
def test_a_base_that_was_missed_is_unknown(base: str) -> None:
    past = remembered(equity=None, peak=None)
    assert drawdown.daily(at(1.0, past=past), daily(base)) == Unknown(drawdown.MISSED)
    assert drawdown.daily_pct(at(1.0, past=past), daily(base)) == Unknown(drawdown.MISSED)
    assert drawdown.daily_pct(at(1.0, past=past), daily(base, "initial")) == Unknown(drawdown.MISSED)


def test_a_missed_reset_leaves_the_opening_balance_known() -> None:
    assert drawdown.daily(at(9_500.0, past=remembered(equity=None, peak=None)), daily("balance")) == 500.0


def test_a_missed_week_is_unknown() -> None:
    past = remembered()
    past = replace(past, week=replace(past.week, peak=None))
    assert drawdown.weekly(at(1.0, past=past), daily("balance")) == Unknown(drawdown.MISSED)
    assert drawdown.weekly_pct(at(1.0, past=past), daily("balance")) == Unknown(drawdown.MISSED)


def test_a_percentage_of_nothing_is_unknown() -> None:
    past = remembered(balance=Anchor.at(0.0))
    assert drawdown.daily_pct(at(-5.0, past=past), daily("balance")) == Unknown("there is no equity to fall from")


def test_under_water_counts_from_the_all_time_high_and_is_nought_at_it() -> None:
    assert drawdown.underwater_s(at(11_999.99), daily("balance")) == 90.5
    assert drawdown.underwater_s(at(12_000.0), daily("balance")) == 0.0


@pytest.mark.parametrize(("equity", "pct"), [(9_000.0, 0.0), (10_500.0, 50.0), (12_000.0, 100.0), (12_500.0, 100.0)])
def test_recovery_is_the_part_of_the_deepest_that_is_regained(equity: float, pct: float) -> None:
    assert drawdown.recovery_pct(at(equity), daily("balance")) == pytest.approx(pct)


def test_without_a_drawdown_there_is_nothing_to_recover() -> None:
    assert drawdown.recovery_pct(reading(), daily("balance")) == NotApplicable("nothing fell")


def test_a_percentage_of_an_opening_that_was_missed_is_no_line() -> None:
    line = METRICS["drawdown.daily_pct"].line
    assert line is not None
    assert line(at(9_000.0, past=remembered(equity=None)), daily("equity"), 5.0) is None
