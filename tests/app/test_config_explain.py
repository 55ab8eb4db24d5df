"""The config as sentences."""

from __future__ import annotations

from typing import Any

import pytest

from app.config import from_table
from app.config.names import BASED, THRESHOLDS, WINDOWED
from app.explain import SUBJECTS, amount, sentences
from monitors.metrics import METRICS


def told(**changes: Any) -> list[str]:
    """The sentences about one rule."""
    levels = [{"at": 120, "severity": "critical", "action": "reduce", "order": "largest_margin", "until": 150}]
    rule = {"name": "R", "metric": "margin.level_pct", "when": "below", "levels": levels} | changes
    table = {"rule": [rule], "strategies": {"7001": {"name": "London"}}}
    return [line.removeprefix("R: ") for line in sentences(from_table(table, source="test")) if line.startswith("R: ")]


def one_level(at: float, action: str = "alert") -> list[dict[str, Any]]:
    return [{"at": at, "severity": "high", "action": action}]


def test_a_level_is_told_as_a_person_would_say_it() -> None:
    (line,) = told()
    assert line.startswith("when the margin level falls to 120.00 % (two readings in a row), close as little as brings")
    assert line.endswith("largest margin first. Critical.")


@pytest.mark.parametrize(
    ("changes", "start"),
    [
        ({"levels": one_level(150)}, "when the margin level falls to 150.00 %, raise an alert. High."),
        ({"levels": one_level(150), "confirm": 3, "confirm_s": 2},
         "when the margin level falls to 150.00 % (three readings in a row, for at least 2 s), raise an alert."),
        ({"metric": "equity", "levels": one_level(12500)}, "when the equity falls to 12,500.00, raise"),
        ({"metric": "exposure.hhi", "when": "above", "levels": one_level(0.25)},
         "when the concentration of exposure (HHI) rises to 0.25, raise"),
        ({"metric": "drawdown.daily_pct", "when": "above", "base": "equity", "of": "initial", "levels": one_level(5)},
         "when the drawdown from the equity at the day's reset, in percent of the initial balance, rises to 5.00 %"),
        ({"metric": "pnl.change", "window_s": 30, "levels": one_level(-500)},
         "when the change of equity over 30 s falls to -500.00, raise"),
    ],
)  # fmt: skip
def test_each_rule_names_metric_limit_and_confirmation(changes: dict[str, Any], start: str) -> None:
    assert told(**changes)[0].startswith(start)


@pytest.mark.parametrize(
    ("changes", "remark"),
    [
        ({"rearm": 10}, "a level can trip again once it was left by 10.00 %."),
        ({"hard": False}, "it waits while spreads are more than 5 times their median."),
        ({"accounts": ["ma*"]}, "it judges only ma*."),
        ({"accounts": ["mian"]}, "it judges no terminal of this config, for none is called mian."),
        ({"symbols": ["EUR*", "GBP*"]}, "it touches only positions in EUR* or GBP*."),
        ({"magics": [7001, 5]}, "it touches only positions of London or magic 5."),
    ],
)
def test_whatever_narrows_a_rule_is_said(changes: dict[str, Any], remark: str) -> None:
    assert told(**changes)[1:] == [remark]


@pytest.mark.parametrize(
    ("metric", "at", "start"),
    [
        ("position.profit", -200, "when a position's profit falls to -200.00, raise"),
        ("position.r", -1, "when a position's profit in R falls to -1, raise"),
        ("position.mae_r", -0.8, "when a position's worst excursion in R falls to -0.8, raise"),
        ("position.unprotected_s", 60, "when the time that a position stands without a stop falls to 60 s, raise"),
        ("position.given_back_pct", 50, "when the part of its best profit that a position gave back falls to 50.00 %,"),
    ],
)
def test_a_rule_on_positions_says_that_each_is_judged_by_itself(metric: str, at: float, start: str) -> None:
    sentence, each, narrowed = told(metric=metric, levels=one_level(at), symbols=["EUR*"])
    assert sentence.startswith(start)
    assert each == "each position is judged by itself, and what is closed for it touches no other."
    assert narrowed == "it judges and touches only positions in EUR*."


def test_a_stop_by_a_rule_on_positions_is_said_to_be_the_accounts() -> None:
    _, _, wide, *_ = told(metric="position.profit", levels=one_level(-200, "emergency_stop"))
    assert wide == "an emergency stop reaches the whole account all the same, not only that position."


def test_mode_terminals_and_days_come_first() -> None:
    terminal = {"name": "a", "login": 7, "server": "Demo", "day": {"zone": "Europe/Prague", "reset": "01:05"}}
    assert sentences(from_table({"app": {"mode": "armed"}, "terminal": [terminal]}, source="test")) == [
        "Armed: rules may close positions.",
        'Terminal "a": account 7 on Demo; a day begins at 01:05 in Europe/Prague, a week on Monday.',
        "No rules: nothing is judged; the emergency stop works all the same.",
    ]
    mode, first, *_ = sentences(from_table({}, source="test"))
    assert mode == "Observe: rules warn and plan, and send nothing."
    assert first == (
        'Terminal "main": any account, which is watched and which no rule touches; '
        "a day begins at 00:00 on the broker's clock, a week on Monday."
    )


@pytest.mark.parametrize("metric", THRESHOLDS)
def test_every_metric_of_the_contract_has_words_of_its_own(metric: str) -> None:
    assert metric in SUBJECTS or metric in BASED or metric in WINDOWED


@pytest.mark.parametrize("metric", METRICS)
def test_every_metric_can_be_told_in_its_unit(metric: str) -> None:
    assert amount(metric, 5).startswith("5")
