"""What a metric is: a name, a unit, how it is computed, and what closing positions does to it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from monitors.model import NotApplicable, Unknown, Value
from monitors.reading import Reading
from monitors.settings import Rule


class Unit(StrEnum):
    """What a metric's number counts."""

    MONEY = "money"
    PERCENT = "percent"
    RATIO = "ratio"
    SECONDS = "seconds"
    COUNT = "count"
    POINTS = "points"
    R = "r"
    """Multiples of what a position risked at first."""


Each = Callable[[Reading, Rule], Mapping[int, Value]]
"""A figure of each position that the rule selects, by identifier."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Metric:
    """One figure of an account that a rule may watch.

    `measure(reading, rule)` gives the value in `unit`; the rule carries options such as `base`.
    `closable`: closing positions can bring it back, so that `until` makes sense.
    `share`: it compares symbols with each other, so that closing everything is no remedy.
    `hard`: a rule on it acts whatever the spread. `by_flow`: money moved in or out moves it directly.
    `performance`: it needs the balance to be explained by deals. `each`: every position is judged by itself, and
    `measure` gives the worst of them.
    """

    name: str
    unit: Unit
    measure: Callable[[Reading, Rule], Value]
    closable: bool = False
    share: bool = False
    hard: bool = True
    by_flow: bool = False
    performance: bool = False
    each: Each | None = None

    def rounded(self, value: float, money_digits: int) -> float:
        """`value` as it is compared and told: float noise must not trip a level or close a step too many."""
        digits = money_digits if self.unit is Unit.MONEY else DIGITS[self.unit]
        return float(round(value, digits)) + 0.0


DIGITS: Mapping[Unit, int] = {
    Unit.PERCENT: 6,
    Unit.RATIO: 9,
    Unit.SECONDS: 3,
    Unit.COUNT: 0,
    Unit.POINTS: 3,
    Unit.R: 6,
}
"""Decimals to which a value is compared; those of money are the currency's."""


def of_each(name: str, unit: Unit, each: Each, *, closable: bool = False) -> Metric:
    """A metric that judges each position by itself."""
    return Metric(name=name, unit=unit, measure=lambda reading, rule: worst(each(reading, rule), rule), each=each,
                  closable=closable, hard=False)  # fmt: skip


def worst(found: Mapping[int, Value], rule: Rule) -> Value:
    """The value that is furthest towards tripping the rule; not applicable where no position has one.

    Unknown where any is, unless a known one breaches a level: what is not known must not hide behind a good figure.
    """
    known = [v for v in found.values() if isinstance(v, float)]
    furthest = (min if rule.when == "below" else max)(known, default=None)
    unknown = doubtful(found)
    if furthest is not None and (unknown is None or any(rule.breached(furthest, level.at) for level in rule.levels)):
        return furthest
    return unknown or next(iter(found.values()), NotApplicable("nothing is held that the rule covers"))


def doubtful(found: Mapping[int, Value]) -> Unknown | None:
    """Which positions' figures are unknown, and why that of the first is; None where all are known."""
    names = [identifier for identifier, value in found.items() if isinstance(value, Unknown)]
    if not names:
        return None
    first, more = found[names[0]], f" and {len(names) - 1} more" if len(names) > 1 else ""
    return Unknown(f"position {names[0]}{more}: {first.reason}") if isinstance(first, Unknown) else None
