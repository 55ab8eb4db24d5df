"""What a response is: parameters from the config, a check of them, and a plan of target volumes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar, Protocol

from monitors.model import Position
from monitors.reading import Reading
from monitors.settings import Rule


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """What a response may know: the reading, its rule, and the steps each position held when the episode began."""

    reading: Reading
    rule: Rule
    began: Mapping[int, int]

    @property
    def selected(self) -> tuple[Position, ...]:
        """The positions that the rule lets an action touch."""
        positions = self.reading.snapshot.positions
        return tuple(positions[i] for i in self.rule.selected(positions))


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Where each touched position is to end, in steps (reduce *to*, never *by*), and what else is wished.

    Positions not named stay as they are. `note` says what could not be reached, in words for the trader.
    """

    targets: Mapping[int, int] = field(default_factory=dict)
    cancel_pendings: bool = False
    halt: str | None = None
    """None, or until when: "reset", "day", or minutes as a number in text."""
    stop: bool = False
    note: str = ""


class Response(Protocol):
    """An action of the config; its dataclass fields are the keys that a level may give."""

    name: ClassVar[str]
    acts: ClassVar[bool]
    """False for a response that only tells."""

    def faults(self, rule: Rule) -> list[tuple[str, str]]:
        """(key, what is wrong and what would be right) for every parameter that makes no sense on this rule."""

    def plan(self, situation: Situation) -> Plan:
        """Target volumes from fresh data; repeating it changes nothing once the targets are reached."""

    def sentence(self) -> str:
        """What it does, as a person would say it, to follow "then"."""
