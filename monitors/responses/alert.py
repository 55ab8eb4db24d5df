"""Alert: tell, touch nothing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from monitors.responses.base import Plan, Situation
from monitors.settings import Rule


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    """Raises an alert and nothing else."""

    name: ClassVar[str] = "alert"
    acts: ClassVar[bool] = False

    def faults(self, rule: Rule) -> list[tuple[str, str]]:  # noqa: ARG002 -- the protocol's signature
        """Nothing to get wrong."""
        return []

    def plan(self, situation: Situation) -> Plan:  # noqa: ARG002 -- the protocol's signature
        """Nothing to do."""
        return Plan()

    def sentence(self) -> str:
        """In words."""
        return "raise an alert"


RESPONSE = Alert
