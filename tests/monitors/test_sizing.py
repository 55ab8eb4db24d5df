"""The factor by drawdown and the position size: rounded down, never above what the rule risks."""

from __future__ import annotations

import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitors.kinds import Side
from monitors.model import NotApplicable, Rates, Unknown, Value
from monitors.settings import SizingSettings
from monitors.sizing import position_size, size_factor
from tests.builders import PLAIN_RATES, RATES, instrument


@pytest.mark.parametrize(
    ("drawdown", "factor"), [(0.0, 1.0), (2.5, 0.75), (5.0, 0.5), (7.0, 0.3), (10.0, 0.0), (40.0, 0.0)]
)
def test_between_two_steps_the_factor_lies_on_the_line(drawdown: float, factor: float) -> None:
    assert size_factor(SizingSettings(), drawdown) == pytest.approx(factor)


def test_an_unknown_drawdown_gives_no_factor_and_no_table_gives_full_size() -> None:
    assert size_factor(SizingSettings(), Unknown("why")) == Unknown("why")
    assert size_factor(SizingSettings(), math.nan) == Unknown("the drawdown is no number")
    assert size_factor(SizingSettings(steps=()), 50.0) == 1.0


def size(symbol: str = "EURUSD", rates: Rates = PLAIN_RATES, **changes: Any) -> Value:
    asked: dict[str, Any] = {"currency": "USD", "equity": 10_000.0, "risk_pct": 1.0, "factor": 1.0, "opened": 1.1,
                             "stop": 1.095, "side": Side.BUY}  # fmt: skip
    return position_size(instrument(symbol), rates, **asked | changes)


def test_a_size_loses_what_the_rule_says_at_the_stop() -> None:
    assert size() == 0.2
    assert size(factor=0.5) == 0.1
    assert size(side=Side.SELL, stop=1.105) == 0.2


def test_a_size_is_rounded_down_to_the_step() -> None:
    assert size(equity=10_999.0) == 0.21
    assert size(equity=11_000.0) == 0.22


def test_a_loss_in_another_currency_counts_at_the_rate_of_losses() -> None:
    lots = size("EURGBP", RATES["EURGBP"], opened=0.88, stop=0.87)
    assert lots == math.floor(100.0 / (1_000 * 1.2502) * 100) / 100


@pytest.mark.parametrize(("side", "stop"), [(Side.BUY, 145.0), (Side.SELL, 155.0)])
def test_a_pair_that_converts_itself_loses_at_the_price_of_the_stop(side: Side, stop: float) -> None:
    """Five yen on a lot are 500,000: at 145 more dollars than at 150, at 155 fewer."""
    lots = size("USDJPY", RATES["USDJPY"], equity=1e6, opened=150.0, stop=stop, side=side)
    assert isinstance(lots, float)
    assert lots * 500_000 / stop <= 10_000.0 < (lots + 0.01) * 500_000 / stop


def test_a_size_is_at_most_the_brokers_largest() -> None:
    assert size(equity=1e9) == 100.0


def test_where_the_rule_allows_nothing_the_reason_says_so() -> None:
    assert size(factor=0.0) == Unknown("by your rule nothing may be risked now")


def test_where_not_even_the_smallest_may_be_opened_the_reason_says_what_it_would_lose() -> None:
    assert size(equity=400.0) == Unknown(
        "0.01 lots, the least the broker takes, would lose 5.00, more than the 4.00 of your rule"
    )


@pytest.mark.parametrize(
    "changes", [{"stop": 0.0}, {"stop": 1.1}, {"stop": 1.2}, {"side": Side.SELL}, {"side": Side.SELL, "stop": 1.0}]
)
def test_without_a_stop_on_the_losing_side_there_is_no_size(changes: dict[str, Any]) -> None:
    assert isinstance(size(**changes), NotApplicable)


@pytest.mark.parametrize(
    "changes",
    [{"equity": math.nan}, {"factor": Unknown("why")}, {"factor": 0.0}, {"opened": math.inf}, {"equity": -5.0},
     {"rates": Rates(margin_buy=1.0, margin_sell=1.0, loss=math.nan)},
     {"rates": Rates(margin_buy=1.0, margin_sell=1.0, loss=0.0)}],
)  # fmt: skip
def test_odd_figures_give_no_size_and_a_reason(changes: dict[str, Any]) -> None:
    found = size(**changes)
    assert isinstance(found, Unknown)
    assert found.reason


@given(
    equity=st.floats(1.0, 1e6), risk=st.floats(0.01, 10.0), distance=st.floats(0.0001, 0.1),
    step=st.sampled_from((0.001, 0.01, 0.03, 0.1, 1.0)),
)  # fmt: skip
def test_a_size_is_whole_steps_and_risks_at_most_the_rule(
    equity: float, risk: float, distance: float, step: float
) -> None:
    spec = instrument("EURUSD", volume_step=step, volume_min=step)
    lots = position_size(spec, PLAIN_RATES, currency="USD", equity=equity, risk_pct=risk, factor=1.0, opened=1.2,
                         stop=1.2 - distance, side=Side.BUY)  # fmt: skip
    lost_by_one = (1.2 - (1.2 - distance)) * 100_000
    if isinstance(lots, float):
        assert spec.lots(spec.steps(lots)) == lots
        assert lots * lost_by_one <= risk / 100 * equity * (1 + 1e-6) + lost_by_one * step * 1e-6
        more = lots + step
        assert more > spec.volume_max or more * lost_by_one > risk / 100 * equity * (1 - 1e-6)
    else:
        assert spec.lots(spec.min_steps) * lost_by_one > risk / 100 * equity * (1 - 1e-6)
