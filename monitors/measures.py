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
    """

    name: str
    unit: Unit
    measure: Callable[[Reading, Rule], Value]
    closable: bool = False
    share: bool = False
    hard: bool = True
    by_flow: bool = False
    performance: bool = False

    def rounded(self, value: float, money_digits: int) -> float:
        """`value` as it is compared and told: float noise must not trip a level or close a step too many."""
        digits = {Unit.MONEY: money_digits, Unit.PERCENT: 6, Unit.RATIO: 9, Unit.SECONDS: 3}[self.unit]
        return float(round(value, digits)) + 0.0
