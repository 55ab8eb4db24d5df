"""Reduce: a share of every selected position, or just enough to bring the metric back."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import ClassVar

from monitors.lots import target_after
from monitors.metrics import METRICS, value
from monitors.model import NotApplicable
from monitors.projection import fewest_steps
from monitors.reading import Reading
from monitors.responses.base import Plan, Situation
from monitors.responses.diversify import Diversify
from monitors.responses.ranking import ORDERS, order_faults, pairs_of, ranked
from monitors.settings import Rule

FULL = 100.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Reduce:
    """`percent` of each selected position's volume when the episode began, or `until` the metric is back at a value."""

    name: ClassVar[str] = "reduce"
    acts: ClassVar[bool] = True

    percent: float | None = None
    until: float | None = None
    order: str = "largest_loss"
    max_positions: int | None = None

    def faults(self, rule: Rule) -> list[tuple[str, str]]:
        """Exactly one of percent and until; until only where closing brings the metric back, and beyond the level."""
        found = order_faults(self.order)
        if (self.percent is None) == (self.until is None):
            found.append(("percent", "give either percent = 50.0 or until = …, one of the two"))
        if self.percent is not None and not 0 < self.percent <= FULL:
            found.append(("percent", f"found {self.percent:g}, expected more than 0 and at most 100"))
        if self.max_positions is not None and self.max_positions < 1:
            found.append(("max_positions", f"found {self.max_positions}, expected 1 or more"))
        metric = METRICS.get(rule.metric)
        if self.until is not None and metric is not None:
            if not metric.closable:
                found.append(("until", f"closing positions does not bring {rule.metric} back; use percent"))
            for level in rule.levels:
                if level.response is self and self.until != level.at and rule.breached(self.until, level.at):
                    found.append(("until", f"found {self.until:g}, which is on the tripped side of at = {level.at:g}"))
        return found

    def plan(self, situation: Situation) -> Plan:
        """Targets in steps; nothing for positions opened after the episode began where a percentage is asked."""
        chosen = ranked(situation.reading, situation.rule, self.order)[: self.max_positions]
        return self._share(situation, chosen) if self.until is None else self._until(situation, chosen, self.until)

    def _share(self, situation: Situation, chosen: list[int]) -> Plan:
        snapshot, targets = situation.reading.snapshot, {}
        for position in (snapshot.positions[i] for i in chosen):
            held = situation.began.get(position.identifier)
            if held is not None:
                wanted = held * (self.percent or 0.0) / FULL
                target = target_after(snapshot.instruments[position.symbol], held, wanted)
                if target < position.steps:
                    targets[position.identifier] = target
        return Plan(targets=targets)

    def _until(self, situation: Situation, chosen: list[int], until: float) -> Plan:
        rule, metric = situation.rule, METRICS[situation.rule.metric]
        if rule.metric == "exposure.symbol_pct":
            return Diversify(symbol_pct=until, order=self.order).plan(situation)
        sign = -1.0 if rule.when == "below" else 1.0

        def score(reading: Reading) -> float:
            found = value(reading, rule)
            if isinstance(found, NotApplicable) and not metric.share:
                return -math.inf
            return sign * found if isinstance(found, float) and math.isfinite(found) else math.inf

        if score(situation.reading) == math.inf:
            return Plan(note=f"{rule.metric} cannot be projected, so nothing can be planned")
        targets, reached = fewest_steps(
            situation.reading, chosen, score, sign * until, pairs_of(situation.reading, self.order, chosen)
        )
        if reached:
            return Plan(targets=targets)
        if situation.reading.snapshot.account.equity <= 0 and not metric.share:
            everything = {situation.reading.snapshot.positions[i].identifier: 0 for i in chosen}
            return Plan(targets=everything, note="equity is gone, so every single close looks worse: closing all")
        if metric.share:
            return Plan(note=f"{until:g} is out of reach with the symbols held; nothing is closed")
        return Plan(targets=targets, note=f"{until:g} is out of reach; closing as much as helps")

    def sentence(self) -> str:
        """In words."""
        which = ORDERS.get(self.order, self.order)
        few = f" of at most {self.max_positions} positions" if self.max_positions else ""
        if self.until is None:
            return f"close {self.percent:g} % of each position{few}"
        return f"close as little as brings it back to {self.until:g}{few}, {which}"


RESPONSE = Reduce
