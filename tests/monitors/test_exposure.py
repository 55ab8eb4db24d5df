"""Exposure: notional, shares and concentration."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitors import exposure
from monitors.kinds import Side
from monitors.model import NotApplicable, Position, Rates, Unknown, Value
from monitors.reading import Reading
from monitors.settings import Rule
from tests.builders import position, quote, reading, rule, snapshot

RULE = rule("exposure.total", "above")
NO_RATE = Rates(margin_buy=1.0, margin_sell=1.0, profit=float("nan"), loss=float("nan"))


def weighing(**notional: float) -> Reading:
    """One symbol a name, worth that much gross in dollars."""
    held = tuple(position(n, name, lots=amount / 100_000) for n, (name, amount) in enumerate(notional.items()))
    return reading(snapshot(*held, quotes=dict.fromkeys(notional, quote(1.0)), margin=1.0))


def test_total_adds_long_and_short_converted() -> None:
    held: tuple[Position, ...] = (position(1), position(2, side=Side.SELL), position(3, "USDJPY", lots=2.0))
    assert exposure.total(reading(snapshot(*held)), RULE) == pytest.approx(110_000 + 110_010 + 200_000 * 150.0 / 150.01)


def test_leverage_is_gross_over_equity_and_unknown_without_any() -> None:
    assert exposure.leverage(weighing(AAAUSD=50_000.0), RULE) == pytest.approx(5.0)
    for loss in (-10_000.0, -10_001.0):
        broke = reading(snapshot(position(profit=loss)))
        assert exposure.leverage(broke, RULE) == Unknown("there is no equity")


@pytest.mark.parametrize(
    ("weights", "largest", "hhi", "count"),
    [
        ({"A": 1.0}, 100.0, 1.0, 1.0),
        ({"A": 1.0, "B": 1.0}, 50.0, 0.5, 2.0),
        ({"A": 2.0, "B": 1.0, "C": 1.0}, 50.0, 0.375, 8 / 3),
        ({"A": 1.0, "B": 1.0, "C": 1.0, "D": 1.0, "E": 1.0}, 20.0, 0.2, 5.0),
    ],
)
def test_concentration(weights: dict[str, float], largest: float, hhi: float, count: float) -> None:
    seen = weighing(**{name: 10_000 * weight for name, weight in weights.items()})
    assert exposure.symbol_pct(seen, RULE) == pytest.approx(largest)
    assert exposure.hhi(seen, RULE) == pytest.approx(hhi)
    assert exposure.effective_n(seen, RULE) == pytest.approx(count)


@given(st.lists(st.integers(1, 10_000), min_size=1, max_size=8))
def test_shares_sum_to_one_and_hhi_lies_between_equal_and_all_in_one(steps: list[int]) -> None:
    seen = weighing(**{f"S{n}": 1_000.0 * count for n, count in enumerate(steps)})
    shares = exposure.shares(seen)
    assert not isinstance(shares, Unknown | NotApplicable)
    assert float(shares.sum()) == pytest.approx(1.0)
    hhi = exposure.hhi(seen, RULE)
    assert isinstance(hhi, float)
    assert 1 / len(steps) - 1e-9 <= hhi <= 1 + 1e-9


def test_nothing_held_is_no_exposure_and_no_concentration() -> None:
    nothing = reading()
    assert exposure.total(nothing, RULE) == 0.0
    assert exposure.leverage(nothing, RULE) == 0.0
    for measure in (exposure.symbol_pct, exposure.hhi, exposure.effective_n):
        assert measure(nothing, RULE) == NotApplicable("nothing is held")


@pytest.mark.parametrize(
    "measure", [exposure.total, exposure.leverage, exposure.symbol_pct, exposure.hhi, exposure.effective_n]
)
def test_a_missing_rate_of_one_symbol_makes_all_of_it_unknown(measure: Callable[[Reading, Rule], Value]) -> None:
    seen = snapshot(position(1), position(2, "EURGBP"), rates={"EURGBP": NO_RATE})
    assert measure(reading(seen), RULE) == Unknown("a conversion rate is missing")
    assert measure(reading(replace(seen, rates={})), RULE) == Unknown("a conversion rate is missing")
