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
        wanted, places = self._wanted(situation), _places(situation)
        settled = {name for name, targets in wanted.items() if not targets}
        chosen: dict[int, int] = {}
        stuck: list[str] = []
        for pair in reading.correlations.pairs(sides(reading.book)).above(self.threshold):
            if settled & set(pair):
                continue
            able = [name for name in sorted(pair, key=places.__getitem__) if name in wanted]
            name = next((name for name in able if _helps(situation, name, wanted[name])), None)
            if name is None:
                stuck.append(" and ".join(pair))
                continue
            settled.add(name)
            chosen |= wanted[name]
        return Plan(targets=chosen, note=f"neither can be cut: {', '.join(stuck)}" if stuck else "")

    def _wanted(self, situation: Situation) -> dict[str, dict[int, int]]:
        """By symbol, where those of its positions are to end that were there when the episode began.

        A symbol all of whose positions have come there already has none left to cut.
        """
        found: dict[str, dict[int, int]] = {}
        for position in situation.selected:
            held = situation.began.get(position.identifier)
            if held is not None:
                instrument = situation.reading.snapshot.instruments[position.symbol]
                target = target_after(instrument, held, held * (1 - self.factor))
                own = found.setdefault(position.symbol, {})
                if target < position.steps:
                    own[position.identifier] = target
        return found

    def sentence(self) -> str:
        """In words."""
        return (
            f"of every two symbols that move together by more than {self.threshold:g}, cut the one that loses more "
            f"to {100 * self.factor:g} % of its volume"
        )


def _places(situation: Situation) -> dict[str, tuple[bool, float, float, str]]:
    """Which of two symbols is cut first: the one that is being cut, then the larger loss, then the larger exposure."""
    book, began = situation.reading.book, situation.began
    begun = {p.symbol for p in situation.reading.snapshot.positions if p.steps < began.get(p.identifier, 0)}
    columns = zip(book.symbols, book.by_leg(book.profit).sum(axis=0).tolist(), book.gross.tolist(), strict=True)
    return {name: (name not in begun, profit, -gross, name) for name, profit, gross in columns}


def _helps(situation: Situation, name: str, targets: dict[int, int]) -> bool:
    """True where the cut leaves less of the symbol held one way and needs no more margin."""
    reading, symbol = situation.reading, situation.reading.book.symbols.index(name)
    left = after(reading, targets)
    if round(left.snapshot.account.margin - reading.snapshot.account.margin, reading.snapshot.account.digits) > 0:
        return False
    return bool(abs(left.book.net[symbol]) < abs(reading.book.net[symbol]))


RESPONSE = Decorrelate
