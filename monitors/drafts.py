"""A config that is being edited, as the window shows it: sections of keys, each with its text and what it means."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from monitors.ports import Severity


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One key. `text` is what the file says, as TOML; empty where the file says nothing and the default holds."""

    path: str
    key: str
    text: str
    help: str


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """What is wrong, by path, and what each rule would do, by title; no sentences while anything is wrong."""

    faults: Mapping[str, str]
    sentences: Mapping[str, Sequence[str]]


class Draft(Protocol):
    """Held by the window; nothing counts before it is saved."""

    @property
    def writable(self) -> str:
        """Why it cannot be saved at all; empty where it can."""

    @property
    def changed(self) -> bool:
        """Whether it differs from the file."""

    def sections(self) -> tuple[Section, ...]:
        """All tables in the file's order."""

    def change(self, path: str, text: str) -> None:
        """Another value, as TOML; an empty text takes the key away. ValueError where it is no value."""

    def copy_rule(self, path: str) -> str:
        """The same rule again under another name; the new one's path."""

    def remove_rule(self, path: str) -> None:
        """Take a rule away."""

    def judged(self) -> Judged:
        """The whole as it would be taken."""

    def save(self) -> None:
        """Write it, comments and all; OSError where that fails, and then the file is as it was."""

    def reread(self) -> None:
        """As the file says, and nothing changed."""
