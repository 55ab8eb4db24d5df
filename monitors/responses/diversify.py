"""Diversify: the smallest closes that bring every symbol under its share."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from monitors.lots import target_after
from monitors.model import Floats
from monitors.responses.base import Plan, Situation
from monitors.responses.ranking import order_faults, ranked
from monitors.settings import Rule

FULL, NOISE = 100.0, 1e-12
ROUNDS = 200
"""Of cutting what coarse steps have left above its share; each closes at least one step or ends the search."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Diversify:
    """`symbol_pct` of gross exposure is the most one symbol may hold; `order` says which of its positions go first."""

    name: ClassVar[str] = "diversify"
    acts: ClassVar[bool] = True

    symbol_pct: float
    order: str = "largest_loss"

    def faults(self, rule: Rule) -> list[tuple[str, str]]:  # noqa: ARG002 -- the protocol's signature
        """A share above 0 and below 100."""
        found = order_faults(self.order)
        if not 0 < self.symbol_pct < FULL:
            found.append(("symbol_pct", f"found {self.symbol_pct:g}, expected more than 0 and less than 100"))
        return found

    def plan(self, situation: Situation) -> Plan:
        """Targets in steps; nothing where so few symbols cannot reach the share, or a filter keeps it out of reach."""
        book, cap = situation.reading.book, self.symbol_pct / FULL
        out_of_reach = Plan(note=f"{self.symbol_pct:g} % is out of reach with the symbols held; nothing is closed")
        gross = book.gross
        if not len(gross) or not np.isfinite(gross).all():
            return Plan(note="exposure is not known, so nothing can be planned")
        if len(gross) * cap < 1 - 1e-9:
            return out_of_reach
        lots, order = book.lots.copy(), ranked(situation.reading, situation.rule, self.order)
        targets: dict[int, int] = {}
        for _ in range(ROUNDS):
            left: Floats = np.bincount(book.symbol, lots * book.notional_per_lot, len(gross)).astype(float)
            excess = left - capped(left, cap)
            over = np.flatnonzero(left > cap * left.sum() * (1 + 1e-9))
            if not len(over):
                return Plan(targets=targets) if left.any() else out_of_reach
            for symbol in over:
                self._cut(situation, int(symbol), float(excess[symbol]), lots, order, targets)
        return out_of_reach

    def _cut(self, situation: Situation, symbol: int, excess: float, lots: Floats, order: list[int],
             targets: dict[int, int]) -> None:  # fmt: skip
        """Take `excess` (account currency) off one symbol's positions."""
        book, snapshot = situation.reading.book, situation.reading.snapshot
        for i in (i for i in order if book.symbol[i] == symbol and lots[i] > 0):
            if excess <= 0:
                break
            position = snapshot.positions[i]
            instrument = snapshot.instruments[position.symbol]
            held, per_step = instrument.steps(float(lots[i])), float(book.notional_per_lot[i]) * instrument.volume_step
            target = target_after(instrument, held, max(1.0, excess / per_step))
            excess -= (held - target) * per_step
            lots[i], targets[position.identifier] = instrument.lots(target), target

    def sentence(self) -> str:
        """In words."""
        return f"close as little as brings every symbol to at most {self.symbol_pct:g} % of exposure"


def capped(gross: Floats, cap: float) -> Floats:
    """The largest exposures by symbol, none above its own in `gross`, of which none exceeds `cap` of their sum.

    The k largest are levelled at x = cap * rest / (1 - k * cap), for the smallest k that leaves the rest below x.
    Where the symbols are just enough (k * cap = 1) all are levelled at the smallest.
    """
    order = np.argsort(-gross, kind="stable")
    result = gross.astype(float).copy()
    for k in range(1, len(gross) + 1):
        rest = float(gross[order[k:]].sum())
        room = 1 - k * cap
        level = cap * rest / room if room > NOISE else float(gross[order[min(k, len(gross)) - 1]])
        if k == len(gross) or gross[order[k]] <= level:
            result[order[:k]] = np.minimum(gross[order[:k]], level)
            return result
    return result


RESPONSE = Diversify
