"""Promise 12: after every kill and at the end the audit log is a whole chain, and holds everything that was shown."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import msgspec

from app.events import Event
from app.store.trail import GAP
from monitors.ports import Command
from tests.simulation.judge import Oracle

if TYPE_CHECKING:
    from tests.simulation.run import Run


class Audit(Oracle):
    """What a sink was shown is a row; what the disk did not take is told by a row as so many."""

    def __init__(self, run: Run) -> None:
        super().__init__(run)
        self._shown: list[tuple[str, bool]] = []
        """Every event that was shown, as its row is, and whether the disk was well just then."""
        self._clicks = 0

    def said(self, told: Event) -> None:
        self._shown.append((_row(told), not self.run.fate.disk))

    def clicked(self, command: Command, *, meant: bool) -> None:
        self._clicks += not self.run.fate.disk

    def killed(self) -> None:
        self._whole()

    def _whole(self) -> None:
        damage = self.run.files.damage()
        if damage:
            self.breach(12, str(damage))

    def ended(self) -> None:
        self._whole()
        rows = self.run.files.events()
        found = Counter(_row(row) for row in rows)
        well = Counter(row for row, well in self._shown if well)
        missing = [row for row, count in well.items() if count > found[row]]
        if missing:
            self.breach(12, f"{len(missing)} events were shown and are not in the audit log, first {missing[0]}")
        told = sum(row["rows"] for row in rows if row["event"] == GAP)
        lost = (Counter(row for row, _ in self._shown) - found).total()
        if lost and not told and not self.run.faults["kill"]:
            self.breach(12, f"{lost} events could not be kept, and no row tells of it")
        clicks = sum(row["event"] == "clicked" for row in rows)
        if clicks < self._clicks:
            self.breach(12, f"{self._clicks} clicks were obeyed or not, and {clicks} are in the audit log")


def _row(told: Event) -> str:
    return msgspec.json.encode(told, order="sorted").decode()
