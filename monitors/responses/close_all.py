"""Close all: every selected position, whole."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from monitors.responses.base import Plan, Situation
from monitors.responses.scope import scope_faults
from monitors.settings import Rule


@dataclass(frozen=True, slots=True, kw_only=True)
class CloseAll:
    """Closes what the rule selects; `scope` "all" does so on every account."""

    name: ClassVar[str] = "close_all"
    acts: ClassVar[bool] = True

    scope: str = "account"

    def faults(self, rule: Rule) -> list[tuple[str, str]]:
        """Only the scope can be wrong; a rule that judges single positions has nothing to close on other accounts."""
        found = scope_faults(self.scope)
        if self.scope == "all" and rule.metric.startswith("position."):
            found.append(("scope", f"{rule.metric} judges single positions, which no other account has: remove it"))
        return found

    def plan(self, situation: Situation) -> Plan:
        """Target 0 for each."""
        return Plan(targets={p.identifier: 0 for p in situation.selected})

    def sentence(self) -> str:
        """In words."""
        return "close every position it covers" + (" on every account" if self.scope == "all" else "")


RESPONSE = CloseAll
