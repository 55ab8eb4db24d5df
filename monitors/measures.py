"""What a metric is: a name, a unit, how it is computed, and what closing positions does to it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from monitors.model import Value
from monitors.reading import Reading
from monitors.settings import Rule


class Unit(StrEnum):
    """What a metric's number counts."""

    MONEY = "money"
    PERCENT = "percent"
    RATIO = "ratio"
    SECONDS = "seconds"


@dataclass(frozen=True, slots=True, kw_only=True)
class Metric:
    """One figure of an account that a rule may watch.

    `measure(reading, rule)` gives the value in `unit`; the rule carries options such as `base`.
    `closable`: closing positions can bring it back, so that `until` makes sense.
    `share`: it compares symbols with each other, so that closing everything is no remedy.
    `hard`: a rule on it acts whatever the spread. `by_flow`: money moved in or out moves it directly.
    `performance`: it needs the balance to be explained by deals.
    `line(reading, rule, at)`: the equity at which the metric stands at `at` if nothing but equity moves, account
    currency; None there where no equity leads to it, and None here where the metric never is a line on equity.
    """

    name: str
    unit: Unit
    measure: Callable[[Reading, Rule], Value]
    closable: bool = False
    share: bool = False
    hard: bool = True
    by_flow: bool = False
    performance: bool = False
    line: Callable[[Reading, Rule, float], float | None] | None = None

    def rounded(self, value: float, money_digits: int) -> float:
        """`value` as it is compared and told: float noise must not trip a level or close a step too many."""
        digits = {Unit.MONEY: money_digits, Unit.PERCENT: 6, Unit.RATIO: 9, Unit.SECONDS: 3}[self.unit]
        return float(round(value, digits)) + 0.0


def per_money(metric: Metric, reading: Reading, rule: Rule) -> float:
    """What one unit of account currency moved in does to the metric, in its unit; 0 where its limits move along."""
    if not metric.by_flow or (rule.floors is not None and rule.floors.trails):
        return 0.0
    ends = (metric.line(reading, rule, 0.0), metric.line(reading, rule, 1.0)) if metric.line else (0.0, 1.0)
    if ends[0] is None or ends[1] is None or ends[0] == ends[1]:
        return 0.0
    return 1 / (ends[1] - ends[0])
