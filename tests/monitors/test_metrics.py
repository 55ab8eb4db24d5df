"""The registry of metrics, and what is done to a value before it is compared."""

from __future__ import annotations

from dataclasses import replace

import pytest

from monitors.measures import Metric, Unit, per_money
from monitors.metrics import METRICS, value
from monitors.model import NotApplicable, Unknown
from tests.builders import position, reading, rule, snapshot

PROMISED = {
    "pnl.floating", "pnl.realized_today", "pnl.today", "pnl.today_pct", "pnl.week",
    "pnl.change", "drawdown.daily", "drawdown.daily_pct", "drawdown.weekly", "drawdown.weekly_pct",
    "drawdown.max", "drawdown.max_pct", "drawdown.underwater_s", "drawdown.recovery_pct", "exposure.total",
    "exposure.symbol_pct", "exposure.hhi", "margin.level_pct", "margin.used", "margin.free",
    "equity", "balance", "risk.open_pct", "risk.missing_stops", "risk.reward_min", "terminal.silence_s",
    "position.profit", "position.r", "position.mae_r", "position.given_back_pct", "position.unprotected_s",
    "spread.points",
}  # fmt: skip


def test_every_promised_metric_is_there_under_its_own_name() -> None:
    assert set(METRICS) >= PROMISED
    assert all(METRICS[name].name == name for name in METRICS)
    assert list(METRICS) == sorted(METRICS)


@pytest.mark.parametrize("name", METRICS)
def test_every_metric_answers_for_a_flat_and_for_a_held_account(name: str) -> None:
    for seen in (reading(), reading(snapshot(position(profit=-1.0)))):
        found = value(seen, rule(name))
        assert isinstance(found, float | Unknown | NotApplicable)


@pytest.mark.parametrize("name", METRICS)
def test_closing_brings_back_only_margin_exposure_open_risk_and_a_positions_profit(name: str) -> None:
    brings = name.startswith(("margin.", "exposure.", "risk.", "position.profit")) and name != "exposure.correlation"
    assert METRICS[name].closable is brings
    assert METRICS[name].share is (name in {"exposure.symbol_pct", "exposure.hhi", "exposure.effective_n"})


@pytest.mark.parametrize("name", METRICS)
def test_rules_on_margin_drawdown_equity_and_a_firms_floors_are_hard(name: str) -> None:
    assert METRICS[name].hard is name.startswith(("margin.", "drawdown.", "equity", "firm."))


@pytest.mark.parametrize("name", METRICS)
def test_only_what_is_measured_from_a_fixed_figure_is_moved_by_a_flow_itself(name: str) -> None:
    assert METRICS[name].by_flow is (name in {"equity", "balance", "firm.max_room", "firm.max_used_pct"})


@pytest.mark.parametrize("name", METRICS)
def test_while_the_balance_is_unexplained_performance_is_unknown_and_margin_is_judged(name: str) -> None:
    seen = replace(reading(snapshot(position(profit=-1.0))), unexplained="100.00 not in the deals")
    unknown = value(seen, rule(name)) == Unknown("100.00 not in the deals")
    money = name.startswith(("drawdown.", "pnl.", "equity", "balance", "firm.")) and name != "pnl.floating"
    assert METRICS[name].performance is money
    assert unknown is money


@pytest.mark.parametrize(
    ("unit", "digits", "found", "rounded"),
    [
        (Unit.MONEY, 2, 499.995000001, 500.0),
        (Unit.MONEY, 2, 0.1 + 0.2, 0.3),
        (Unit.MONEY, 0, 1_234.5678, 1_235.0),
        (Unit.PERCENT, 2, 149.9999999, 150.0),
        (Unit.PERCENT, 2, 149.999999, 149.999999),
        (Unit.RATIO, 2, 0.1 + 0.2, 0.3),
        (Unit.SECONDS, 2, 29.99996, 30.0),
        (Unit.COUNT, 2, 3.0000001, 3.0),
        (Unit.POINTS, 2, (1.10010 - 1.10000) / 0.00001, 10.0),
        (Unit.R, 2, -0.99999999, -1.0),
    ],
)
def test_a_value_is_rounded_as_its_unit_is_told(unit: Unit, digits: int, found: float, rounded: float) -> None:
    metric = Metric(name="x", unit=unit, measure=lambda _reading, _rule: found)
    assert metric.rounded(found, digits) == rounded


def test_minus_nought_is_nought() -> None:
    metric = METRICS["pnl.floating"]
    assert str(metric.rounded(-0.001, 2)) == "0.0"


def test_the_rounding_is_the_accounts_own() -> None:
    seen = reading(snapshot(position(profit=-1.005)))
    assert value(seen, rule("pnl.floating")) == pytest.approx(-1.0, abs=0.011)
    yen = replace(seen, snapshot=replace(seen.snapshot, account=replace(seen.snapshot.account, digits=0)))
    assert value(yen, rule("pnl.floating")) == -1.0


def test_what_is_no_number_passes_as_it_is() -> None:
    assert value(reading(), rule("margin.level_pct")) == NotApplicable("no margin is used")


def test_money_moves_no_figure_of_a_firm_whose_plan_is_not_known() -> None:
    assert per_money(METRICS["firm.max_room"], reading(), rule("firm.max_room")) == 0.0
