"""Promise 13 while armed: a limit in force stays so, whatever the config says, until a reset or a typed word."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from app.events import Event
from monitors.ports import Command, Loosen
from monitors.settings import Rule
from tests.simulation.judge import Oracle
from tests.simulation.story import NAME

if TYPE_CHECKING:
    from tests.simulation.run import Run

_HELD = re.compile(r" \(held( \d+)?\)")


def plain(text: str) -> str:
    """A rule's name, or a halt's reason, with the rule's own name: what is held bears it with a word behind."""
    return _HELD.sub("", text)


class Committed(Oracle):
    """Which rules are in force; no story is so long that the day's reset comes."""

    def __init__(self, run: Run) -> None:
        super().__init__(run)
        self._kept: dict[str, Rule] = {}
        self._loosening = False

    @property
    def rules(self) -> tuple[Rule, ...]:
        """Those of the config, and beside them what it would loosen."""
        wanted = self.run.config.rules
        if not self.run.config.armed:
            return wanted
        names = {rule.name for rule in wanted}
        return (*wanted, *(rule for name, rule in self._kept.items() if name not in names))

    def beaten(self) -> None:
        """In force is what an armed guard has judged by and its disk has taken."""
        seen = self.run.engine.guards[NAME].now.reading is not None and not self.run.fate.disk
        if seen and self.run.config.armed:
            self._kept |= {rule.name: rule for rule in self.run.config.rules}

    def clicked(self, command: Command, *, meant: bool) -> None:
        self._loosening = False
        if isinstance(command, Loosen) and meant:
            self._kept.clear()

    def clicking(self, command: Command) -> None:
        self._loosening = isinstance(command, Loosen)

    def started(self) -> None:
        """Cut off between disk and answer: nobody can say whether it holds."""
        if self._loosening:
            self._kept.clear()
        self._loosening = False

    def believed(self, told: Event) -> None:
        if told["event"] == "commitment" and told["change"] == "loosened" and told["rule"] in self._kept:
            self.breach(13, f"{told['rule']} is let go, and nobody confirmed it")
