"""Halt: nothing new may be opened until a person resets it, a time has passed, or the day ends."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from monitors.responses.base import Plan, Situation
from monitors.responses.scope import scope_faults
from monitors.settings import Rule

YEAR_MIN = 366 * 24 * 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Halt:
    """Cancels pendings and undoes what raises net exposure; what was held at the halt is left."""

    name: ClassVar[str] = "halt"
    acts: ClassVar[bool] = True

    until: str | float = "reset"
    scope: str = "account"

    def faults(self, rule: Rule) -> list[tuple[str, str]]:  # noqa: ARG002 -- the protocol's signature
        """Until is "reset", "day", or minutes: above 0, a year at most."""
        found = scope_faults(self.scope)
        good = self.until in ("reset", "day") if isinstance(self.until, str) else 0 < self.until <= YEAR_MIN
        if not good:
            found.append(
                ("until", f'found {self.until!r}, expected "reset", "day", or minutes such as 30, a year at most')
            )
        return found

    def plan(self, situation: Situation) -> Plan:  # noqa: ARG002 -- the protocol's signature
        """No position is touched by the halt itself."""
        return Plan(halt=str(self.until), cancel_pendings=True)

    def sentence(self) -> str:
        """In words."""
        end = {"reset": "a person resets it", "day": "the next day begins"}.get(str(self.until))
        end = end or f"{self.until:g} minutes have passed"
        return f"halt: cancel pendings and undo anything newly opened until {end}" + (
            ", on every account" if self.scope == "all" else ""
        )


RESPONSE = Halt
