"""What one seed stands for: a world, the rules that watch it, what happens; printable, and replayed as it stands."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

Table = dict[str, Any]
LOGIN = 1001
STRANGER = 2002
NAME = "main"


@dataclass(frozen=True, slots=True, kw_only=True)
class Happening:
    """Something that happens, so many seconds after the start."""

    at_s: float
    kind: str
    facts: Table

    def line(self) -> str:
        """One line for a person."""
        told = ", ".join(f"{key}={value}" for key, value in self.facts.items())
        return f"{self.at_s:8.2f} s  {self.kind}  {told}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """Everything a run needs. Faults end at `calm_s`; what comes after shows whether the guard is alive."""

    seed: int
    account: Table
    zone: str
    symbols: tuple[Table, ...]
    positions: tuple[Table, ...]
    pendings: tuple[Table, ...]
    rules: tuple[Table, ...]
    armed: bool
    lag_ms: int | None
    """How long a receipt is on its way; None: a send is answered at once."""
    calm_s: float
    length_s: float
    escalate_s: float
    escalate_times: int
    happenings: tuple[Happening, ...]
    held_days: int = 0
    """How long ago the positions were opened, beside some minutes."""

    def with_only(self, kept: Iterable[Happening]) -> Story:
        """The same with fewer things happening."""
        return replace(self, happenings=tuple(kept))

    def lines(self) -> list[str]:
        """All of it, for a person."""
        how = "armed" if self.armed else "observe"
        told = [f"seed {self.seed}: {how}, receipts after {self.lag_ms} ms, zone {self.zone}, {self.length_s:g} s long"]
        told[0] += f", told again after {self.escalate_s:g} s, {self.escalate_times} times"
        told[0] += f", held for {self.held_days} days" if self.held_days else ""
        told.append(f"calm      from {self.calm_s:g} s")
        told.append(f"account   {self.account}")
        told += [f"symbol    {table}" for table in self.symbols]
        told += [f"position  {table}" for table in self.positions]
        told += [f"pending   {table}" for table in self.pendings]
        told += [f"rule      {table}" for table in self.rules]
        return told + [happening.line() for happening in self.happenings]
