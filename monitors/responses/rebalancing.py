"""The smallest closes that satisfy each limit on exposure that is met or near: shown, and never sent by themselves."""

from __future__ import annotations

from collections.abc import Sequence

from monitors.exposure_view import Cut, Rebalancing
from monitors.measures import Unit
from monitors.metrics import METRICS, value
from monitors.reading import Reading
from monitors.responses.base import Plan, Situation
from monitors.responses.decorrelate import Decorrelate
from monitors.responses.reduce import Reduce
from monitors.settings import Rule

NEAR = 0.1
"""A limit is near within this share of itself."""
STEP = {Unit.PERCENT: 1e-6, Unit.RATIO: 1e-9}
"""The least difference that a comparison sees, where it is not the account's own cent."""


def rebalancing(reading: Reading, rules: Sequence[Rule]) -> tuple[Rebalancing, ...]:
    """For each rule on `exposure.*` whose mildest level is met or near, in the order of the rules (RULES: exposure)."""
    found = []
    for rule in rules:
        now = value(reading, rule) if rule.metric.startswith("exposure.") and rule.levels else None
        if not isinstance(now, float):
            continue
        limit = rule.levels[0].at
        if rule.breached(now, limit):
            found.append(_closes(reading, rule, limit))
        elif abs(now - limit) <= NEAR * abs(limit):
            found.append(Rebalancing(rule=rule.name, limit=limit, cuts=(), note="near its limit, nothing to close yet"))
    return tuple(found)


def _closes(reading: Reading, rule: Rule, limit: float) -> Rebalancing:
    positions, specs = reading.snapshot.positions, reading.snapshot.instruments
    began = {p.identifier: p.steps for p in positions}
    plan = _plan(Situation(reading=reading, rule=rule, began=began), limit)
    after = {i: steps for i, steps in plan.targets.items() if steps < began[i]}
    cuts = tuple(
        Cut(position=p.identifier, symbol=p.symbol, before=p.lots, after=specs[p.symbol].lots(after[p.identifier]))
        for p in positions
        if p.identifier in after
    )
    return Rebalancing(rule=rule.name, limit=limit, cuts=cuts, note=plan.note)


def _plan(situation: Situation, limit: float) -> Plan:
    """Largest exposures first; at the limit still counts as met, so the goal is the least step beyond it."""
    rule, metric = situation.rule, METRICS[situation.rule.metric]
    step = STEP.get(metric.unit, 10.0**-situation.reading.snapshot.account.digits)
    if metric.closable:
        goal = limit + step if rule.when == "below" else limit - step
        return Reduce(until=goal, order="largest_exposure").plan(situation)
    if rule.when == "above":
        return Decorrelate(threshold=limit - step, factor=0.0).plan(situation)
    return Plan(note="closing does not bring it back")
