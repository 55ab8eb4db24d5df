"""Emergency stop: close everything, cancel pendings, latch."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from monitors.responses.base import Plan, Situation
from monitors.responses.scope import scope_faults
from monitors.settings import Rule


@dataclass(frozen=True, slots=True, kw_only=True)
class EmergencyStopResponse:
    """The same as the button, pressed by a rule; it knows no filter."""

    name: ClassVar[str] = "emergency_stop"
    acts: ClassVar[bool] = True

    scope: str = "account"

    def faults(self, rule: Rule) -> list[tuple[str, str]]:
        """Refused on a rule with filters."""
        found = scope_faults(self.scope)
        if rule.symbols != ("*",) or rule.magics:
            found.append(
                ("action", "an emergency stop closes everything; on a rule with symbols or magics use close_all")
            )
        return found

    def plan(self, situation: Situation) -> Plan:
        """Everything that is held."""
        return Plan(targets={p.identifier: 0 for p in situation.reading.snapshot.positions}, stop=True,
                    cancel_pendings=True)  # fmt: skip

    def sentence(self) -> str:
        """In words."""
        where = "every account" if self.scope == "all" else "the account"
        return f"emergency stop: close everything on {where}, cancel pendings and stay stopped until a person resets it"


RESPONSE = EmergencyStopResponse
