"""Decorrelate: of every two symbols that are one bet, the one that loses more is made smaller."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from monitors.legs import sides
from monitors.lots import target_after
from monitors.projection import after
from monitors.responses.base import Plan, Situation
from monitors.settings import Rule


@dataclass(frozen=True, slots=True, kw_only=True)
class Decorrelate:
    """Cuts to `factor` of the volume when the episode began, for every pair above `threshold`, signed by side.

    Pairs are taken from the highest correlation down, and each needs one cut: a symbol that has been cut for one pair
    counts in the others. Of the two, the one whose positions lose more is cut, long and short legs alike, so that no
    hedge comes apart; where that would raise margin or leave more held one way, the other is.
    """

    name: ClassVar[str] = "decorrelate"
    acts: ClassVar[bool] = True

    threshold: float = 0.7
    factor: float = 0.5

    def faults(self, rule: Rule) -> list[tuple[str, str]]:  # noqa: ARG002 -- the protocol's signature
        """A correlation between 0 and 1, and a share that is less than all."""
        found = []
        if not 0 < self.threshold < 1:
            found.append(("threshold", f"found {self.threshold:g}, expected more than 0 and less than 1"))
        if not 0 <= self.factor < 1:
            found.append(("factor", f"found {self.factor:g}, expected at least 0 and less than 1"))
        return found

    def plan(self, situation: Situation) -> Plan:
        """Targets in steps; a pair of which neither can be cut is named."""
        reading = situation.reading
        if reading.correlations is None:
            return Plan(note="correlations are not known, so nothing can be planned")
        wanted = self._wanted(situation)
        settled = {name for name, targets in wanted.items() if not _closing(situation, targets)}
        chosen: dict[int, int] = {}
        stuck: list[str] = []
        for pair in reading.correlations.pairs(sides(reading.book)).above(self.threshold):
            if settled & set(pair):
                continue
            able = [name for name in sorted(pair, key=lambda name: _place(situation, name)) if name in wanted]
            name = next((name for name in able if _helps(situation, name, wanted[name])), None)
            if name is None:
                stuck.append(" and ".join(pair))
                continue
            settled.add(name)
            chosen |= _closing(situation, wanted[name])
        return Plan(targets=chosen, note=f"neither can be cut: {', '.join(stuck)}" if stuck else "")

    def _wanted(self, situation: Situation) -> dict[str, dict[int, int]]:
        """By symbol, where its positions that were there when the episode began are to end."""
        found: dict[str, dict[int, int]] = {}
        for position in situation.selected:
            held = situation.began.get(position.identifier)
            if held is not None:
                instrument = situation.reading.snapshot.instruments[position.symbol]
                target = target_after(instrument, held, held * (1 - self.factor))
                found.setdefault(position.symbol, {})[position.identifier] = target
        return found

    def sentence(self) -> str:
        """In words."""
        return (
            f"of every two symbols that move together by more than {self.threshold:g}, cut the one that loses more "
            f"to {100 * self.factor:g} % of its volume"
        )


def _closing(situation: Situation, targets: dict[int, int]) -> dict[int, int]:
    """The targets that are not reached yet."""
    held = {p.identifier: p.steps for p in situation.reading.snapshot.positions}
    return {identifier: target for identifier, target in targets.items() if target < held[identifier]}


def _place(situation: Situation, name: str) -> tuple[bool, float, float, str]:
    """Which of two symbols is cut first: the one that is being cut, then the larger loss, then the larger exposure."""
    reading = situation.reading
    own = [(i, p) for i, p in enumerate(reading.snapshot.positions) if p.symbol == name]
    begun = any(p.steps < situation.began.get(p.identifier, 0) for _, p in own)
    profit = sum(p.profit + p.swap for _, p in own)
    return not begun, profit, -sum(float(reading.book.notional[i]) for i, _ in own), name


def _helps(situation: Situation, name: str, targets: dict[int, int]) -> bool:
    """True where the cut leaves less of the symbol held one way and needs no more margin."""
    reading, symbol = situation.reading, situation.reading.book.symbols.index(name)
    left = after(reading, targets)
    if round(left.snapshot.account.margin - reading.snapshot.account.margin, reading.snapshot.account.digits) > 0:
        return False
    return bool(abs(left.book.net[symbol]) < abs(reading.book.net[symbol]))
