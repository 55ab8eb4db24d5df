"""Where the program acted on an account: what a chart marks on its time axis."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class ActKind(StrEnum):
    """What was done, mildest first."""

    RESET = "reset"
    PLAN = "plan"
    CLOSE = "close"
    HALT = "halt"
    STOP = "stop"

    @property
    def rank(self) -> int:
        """0 for a reset to 4 for an emergency stop."""
        return list(ActKind).index(self)


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """One thing that was done, at `at_ms` (UTC epoch ms)."""

    at_ms: int
    kind: ActKind
    rule: str = ""
    """The rule that it was done for; empty where a person, or no single rule, was behind it."""
    metric: str = ""
    threshold: float | None = None
    value: float | None = None
    """The metric when that level tripped, in its unit."""
    closes: tuple[tuple[str, float], ...] = ()
    """Symbol and lots that a plan wants closed, or that were."""
    reason: str = ""
    """Why a halt, a stop or a reset came, in the program's words."""


@dataclass(frozen=True, slots=True)
class Acts:
    """What was done, oldest first: all of it since `since_ms` (UTC epoch ms), None: since ever."""

    since_ms: int | None = None
    those: tuple[Act, ...] = ()

    def after(self, earlier: tuple[Act, ...]) -> tuple[Act, ...]:
        """These, behind those of `earlier` from before them."""
        if self.since_ms is None:
            return self.those
        return (*(act for act in earlier if act.at_ms < self.since_ms), *self.those)
