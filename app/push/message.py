"""From events to the few lines that a person reads on a phone: what is worth one, and how it is put."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from app.events import Event, stamp
from app.words import plain
from monitors.ports import Severity

LINES = 3
KNOWN = 2_000
ENDS = ("acknowledged", "cleared")
AROUND = {"halt": "halted", "reset": "halt lifted", "blind": "no data", "sighted": "data is back"}
"""What is as grave as a critical alert, and its end."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One alert, halt or blindness and what became of it since the last message."""

    key: tuple[str, Any]
    """Account, and the alert's number or the kind of event."""
    severity: Severity
    what: str
    states: tuple[str, ...]
    at: str

    @property
    def line(self) -> str:
        return f"{self.at[11:19]}Z {self.key[0]}: {self.what}, {', '.join(self.states)}"

    def after(self, earlier: Entry | None) -> Entry:
        """This one, which says what an earlier one, still unsaid, would have said."""
        if earlier is None:
            return self
        states = (*(state for state in earlier.states if state not in self.states), *self.states)
        return replace(self, states=states, severity=max(self.severity, earlier.severity, key=lambda s: s.rank))


class Worth:
    """Which events are worth a message; of each alert its end is told once, each kind of it."""

    def __init__(self, least: Severity) -> None:
        self._least = least
        self._told: dict[int, set[str]] = {}

    def entry(self, told: Event) -> Entry | None:
        """What would be said of it; None where nothing is."""
        if told["event"] in AROUND:
            return self._around(told)
        return self._alert(told) if told["event"] == "alert" else None

    def _around(self, told: Event) -> Entry | None:
        if Severity.CRITICAL.rank < self._least.rank:
            return None
        kind = "halt" if told["event"] in {"halt", "reset"} else "blind"
        return Entry(key=(told["account"], kind), severity=Severity.CRITICAL, what=str(told.get("reason", "")),
                     states=(AROUND[told["event"]],), at=told["at"])  # fmt: skip

    def _alert(self, told: Event) -> Entry | None:
        """Whatever climbs is told, though the filter let it pass unsaid when it was raised."""
        number, severity, state = told["alert"], Severity(told["severity"]), told["state"]
        if severity.rank < self._least.rank and state != "escalated" and number not in self._told:
            return None
        said = self._told.setdefault(number, set())
        if state in ENDS and state in said:
            return None
        if state == "escalated":
            said.clear()
        said.add(state)
        while len(self._told) > KNOWN:
            del self._told[next(iter(self._told))]
        value = "" if told["value"] is None else f" {told['value']:g}"
        limit = "" if told["threshold"] is None else f", level {told['threshold']:g}"
        stage = f"not acknowledged, told again ({told['stage']})" if "stage" in told else state
        return Entry(key=(told["account"], number), severity=severity, at=told["at"], states=(stage,),
                     what=f"{told['rule']} ({severity.value}){value}{limit}")  # fmt: skip


def compose(entries: Sequence[Entry], dropped: int, hide: Callable[[str], str]) -> tuple[str, str]:
    """Title and body: the gravest first, then the newest; what finds no room is counted."""
    ranked = sorted(sorted(entries, key=lambda e: e.at, reverse=True), key=lambda e: -e.severity.rank)
    shown, rest = ranked[:LINES], ranked[LINES:]
    worst = shown[0].severity.value
    title = f"Plimsoll: {worst} alert" if len(ranked) == 1 else f"Plimsoll: {len(ranked)} alerts, worst {worst}"
    lines = [plain(entry.line) for entry in shown]
    lines += [f"and {len(rest)} more: {_counted(rest)}"] if rest else []
    lines += [f"{dropped} older ones found no room"] if dropped else []
    return title, hide("\n".join(lines))


def trial(at_ms: int) -> tuple[str, str]:
    """What a test sends."""
    return "Plimsoll: test", f"{stamp(at_ms)[11:19]}Z This is a test. Alerts reach you here."


def _counted(entries: Iterable[Entry]) -> str:
    counts = Counter(entry.severity for entry in entries)
    return ", ".join(f"{counts[each]} {each.value}" for each in reversed(Severity) if counts[each])
