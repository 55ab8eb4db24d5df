"""Margin figures of a reading."""

from __future__ import annotations

import pytest

from monitors import margin, risk_reward, silence
from monitors.kinds import Side
from monitors.model import NotApplicable, Rates, Unknown
from tests.builders import position, quote, reading, rule, snapshot

RULE = rule()


@pytest.mark.parametrize(
    ("profit", "level", "free"), [(0.0, 1_000.0, 9_000.0), (-8_500.0, 150.0, 500.0), (-10_500.0, -50.0, -1_500.0)]
)
def test_level_is_equity_over_used_margin(profit: float, level: float, free: float) -> None:
    seen = reading(snapshot(position(profit=profit), margin=1_000.0))
    assert margin.level_pct(seen, RULE) == pytest.approx(level)
    assert margin.used(seen, RULE) == 1_000.0
    assert margin.free(seen, RULE) == free


def test_credit_counts_into_the_level() -> None:
    assert margin.level_pct(reading(snapshot(position(), credit=2_000.0, margin=1_000.0)), RULE) == 1_200.0


def test_a_level_without_margin_does_not_apply() -> None:
    assert margin.level_pct(reading(), RULE) == NotApplicable("no margin is used")
    assert margin.used(reading(), RULE) == 0.0
    assert margin.free(reading(), RULE) == 10_000.0


def test_a_level_over_a_margin_that_cannot_be_computed_is_unknown_and_not_none() -> None:
    assert margin.level_pct(reading(snapshot(position(), margin=float("nan"))), RULE) == Unknown(
        "a margin rate is missing"
    )


def test_open_risk_adds_what_every_stop_would_cost() -> None:
    held = (position(1, stop=1.099), position(2, side=Side.SELL, stop=1.1051), position(3, stop=1.2))
    assert risk_reward.open_pct(reading(snapshot(*held)), RULE) == pytest.approx(6.0)


def test_open_risk_without_a_stop_is_all_of_the_equity_at_most() -> None:
    assert risk_reward.open_pct(reading(snapshot(position())), RULE) == pytest.approx(100.0)


def test_open_risk_of_nothing_is_nought_and_without_equity_or_a_rate_unknown() -> None:
    assert risk_reward.open_pct(reading(), RULE) == 0.0
    broke = reading(snapshot(position(profit=-10_000.0)))
    assert risk_reward.open_pct(broke, RULE) == Unknown("there is no equity")
    nan = float("nan")
    bare = snapshot(position(stop=1.09), rates={"EURUSD": Rates(margin_buy=1.0, margin_sell=1.0, profit=nan, loss=nan)})
    assert risk_reward.open_pct(reading(bare), RULE) == Unknown("a conversion rate is missing")


def test_silence_is_told_as_it_was_measured() -> None:
    assert silence.silence_s(reading(snapshot(position()), silence_s=12.5), RULE) == 12.5


def test_silence_without_a_quote_to_watch_does_not_apply() -> None:
    beside = reading(snapshot(quotes={"EURUSD": quote(1.1)}), silence_s=12.5)
    for read in (reading(silence_s=12.5), beside):
        assert silence.silence_s(read, RULE) == NotApplicable("nothing is held, so no quote is watched")
