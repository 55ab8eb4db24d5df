"""Reduce risk: each position down to a loss at its stop that the account can bear."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from monitors.lots import target_at_most
from monitors.responses.base import Plan, Situation
from monitors.settings import Rule

FULL = 100.0


@dataclass(frozen=True, slots=True, kw_only=True)
class ReduceRisk:
    """`risk_pct` of equity is the most that one position may lose from here to a stop that is not in profit."""

    name: ClassVar[str] = "reduce_risk"
    acts: ClassVar[bool] = True

    risk_pct: float

    def faults(self, rule: Rule) -> list[tuple[str, str]]:  # noqa: ARG002 -- the protocol's signature
        """A percentage above 0."""
        if 0 < self.risk_pct <= FULL:
            return []
        return [("risk_pct", f"found {self.risk_pct:g}, expected more than 0 and at most 100")]

    def plan(self, situation: Situation) -> Plan:
        """Targets in steps; positions without a stop are left alone and named."""
        reading, bare = situation.reading, list[str]()
        targets: dict[int, int] = {}
        snapshot, book = reading.snapshot, reading.book
        allowed = snapshot.account.equity * self.risk_pct / FULL
        for i, position in enumerate(snapshot.positions):
            if not situation.rule.selects(position):
                continue
            if position.stop <= 0:
                bare.append(str(position.identifier))
                continue
            per_lot = float(book.risk_per_lot[i])
            if per_lot > 0 and per_lot * position.lots > allowed + 10**-snapshot.account.digits / 2:
                instrument = snapshot.instruments[position.symbol]
                steps = allowed / (per_lot * instrument.volume_step)
                targets[position.identifier] = target_at_most(instrument, position.steps, steps)
        note = f"without a stop, left alone: {', '.join(bare)}" if bare else ""
        return Plan(targets=targets, note=note)

    def sentence(self) -> str:
        """In words."""
        return f"cut each position until its stop would cost at most {self.risk_pct:g} % of equity"


RESPONSE = ReduceRisk
