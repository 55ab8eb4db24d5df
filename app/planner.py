"""From episodes that are due to target volumes: plans of one beat merge to the smallest target per position."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Any

from app.events import Event, event
from app.ladder import Acting
from app.memory import Memory, Target, trip_key
from app.targets import put
from monitors.fifo import oldest_first, wanted
from monitors.gate import Source, Wish
from monitors.lots import closable
from monitors.metrics import METRICS, value
from monitors.projection import after
from monitors.reading import Reading
from monitors.responses.base import Plan, Situation

BY_SYMBOL = ("diversify", "close_all", "emergency_stop")
PLANS = 3
"""Plans an episode may make; then a person is needed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """One episode's plan and its event; `told` is None where there is nothing to close."""

    acting: Acting
    plan: Plan
    told: Event | None

    @property
    def once_for_all(self) -> bool:
        """A halt, a stop and a cancelling are done once an episode."""
        return self.plan.halt is not None or self.plan.stop or self.plan.cancel_pendings

    @property
    def empty(self) -> bool:
        """Nothing to close and nothing else to do."""
        return self.told is None and not self.once_for_all

    @property
    def uncapped(self) -> bool:
        """What is held bounds it, not a count of sends, and its end is flat."""
        return self.acting.level.response.name in ("close_all", "emergency_stop")

    @property
    def far_reaching(self) -> bool:
        """The other accounts are to do the same."""
        return getattr(self.acting.level.response, "scope", "account") == "all"

    def wishes(self) -> list[Wish]:
        """The plan as wishes of its episode."""
        rule, episode = self.acting.rule, self.acting.episode.number
        return [
            Wish(position=p, target=t, source=Source.RULE, episode=episode, hard=rule.hard, uncapped=self.uncapped)
            for p, t in self.plan.targets.items()
        ]


def draw(acting: Acting, reading: Reading, account: str) -> Drawn:
    """The plan from fresh data; planning changes nothing."""
    episode = acting.episode
    plan = acting.level.response.plan(Situation(reading=reading, rule=acting.rule, began=episode.began))
    if reading.snapshot.account.fifo_close:
        plan = replace(plan, targets=_from_the_oldest(plan, acting, reading))
    plan = replace(plan, targets=_closable(plan, reading))
    closes = _closes(plan, reading)
    told = None
    if closes:
        told = event(reading.snapshot.taken_ms, "plan", account, episode=episode.number, rule=acting.rule.name,
                     closes=closes, expects=_expects(acting, plan, reading))  # fmt: skip
    return Drawn(acting=acting, plan=plan, told=told)


def _from_the_oldest(plan: Plan, acting: Acting, reading: Reading) -> dict[int, int]:
    """The same volume, the oldest positions first.

    A share of a position that was taken from an older one is not seen at the position itself: it is taken once an
    episode. What brings the metric or a symbol back is found out from fresh data and may be planned again.
    """
    response = acting.level.response
    fresh = getattr(response, "until", None) is not None or response.name in BY_SYMBOL
    targets = oldest_first(wanted(plan.targets, reading.snapshot), reading.snapshot)
    return {} if acting.episode.plans and not fresh and targets != dict(plan.targets) else targets


def adopt(drawn: Drawn, memory: Memory) -> None:
    """Take over the plan's targets beside those under way."""
    level = trip_key(drawn.acting.rule.name, drawn.acting.level.at)
    for wish in drawn.wishes():
        put(memory, wish.position, Target(steps=wish.target, episode=wish.episode, hard=wish.hard,
                                          uncapped=wish.uncapped, level=level))  # fmt: skip


def _closable(plan: Plan, reading: Reading) -> dict[int, int]:
    """The plan's targets without those that are as near as they get: it says only what an order can close."""
    specs, held = reading.snapshot.instruments, {p.identifier: p for p in reading.snapshot.positions}
    return {p: t for p, t in plan.targets.items() if p in held and closable(specs[held[p].symbol], held[p].steps, t)}


def _closes(plan: Plan, reading: Reading) -> list[dict[str, Any]]:
    specs, found = reading.snapshot.instruments, []
    for position in reading.snapshot.positions:
        target = plan.targets.get(position.identifier)
        if target is not None and target < position.steps:
            volume = specs[position.symbol].lots(position.steps - target)
            found.append({"position": position.identifier, "symbol": position.symbol, "volume": volume})
    return found


def _expects(acting: Acting, plan: Plan, reading: Reading) -> dict[str, float | None]:
    """The rule's metric and the margin level after the plan; null where it will not apply or cannot be projected."""
    left = after(reading, plan.targets)
    found: dict[str, float | None] = {}
    for name in dict.fromkeys((acting.rule.metric, "margin.level_pct")):
        if METRICS[name].closable:
            number = value(left, replace(acting.rule, metric=name))
            found[name] = number if isinstance(number, float) and not math.isnan(number) else None
    return found
