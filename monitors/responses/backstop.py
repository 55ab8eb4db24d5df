"""Backstop: protective stops at the broker, so that a machine that dies leaves no account unguarded."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import ClassVar

from monitors.metrics import METRICS
from monitors.responses.base import Plan, Situation
from monitors.settings import Level, Rule

FULL = 100.0
WHOLE = "drawdown."
"""Metrics of this kind in percent end at FULL: nothing is left to lose then."""
MOVING = frozenset({"pnl.change"})
"""Lines that follow equity itself within minutes: no stop can stand on one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Backstop:
    """Sets stops, and keeps them up while the level stands, such that the metric is not beyond `within` if all are hit.

    `within` is in the metric's unit; without it the rule's severest level is meant. Nothing is set before a person has
    agreed; what is set is computed in `monitors.backstop`, and closes nothing by itself.
    """

    name: ClassVar[str] = "backstop"
    acts: ClassVar[bool] = True

    within: float | None = None

    def faults(self, rule: Rule) -> list[tuple[str, str]]:
        """A metric that is a line of equity, tripped by losing, and a `within` beyond the level that leaves room."""
        if rule.metric not in METRICS or METRICS[rule.metric].line is None or rule.metric in MOVING:
            known = ", ".join(n for n, one in METRICS.items() if one.line is not None and n not in MOVING)
            return [("action", f"expected it on a rule whose metric is a line of equity, not {rule.metric}: {known}")]
        if rule.when != losing(rule.metric):
            return [("action", f'expected it on a rule that a loss trips: {rule.metric} "{losing(rule.metric)}"')]
        own = next((level for level in rule.levels if level.response is self), None)
        within = self.limit(rule)
        if own is None or within is None:
            return []
        if within == own.at or not rule.breached(within, own.at):
            room = f"expected a number {rule.when} the level's own {own.at:g}"
            return [("within", f"{room}, or a severer level after it: stops need room between the two")]
        if rule.metric.startswith(WHOLE) and rule.metric.endswith("_pct") and within > FULL:
            return [("within", f"expected at most {FULL:g}, which is all of it")]
        return []

    def limit(self, rule: Rule) -> float | None:
        """What the metric is kept within: as given, else the rule's severest level."""
        if self.within is not None:
            return self.within
        return rule.levels[-1].at if rule.levels else None

    def plan(self, situation: Situation) -> Plan:  # noqa: ARG002 -- the protocol's signature
        """No position is closed or reduced."""
        return Plan()

    def sentence(self) -> str:
        """In words."""
        limit = "the severest level" if self.within is None else f"{self.within:g}"
        return f"set stops at the broker that keep it within {limit} if all are hit, once a person has agreed"


def terms(rule: Rule, level: Level) -> str:
    """All that a person agrees to with a level, as one text: where any of it changes, it is asked again."""
    within = level.response.limit(rule) if isinstance(level.response, Backstop) else None
    parts = (rule.name, rule.metric, rule.when, level.at, within, rule.symbols, rule.magics, rule.base, rule.of,
             rule.window_s)  # fmt: skip
    return "\x1f".join(str(part) for part in parts)


def pinned(rule: Rule) -> Rule:
    """The same rule; a backstop that keeps within its severest level goes on meaning that one when held alone."""
    levels = tuple(
        replace(level, response=replace(level.response, within=level.response.limit(rule)))
        if isinstance(level.response, Backstop)
        else level
        for level in rule.levels
    )
    return rule if levels == rule.levels else replace(rule, levels=levels)


def losing(metric: str) -> str:
    """The direction in which a loss moves the metric."""
    return "above" if metric.startswith(WHOLE) or metric.endswith("_used_pct") else "below"


RESPONSE = Backstop
