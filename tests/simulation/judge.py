"""All oracles of one run: each hears what is told, sent and done, and says which promise was broken."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.events import Event
from monitors.ports import Command
from tests.simulation.broker import Arrival

if TYPE_CHECKING:
    from tests.simulation.run import Run


@dataclass(frozen=True, slots=True)
class Breach:
    """A promise of SAFETY.md that was broken, when, and how."""

    promise: int
    at_s: float
    text: str

    def __str__(self) -> str:
        return f"promise {self.promise} broken at {self.at_s:.2f} s: {self.text}"


class Oracle:
    """Hears everything; judges from the broker's books and from what was told, never from what the app computes."""

    def __init__(self, run: Run) -> None:
        self.run = run
        self.desk = run.desk

    def breach(self, promise: int, text: str) -> None:
        """Say that a promise was broken."""
        self.run.judge.breach(promise, text)

    def said(self, told: Event) -> None:
        """An event reached a sink."""

    def believed(self, told: Event) -> None:
        """The same, once what it says is on disk, where it was told inside a commit."""

    def arrived(self, arrival: Arrival) -> None:
        """A request is at the broker's door."""

    def beaten(self) -> None:
        """A beat is over."""

    def started(self) -> None:
        """A process has taken up what the one before left."""

    def killed(self) -> None:
        """A process died."""

    def clicking(self, command: Command) -> None:
        """A person is about to wish something."""

    def clicked(self, command: Command, *, meant: bool) -> None:
        """A person's wish was obeyed, or meant nothing."""

    def reconfigured(self) -> None:
        """Another config is in force from now on."""

    def stepped(self, seconds: float) -> None:
        """The machine's UTC was set."""

    def slept(self) -> None:
        """The machine slept."""

    def ended(self) -> None:
        """The story is over."""


class Judge(Oracle):
    """Passes everything on, and holds back what was told inside a commit until that is on disk, or forgets it."""

    def __init__(self, run: Run) -> None:
        from tests.simulation.oracles import ORACLES  # noqa: PLC0415 -- they are oracles of this module

        super().__init__(run)
        self.breaches: list[Breach] = []
        self.oracles: list[Oracle] = []
        self._held_back: list[Event] | None = None
        self.oracles.extend(make(run) for make in ORACLES)

    def breach(self, promise: int, text: str) -> None:
        self.breaches.append(Breach(promise, self.run.now_s, text))
        self.run.note(f"PROMISE {promise} BROKEN: {text}")

    def told(self, told: Event) -> None:
        """An event reached a sink."""
        for oracle in self.oracles:
            oracle.said(told)
        if self._held_back is None:
            self._believe([told])
        else:
            self._held_back.append(told)

    def uncertain(self) -> None:
        """A commit begins: what is told in it may never have been."""
        self._held_back = []

    def certain(self, *, kept: bool) -> None:
        """It is on disk, or nothing of it is."""
        told, self._held_back = self._held_back or [], None
        if kept:
            self._believe(told)

    def _believe(self, events: list[Event]) -> None:
        for told in events:
            for oracle in self.oracles:
                oracle.believed(told)

    def arrived(self, arrival: Arrival) -> None:
        for oracle in self.oracles:
            oracle.arrived(arrival)

    def beaten(self) -> None:
        for oracle in self.oracles:
            oracle.beaten()

    def started(self) -> None:
        for oracle in self.oracles:
            oracle.started()

    def killed(self) -> None:
        self._held_back = None
        for oracle in self.oracles:
            oracle.killed()

    def clicking(self, command: Command) -> None:
        for oracle in self.oracles:
            oracle.clicking(command)

    def clicked(self, command: Command, *, meant: bool) -> None:
        for oracle in self.oracles:
            oracle.clicked(command, meant=meant)

    def reconfigured(self) -> None:
        for oracle in self.oracles:
            oracle.reconfigured()

    def stepped(self, seconds: float) -> None:
        for oracle in self.oracles:
            oracle.stepped(seconds)

    def slept(self) -> None:
        for oracle in self.oracles:
            oracle.slept()

    def ended(self) -> None:
        for oracle in self.oracles:
            oracle.ended()
