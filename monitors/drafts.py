"""A config that is being edited, as the window shows it: sections of keys, each with its text and what it means."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Protocol

from monitors.ports import Severity
from monitors.settings import Rule

_LEVEL = re.compile(r"(.*\.levels\[\d+\])\.\w+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One key. `text` is what the file says, as TOML; empty where the file says nothing and the default holds.

    `plain` is the same as a person would type it, without quotes and brackets; `choices` all that it may be, if few.
    """

    path: str
    key: str
    text: str
    help: str
    plain: str = ""
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A table of the file: its title, and for a rule the severities of its levels."""

    path: str
    title: str
    fields: tuple[Field, ...]
    severities: tuple[Severity, ...] = ()

    @property
    def rule(self) -> bool:
        """Whether it is one rule."""
        return self.path.startswith("rule[")

    @property
    def own(self) -> Mapping[str, Field]:
        """The keys of the table itself, by name."""
        return {one.key: one for one in self.fields if not _LEVEL.fullmatch(one.path)}

    @property
    def levels(self) -> Mapping[str, Mapping[str, Field]]:
        """Each level's keys by name, by the level's path, in the file's order."""
        found: dict[str, dict[str, Field]] = {}
        for one in self.fields:
            if match := _LEVEL.fullmatch(one.path):
                found.setdefault(match[1], {})[one.path.rpartition(".")[2]] = one
        return found


@dataclass(frozen=True, slots=True)
class Repair:
    """What mends a fault: a path, and TOML for it; the empty text takes the key away."""

    path: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """What was found at a path and what would be right; `repair` is None where nothing is known that mends it."""

    found: str
    remedy: str
    repair: Repair | None = None

    def __str__(self) -> str:
        return f"found {self.found}, {self.remedy}" if self.found else self.remedy


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """What is wrong, by path, and what each rule would do, by title; of what is wrong nothing is said.

    `levels` is what each level would do, by its path; `rules` are the rules as they would be taken, none while
    anything is wrong.
    """

    faults: Mapping[str, Trouble]
    sentences: Mapping[str, Sequence[str]]
    levels: Mapping[str, str] = field(default_factory=dict)
    rules: tuple[Rule, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """A prop firm's plan that can be chosen, where it was read and when; `trails`: a high of before counts."""

    name: str
    title: str
    source: str
    checked: date
    trails: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Under:
    """A terminal of the draft and the plan that it is under; amounts as they would be typed, empty where none is."""

    path: str
    name: str
    plan: str = ""
    initial: str = ""
    high: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """What a plan would mean for a terminal: its sentences, each rule's name and sentences, and what is wrong."""

    sentences: tuple[str, ...] = ()
    rules: Mapping[str, Sequence[str]] = field(default_factory=dict)
    faults: tuple[str, ...] = ()


class Draft(Protocol):
    """Held by the window; nothing counts before it is saved."""

    @property
    def writable(self) -> str:
        """Why it cannot be saved at all; empty where it can."""

    @property
    def changed(self) -> bool:
        """Whether it differs from the file."""

    @property
    def elsewhere(self) -> str:
        """Where a copy of it would usually lie."""

    def sections(self) -> tuple[Section, ...]:
        """All tables in the file's order."""

    def change(self, path: str, text: str) -> None:
        """Another value, as TOML; an empty text takes the key away. ValueError where it is no value."""

    def put(self, path: str, words: str) -> None:
        """The same as a person types it, without quotes and brackets."""

    def act(self, path: str, action: str) -> None:
        """Another action for the level at a path, with what that action needs and without what it does not take."""

    def add_rule(self) -> str:
        """A rule to begin with; its path."""

    def copy_rule(self, path: str) -> str:
        """The same rule again under another name; the new one's path."""

    def remove_rule(self, path: str) -> None:
        """Take a rule away."""

    def add_level(self, path: str) -> None:
        """Another level of the rule at a path, beyond its last one."""

    def remove_level(self, path: str) -> None:
        """Take the level at a path away."""

    def judged(self) -> Judged:
        """The whole as it would be taken."""

    def plans(self) -> tuple[Plan, ...]:
        """All that there are."""

    def terminals(self) -> tuple[Under, ...]:
        """Those that a plan may be put on."""

    def preview(self, plan: str, under: Under) -> Preview:
        """What a plan would mean there, with the amounts of `under`; nothing changes."""

    def adopt(self, plan: str, under: Under) -> None:
        """Put it on that terminal, with those amounts."""

    def save(self) -> None:
        """Write it, comments and all; OSError where that fails, and then the file is as it was."""

    def save_as(self, place: str) -> None:
        """Write it to another file, which stays another; OSError where that fails."""

    def reread(self) -> None:
        """As the file says, and nothing changed."""
