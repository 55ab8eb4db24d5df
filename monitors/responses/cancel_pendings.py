"""Cancel pendings: no order waits any longer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from monitors.responses.base import Plan, Situation
from monitors.responses.scope import scope_faults
from monitors.settings import Rule


@dataclass(frozen=True, slots=True, kw_only=True)
class CancelPendings:
    """Removes the pending orders of the symbols and magics that the rule selects."""

    name: ClassVar[str] = "cancel_pendings"
    acts: ClassVar[bool] = True

    scope: str = "account"

    def faults(self, rule: Rule) -> list[tuple[str, str]]:  # noqa: ARG002 -- the protocol's signature
        """Only the scope can be wrong."""
        return scope_faults(self.scope)

    def plan(self, situation: Situation) -> Plan:  # noqa: ARG002 -- the protocol's signature
        """No position is touched."""
        return Plan(cancel_pendings=True)

    def sentence(self) -> str:
        """In words."""
        return "cancel the pending orders" + (" on every account" if self.scope == "all" else "")


RESPONSE = CancelPendings
